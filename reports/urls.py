from django.urls import path

from reports import ballots, comparison, draws, handout, notices, views
from reports.certificates import views as certificates
from reports.exports import views as exports
from reports.exports.cards import views as cards
from reports.exports.marks import views as marks
from reports.lists import awards_views as awards
from reports.lists import log_views as logs
from reports.lists import views as lists
from reports.official import views as official
from reports.official import yearly
from reports.standings import views as standings

app_name = "reports"

urlpatterns = [
    path("assessments/<int:pk>/scorecard.pdf", views.scorecard_pdf, name="scorecard_pdf"),
    path("assessments/<int:pk>/scorecard.xlsx", views.scorecard_xlsx, name="scorecard_xlsx"),
    path("assessments/<int:pk>/certificate.pdf", certificates.certificate, name="certificate"),
    path("cycles/<int:pk>/certificates/", certificates.certificates, name="certificates"),
    path("awards/titles/<int:pk>/certificate.pdf", certificates.title_certificate, name="title_certificate"),
    path("awards/rounds/<int:pk>/certificates/", certificates.title_certificates, name="title_certificates"),
    path("rubrics/<int:pk>/form.pdf", views.form_pdf, name="form_pdf"),
    path("rubrics/<int:pk>/form.xlsx", views.form_xlsx, name="form_xlsx"),
    path("people/slips/", handout.print_slips, name="print_slips"),
    path("people/<int:pk>/slip/", handout.slip, name="slip"),
    path("ballots/<int:pk>/slips/", ballots.ballot_slips, name="ballot_slips"),
    path("draws/<int:pk>/record.pdf", draws.draw_record, name="draw_record"),
    path("draws/<int:pk>/comparison.xlsx", comparison.comparison_xlsx, name="comparison_xlsx"),
    path("draws/<int:pk>/comparison.pdf", comparison.comparison_pdf, name="comparison_pdf"),
    path("notices/<slug:key>.pdf", notices.notice_pdf, name="notice_pdf"),
    path("cycles/<int:pk>/notices/<int:number>.docx", notices.notice_docx, name="notice_docx"),
    path("year-reports/<int:pk>/report.pdf", yearly.year_report_pdf, name="year_report_pdf"),
    path("year-reports/<int:pk>/report.docx", yearly.year_report_docx, name="year_report_docx"),
    path("cycles/<int:pk>/report/", official.official_page, name="official"),
    path("cycles/<int:pk>/report.pdf", official.official_pdf, name="official_pdf"),
    path("cycles/<int:pk>/report.docx", official.official_docx, name="official_docx"),
    path("cycles/<int:pk>/ranking/", standings.ranking_page, name="ranking"),
    path("cycles/<int:pk>/ranking.xlsx", standings.ranking_xlsx, name="ranking_xlsx"),
    path("cycles/<int:pk>/ranking.pdf", standings.ranking_pdf, name="ranking_pdf"),
    path("cycles/<int:pk>/statistics/", standings.statistics, name="statistics"),
    path("cycles/<int:pk>/statistics/<slug:word>/", standings.topic, name="topic"),
    path("cycles/<int:pk>/statistics/<slug:word>.xlsx", standings.topic_xlsx, name="topic_xlsx"),
    path("cycles/<int:pk>/statistics/<slug:word>.pdf", standings.topic_pdf, name="topic_pdf"),
    path("cycles/<int:pk>/marks/", marks.order_marks, name="order_marks"),
    path("assessments.xlsx", lists.assessments_xlsx, name="assessments_xlsx"),
    path("cycles/<int:pk>/grading.xlsx", lists.grading_xlsx, name="grading_xlsx"),
    path("cycles/<int:pk>/consequences.xlsx", lists.consequences_xlsx, name="consequences_xlsx"),
    path("cycles/<int:pk>/objections.xlsx", lists.objections_xlsx, name="objections_xlsx"),
    path("cycles/<int:pk>/changes.xlsx", logs.cycle_changes_xlsx, name="cycle_changes_xlsx"),
    path("organizations/<int:pk>/changes.xlsx", logs.changes_xlsx, name="changes_xlsx"),
    path("awards/rounds/<int:pk>/candidates.xlsx", awards.round_xlsx, name="round_xlsx"),
    path("awards/titles.xlsx", awards.titles_xlsx, name="titles_xlsx"),
    path("awards/ladders/<slug:slug>/titles.xlsx", awards.ladder_xlsx, name="ladder_xlsx"),
    path("coverage/<int:pk>/coverage.xlsx", lists.coverage_xlsx, name="coverage_xlsx"),
    path("cycles/<int:pk>/scorecards/", cards.order_cards, name="cards"),
    path("files/", exports.exports, name="exports"),
    path("files/<int:pk>/", exports.export, name="export"),
    path("files/<int:pk>/progress/", exports.export_progress, name="export_progress"),
    path("files/<int:pk>/file/", exports.export_file, name="export_file"),
    path("files/<int:pk>/cancel/", exports.cancel_export, name="cancel_export"),
    path("files/<int:pk>/resume/", exports.resume_export, name="resume_export"),
    path("files/<int:pk>/delete/", exports.delete_export, name="delete_export"),
]
