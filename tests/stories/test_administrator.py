"""A city's administrator brings a list of unions and a rubric as issued, and opens a cycle with them."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from assessments.models import Assessment, Cycle
from orgs.models import Level, Organization, User
from orgs.roles import Role
from rubrics.models import BaseRule, Doubt, Rubric
from tests import factories

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADINGS = ["单位名称", "上级工会", "统一社会信用代码", "单位类别", "层级", "会员人数"]
WRONG = [
    ["东街街道工会", "临河市总工会", "", "township", "乡镇", "320"],
    ["西街街道工会", "临河市总公会", "", "township", "乡镇", "210"],  # no such superior
    ["南街街道工会", "临河市总工会", "8.15E+17", "township", "乡镇", "180"],  # a code that a spreadsheet ate
    ["北街街道工会", "临河市总工会", "", "township", "乡镇", "约五百"],  # no number
]
MENDED = [row[:] for row in WRONG]
MENDED[1][1], MENDED[2][2], MENDED[3][5] = "临河市总工会", "", "500"

ROWS = [
    ("项目", "考核内容", "分值", "评分标准", "自评分", "考核分"),
    ("组织建设50分", "1.工会委员会健全，按期换届。", "20", "查看文件", "", ""),
    ("", "2.按时参加上级会议。", "10", "每缺席一次扣0.5分", "", ""),
    ("", "3.会员档案齐全。", "20", "查看台账", "", ""),
    ("作用发挥50分", "4.集体合同签订率95%以上。", "30", "查看合同", "", ""),
    ("", "5.开展职工活动不少于两次。", "15", "查看资料", "", ""),
    ("合计", "", "95", "", "", ""),
]  # fmt: skip


@pytest.fixture
def administrator(transactional_db: None) -> User:
    city = factories.organization(None, "city", Level.CITY, name="临河市总工会")
    factories.kind("township")
    return factories.person((city, Role.ADMIN))


def workbook(rows: list[list[str]]) -> dict[str, object]:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["临河市基层工会名单"])
    for row in [HEADINGS, *rows]:
        book.active.append(row)
    book.save(file)
    return {"name": "工会名单（最终版）.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}


def issued() -> dict[str, object]:
    """The rubric as a Word table: section cells run over their rows, one label and one rule need a look."""
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("临河市工会工作考核细则")
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    for first, last in ((1, 3), (4, 5)):
        label = table.cell(first, 0).text
        table.cell(first, 0).merge(table.cell(last, 0)).text = label
    document.save(file)
    return {"name": "附件 考核细则.docx", "mimeType": DOCX, "buffer": file.getvalue()}


def upload_list(page, rows: list[list[str]]) -> None:
    page.goto("/organizations/lists/")
    page.click("a[href$='/lists/new/organizations/']")
    page.set_input_files("input[name=file]", workbook(rows))
    page.click("main form button[type=submit].btn-primary")
    page.click("form[action$='/match/'] button[type=submit].btn-primary")  # the headings are known
    page.wait_for_selector(".stats")


def bring_list(page, fits) -> None:
    upload_list(page, WRONG)
    assert page.locator("a.stat[href='?show=wrong'] .stat-figure").inner_text() == "3"
    assert page.locator("tbody tr").count() == 3
    assert page.locator("form[action$='/confirm/']").count() == 0
    fits(page)
    assert Organization.objects.count() == 1

    upload_list(page, MENDED)
    assert page.locator("a.stat[href='?show=new'] .stat-figure").inner_text() == "4"
    page.click("form[action$='/confirm/'] button[type=submit]")
    page.wait_for_selector("main h1")
    assert set(Organization.objects.values_list("name", "parent__name", "members")) == {
        ("临河市总工会", None, None),
        ("东街街道工会", "临河市总工会", 320),
        ("西街街道工会", "临河市总工会", 210),
        ("南街街道工会", "临河市总工会", 180),
        ("北街街道工会", "临河市总工会", 500),
    }


def bring_rubric(page, fits) -> Rubric:
    page.goto("/rubrics/")
    page.click("a[href$='/rubrics/import/']")
    page.set_input_files("input[name=file]", issued())
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector(".doubt")
    draft = Rubric.objects.get()
    fits(page)
    assert set(draft.doubts.values_list("code", flat=True)) == {"rule", "label_sum"}
    page.locator(".doubt button[value=use_rule]").click()
    page.wait_for_selector(".doubt button[value=use_rule]", state="detached")
    page.locator(".doubt button[value=take_sum]").click()
    page.wait_for_selector(".doubt", state="detached")
    assert not Doubt.objects.filter(chosen="").exists()

    publish = f"/rubrics/{draft.pk}/draft/publish/"
    page.goto(publish)
    assert page.locator("main form button[type=submit].btn-primary").is_disabled()  # nobody is assessed yet
    page.goto(f"/rubrics/{draft.pk}/draft/lists/audiences/")
    kind = page.locator("input[value=township]").get_attribute("name") or ""
    page.check(f"input[name='{kind.replace('-kind', '-chosen')}']")
    page.click("main form button[type=submit].btn-primary")
    page.goto(publish)
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_url(f"**/rubrics/{draft.pk}/")
    draft.refresh_from_db()
    assert draft.frozen_at is not None
    assert draft.items.get(key="2").rule == BaseRule.DEDUCT_PER_UNIT
    assert [section.points for section in draft.sections.all()] == [50, 45]
    return draft


def test_a_list_with_errors_then_a_rubric_with_doubts_then_a_cycle(visitor, fits, administrator: User) -> None:
    page = visitor.log_in(administrator).page
    bring_list(page, fits)
    rubric = bring_rubric(page, fits)

    page.goto("/cycles/new/")
    page.select_option("select[name=document]", str(rubric.document_id))
    page.fill("input[name=name]", "2026年街道工会考核")
    page.fill("input[name=year]", "2026")
    page.fill("input[name=self_deadline]", "2026-12-10")
    page.fill("input[name=assess_deadline]", "2026-12-31")
    page.click("main form[method=get] button[type=submit].btn-primary")
    page.click("main form[method=post] button[type=submit].btn-primary")
    page.wait_for_selector(".message-success")
    cycle = Cycle.objects.get()
    assert cycle.document == rubric.document
    assert Assessment.objects.filter(cycle=cycle, rubric=rubric).count() == 4
