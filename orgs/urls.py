from django.urls import URLPattern, URLResolver, include, path

from orgs.views import account, affiliation, departments, merging, organizations, people, uploads

organization_urls = (
    [
        path("", organizations.organization_list, name="list"),
        path("<int:pk>/", organizations.detail, name="detail"),
        path("<int:pk>/new/", organizations.create, name="create"),
        path("<int:pk>/edit/", organizations.edit, name="edit"),
        path("<int:pk>/move/", organizations.move, name="move"),
        path("<int:pk>/industrial-union/", affiliation.choose, name="industrial_union"),
        path("<int:pk>/merge/", merging.merge, name="merge"),
        path("<int:pk>/close/", organizations.close, name="close"),
        path("<int:pk>/reopen/", organizations.reopen, name="reopen"),
        path("<int:pk>/changes/", organizations.changes, name="changes"),
        path("<int:pk>/departments/new/", departments.create, name="add_department"),
        path("departments/<int:pk>/edit/", departments.edit, name="edit_department"),
        path("departments/<int:pk>/remove/", departments.remove, name="remove_department"),
        path("<int:pk>/people/add/", people.add_existing, name="add_person"),
        path("<int:pk>/people.xlsx", people.export, name="export_people"),
        path("<int:pk>/export.xlsx", uploads.export, {"ending": "xlsx"}, name="export"),
        path("<int:pk>/export.csv", uploads.export, {"ending": "csv"}, name="export_csv"),
        path("lists/", uploads.uploads, name="uploads"),
        path("lists/new/<slug:kind>/", uploads.upload, name="upload"),
        path("lists/new/<slug:kind>/template.xlsx", uploads.template, name="upload_template"),
        path("lists/<int:pk>/", uploads.upload_page, name="upload_page"),
        path("lists/<int:pk>/match/", uploads.match_upload, name="match_upload"),
        path("lists/<int:pk>/columns/", uploads.rematch_upload, name="rematch_upload"),
        path("lists/<int:pk>/check/", uploads.recheck_upload, name="recheck_upload"),
        path("lists/<int:pk>/confirm/", uploads.confirm_upload, name="confirm_upload"),
        path("lists/<int:pk>/discard/", uploads.discard_upload, name="discard_upload"),
        path("lists/<int:pk>/progress/", uploads.upload_progress, name="upload_progress"),
        path("lists/<int:pk>/wrong.xlsx", uploads.wrong_rows, name="wrong_rows"),
    ],
    "orgs",
)

people_urls = (
    [
        path("", people.people_list, name="list"),
        path("new/", people.create, name="create"),
        path("<int:pk>/", people.edit, name="edit"),
        path("<int:pk>/password/", people.reset_password, name="reset_password"),
        path("<int:pk>/active/", people.set_active, name="set_active"),
        path("<int:pk>/posts/new/", people.grant, name="grant"),
        path("posts/<int:pk>/remove/", people.revoke, name="revoke"),
        path("posts/<int:pk>/hand-over/", people.hand_over, name="hand_over"),
    ],
    "people",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("password/", account.password_change, name="password_change"),
    path("acting/", account.act_for, name="act_for"),
    path("organizations/", include(organization_urls)),
    path("people/", include(people_urls)),
]
