"""The site map of assessments. A move's address is its action; the table of moves says which there are."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from assessments.views import (
    awards,
    ballots,
    byitem,
    consequences,
    coverage,
    cycles,
    detail,
    draws,
    evidence,
    grading,
    home,
    lists,
    messages,
    moves,
    notices,
    objections,
    offline,
    pasting,
    public,
    reminders,
    sheet,
    voting,
    year_reports,
)
from assessments.workflow import BY_BUTTON

SHEET = "assessments/<int:pk>/sheets/<str:stage>/"
ITEM = f"{SHEET}items/<str:key>/"
DEPARTMENT = "assessments/<int:pk>/departments/<int:department>/"

assessment_urls: list[URLPattern] = [
    path("assessments/", lists.index, name="list"),
    path("assessments/<int:pk>/", detail.show, name="detail"),
    *(
        path(f"assessments/<int:pk>/{action.replace('_', '-')}/", moves.make, {"action": action}, name=action.value)
        for action in BY_BUTTON
    ),
    path("assessments/<int:pk>/extend/", reminders.extension, name="extend"),
    path(f"{DEPARTMENT}sign-off/", detail.sign_off, name="sign_off"),
    path(f"{DEPARTMENT}take-back/", detail.take_back, name="take_back"),
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}adopt/", sheet.adopt, name="adopt"),
    path(f"{SHEET}workbook.xlsx", offline.workbook, name="workbook"),
    path(f"{SHEET}offline/", offline.upload, name="offline"),
    path(f"{SHEET}offline/confirm/", offline.confirm, name="offline_confirm"),
    path(f"{SHEET}paste/", offline.paste, name="paste"),
    path(ITEM, sheet.save_item, name="save_item"),
    path(f"{ITEM}history/", detail.item_history, name="item_history"),
    path(f"{ITEM}evidence/", evidence.attach, name="attach"),
    path("cycles/<int:pk>/items/", byitem.index, name="items"),
    path("cycles/<int:pk>/items/<int:rubric>/<str:key>/", byitem.table, name="by_item"),
    path("cycles/<int:pk>/items/<int:rubric>/<str:key>/paste/", pasting.across, name="by_item_paste"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="remove_evidence"),
]

ballot_urls: list[URLPattern] = [
    path("assessments/<int:pk>/ballots/", ballots.index, name="list"),
    path("assessments/<int:pk>/ballots/new/", ballots.create, name="create"),
    path("assessments/<int:pk>/ballots/take/", ballots.take, name="take"),
    path("ballots/<int:pk>/", ballots.detail, name="detail"),
    path("ballots/<int:pk>/edit/", ballots.edit, name="edit"),
    path("ballots/<int:pk>/drop/", ballots.drop, name="drop"),
    path("ballots/<int:pk>/open/", ballots.open_, name="open"),
    path("ballots/<int:pk>/papers/", ballots.papers, name="papers"),
    path("ballots/<int:pk>/close/", ballots.close, name="close"),
    path("ballots/<int:pk>/annul/", ballots.annul, name="annul"),
]

draw_urls: list[URLPattern] = [
    path("cycles/<int:pk>/draws/", draws.index, name="list"),
    path("cycles/<int:pk>/draws/new/", draws.create, name="create"),
    path("draws/<int:pk>/", draws.detail, name="detail"),
    path("draws/<int:pk>/population/", draws.candidates_, name="population"),
    path("draws/<int:pk>/exclude/", draws.exclude, name="exclude"),
    path("draws/<int:pk>/include/", draws.include, name="include"),
    path("draws/<int:pk>/freeze/", draws.freeze, name="freeze"),
    path("draws/<int:pk>/freeze/stop/", draws.stop_freezing, name="stop_freezing"),
    path("draws/<int:pk>/draw/", draws.pull, name="draw"),
    path("draws/<int:pk>/redraw/", draws.redraw, name="redraw"),
    path("draws/<int:pk>/population.txt", draws.population_file, name="population_file"),
    path("draws/<int:pk>/verify/", draws.verify, name="verify"),
    path("draws/<int:pk>/comparison/", draws.comparison, name="comparison"),
]

voting_urls: list[URLPattern] = [
    path("v/", voting.vote, name="vote"),
    path("v/thanks/", voting.thanks, name="vote_thanks"),
]

objection_urls: list[URLPattern] = [
    path("cycles/<int:pk>/objections/", objections.index, name="list"),
    path("assessments/<int:pk>/objections/new/", objections.create, name="create"),
    path("assessments/<int:pk>/recheck/stand/", objections.stand, name="stand"),
    path("objections/<int:pk>/", objections.detail, name="detail"),
    path("objections/<int:pk>/objector/", objections.objector, name="objector"),
    path("objections/<int:pk>/recheck/", objections.recheck, name="recheck"),
    path("objections/<int:pk>/settle/", objections.settle, name="settle"),
]

notice_urls: list[URLPattern] = [
    path("cycles/<int:pk>/notices/", notices.index, name="list"),
    path("cycles/<int:pk>/notices/new/", notices.prepare, name="prepare"),
    path("cycles/<int:pk>/notices/close/", notices.close, name="close"),
    path("cycles/<int:pk>/notices/<int:number>/", notices.detail, name="detail"),
    path("cycles/<int:pk>/notices/<int:number>/changes/", notices.changes, name="changes"),
]

public_urls: list[URLPattern] = [
    path("notices/", public.index, name="public_notices"),
    path("notices/<slug:key>/", public.notice, name="public_notice"),
]

cycle_urls: list[URLPattern] = [
    path("", cycles.index, name="list"),
    path("new/", cycles.create, name="create"),
    path("<int:pk>/", cycles.detail, name="detail"),
    path("<int:pk>/deadlines/", cycles.deadlines, name="deadlines"),
]

reminder_urls: list[URLPattern] = [
    path("cycles/<int:pk>/reminders/", reminders.unsubmitted_list, name="list"),
    path("cycles/<int:pk>/reminders/file/", reminders.unsubmitted_file, name="file"),
]

inbox_urls: list[URLPattern] = [
    path("messages/", messages.index, name="list"),
    path("messages/read/", messages.mark_all, name="read_all"),
    path("messages/address/", messages.address, name="address"),
    path("messages/<int:pk>/", messages.follow, name="follow"),
]

grading_urls: list[URLPattern] = [
    path("cycles/<int:pk>/grading/", grading.table, name="table"),
    path("cycles/<int:pk>/rules/", grading.rules, name="rules"),
    path("assessments/<int:pk>/ruling/", grading.ruling, name="ruling"),
    path("assessments/<int:pk>/ruling/confirm/", grading.confirm, name="confirm"),
    path("assessments/<int:pk>/ruling/withdraw/", grading.withdraw, name="withdraw"),
    path("assessments/<int:pk>/opinions/", grading.opinions, name="opinions"),
]

consequence_urls: list[URLPattern] = [
    path("cycles/<int:pk>/consequences/", consequences.index, name="list"),
    path("cycles/<int:pk>/consequences/propose/", consequences.propose, name="propose"),
    path("cycles/<int:pk>/consequences/decide/", consequences.decide, name="decide"),
    path("consequences/<int:pk>/", consequences.detail, name="detail"),
    path("consequences/<int:pk>/confirm/", consequences.confirm, name="confirm"),
    path("consequences/<int:pk>/drop/", consequences.drop, name="drop"),
    path("consequences/<int:pk>/report/", consequences.report, name="report"),
    path("consequences/files/<int:pk>/", consequences.file, name="file"),
    path("consequences/<int:pk>/inspect/", consequences.inspect, name="inspect"),
]

coverage_urls: list[URLPattern] = [
    path("", coverage.home, name="home"),
    path("<int:pk>/", coverage.detail, name="detail"),
    path("<int:pk>/targets/", coverage.targets, name="targets"),
    path("<int:pk>/export/", coverage.export, name="export"),
]

year_report_urls: list[URLPattern] = [
    path("cycles/<int:pk>/year-reports/", year_reports.index, name="list"),
    path("cycles/<int:pk>/year-reports/ask/", year_reports.ask, name="ask"),
    path("year-reports/<int:pk>/", year_reports.detail, name="detail"),
    path("year-reports/<int:pk>/print/", year_reports.print_page, name="print"),
    path("year-reports/<int:pk>/hand-back/", year_reports.hand_back, name="hand_back"),
    path("year-reports/<int:pk>/received/", year_reports.received, name="received"),
]

award_urls: list[URLPattern] = [
    path("", awards.standing.index, name="list"),
    path("ladders/<slug:slug>/", awards.standing.ladder, name="ladder"),
    path("titles/", awards.standing.titles, name="titles"),
    path("titles/<int:pk>/revoke/", awards.titles.revoke, name="revoke"),
    path("organizations/<int:pk>/", awards.standing.organization, name="organization"),
    path("organizations/<int:pk>/record/", awards.titles.record, name="record"),
    path("rounds/new/", awards.rounds.open_, name="open_round"),
    path("rounds/<int:pk>/", awards.rounds.show, name="round"),
    path("rounds/<int:pk>/propose/", awards.rounds.propose, name="propose"),
    path("rounds/<int:pk>/close/", awards.rounds.close, name="close_round"),
    path("candidacies/<int:pk>/", awards.candidacies.show, name="candidacy"),
    path("candidacies/<int:pk>/award/", awards.candidacies.award, name="award"),
    path("candidacies/<int:pk>/decline/", awards.candidacies.decline, name="decline"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include((assessment_urls, "assessments"))),
    path("", include((ballot_urls, "ballots"))),
    path("", include((draw_urls, "draws"))),
    path("", include(voting_urls)),
    path("", include((notice_urls, "notices"))),
    path("", include((objection_urls, "objections"))),
    path("", include(public_urls)),
    path("cycles/", include((cycle_urls, "cycles"))),
    path("awards/", include((award_urls, "awards"))),
    path("", include((grading_urls, "grading"))),
    path("", include((reminder_urls, "reminders"))),
    path("", include((inbox_urls, "inbox"))),
    path("", include((consequence_urls, "consequences"))),
    path("coverage/", include((coverage_urls, "coverage"))),
    path("", include((year_report_urls, "year_reports"))),
]
