from django.urls import path

from rubrics.views import clicking, drafts, editing, reading, versions

app_name = "rubrics"

urlpatterns = [
    path("rubrics/", reading.list_rubrics, name="list"),
    path("rubrics/<int:pk>/", reading.detail, name="detail"),
    path("rubrics/<int:pk>/next/", versions.next_version, name="next_version"),
    path("rubrics/<int:pk>/copy/", versions.copy, name="copy"),
    path("rubrics/<int:pk>/overlay/", versions.overlay, name="overlay"),
    path("rubrics/<int:pk>/rebase/", versions.rebase, name="rebase"),
    path("rubrics/<int:pk>/difference/", versions.difference, name="difference"),
    path("rubrics/<int:pk>/rubric.xlsx", versions.export, name="export"),
    path("rubrics/<int:pk>/replace/", versions.replace, name="replace"),
    path("rubrics/import/", drafts.bring_in, name="import"),
    path("rubrics/<int:pk>/draft/", editing.draft, name="draft"),
    path("rubrics/<int:pk>/draft/facts/", editing.facts, name="draft_facts"),
    path("rubrics/<int:pk>/draft/lists/<slug:part>/", editing.parts, name="draft_list"),
    path("rubrics/<int:pk>/draft/sections/<int:number>/", editing.section, name="draft_section"),
    path("rubrics/<int:pk>/draft/items/<str:key>/", editing.item, name="draft_item"),
    path("rubrics/<int:pk>/draft/items/<str:key>/rule/", editing.rule, name="draft_rule"),
    path("rubrics/<int:pk>/draft/items/<str:key>/split/", editing.split, name="draft_split"),
    path("rubrics/<int:pk>/draft/items/<str:key>/group/", editing.group, name="draft_group"),
    path("rubrics/<int:pk>/draft/click/", clicking.click, name="draft_click"),
    path("rubrics/<int:pk>/draft/undo/", clicking.take_back, name="draft_undo"),
    path("rubrics/<int:pk>/draft/doubts/<int:doubt>/", clicking.settle_doubt, name="draft_settle"),
    path("rubrics/<int:pk>/draft/publish/", drafts.publish_draft, name="draft_publish"),
    path("rubrics/<int:pk>/draft/delete/", drafts.delete, name="draft_delete"),
    path("rubrics/<int:pk>/draft/source/<int:source>/", drafts.source, name="draft_source"),
]
