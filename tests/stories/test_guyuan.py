"""Guyuan's year: opened, self-scored, voted on, assessed, spot-checked, published, objected to, rechecked, published
again and closed (固工发〔2023〕86号, 四)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from assessments.models import Assessment, Ballot, Cycle, Draw, Notice, Objection
from assessments.services import ballots
from assessments.workflow import Stage, State
from orgs.models import Level
from orgs.roles import Role
from rubrics.models import Document, Rubric
from tests import factories

BEGIN = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OBJECTOR, PHONE = "王同志", "0954-2081234"


@pytest.fixture
def clock():
    with time_machine.travel(BEGIN, tick=True) as traveller:
        yield traveller


@pytest.fixture
def guyuan(transactional_db: None, clock) -> dict:
    factories.load_rubrics()
    city = factories.organization(None, "city", Level.CITY)
    county = factories.organization(city, "county", Level.COUNTY)
    schools = [factories.organization(county, "public_enterprise", Level.GRASSROOTS) for _school in range(5)]
    return {
        "schools": schools,
        "chair": factories.person(*((school, Role.CHAIR) for school in schools)),
        "assessor": factories.person((county, Role.ASSESSOR)),
        "second": factories.person((county, Role.ASSESSOR)),
        "reviewer": factories.person((city, Role.REVIEWER)),
        "admin": factories.person((city, Role.ADMIN)),
    }


def open_cycle(page) -> Cycle:
    document = Document.objects.get(slug="guyuan-annual-inspection")
    page.goto("/cycles/new/")
    page.select_option("select[name=document]", str(document.pk))
    page.fill("input[name=name]", "2026年基层工会组织年检")
    page.fill("input[name=year]", "2026")
    page.fill("input[name=self_deadline]", "2026-03-31")
    page.fill("input[name=assess_deadline]", "2026-05-31")
    page.click("main form[method=get] button[type=submit].btn-primary")
    page.wait_for_selector("main form[method=post]")
    leave_out = page.locator("main form[method=post] select")
    for number in range(leave_out.count()):  # the county itself has no table
        if not leave_out.nth(number).input_value():
            leave_out.nth(number).select_option("none")
    page.click("main form[method=post] button[type=submit].btn-primary")
    page.wait_for_selector(".message-success")
    return Cycle.objects.get()


def answer(who, assessment: Assessment, stage: Stage, less: str) -> None:
    """Full marks, but `less` on the first item, which is worth 5."""
    factories.fill(who, assessment, stage)
    factories.save(factories.again(who), assessment, stage, "1", less)


def hold_ballot(visitor, assessment: Assessment, assessor) -> None:
    page = visitor.page
    page.goto(f"/assessments/{assessment.pk}/ballots/new/")
    page.select_option("select[name=purpose]", "gate")
    page.select_option("select[name=electorate]", "members")
    page.fill("input[name=title]", "民主测评")
    page.fill("input[name=question]", "您对本单位工会工作是否满意？")
    page.fill("input[name=roster]", "3")
    page.fill("input[name=minimum]", "2")
    page.fill("input[name=last_day]", "2026-04-30")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url("**/ballots/*/")
    page.click("form[action$='/open/'] button")
    ballot = Ballot.objects.get(assessment=assessment)
    for code in ballots.issue_codes(factories.again(assessor), ballot, 3)[:2]:
        page.goto("/v/")
        page.fill("input[name=code]", code)
        page.click("main form button[type=submit]")
        page.locator("main form input[type=radio]").first.check()
        page.click("main form button[type=submit]")
        page.wait_for_url("**/v/thanks/")
    page.goto(f"/ballots/{ballot.pk}/")
    page.click("form[action$='/close/'] button")
    page.wait_for_selector(".message-success")


def check_on_one(visitor, cycle: Cycle, people: dict) -> Assessment:
    page = visitor.log_in(people["reviewer"]).page
    page.goto(f"/cycles/{cycle.pk}/draws/new/")
    page.fill("input[name=share]", "20")
    page.fill("input[name=seed]", "7 0 4 9 2")
    page.fill("input[name=seed_source]", "体彩排列五第26120期")
    page.click("main form button[type=submit].btn-primary")
    draw = Draw.objects.get()
    page.goto(f"/draws/{draw.pk}/population/")
    page.click("form[action$='/freeze/'] button[type=submit].btn-primary")
    page.click("form[action$='/draw/'] button[type=submit].btn-primary")
    page.wait_for_selector(".message-success")
    drawn = Assessment.objects.get(state=State.REVIEWING)
    answer(people["reviewer"], drawn, Stage.REVIEW, "4.5")
    visitor.move(drawn.pk, "confirm")
    page.goto(f"/draws/{draw.pk}/verify/")
    page.goto(f"/draws/{draw.pk}/comparison/")
    assert drawn.name in page.inner_text("main")
    return drawn


def publish(page, cycle: Cycle, fits, reason: str = "") -> Notice:
    page.goto(f"/cycles/{cycle.pk}/notices/new/")
    if reason:
        page.fill("[name=reason]", reason)
    page.fill("[name=contact]", "市总工会组织部，电话0954-2080000")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector("main form button[name=publish]")
    page.wait_for_load_state("load")
    fits(page)
    page.click("main form button[name=publish]")
    page.wait_for_selector(".message-success")
    return Notice.objects.order_by("-pk").first()


def object_in_person(visitor, people: dict, wronged: Assessment) -> Objection:
    """Somebody comes to the city union; who handles it enters who it was."""
    page = visitor.log_in(people["reviewer"]).page
    page.goto(f"/assessments/{wronged.pk}/objections/new/")
    page.fill("[name=statement]", "第1项的佐证材料没有看全。")
    page.fill("[name=objector]", OBJECTOR)
    page.fill("[name=contact]", PHONE)
    page.select_option("select[name=channel]", "visit")
    page.fill("[name=received_on]", "2026-03-05")
    page.click("main form details summary")
    page.check("input[name=items][value='1']")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url("**/objections/*/")
    assert OBJECTOR not in page.inner_text("main")
    page.click("main form[action$='/objector/'] button")
    page.wait_for_selector(f"main dd:has-text('{OBJECTOR}')")
    return Objection.objects.get()


def recheck(visitor, people: dict, wronged: Assessment, objection: Objection) -> None:
    """The named item alone, by somebody who has not marked it; nobody but the handlers sees who objected."""
    page = visitor.page
    page.goto(f"/objections/{objection.pk}/recheck/")
    page.check("input[name=items][value='1']")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url(f"**/objections/{objection.pk}/")

    visitor.log_in(people["assessor"])
    visitor.open_sheet(wronged.pk, "assess")
    assert visitor.fields() == []
    page.goto(f"/objections/{objection.pk}/")
    assert OBJECTOR not in page.content()
    assert PHONE not in page.content()

    visitor.log_in(people["second"])
    visitor.open_sheet(wronged.pk, "assess")
    assert visitor.fields() == ["p-1"]
    visitor.type_points({"p-1": "2.5"})
    visitor.move(wronged.pk, "confirm")

    visitor.log_in(people["reviewer"])
    page.goto(f"/objections/{objection.pk}/settle/")
    page.check("input[name=state][value=upheld]")
    page.fill("[name=outcome]", "经复查，第1项补计2.5分。")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url(f"**/objections/{objection.pk}/")


def all_assessed(visitor, people: dict, found: list[Assessment]) -> None:
    """自查自评，民主测评，组织评定."""
    for one, less in zip(found, ("5", "4.5", "4", "3.5", "3"), strict=True):
        answer(people["chair"], one, Stage.SELF, less)
    visitor.log_in(people["chair"])
    for one in found:
        visitor.move(one.pk, "submit")
    visitor.log_in(people["assessor"])
    hold_ballot(visitor, found[0], people["assessor"])
    for one, less in zip(found, ("5", "4.5", "4", "3", "0"), strict=True):
        answer(people["assessor"], one, Stage.ASSESS, less)
        visitor.move(one.pk, "confirm")


def points_in(notice: Notice) -> dict[int, Decimal]:
    return dict(notice.snapshot.rows.values_list("assessment", "points"))


def test_from_the_opening_to_the_second_notice(visitor, fits, guyuan, clock) -> None:
    people, page = guyuan, visitor.page
    visitor.log_in(people["admin"])
    cycle = open_cycle(page)
    found = list(cycle.assessments.select_related("rubric", "kind").order_by("path"))
    assert [one.organization for one in found] == people["schools"]
    assert {one.rubric for one in found} == {Rubric.objects.get(code="g1")}

    all_assessed(visitor, people, found)
    assert set(cycle.assessments.values_list("state", flat=True)) == {State.FINAL}
    drawn = check_on_one(visitor, cycle, people)

    page.goto(f"/cycles/{cycle.pk}/grading/")  # all five have 90 points and more, a fifth of them is one
    fits(page)
    first = publish(page, cycle, fits)
    awarded = first.snapshot.rows.values_list("awarded", "limited")
    assert sorted(awarded) == [("五星级", False), *[("四星级", True)] * 4]
    page.context.clear_cookies()
    page.goto(f"/notices/{first.key}/")
    fits(page)
    assert found[3].name in page.inner_text("main")

    clock.shift(timedelta(days=3))
    wronged = next(one for one in reversed(found) if one.pk != drawn.pk)
    objection = object_in_person(visitor, people, wronged)
    recheck(visitor, people, wronged, objection)

    before = list(first.snapshot.rows.order_by("pk").values_list())
    second = publish(page, cycle, fits, reason="异议复查后更正")
    assert list(first.snapshot.rows.order_by("pk").values_list()) == before
    was, now = points_in(first), points_in(second)
    assert {key: (was[key], now[key]) for key in was if was[key] != now[key]}.keys() == {wronged.pk}
    page.context.clear_cookies()
    page.goto(f"/notices/{first.key}/")
    page.click(f"a[href='/notices/{second.key}/']")
    assert second.title in page.inner_text("main")

    clock.shift(timedelta(days=11))
    visitor.log_in(people["admin"])
    page.goto(f"/cycles/{cycle.pk}/notices/")
    page.click("form[action$='/notices/close/'] button")
    page.wait_for_selector(".message-success")
    cycle.refresh_from_db()
    assert cycle.closed_at is not None
    assert not visitor.may(found[0].pk, "reopen")
