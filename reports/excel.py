"""A ScoreTable -> workbook, by openpyxl: the same card on A4, numbers as numbers, and never a formula."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from io import BytesIO
from typing import Any, cast

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from orgs.printable import printable
from orgs.workbooks import write_text
from reports import fit, sheets
from reports.tables import Cell, Fact, Role, ScoreTable
from reports.tables.cards import LANGUAGE

TYPE, SMALL, TITLE = 10.5, 9.0, 16.0
FACE = "宋体"
THIN = Side(style="thin")
BOXED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
SHRUNK = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)  # a number too long shows as ###
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
TOP = Alignment(horizontal="left", vertical="top", wrap_text=True)

STANDARD = 11
"""Points of the standard font, by whose digits columns are measured: 宋体 is there wherever Chinese is read."""

DIGIT, BESIDE = 8 / 96 * sheets.INCH, 5 / 96 * sheets.INCH
"""Millimetres of a digit of it, and of the room beside them."""

INSIDE = 1.4
"""Millimetres of a column that its text does not get."""

TALLEST = 409.0
"""Points; Excel knows no taller row."""

SCORES, NO_BREAK = re.compile("〔[^〕]*〕$", re.MULTILINE), "\u00a0"
"""Scores behind a wording, which are not parted at the end of a line."""

APART = "　" * 8

REMARK_WIDTHS = (40, 22, 118)


def render(table: ScoreTable) -> bytes:
    with translation.override(LANGUAGE):
        book = Workbook()
        styles: Any = book._named_styles  # type: ignore[attr-defined]  # the only way to the standard font
        styles["Normal"].font = _font(STANDARD)
        book.properties.title = printable(" ".join(part for part in (table.organization, table.title) if part))
        book.properties.creator = ""
        sheet = book.worksheets[0]
        sheet.title = _("Scorecard")
        _Card(sheet, table).write()
        if table.workings or table.remarks:
            _remarks(book.create_sheet(pgettext("scorecard", "Remarks")), table)
        file = BytesIO()
        book.save(file)
        return file.getvalue()


def _at(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """A cell that nothing is merged over yet."""
    return cast("SheetCell", sheet.cell(row, column))


def height(texts: Iterable[tuple[str, float]], size: float) -> float:
    """Points that a row needs for these texts in columns of these millimetres."""
    most = max((sum(_lines(line, width, size) for line in text.split("\n")) for text, width in texts), default=1)
    return most * size * 1.4 + 5


def _lines(line: str, width: float, size: float) -> int:
    wide = sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.56 for one in line)
    room = (width - INSIDE) / (size * fit.POINT)
    return max(1, math.ceil(wide / max(room - 0.5, 1)))  # some lines end early: no comma begins one


class _Card:
    """Writes one card, row by row from the top."""

    def __init__(self, sheet: Worksheet, table: ScoreTable) -> None:
        self.sheet = sheet
        self.table = table
        self.columns = len(table.widths)
        self.row = 0

    def write(self) -> None:
        for number, width in enumerate(self.table.widths, start=1):
            self.sheet.column_dimensions[get_column_letter(number)].width = _digits(width)
        self._above()
        self._head()
        head = self.row
        self._body()
        tail = self.row - sum(row.total for row in self.table.rows)
        self._below()
        _page(self.sheet, head, self._fit(head, tail))

    def _fit(self, head: int, tail: int) -> int:
        """The pages to fit the card to; its rows may become higher for them."""
        lines = [self.sheet.row_dimensions[row] for row in range(1, self.row + 1)]
        card = sheets.Printed([line.height or 0 for line in lines], head - 1, tail, sum(self.table.widths))
        pages, air = sheets.fitted(card)
        for line, height in zip(lines, card.with_air(air).heights, strict=True):
            line.height = min(height, TALLEST)
        return pages

    def _width(self, start: int, columns: int) -> float:
        return sum(self.table.widths[start : start + columns])

    def _line(self, text: str, font: Font, alignment: Alignment = LEFT, extra: float = 0) -> None:
        """A row that one text has to itself."""
        self.row += 1
        self._across(0, self.columns, text, font, alignment)
        self.sheet.row_dimensions[self.row].height = min(
            height([(text, self._width(0, self.columns))], font.size or TYPE) + extra, TALLEST
        )

    def _across(self, start: int, columns: int, text: str, font: Font, alignment: Alignment) -> None:
        cell = _at(self.sheet, self.row, start + 1)
        write_text(cell, text)
        cell.font, cell.alignment = font, alignment
        if columns > 1:
            self.sheet.merge_cells(
                start_row=self.row, end_row=self.row, start_column=start + 1, end_column=start + columns
            )

    def _above(self) -> None:
        table = self.table
        if table.annex or table.number:
            self._line("　　".join(part for part in (table.annex, table.number) if part), _font())
        self._line(table.title, _font(TITLE, bold=True), CENTRED, extra=6)
        if table.subtitle:
            self._line(table.subtitle, _font(13), CENTRED)
        self._line("　　".join(_fact(fact) for fact in table.facts), _font(), extra=4)
        if table.state:
            self._line(table.state, _font(SMALL), Alignment(horizontal="right", vertical="center"))

    def _head(self) -> None:
        self.row += 1
        start, texts = 0, []
        for heading in self.table.headings:
            width = self._width(start, heading.columns)
            text = fit.balanced(heading.text.strip(), fit.room(width - INSIDE, TYPE))
            self._across(start, heading.columns, text, _font(bold=True), CENTRED)
            texts.append((text, width))
            start += heading.columns
        self._box(self.row, 0, 1, self.columns)
        self.sheet.row_dimensions[self.row].height = height(texts, TYPE) + 4

    def _body(self) -> None:
        first = self.row + 1
        heights = [self._row_height(row.cells) for row in self.table.rows]
        for top, row in enumerate(self.table.rows):
            for cell in row.cells:
                need = height([(self._text(cell), self._width(cell.column, cell.columns))], TYPE)
                lack = need - sum(heights[top : top + cell.rows])
                heights[top + cell.rows - 1] += max(lack, 0)
                self._cell(cell, first + top, bold=row.total)
            self.sheet.row_dimensions[first + top].height = min(heights[top], TALLEST)
        for top, points in enumerate(heights):
            self.sheet.row_dimensions[first + top].height = min(points, TALLEST)
        self.row += len(self.table.rows)

    def _row_height(self, cells: tuple[Cell, ...]) -> float:
        texts = [(self._text(cell), self._width(cell.column, cell.columns)) for cell in cells if cell.rows == 1]
        return height(texts, TYPE) + 2

    def _text(self, cell: Cell) -> str:
        """What the cell's height depends on: a score stays in one line."""
        if cell.role == Role.SCORE:
            return ""
        if cell.role == Role.WORDING:
            return SCORES.sub(lambda found: found[0].replace(" ", NO_BREAK), cell.text)
        if cell.role in {Role.LABEL, Role.OFFICE, Role.POINTS}:
            return fit.balanced(cell.text, fit.room(self._width(cell.column, cell.columns) - INSIDE, TYPE))
        return cell.text

    def _cell(self, cell: Cell, row: int, *, bold: bool) -> None:
        written = _at(self.sheet, row, cell.column + 1)
        if cell.value is None:
            write_text(written, self._text(cell) or cell.text)
        else:
            written.value = cell.value
            written.number_format = _number_format(cell)
        written.font = _font(bold=bold)
        written.alignment = self._alignment(cell)
        if cell.rows > 1 or cell.columns > 1:
            self.sheet.merge_cells(
                start_row=row,
                end_row=row + cell.rows - 1,
                start_column=cell.column + 1,
                end_column=cell.column + cell.columns,
            )
        self._box(row, cell.column, cell.rows, cell.columns)

    def _alignment(self, cell: Cell) -> Alignment:
        if cell.role in {Role.WORDING, Role.PLAIN}:
            return LEFT
        return SHRUNK if cell.role == Role.SCORE else CENTRED

    def _box(self, row: int, column: int, rows: int, columns: int) -> None:
        for line in self.sheet.iter_rows(row, row + rows - 1, column + 1, column + columns):
            for cell in line:
                cell.border = BOXED

    def _below(self) -> None:
        table = self.table
        for text in (table.footnote, *table.notes):
            if text:
                self._line(text, _font(SMALL))
        if table.bands:
            self._line(APART.join(_fact(fact) for fact in table.bands), _font(bold=True), extra=6)
        for signature in table.signatures:
            self._line(APART.join(signature.lines), _font(), extra=16)


