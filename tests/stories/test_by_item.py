"""A department marks one item for five organisations, down the column with Enter; for one a colleague was quicker."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from assessments import services
from assessments.models import Assessment, Mark
from assessments.workflow import Action, Stage
from orgs.roles import Role
from tests import factories as make


@pytest.fixture
def people(transactional_db: None) -> make.Cast:
    people = make.cast(stages=2)
    for _number in range(3):
        make.organization(people.county, "township")
    people.cycle = make.open_cycle_for(people.city, {"township": people.rubric}, by=make.again(people.admin))
    for assessment in people.cycle.assessments.filter(assessor=people.county):
        chair = make.person((assessment.organization, Role.CHAIR))
        make.fill(chair, assessment, Stage.SELF)
        services.move(make.again(chair), assessment, Action.SUBMIT)
    return people


def points(assessments: list[Assessment]) -> list[float | None]:
    told = dict(
        Mark.objects.filter(sheet__assessment__in=assessments, sheet__stage=Stage.ASSESS, item__key="1-1").values_list(
            "sheet__assessment", "points"
        )
    )
    return [told.get(one.pk) for one in assessments]


def test_down_the_column(visitor, fits, people: make.Cast) -> None:
    page = visitor.log_in(people.department_assessor).page
    waiting = list(people.cycle.assessments.filter(assessor=people.county).order_by("path"))
    assert len(waiting) == 5
    page.click(f"a[href='/cycles/{people.cycle.pk}/items/']")
    page.click("text=1-1")
    left = page.locator("[data-left]")
    expect(left).to_have_text("5")
    fits(page)

    make.save(people.assessor, waiting[2], Stage.ASSESS, "1-1", "2", remark="已核")  # meanwhile
    page.locator(f"[name='p-{waiting[0].pk}']").focus()
    for assessment, typed in zip(waiting, ("5", "4.5", "3", "0", "1"), strict=True):
        expect(page.locator(f"[name='p-{assessment.pk}']")).to_be_focused()
        page.keyboard.type(typed)
        with page.expect_response(lambda answer: "/items/1-1/" in answer.url) as saved:
            page.keyboard.press("Enter")
        assert saved.value.status == (409 if assessment == waiting[2] else 200)
    expect(left).to_have_text("0")
    assert points(waiting) == [5, 4.5, 2, 0, 1]

    row = page.locator(f"#item-{waiting[2].pk}")
    expect(row.locator("[data-message]")).to_contain_text("2")
    fits(page)
    with page.expect_response(lambda answer: "/items/1-1/" in answer.url):
        row.locator("[data-message] button").nth(1).click()  # take theirs
    expect(row.locator("[data-message]")).to_be_empty()
    expect(page.locator(f"[name='p-{waiting[2].pk}']")).to_have_value("2")
    expect(page.locator(f"[name='r-{waiting[2].pk}']")).to_have_value("已核")

    for key in ("1-2", "1-3"):  # the second of them counts
        page.click("a[rel=next]")
        page.wait_for_url(f"**/{key}/")
    field = page.locator(f"[name='c-{waiting[0].pk}-absent']")
    field.fill("3")
    field.press("ArrowDown")
    expect(page.locator(f"#item-{waiting[0].pk} [data-formula]")).to_have_text("4 − 0.5 × 3 = 2.5")
    expect(page.locator(f"[name='c-{waiting[1].pk}-absent']")).to_be_focused()
    assert points(waiting) == [5, 4.5, 2, 0, 1]
