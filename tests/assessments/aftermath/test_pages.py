"""The pages: what each person finds on them and what a click does."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Consequence, CoverageTarget, MakeUp, YearReport
from assessments.services import aftermath
from orgs.roles import Role
from tests import factories as make
from tests.assessments.aftermath import made

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def as_(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def at(route, pk):
    return reverse(route, args=[pk])


def in_days(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def cast():
    return made.closed_year()


def test_consequences_from_proposal_to_a_task_that_is_passed(cast):
    admin, chair, assessor = as_(cast.admin), as_(cast.chair), as_(cast.assessor)
    page = at("consequences:list", cast.cycle.pk)
    assert admin.post(at("consequences:propose", cast.cycle.pk)).headers["Location"] == page
    told = admin.get(page).content.decode()
    assert "4 consequences are proposed." in told
    assert told.count('name="lines"') == 4
    assert 'name="lines"' not in as_(cast.auditor).get(page).content.decode()
    assert "58 of 100 points" not in chair.get(page).content.decode()  # not before it is confirmed

    lines = list(Consequence.objects.values_list("pk", flat=True))
    decide = at("consequences:decide", cast.cycle.pk)
    foreign = {"lines": [*lines, 999_999], "what": "confirm", "due_on": in_days(9)}
    assert admin.post(decide, foreign).status_code == 404
    admin.post(decide, {"lines": lines, "what": "drop", "reason": ""})
    admin.post(decide, {"lines": lines, "what": "confirm", "due_on": "someday"})
    admin.post(decide, {"what": "confirm"})
    assert set(Consequence.objects.values_list("state", flat=True)) == {"proposed"}
    admin.post(decide, {"lines": lines[1:], "what": "confirm"})
    admin.post(at("consequences:drop", lines[3]), {"reason": "晚了"})  # decided already
    assert list(Consequence.objects.values_list("state", flat=True)) == ["proposed", *["confirmed"] * 3]

    task = at("consequences:detail", lines[0])
    assert "(20 of 40 points)" in admin.get(task).content.decode()  # the proposed text
    wrong = admin.post(at("consequences:confirm", lines[0]), {"task": "", "due_on": in_days(9)})
    assert wrong.status_code == 422
    admin.post(at("consequences:confirm", lines[0]), {"task": "补开职代会", "due_on": in_days(9)})
    seen = chair.get(at("assessments:detail", cast.assessment.pk)).content.decode()
    assert "Consequences of the result" in seen
    assert "58 of 100 points" in seen
    assert "补开职代会" in chair.get(task).content.decode()
    assert chair.post(at("consequences:report", lines[0]), {"text": ""}).status_code == 422
    chair.post(at("consequences:report", lines[0]), {"text": "已补开"})
    again = {"passed": "no", "finding": "没有记录", "due_on": ""}
    assert assessor.post(at("consequences:inspect", lines[0]), again).status_code == 422
    assessor.post(at("consequences:inspect", lines[0]), {**again, "due_on": in_days(5)})
    assert chair.post(at("consequences:report", lines[0]), {"text": "补了记录"}).status_code == 302
    assert assessor.post(at("consequences:report", lines[0]), {"text": "补了记录"}).status_code == 403
    assessor.post(at("consequences:inspect", lines[0]), {"passed": "yes", "finding": "好"})
    assert chair.post(at("consequences:report", lines[0]), {"text": "又补"}).status_code == 409
    assert list(MakeUp.objects.values_list("number", "state")) == [(2, "passed"), (1, "failed")]
    told = assessor.get(task).content.decode()
    assert all(words in told for words in ("没有记录", "补了记录", "已补开", "Inspected: passed"))


def test_an_overdue_task_is_found(cast):
    aftermath.propose(cast.admin, cast.cycle)
    one = Consequence.objects.get(kind="make_up")
    aftermath.confirm(cast.admin, cast.cycle, [one.pk], due_on=timezone.localdate())
    page = f"{at('consequences:list', cast.cycle.pk)}?show=overdue"
    assert cast.township.name not in as_(cast.assessor).get(page).content.decode()
    MakeUp.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    told = as_(cast.assessor).get(page).content.decode()
    assert cast.township.name in told
    assert 'is-late">Overdue' in told
    assert 'is-late">Overdue' in as_(cast.chair).get(at("consequences:detail", one.pk)).content.decode()


def test_a_revocation_leads_to_the_notice_with_its_reason(cast):
    made.revisit(cast, cast.neighbour, made.POOR)
    as_(cast.admin).post(at("consequences:propose", cast.cycle.pk))
    one = Consequence.objects.get(kind="revocation")
    page = at("consequences:detail", one.pk)
    assert "another person has to confirm it" in as_(cast.admin).get(page).content.decode()
    assert as_(cast.admin).post(at("consequences:confirm", one.pk)).status_code == 403
    as_(cast.reviewer).post(at("consequences:confirm", one.pk))
    response = as_(cast.reviewer).get(page)
    assert "published result stands until" in response.content.decode()
    notice = as_(cast.reviewer).get(response.context["correct_url"])
    expected = f"{cast.neighbour.name}: the star is revoked. {one.ground}"
    assert notice.context["form"].initial["reason"] == expected


def test_the_lists_cost_the_same_with_one_line_and_with_many(cast):
    aftermath.propose(cast.admin, cast.cycle)
    aftermath.ask_for_reports(cast.admin, cast.cycle, "2月30日", 2027)
    pages = [at("consequences:list", cast.cycle.pk), at("year_reports:list", cast.cycle.pk)]
    pages.append(at("coverage:detail", cast.city.pk))

    def cost():
        client, costs = as_(cast.admin), []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            costs.append(len(queries))
        return costs

    one = Consequence.objects.filter(kind="make_up")
    several = Consequence.objects.exclude(pk__in=one)
    kept = list(several)
    several.delete()
    YearReport.objects.filter(organization=cast.county).delete()
    cost()  # what a process reads once
    before = cost()
    Consequence.objects.bulk_create(kept)
    aftermath.ask_for_reports(cast.admin, cast.cycle, "2月30日", 2027)
    for _ in range(3):
        make.organization(cast.county)
    assert cost() == before


def test_coverage_and_who_is_not_covered(cast):
    new = make.organization(cast.county, name="=新建工会")
    admin = as_(cast.admin)
    assert admin.get(reverse("coverage:home")).headers["Location"] == at("coverage:detail", cast.city.pk)
    targets = at("coverage:targets", cast.city.pk)
    for wrong in (
        {"year_0": "2026"},
        {"year_0": "2026", "percent_0": "30", "year_1": "2026", "percent_1": "40"},
        {"year_0": "2026", "percent_0": "101"},
        {"year_0": "2026", "percent_0": "70", "year_1": "2027", "percent_1": "30"},
    ):
        assert "Targets of coverage" in admin.post(targets, wrong).content.decode()
        assert not CoverageTarget.objects.exists()
    assert admin.post(targets, {"year_0": "2026", "percent_0": "80"}).status_code == 302
    assert 'value="80"' in admin.get(targets).content.decode()
    told = admin.get(at("coverage:detail", cast.city.pk)).content.decode()
    assert "<b>75.0%</b> 3 / 4" in told
    assert "1 wanting" in told
    assert new.name in told
    answer = admin.get(at("coverage:export", cast.city.pk))
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Name", "Superior union", "Kind", "Contact person", "Contact phone")
    assert rows[1][:3] == ("'=新建工会", cast.county.name, new.kind.name)
    assert len(rows) == 2
    nobody = make.person((cast.township, Role.CLERK))
    assert "for administrators" in as_(nobody).get(reverse("coverage:home")).content.decode()


def test_a_yearly_report_from_asking_to_the_paper(cast):
    admin, writer = as_(cast.admin), as_(cast.assessor)
    page = at("year_reports:list", cast.cycle.pk)
    assert "have organisations in this cycle" in admin.get(page).content.decode()
    wrong = admin.post(at("year_reports:ask", cast.cycle.pk), {"words": "年底", "year": "2027"})
    assert wrong.status_code == 422
    admin.post(at("year_reports:ask", cast.cycle.pk), {"words": "2月30日", "year": "2027"})
    told = admin.get(page).content.decode()
    assert "2 unions are newly asked. 2027 has no 2月30日: the last day of the month counts, 2027-02-28." in told
    assert f"{cast.county.name}\n{cast.other_county.name}\n" in told
    own = writer.get(page).content.decode()
    assert cast.county.name in own
    assert cast.other_county.name not in own

    report = at("year_reports:detail", YearReport.objects.get(organization=cast.county).pk)
    draft = "机关草稿"
    writer.post(report, {"text": draft})
    for reader in (report, f"{report}print/"):
        assert draft in writer.get(reader).content.decode()
        assert draft not in admin.get(reader).content.decode()  # not before it is handed in
    assert writer.post(report, {"text": "", "hand_in": "1"}).status_code == 422
    writer.post(report, {"text": "全县年检总结", "hand_in": "1"})
    assert writer.post(report, {"text": "改"}).status_code == 409
    printed = admin.get(f"{report}print/").content.decode()
    assert all(words in printed for words in ("全县年检总结", "(stamp)", "Chair (signature):", "2 of 2 (100.0 %)"))
    assert f"{cast.county.name}\n" not in admin.get(page).content.decode().partition("<textarea")[2]
    admin.post(f"{report}received/", {"day": "yesterday"})
    admin.post(f"{report}hand-back/", {"reason": ""})
    assert "Handed in, paper outstanding" in admin.get(report).content.decode()
    admin.post(f"{report}received/", {"day": in_days(0)})
    assert "Handed in, paper received" in admin.get(report).content.decode()
    assert admin.post(f"{report}hand-back/", {"reason": "晚了"}).status_code == 409
