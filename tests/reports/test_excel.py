"""The card as a workbook: the same table, numbers that can be added up, and never a formula."""

import re
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from assessments.workflow import stages_of
from orgs.workbooks import write_text
from reports import excel, sheets
from reports.tables import Role, form, scorecard
from rubrics.rows import rows
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", "\t=1", "#N/A", "1", "TRUE", "2026-01-01", "'=1"]


def card_of(assessment):
    return scorecard(assessment, stages_of(assessment.stages))


def opened(table):
    return load_workbook(BytesIO(excel.render(table)))


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def bare(text):
    return re.sub(r"\s", "", text)


def head_row(sheet):
    return int(sheet.print_title_rows.split("$")[-1])


# --- The fifteen documents ---


def test_a_workbook_holds_the_whole_document(rubric_of, assessed, code):
    rubric = rubric_of(code)
    for table in (form(rubric), card_of(assessed(rubric))):
        sheet = opened(table).worksheets[0]
        printed = bare("".join(texts(sheet)))
        assert [row.key for row in rows(rubric) if bare(row.text) not in printed] == []
        assert [one.heading for one in rubric.columns.all() if bare(one.heading) not in printed] == []
        assert [one.label for one in rubric.sections.all() if bare(one.label) not in printed] == []


def test_merged_cells_are_those_of_the_card(rubric_of, code):
    table = form(rubric_of(code))
    sheet = opened(table).worksheets[0]
    first = head_row(sheet) + 1
    wanted = {
        (cell.column + 1, first + top, cell.column + cell.columns, first + top + cell.rows - 1)
        for top, row in enumerate(table.rows)
        for cell in row.cells
        if cell.rows > 1 or cell.columns > 1
    }
    last = first + len(table.rows)
    found = {one.bounds for one in sheet.merged_cells.ranges if first <= one.bounds[1] < last}
    assert found == wanted


def test_totals_are_numbers_and_those_of_the_card(rubric_of, assessed, code):
    rubric = rubric_of(code)
    key = rows(rubric)[1].key
    table = card_of(assessed(rubric, marks={key: {"not_applicable": True, "reason": "不具备"}}))
    sheet = opened(table).worksheets[0]
    row = head_row(sheet) + len(table.rows)
    for cell in table.rows[-1].cells:
        if cell.role == Role.SCORE and cell.value is not None:
            written = sheet.cell(row, cell.column + 1)
            assert written.data_type == "n"
            assert Decimal(str(written.value)) == cell.value


def test_every_cell_is_a_number_or_a_text(rubric_of, assessed, code):
    book = opened(card_of(assessed(rubric_of(code), marks={rows(rubric_of(code))[0].key: {"remark": "=1+1"}})))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"n", "s"}


# --- What people type ---


@pytest.mark.parametrize("text", NASTY)
def test_text_stays_text(text):
    book = Workbook()
    cell = book.worksheets[0].cell(1, 1)
    write_text(cell, text)
    file = BytesIO()
    book.save(file)
    read = load_workbook(file).worksheets[0].cell(1, 1)
    assert (read.value, read.data_type, read.quotePrefix) == (text, "s", True)


def test_no_formula_gets_into_the_file(assessed):
    rubric = make.small_rubric()
    keys = [row.key for row in rows(rubric)][: len(NASTY)]
    marks = {key: {"remark": text} for key, text in zip(keys, NASTY, strict=False)}
    content = excel.render(card_of(assessed(rubric, name="=HYPERLINK(1)", marks=marks)))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert len(parts) == 2
    assert [part for part in parts if "<f>" in part or "<f " in part] == []


def test_a_soft_break_survives_as_a_line(assessed):
    book = opened(card_of(assessed(make.small_rubric(), marks={"1-1": {"remark": "第一行\x0b第二行\x02"}})))
    assert "第一行\n第二行" in texts(book.worksheets[1])


@pytest.mark.parametrize(
    ("length", "character", "kept"), [(40_000, "长", 32_767), (40_000, "𠮷", 16_383), (10, "长", 10)]
)
def test_text_is_cut_at_what_a_cell_holds(length, character, kept):
    cell = Workbook().worksheets[0].cell(1, 1)
    write_text(cell, character * length)
    assert cell.value == character * kept


