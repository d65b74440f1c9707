"""A wrong workbook is refused with every wrong cell named, and one that only looks different is read."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.utils import translation

from rubrics import exchange
from rubrics.blueprint import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    CapPlan,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
)
from rubrics.exchange.layout import BASE_RULES

D = Decimal
RATE = MeasurePlan("rate", "base", "入会率", "%", tiers=(TierPlan(D(90), D(5)), TierPlan(D(80), D(3))))
BLUEPRINT = Blueprint(
    "标准",
    sections=(
        SectionPlan(
            "组织",
            "组织13分",
            (
                GroupPlan((ItemPlan("1-1", "按时参加会议。", D(3), kinds=frozenset({"street"}), offices=("办公室",)),)),
                GroupPlan(
                    (
                        ItemPlan("1-2", "依法建会。", D(5), rule="tiers", measures=(RATE,)),
                        ItemPlan("1-3", "服务职工。", D(5), offices=("组织部", "办公室")),
                    ),
                    D(10),
                    "10分",
                ),
            ),
            D(13),
        ),
        SectionPlan("作用", "作用", (GroupPlan((ItemPlan("2-1", "经验被推广。", D(2), cap="奖励"),)),)),
    ),
    columns=(ColumnPlan("text", "考核内容", 80), ColumnPlan("self", "自评", 15), ColumnPlan("assess", "考评", 15)),
    audiences=(AudiencePlan("street", "街道"), AudiencePlan("village", "村")),
    offices=("办公室", "组织部"),
    bands=(BandPlan(2, "合格", D(6)), BandPlan(1, "不合格", D(0))),
    caps=(CapPlan("奖励", D(3), D(-1)),),
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def changed(*changes, blueprint=BLUEPRINT):
    """The workbook after somebody typed these values: (sheet, cell, value), or a function of the workbook."""
    book = openpyxl.load_workbook(BytesIO(exchange.write(blueprint)))
    for change in changes:
        if callable(change):
            change(book)
        else:
            sheet, cell, value = change
            book[sheet][cell].value = value
    file = BytesIO()
    book.save(file)
    return file


def head(sheet, words):
    """The letter of the column with that heading."""
    book = openpyxl.load_workbook(BytesIO(exchange.write(BLUEPRINT)))
    return next(cell.column_letter for cell in book[sheet][1] if cell.value == words)


def typed(sheet, words, row, value):
    return sheet, f"{head(sheet, words)}{row}", value


def refusals(*changes):
    with pytest.raises(exchange.Refused) as refused:
        exchange.read(changed(*changes))
    return refused.value.sentences


def test_every_wrong_cell_is_named_in_one_report():
    words = "、".join(BASE_RULES.values())
    points, rule, band = head("内容", "分值"), head("内容", "计分规则"), head("等次", "最低分")
    assert refusals(
        ("标准", "B11", "半分"),
        ("内容", f"{points}2", "三分"),
        ("内容", f"{rule}5", "随便"),
        ("等次", f"{band}3", 6),
    ) == [
        "Sheet “标准”, cell B11: “半分” is not a number from 0.01 to 9999.99 with at most 2 decimals.",
        f"Sheet “内容”, cell {points}2: “三分” is not a number from 0.01 to 9999.99 with at most 2 decimals.",
        f"Sheet “内容”, cell {rule}5: “随便” is none of: {words}.",
        f"Sheet “等次”, cell {band}3: “6” stands in line 2 already.",
    ]


@pytest.mark.parametrize(
    ("sheet", "words", "row", "value", "reason"),
    [
        ("内容", "分值", 2, "=1+2", "A formula stands here. Type what it gives."),
        ("内容", "编号", 2, date(2026, 1, 2), "The spreadsheet made a date of it"),
        ("内容", "分值", 2, "#REF!", "The spreadsheet shows an error here: #REF!"),
        ("内容", "分值", 2, "0.125", "is not a number"),
        ("内容", "分值", 2, None, "This must be filled in."),
        ("内容", "编号", 3, "1-1", "“1-1” stands in line 2 already."),
        ("内容", "编号", 5, "2-1234567890", None),
        ("内容", "编号", 3, "1-12345678901", "At most 12 characters."),
        ("内容", "编号", 3, None, "This must be filled in."),
        ("内容", "项目", 3, "另一项目", "This differs from the first line of the section or group"),
        ("内容", "单项分", 3, None, "The first line of a group needs its points."),
        ("内容", "单项分", 2, 4, "This belongs to a group, but the line has no group number."),
        ("内容", "适用对象", 2, "街道；镇", "“镇” is not on the sheet “对象与部室”."),
        ("内容", "责任部室", 2, "办公室；办公室", "“办公室” is named twice."),
        ("内容", "累计限额", 5, "处罚", "“处罚” is not on the sheet “累计限额”."),
        ("内容", "必备或否决", 2, "一票否决", "A line that decides about the award has no points"),
        ("内容", "最低得分", 2, 1, "is not a number from -9999.99 to 0"),
        ("规则", "编号", 2, "9-9", "“9-9” is not on the sheet “内容”."),
        ("规则", "用于", 2, None, "This must be filled in."),
        ("规则", "代号", 2, "入会", "Letters, digits, hyphens and underlines"),
        ("规则", "档次得分", 3, None, "A tier needs its bound and its points."),
        ("规则", "档次界限", 3, 90, "Two tiers begin at the same bound."),
        ("规则", "评分部室", 2, "保障部", "“保障部” is not on the sheet “对象与部室”."),
        ("栏目", "宽度", 2, "很宽", "is not a whole number"),
        ("栏目", "内容", 3, "考核内容", "“text” stands in line 2 already."),
        ("对象与部室", "类别代码", 3, "street", "“street” stands in line 2 already."),
        ("累计限额", "最多扣", 2, 1, "is not a number from -9999.99 to 0"),
        ("等次", "名额比例", 2, "20", "is not a number from 0.0001 to 1"),
    ],
)
def test_a_wrong_cell(sheet, words, row, value, reason):
    change = typed(sheet, words, row, value)
    if reason is None:
        assert exchange.read(changed(change)) != BLUEPRINT
        return
    place = f"Sheet “{sheet}”, cell {change[1]}: "
    (found,) = (sentence for sentence in refusals(change) if sentence.startswith(place))
    assert reason in found


def test_a_line_without_a_base_rule_has_no_points():
    assert refusals(typed("内容", "计分规则", 2, "不计基本分")) == [
        f"Sheet “内容”, cell {head('内容', '分值')}2: A line without a base rule has no points."
    ]


def test_sheets_columns_and_lines_that_are_missing():
    def without_column(book):
        book["内容"].delete_cols(openpyxl.utils.column_index_from_string(head("内容", "备注")))

    def without_fact(book):
        book["标准"].delete_rows(2)

    def renamed(book):
        book["等次"].title = "星级"

    assert refusals(without_column, without_fact, renamed) == [
        "Sheet “标准”: the line “标题” is missing.",
        "Sheet “内容”: the column “备注” is missing.",
        "Sheet “等次”: it is missing.",
    ]


def test_a_heading_that_nobody_knows():
    assert refusals(("累计限额", "D1", "最多")) == [
        "Sheet “累计限额”, cell D1: “最多” is unknown here, or stands here twice."
    ]


def test_rows_of_a_section_that_do_not_follow_each_other():
    def back(book):
        book["内容"].append([1])
        book["内容"].cell(6, openpyxl.utils.column_index_from_string(head("内容", "编号"))).value = "3-1"
        book["内容"].cell(6, openpyxl.utils.column_index_from_string(head("内容", "分值"))).value = 1

    assert refusals(back) == ["Sheet “内容”, cell A6: The lines of a section must follow each other."]


def test_what_people_type_is_understood():
    same = changed(
        typed("内容", "分值", 2, "３分"),
        typed("内容", "项目号", 3, None),
        typed("内容", "计分规则", 2, None),
        typed("内容", "适用对象", 2, "street"),
        typed("内容", "责任部室", 4, " 组织部、办公室"),
        typed("规则", "每多少", 2, None),
        typed("累计限额", "最多扣", 2, "－1"),
        typed("等次", "最低分", 2, "6.00"),
    )
    assert exchange.read(same) == BLUEPRINT


def test_lines_may_be_added_and_columns_stand_in_another_order():
    def moved(book):
        sheet = book["累计限额"]
        for row in sheet.iter_rows(min_row=1, max_row=2):
            row[0].value, row[1].value = row[1].value, row[0].value

    def added(book):
        line = {"编号": 7, "考核内容": "新增一条。", "分值": 1.5, "责任部室": "组织部"}
        for words, value in line.items():
            book["内容"][f"{head('内容', words)}6"].value = value

    first, last = BLUEPRINT.sections
    grown = GroupPlan((*last.items, ItemPlan("7", "新增一条。", D("1.5"), offices=("组织部",))))
    assert exchange.read(changed(moved, added)) == replace(BLUEPRINT, sections=(first, replace(last, groups=(grown,))))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "单位名称,联系人\n".encode("gbk"), b"%PDF-1.4"])
def test_other_files_are_not_recognised_and_not_read(content):
    assert not exchange.recognises(BytesIO(content))
    with pytest.raises(exchange.Refused):
        exchange.read(BytesIO(content))


def test_another_workbook_is_not_recognised():
    book = openpyxl.Workbook()
    book.active.title = "标准"
    book.active["A1"] = "考核标准"
    file = BytesIO()
    book.save(file)
    assert not exchange.recognises(file)
    assert file.tell() == 0
    assert len(refusals_of(file)) > 5


def refusals_of(file):
    with pytest.raises(exchange.Refused) as refused:
        exchange.read(file)
    return refused.value.sentences
