from django.urls import path

from reports import ballots, draws, handout, notices, views
from reports.exports import views as exports
from reports.exports.cards import views as cards
from reports.standings import views as standings

app_name = "reports"

urlpatterns = [
    path("assessments/<int:pk>/scorecard.pdf", views.scorecard_pdf, name="scorecard_pdf"),
    path("assessments/<int:pk>/scorecard.xlsx", views.scorecard_xlsx, name="scorecard_xlsx"),
    path("rubrics/<int:pk>/form.pdf", views.form_pdf, name="form_pdf"),
    path("rubrics/<int:pk>/form.xlsx", views.form_xlsx, name="form_xlsx"),
    path("people/slips/", handout.print_slips, name="print_slips"),
    path("people/<int:pk>/slip/", handout.slip, name="slip"),
    path("ballots/<int:pk>/slips/", ballots.ballot_slips, name="ballot_slips"),
    path("draws/<int:pk>/record.pdf", draws.draw_record, name="draw_record"),
    path("notices/<slug:key>.pdf", notices.notice_pdf, name="notice_pdf"),
    path("cycles/<int:pk>/ranking/", standings.ranking_page, name="ranking"),
    path("cycles/<int:pk>/ranking.xlsx", standings.ranking_xlsx, name="ranking_xlsx"),
    path("cycles/<int:pk>/statistics/", standings.statistics_page, name="statistics"),
    path("cycles/<int:pk>/statistics.xlsx", standings.statistics_xlsx, name="statistics_xlsx"),
    path("cycles/<int:pk>/statistics.pdf", standings.statistics_pdf, name="statistics_pdf"),
    path("cycles/<int:pk>/losses/", standings.losses_page, name="losses"),
    path("cycles/<int:pk>/losses.xlsx", standings.losses_xlsx, name="losses_xlsx"),
    path("cycles/<int:pk>/losses.pdf", standings.losses_pdf, name="losses_pdf"),
    path("cycles/<int:pk>/scorecards/", cards.order_cards, name="cards"),
    path("files/", exports.exports, name="exports"),
    path("files/<int:pk>/", exports.export, name="export"),
    path("files/<int:pk>/progress/", exports.export_progress, name="export_progress"),
    path("files/<int:pk>/file/", exports.export_file, name="export_file"),
    path("files/<int:pk>/cancel/", exports.cancel_export, name="cancel_export"),
    path("files/<int:pk>/resume/", exports.resume_export, name="resume_export"),
    path("files/<int:pk>/delete/", exports.delete_export, name="delete_export"),
]
