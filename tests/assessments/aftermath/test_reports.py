"""The yearly report: asked for with an impossible date, written, handed in with its figures, sent on paper."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.aftermath.figures import figures_of, in_lines
from assessments.models import Message, YearReport
from assessments.services import Forbidden, Refused, WrongState, aftermath
from orgs.roles import Role
from tests import factories as make
from tests.assessments.aftermath import made

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

COUNTY = {
    "states": {"self_scoring": 0, "assessing": 0, "reviewing": 0, "final": 2, "withdrawn": 0},
    "total": 2,
    "published": {
        "number": 1,
        "bands": [["五星", 1], ["一星", 1]],
        "results": 2,
        "qualified": 1,
        "not_qualified": 1,
        "limited": 0,
    },
    "self": {"higher": 1, "same": 1, "lower": 0},
    "coverage": {"year": 2026, "all": 2, "ever": 2, "alone": 2, "ever_percent": "100.0", "alone_percent": "100.0"},
}


def asked(cast):
    aftermath.ask_for_reports(cast.admin, cast.cycle, "2月30日", 2027)
    return YearReport.objects.get(organization=cast.county)


def test_reports_are_asked_for_once_by_a_day_that_exists():
    cast = made.closed_year()
    for words, told in (("", "by when"), ("年底前", "2月28日"), ("13月1日", "2月28日")):
        with pytest.raises(Refused, match=told):
            aftermath.ask_for_reports(cast.admin, cast.cycle, words, 2027)
    with pytest.raises(Forbidden):
        aftermath.ask_for_reports(cast.auditor, cast.cycle, "2月30日", 2027)
    assert not YearReport.objects.exists()
    assert aftermath.ask_for_reports(cast.reviewer, cast.cycle, "每年2月30日前", 2027) == 2
    fields = ("organization__name", "due_words", "due_on", "asked_by")
    day, names = date(2027, 2, 28), (cast.county.name, cast.other_county.name)
    who = cast.reviewer.pk
    assert list(YearReport.objects.values_list(*fields)) == [(name, "每年2月30日前", day, who) for name in names]
    report = YearReport.objects.get(organization=cast.county)
    told = f"{cast.city.name} asks {cast.county.name} for the yearly report on “{cast.cycle.name}”, by 2027-02-28."
    assert list(Message.objects.filter(text=told).values_list("to", "url")) == [
        (cast.assessor.pk, f"/year-reports/{report.pk}/")
    ]
    aftermath.hand_in_report(cast.assessor, report, "总结")
    # asking again: who has handed in keeps the old day, the others have the new one
    assert aftermath.ask_for_reports(cast.admin, cast.cycle, "2月30日", 2028) == 0
    assert list(YearReport.objects.values_list("due_on", flat=True)) == [day, date(2028, 2, 29)]


def test_what_is_handed_in_is_fixed_with_its_figures():
    cast = made.closed_year()
    report = asked(cast)
    for who in ("admin", "reviewer", "department_assessor", "auditor", "stranger", "chair"):
        with pytest.raises(Forbidden):
            aftermath.save_report(make.again(getattr(cast, who)), report, "总结")
    aftermath.save_report(cast.assessor, report, "草稿")
    with pytest.raises(Refused, match="write the report"):
        aftermath.hand_in_report(cast.assessor, report, " ")
    with pytest.raises(WrongState, match="not been handed in"):
        aftermath.receive_paper(cast.admin, report, timezone.localdate())
    aftermath.hand_in_report(make.person((cast.county, Role.ADMIN)), report, "全县2家单位完成年检。")
    make.organization(cast.county)
    report.refresh_from_db()
    assert (report.text, report.figures) == ("全县2家单位完成年检。", COUNTY)
    assert figures_of(cast.cycle, cast.county)["coverage"]["all"] == 3  # what is handed in does not follow
    with pytest.raises(WrongState, match="handed in"):
        aftermath.save_report(cast.assessor, report, "改")
    assert dict(in_lines(report.figures)) == {
        "Organisations in this cycle": "2",
        "Final": "2",
        "五星": "1",
        "一星": "1",
        "Qualified": "1",
        "Not qualified": "1",
        "Self-score above the official score": "1",
        "Self-score equal to the official score": "1",
        "Self-score below the official score": "0",
        "Covered up to 2026": "2 of 2 (100.0 %)",
        "Covered in 2026": "2 of 2 (100.0 %)",
    }


def test_a_report_is_handed_back_before_its_paper_came_and_not_after():
    cast = made.closed_year()
    report = asked(cast)
    aftermath.hand_in_report(cast.assessor, report, "总结")
    with pytest.raises(Forbidden):
        aftermath.hand_report_back(cast.assessor, report, "理由")
    with pytest.raises(Refused, match="reason"):
        aftermath.hand_report_back(cast.admin, report, "")
    aftermath.hand_report_back(cast.admin, report, "缺数据说明")
    report.refresh_from_db()
    assert (report.text, report.handed_in_at, report.figures, report.returned_for) == ("总结", None, {}, "缺数据说明")
    aftermath.hand_in_report(cast.assessor, report, "总结（补）")
    today = timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(Refused, match="between the day"):
            aftermath.receive_paper(cast.admin, report, day)
    aftermath.receive_paper(cast.admin, report, today)
    for act in (
        lambda: aftermath.receive_paper(cast.admin, report, today),
        lambda: aftermath.hand_report_back(cast.admin, report, "理由"),
    ):
        with pytest.raises(WrongState):
            act()
    report.refresh_from_db()
    assert (report.returned_for, report.paper_on, report.paper_by) == ("", today, cast.admin)


def test_before_anything_is_published_the_figures_say_so():
    cast = make.cast(rubric=made.rubric())
    figures = figures_of(cast.cycle, cast.county)
    assert (figures["published"], figures["states"]["self_scoring"], figures["total"]) == (None, 2, 2)
    assert ("Published results", "not published yet") in in_lines(figures)
