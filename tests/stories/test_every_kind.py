"""A sheet with every kind of row in a real browser: choices, live sums, gates, two departments on one item."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from assessments.workflow import Stage, State
from tests import factories

KEY = "3-1"


@pytest.fixture
def cast(transactional_db: None) -> factories.Cast:
    return factories.cast(rubric=factories.rubric_of_every_kind())


def choose(page, field: str, value: str) -> None:
    with page.expect_response(lambda answer: "/items/" in answer.url) as saved:
        page.locator(f"[id='{field}']").select_option(value)
    assert saved.value.status == 200, saved.value.text()
    key = saved.value.url.rstrip("/").rpartition("/")[2]
    expect(page.locator(f"[name='v-{key}']")).to_have_value(str(saved.value.json()["version"]))


def test_a_clerk_answers_every_kind(visitor, cast, fits) -> None:
    page = visitor.log_in(cast.clerk).page
    visitor.open_sheet(cast.assessment.pk, Stage.SELF)
    fits(page)
    choose(page, "l-2-5", "b")
    for number, answer in enumerate("1101"):
        choose(page, f"c-2-4-c{number}", answer)
    visitor.type_points({"c-2-1-built": "78.5%", "c-2-3-trained": "７２", "c-4-3-blamed": "3"})
    assert [visitor.sum(name) for name in ("points", "penalty")] == ["27", "−5"]
    assert "78.5% → 7" in page.inner_text("#item-2-1")

    tripped = page.locator("[data-tripped]")
    expect(tripped).to_be_hidden()
    choose(page, "c-5-2-gate", "1")
    expect(tripped).to_contain_text("5-2 发生重大安全生产责任事故的")
    assert "is-tripped" in page.locator("#item-5-2").get_attribute("class")
    choose(page, "c-5-2-gate", "0")
    expect(tripped).to_be_hidden()

    choose(page, "l-2-5", "")
    assert visitor.sum("points") == "19"
    page.reload()
    assert page.locator("#l-2-5").input_value() == ""
    assert page.locator("#c-2-4-c2").input_value() == "0"


def test_the_other_persons_level_can_be_taken(visitor, cast) -> None:
    page = visitor.log_in(cast.clerk).page
    visitor.open_sheet(cast.assessment.pk, Stage.SELF)
    factories.save(cast.chair, cast.assessment, Stage.SELF, "2-5", counts={"c": "1"})
    with page.expect_response(lambda answer: "/items/" in answer.url) as saved:
        page.locator("#l-2-5").select_option("a")
    assert saved.value.status == 409
    expect(page.locator("#item-2-5 [data-message]")).to_contain_text("合格")
    page.locator("#item-2-5 [data-message] button").nth(1).click()
    expect(page.locator("#l-2-5")).to_have_value("c")
    expect(page.locator("#sums [data-sum=points]")).to_have_text("5")


def test_two_departments_on_one_item(visitor, cast) -> None:
    factories.bring_to(cast, State.ASSESSING)
    page = visitor.log_in(cast.department_assessor).page
    visitor.open_sheet(cast.assessment.pk, Stage.ASSESS)
    own, other = page.locator(f"[id='c-{KEY}-office']"), page.locator(f"[id='c-{KEY}-staff']")
    expect(other).to_be_disabled()
    factories.save(cast.staff_assessor, cast.assessment, Stage.ASSESS, KEY, counts={"staff": "20"})
    visitor.type_points({f"c-{KEY}-office": "25"})  # as the page was opened before, and yet no conflict
    expect(own).to_have_value("25")
    expect(other).to_have_value("20")
    expect(page.locator(f"#item-{KEY} [data-worth]")).to_have_text("23")
