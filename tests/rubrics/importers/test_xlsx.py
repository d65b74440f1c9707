"""What an Excel file holds becomes plain grids."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from rubrics.importers.grids import Cell
from rubrics.importers.read import NotARubric, read_tables
from rubrics.importers.xlsx import read_xlsx, shown


def saved(book) -> BytesIO:
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_merged_cells_and_numbers():
    book = Workbook()
    sheet = book.active
    sheet.title = "表一"
    for row in (["标题", None, None], ["项目", "内容", "分值"], ["组织", "建会", 60], [None, "换届", 0.5]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A4")
    (table,) = read_xlsx(saved(book))
    assert (table.name, table.row_count, table.column_count) == ("表一", 4, 3)
    assert table.cells == (
        Cell("标题", 1, 1, 1, 3), Cell("项目", 2, 1), Cell("内容", 2, 2), Cell("分值", 2, 3),
        Cell("组织", 3, 1, 2, 1), Cell("建会", 3, 2), Cell("60", 3, 3), Cell("换届", 4, 2), Cell("0.5", 4, 3),
    )  # fmt: skip


def test_hidden_and_empty_sheets_are_left_out():
    book = Workbook()
    book.active.append(["甲"])
    book.create_sheet("空")
    hidden = book.create_sheet("旧版")
    hidden.append(["乙"])
    hidden.sheet_state = "hidden"
    assert [table.name for table in read_xlsx(saved(book))] == ["Sheet"]


def test_a_far_formatted_cell_makes_no_large_grid():
    book = Workbook()
    book.active.append(["甲"])
    book.active.cell(1_000_000, 3).number_format = "0.00"
    (table,) = read_xlsx(saved(book))
    assert (table.row_count, table.column_count) == (1, 1)


def test_more_rows_than_a_rubric_has_are_refused():
    book = Workbook()
    for at in range(3100):
        book.active.append(["项目", f"内容{at}", 1])
    with pytest.raises(NotARubric, match="too_large"):
        read_tables(read_xlsx(saved(book)))


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        (5, "General", "5"),
        (100, "General", "100"),
        (100.0, "0.00", "100"),
        (0.1 + 0.2, "General", "0.3"),
        (0.85, "0%", "85%"),
        (1, "0%", "100%"),
        (0, "0%", "0%"),
        (Decimal("2.50"), "General", "2.5"),
        (-5, "General", "-5"),
        (True, "General", "TRUE"),
        (date(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
        ("５分", "General", "５分"),
    ],
)
def test_values_are_shown_as_excel_shows_them(value, number_format, text):
    assert shown(value, number_format) == text
