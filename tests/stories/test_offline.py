"""A clerk without network: the workbook taken along, filled in, brought back; then a column from a table of her own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from assessments.workflow import Stage
from tests import factories
from tests.assessments.offline.books import Book


@pytest.fixture
def people(transactional_db: None) -> factories.Cast:
    return factories.cast(rubric=factories.rubric_of_every_kind())


def test_taken_along_and_brought_back(visitor, fits, people: factories.Cast, tmp_path) -> None:
    page, pk = visitor.page, people.assessment.pk
    visitor.log_in(people.clerk)
    visitor.open_sheet(pk, "self")
    page.click(f"a[href='/assessments/{pk}/sheets/self/offline/']")
    with page.expect_download() as taken:
        page.click("a[href$='workbook.xlsx']")
    assert people.assessment.name in taken.value.suggested_filename
    book = Book(taken.value.path().read_bytes())
    book["p-1-1"], book["c-1-2-absent"], book["l-2-5"], book["r-1-1"] = "12.5分", 1, "良好（8分）", "见台账"
    book["c-1-3-rate"] = 9

    factories.save(people.chair, people.assessment, Stage.SELF, "1-2", counts={"absent": "3"})  # at home, meanwhile
    file = tmp_path / "评分表.xlsx"
    file.write_bytes(book.saved().read())
    page.set_input_files("input[type=file]", file)
    page.click("main form button[type=submit]")
    expect(page.locator("main .stat-figure")).to_have_text(["2", "1", "1", "11", "2.5 → 23"])
    expect(page.locator("tr.offline-refused")).to_contain_text(book.at("c-1-3-rate"))
    fits(page)
    page.click("main form button.btn-primary")
    page.wait_for_url(f"**/assessments/{pk}/sheets/self/")
    expect(page.locator("[id='p-1-1']")).to_have_value("12.5")
    expect(page.locator("[id='c-1-2-absent']")).to_have_value("3")
    expect(page.locator("[id='l-2-5']")).to_have_value("b")

    page.click(f"a[href='/assessments/{pk}/sheets/self/paste/']")
    page.fill("textarea[name=text]", "序号\t得分\t备注\r\n1-1\t１４\t\r\n1-2\t两次\t\r\n2-2\t2件\t均已化解\r\n")
    page.click("main form button[type=submit]")
    expect(page.locator("tr.offline-refused")).to_have_count(1)
    expect(page.locator("td.offline-new .offline-mark")).to_have_text(["14", "越级上访 2件"])
    fits(page)
    page.click("form[action$='/offline/confirm/'] button.btn-primary")
    page.wait_for_url(f"**/assessments/{pk}/sheets/self/")
    expect(page.locator("[id='p-1-1']")).to_have_value("14")
    expect(page.locator("[id='c-2-2-letters']")).to_have_value("2")
    expect(page.locator("[name='r-1-1']")).to_have_value("见台账")
