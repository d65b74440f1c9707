"""Tables -> a workbook, row by row: real numbers, text that is never a formula, ready to be printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from orgs.printable import printable
from orgs.workbooks import CELL_LIMIT
from reports.fit import em_width
from reports.standings.table import Column, Line, Table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEAD = 2
"""The row of the headings, counted from 0: above it title and scope."""

FACE = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
MOST = 1_048_576 - HEAD - 1
"""Lines that a worksheet holds below its head."""

LINE = 14.5
"""Points of a line of wrapped text."""

AROUND = 3.5
"""Points above and below the lines of a row."""

FILTER = 2
"""Characters of a heading's width that its filter button takes."""

TALLEST = 409.0
"""Points; Excel knows no taller row."""

A4 = 9
NAME_LENGTH = 31
UNFIT = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
"""What no worksheet's name may hold."""


def as_of(*whose: str) -> str:
    """What a file speaks of, and the day on which it was made."""
    words = _("as of %(day)s") % {"day": timezone.localdate().isoformat()}
    return "; ".join(part for part in (*whose, words) if part)


def write(file: IO[bytes], scope: str, tables: Iterable[tuple[str, Table]]) -> None:
    """Each (title, table) on a sheet of its own; `scope` says under each title what it speaks of."""
    book = Workbook(file, {"constant_memory": True})
    title = book.add_format({**FACE, "bold": True, "font_size": 14})
    text = book.add_format({**FACE, "quote_prefix": True})
    bold = book.add_format(
        {**FACE, "bold": True, "border": 1, "bg_color": "#f1eee8", "text_wrap": True, "align": "center"}
    )
    for count, (name, table) in enumerate(_fitting(tables), 1):
        sheet = book.add_worksheet(f"{count} {name.translate(UNFIT)}"[:NAME_LENGTH].strip())
        cells = [book.add_format({**FACE, "border": 1, **_kind(column)}) for column in table.columns]
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
        sheet.write_string(0, 0, printable(name), title)
        sheet.write_string(1, 0, printable(scope), text)
        head = max(_stands_in(str(column.label), column.width - FILTER) for column in table.columns)
        sheet.set_row(HEAD, _height(head))
        for number, column in enumerate(table.columns):
            sheet.write_string(HEAD, number, str(column.label), bold)
        last = _lines(sheet, table, cells)
        sheet.autofilter(HEAD, 0, last, len(table.columns) - 1)
        _page(sheet)
    book.close()


def _fitting(tables: Iterable[tuple[str, Table]]) -> Iterator[tuple[str, Table]]:
    """Each table, those that are longer than a worksheet on several: what lies beyond would be left out in silence.

    Each has to be read to its end before the next one is asked for.
    """
    for name, table in tables:
        rows = iter(table.lines)
        yield name, Table(table.columns, islice(rows, MOST))
        for first in rows:
            yield name, Table(table.columns, chain((first,), islice(rows, MOST - 1)))


def _lines(sheet: Worksheet, table: Table, cells: list[Format]) -> int:
    row = HEAD
    for row, line in enumerate(table.lines, HEAD + 1):
        if (lines := _wrapped(table, line)) > 1:
            sheet.set_row(row, _height(lines))
        for number, value in enumerate(line.cells):
            if value is None or value == "":
                sheet.write_blank(row, number, None, cells[number])
            elif isinstance(value, str):
                sheet.write_string(row, number, printable(value)[: CELL_LIMIT // 2], cells[number])
            else:
                sheet.write_number(row, number, float(value), cells[number])
    return row


def _wrapped(table: Table, line: Line) -> int:
    """In how many lines the longest text of a row stands: no program finds the height of rows that are streamed."""
    texts = [
        (value, column.width)
        for value, column in zip(line.cells, table.columns, strict=True)
        if isinstance(value, str) and (2 * len(value) > column.width or "\n" in value)
    ]
    return max((_stands_in(text, width - 1) for text, width in texts), default=1)


def _height(lines: int) -> float:
    return min(lines * LINE + AROUND, TALLEST)


def _stands_in(text: str, room: float) -> int:
    return sum(max(math.ceil(2 * em_width(line) / room), 1) for line in text.split("\n"))


def _kind(column: Column) -> dict[str, object]:
    if not column.number:
        return {"quote_prefix": True, "text_wrap": True}  # else the next column cuts a long text off on paper
    return {"num_format": f"0.{'0' * column.decimals}"} if column.decimals else {}


def _page(sheet: Worksheet) -> None:
    """A4 across, as wide as the paper, the head on every page and its number below."""
    sheet.set_default_row(_height(1))
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, HEAD)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&C" + _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"})
