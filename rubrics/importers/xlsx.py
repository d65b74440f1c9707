"""An Excel file -> one grid for each visible sheet. Rows above the heading and below the table stay in the grid."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

from openpyxl import load_workbook

from rubrics.importers.grids import Cell, Table
from rubrics.scoring.numbers import format_points

ROWS, COLUMNS = 5000, 60  # no rubric is larger; a sheet may be formatted down to its last row


def read_xlsx(file: IO[bytes]) -> tuple[Table, ...]:
    """The visible sheets of an .xlsx in order, empty ones left out. The file is a sound .xlsx."""
    book = load_workbook(file, data_only=True)
    sheets = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    return tuple(table for table in map(_table, sheets) if table.cells)


def _table(sheet: Any) -> Table:
    areas = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    hidden = {
        (row, column)
        for area in areas.values()
        for row in range(area.min_row, min(area.max_row, ROWS) + 1)
        for column in range(area.min_col, min(area.max_col, COLUMNS) + 1)
    } - set(areas)
    cells = []
    for cell in sheet._cells.values():
        at = (cell.row, cell.column)
        if at in hidden or cell.row > ROWS or cell.column > COLUMNS:
            continue
        text = shown(cell.value, cell.number_format)
        area = areas.get(at)
        if text or area:
            rows, columns = (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1) if area else (1, 1)
            cells.append(Cell(text, *at, min(rows, ROWS), min(columns, COLUMNS)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    filled = [cell for cell in cells if cell.text.strip()]
    rows = max((cell.row + cell.rows - 1 for cell in filled), default=0)
    columns = max((cell.column + cell.columns - 1 for cell in filled), default=0)
    inside = tuple(cell for cell in cells if cell.row <= rows and cell.column <= columns)
    return Table((), inside, rows, columns, name=sheet.title)


def shown(value: Any, number_format: str) -> str:
    """A cell's value as Excel shows it, near enough for wording and points."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(round(value, 6)))
        return f"{format_points(number * 100)}%" if "%" in number_format else format_points(number)
    return str(value)