def test_empty_text_leaves_an_empty_cell():
    cell = Workbook().worksheets[0].cell(1, 1)
    write_text(cell, "\x01")
    assert cell.value is None


# --- Marks ---


def test_blank_zero_and_not_applicable_differ(assessed):
    rubric = make.small_rubric(stages=2)
    marks = {"1-1": None, "1-2": {"points": 0}, "3-1": {"not_applicable": True, "reason": "无"}}
    table = card_of(assessed(rubric, marks=marks))
    sheet = opened(table).worksheets[0]
    first = head_row(sheet) + 1
    keys = [row.key for row in rows(rubric)]
    assert sheet.cell(first + keys.index("1-1"), 2).value is None
    assert sheet.cell(first + keys.index("1-2"), 2).value == 0
    assert isinstance(sheet.cell(first + keys.index("3-1"), 2).value, str)


def test_a_total_out_of_less_than_all_is_a_number_too(rubric_of, assessed):
    table = card_of(assessed(rubric_of("d"), "industry"))
    sheet = opened(table).worksheets[0]
    cell = sheet.cell(head_row(sheet) + len(table.rows), len(table.widths))
    assert cell.data_type == "n"
    assert cell.number_format.endswith('"/80"')


# --- The paper ---


def last_page(sheet, scale):
    """The first row of the last page, as a program fills pages that shrinks the card to at most so many."""
    heights = {number: line.height for number, line in sheet.row_dimensions.items()}
    head, most = head_row(sheet), sheet.page_setup.fitToHeight or 99
    while True:
        room = (297 - 33) / 25.4 * 72 / scale
        begins = [1]
        for row in sorted(heights):
            above = sum(heights[one] for one in range(begins[-1], row))
            repeated = heights[head] if len(begins) > 1 else 0
            if repeated + above + heights[row] > room:
                begins.append(row)
        if len(begins) <= most:
            return begins[-1]
        scale -= 0.01


def test_no_page_has_only_signatures(rubric_of, assessed, code):
    rubric = rubric_of(code)
    for table in (form(rubric), card_of(assessed(rubric))):
        sheet = opened(table).worksheets[0]
        total = head_row(sheet) + len([row for row in table.rows if not row.total]) + 1
        assert all(last_page(sheet, scale / 100) < total for scale in range(88, 101, 4))


@given(
    heights=st.lists(st.integers(20, 160), min_size=1, max_size=60),
    tail=st.integers(40, 200),
    width=st.integers(150, 260),
)
@settings(max_examples=100)
def test_a_card_is_fitted_to_no_more_pages_than_it_needs(heights, tail, width):
    card = sheets.Printed([30.0, 40.0, *heights, 20.0, tail], 1, len(heights) + 2, width)
    pages, air = sheets.fitted(card)
    assert pages <= len(card.pages(card.scale))
    assert 1 <= air <= 1.3
    if not pages:
        assert not card.ends_alone()


def test_it_prints_on_a4_with_the_head_on_each_page(rubric_of, code):
    table = form(rubric_of(code))
    sheet = opened(table).worksheets[0]
    head = head_row(sheet)
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.freeze_panes == f"A{head + 1}"
    assert "&P" in sheet.oddFooter.center.text
    assert "&N" in sheet.oddFooter.center.text
    assert bare(sheet.cell(head, 1).value) == bare(table.headings[0].text)


def test_rows_are_as_tall_as_their_text(rubric_of):
    table = form(rubric_of("g1"))
    sheet = opened(table).worksheets[0]
    first = head_row(sheet) + 1
    heights = [sheet.row_dimensions[first + number].height for number in range(42)]
    assert heights[14] == max(heights)  # item 15, nine lines
    assert min(heights) >= 15
    assert max(heights) <= excel.TALLEST


def test_borders_close_every_cell_of_the_table(rubric_of):
    table = form(rubric_of("c1"))
    sheet = opened(table).worksheets[0]
    head = head_row(sheet)
    for row in sheet.iter_rows(head, head + len(table.rows), 1, len(table.widths)):
        for cell in row:
            sides = (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
            assert any(side.style == "thin" for side in sides)