def _remarks(sheet: Worksheet, table: ScoreTable) -> None:
    """What does not stand on the card itself."""
    for number, width in enumerate(REMARK_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _digits(width)
    _plain_row(sheet, (pgettext("scorecard", "Item"), _("Stage"), _("Remark")), head=True)
    for fact in table.workings:
        _plain_row(sheet, (_("How the totals were computed"), fact.label, fact.value))
    for remark in table.remarks:
        _plain_row(sheet, (remark.item, remark.stage, remark.text))
    _page(sheet, 1, 0)


def _plain_row(sheet: Worksheet, texts: tuple[str, ...], *, head: bool = False) -> None:
    row = sheet.max_row + (0 if head else 1)
    for column, text in enumerate(texts, start=1):
        cell = _at(sheet, row, column)
        write_text(cell, text)
        cell.font, cell.alignment, cell.border = _font(bold=head), CENTRED if head else TOP, BOXED
    need = height(zip((printable(text) for text in texts), REMARK_WIDTHS, strict=True), TYPE)
    sheet.row_dimensions[row].height = min(need, TALLEST)


def _digits(millimetres: float) -> float:
    """The width of a column, in digits."""
    return (millimetres - BESIDE) / DIGIT


def _page(sheet: Worksheet, head: int, pages: int) -> None:
    """A4, as wide as the paper, the head on every page and the page number under it; 0 pages: as many as it needs."""
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = 9, "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, pages
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = sheets.SIDE / sheets.INCH
    margins.top, margins.bottom = sheets.ABOVE / sheets.INCH, sheets.BELOW / sheets.INCH
    margins.header = margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"{head}:{head}"
    sheet.freeze_panes = f"A{head + 1}"
    footer = cast("HeaderFooterItem", sheet.oddFooter)
    footer.center.text = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}


def _fact(fact: Fact) -> str:
    return _("%(label)s: ") % {"label": fact.label} + (fact.value or "＿" * 12)


def _font(size: float = TYPE, *, bold: bool = False) -> Font:
    return Font(name=FACE, size=size, bold=bold)


def _number_format(cell: Cell) -> str:
    """As many decimals as the number has: 5, 89.5 and 87.4742 look as on the PDF; behind it what it is out of."""
    _whole, _point, decimals = cell.number.partition(".")
    shown = f"0.{'0' * len(decimals)}" if decimals else "0"
    after = '\\"'.join(f'"{part}"' for part in cell.after.split('"'))  # a quotation mark can't stand inside them
    return f"{shown}{after}" if cell.after else shown
