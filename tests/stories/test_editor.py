"""The editor with a browser's help: a form opens in its row, the example follows the typing, a row is dragged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from orgs.models import Level, User
from orgs.roles import Role
from rubrics.blueprint import read, write
from rubrics.importers.grids import Cell, Table, to_json
from rubrics.models import Document, Rubric
from tests import factories

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = Table(("考核标准",), (Cell("内容", 1, 1), Cell("第一项原文", 2, 1), Cell("第二项原文", 3, 1)), 3, 1)


@pytest.fixture
def draft(transactional_db: None) -> Rubric:
    county = factories.organization(None, "county", Level.COUNTY)
    document = Document.objects.create(slug="own", title="县考核办法", owner=county)
    draft = Rubric.objects.create(document=document, code="own", title="-")
    write(read(factories.small_rubric(stages=2)), draft)
    admin = factories.person((county, Role.ADMIN))
    document.sources.create(name="原文.docx", tables=to_json([TABLE]), uploaded_by=admin)
    draft.items.filter(key="1-2").update(source_ref="1:3")
    return draft


@pytest.fixture
def page(visitor, draft: Rubric) -> Page:
    visitor.log_in(User.objects.get(memberships__role=Role.ADMIN))
    visitor.page.goto(f"/rubrics/{draft.pk}/draft/")
    return visitor.page


def texts(draft: Rubric) -> list[str]:
    return [item.text for item in read(Rubric.objects.get(pk=draft.pk)).items]


def test_a_row_is_edited_where_it_stands(page, draft: Rubric) -> None:
    row = page.locator("[id='item-1-2']")
    row.locator("[data-open]").first.click()
    panel = row.locator(".row-panel")
    expect(page.locator("#o1-3")).to_have_class("is-current")  # the same row of the original
    panel.locator("[name=text]").fill("")
    panel.locator("button[type=submit]").click()
    expect(panel.locator("[name=text]")).to_have_class(re.compile("is-invalid"))
    panel.locator("[name=text]").fill("按期换届。")
    panel.locator("button[type=submit]").click()
    expect(page.locator(".row-panel")).to_have_count(0)
    expect(row).to_contain_text("按期换届。")
    assert texts(draft)[1] == "按期换届。"


def test_the_example_follows_what_is_typed(page, draft: Rubric) -> None:
    row = page.locator("[id='item-1-1']")
    row.locator("[data-open]").nth(1).click()
    panel = row.locator(".row-panel")
    panel.locator("[name=rule]").first.select_option("deduct_per_unit")
    for name, value in {"label": "缺席", "unit": "次", "amount": "0.5"}.items():
        panel.locator(f"[name=base-0-{name}]").fill(value)
    expect(panel.locator("[data-example]")).to_contain_text("缺席 1次 → 4.5")
    panel.locator("[data-rule] button[type=submit]").first.click()
    expect(page.locator(".row-panel")).to_have_count(0)
    assert draft.items.get(key="1-1").rule == "deduct_per_unit"


def test_a_row_is_dragged_to_another_place(page, draft: Rubric) -> None:
    before = texts(draft)
    target = page.locator("[id='item-1-3']")
    with page.expect_navigation():
        page.locator("[id='item-1-1'] [data-handle]").drag_to(target)
    assert texts(draft) == [before[1], before[0], *before[2:]]


def test_what_another_has_changed_is_told_in_place_of_the_editor(page, draft: Rubric) -> None:
    row = page.locator("[id='item-1-1']")
    row.locator("[data-open]").first.click()
    expect(row.locator(".row-panel [name=text]")).to_be_visible()
    Rubric.objects.filter(pk=draft.pk).update(title="别人改的")
    row.locator(".row-panel button[type=submit]").click()
    expect(page.locator(".error-code")).to_have_text("409")
    assert texts(draft)[0] == "考核内容 1-1"


def test_without_script_the_same_is_done_on_pages(browser, live_server, visitor, draft: Rubric) -> None:
    visitor.log_in(User.objects.get(memberships__role=Role.ADMIN))
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=visitor.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"/rubrics/{draft.pk}/draft/")
    page.locator("[id='item-1-1'] .editor-row-actions a").first.click()
    page.fill("[name=text]", "不用脚本。")
    page.click("main form button[type=submit]")
    expect(page.locator("[id='item-1-1']")).to_contain_text("不用脚本。")
    page.locator("[id='item-1-1'] summary").click()
    page.locator("[id='item-1-1'] button[value=down]").click()
    page.wait_for_url("**#item-1-1")
    context.close()
    assert texts(draft)[:2] == ["考核内容 1-2", "不用脚本。"]
