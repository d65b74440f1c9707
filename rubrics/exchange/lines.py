"""The sheets of an uploaded workbook as lines of values, with every cell that can't be read on a report."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from orgs.files import guarded, reading
from orgs.files.cells import unescaped
from rubrics.exchange import layout
from rubrics.exchange.cells import plain
from rubrics.exchange.layout import Field, Sheet

MOST_LINES = 2_000


@dataclass(slots=True)
class Report:
    """What is wrong, and where."""

    found: list[tuple[str, int, str]] = field(default_factory=list)

    def sheet(self, name: str, reason: str) -> None:
        self.found.append((name, 0, _("Sheet “%(sheet)s”: %(reason)s") % {"sheet": name, "reason": reason}))

    def cell(self, sheet: str, column: str, row: int, reason: str) -> None:
        told = _("Sheet “%(sheet)s”, cell %(cell)s: %(reason)s")
        self.found.append((sheet, row, told % {"sheet": sheet, "cell": f"{column}{row}", "reason": reason}))

    @property
    def sentences(self) -> list[str]:
        """In the order of the sheets and their lines."""
        order = {sheet.name: place for place, sheet in enumerate((layout.FACTS, *layout.TABLES))}
        return [sentence for _sheet, _row, sentence in sorted(self.found, key=lambda one: (order[one[0]], one[1]))]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet. `values` lacks the fields whose cells can't be read; those are on the report already."""

    sheet: Sheet
    number: int
    columns: dict[str, str]
    values: dict[str, Any]
    filled: frozenset[str]
    report: Report

    def __getitem__(self, name: str) -> Any:
        """The value; what a blank cell says where the cell can't be read."""
        if name in self.values:
            return self.values[name]
        return _blank(next(one for one in self.sheet.fields if one.name == name))

    def wrong(self, name: str, reason: str) -> None:
        """Report a cell, unless it is on the report already."""
        if name in self.values:
            self.report.cell(self.sheet.name, self.columns[name], self.number, reason)


def _blank(described: Field) -> Any:
    try:
        return described.cell.read(None)
    except ValueError:
        return None


def opened(file: IO[bytes]) -> Workbook:
    """The workbook; raises orgs.files.FileRefused."""
    with reading(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drop-downs and the like that other programs wrote, and nobody asks for
        return openpyxl.load_workbook(guarded(file))


def facts(book: Workbook, report: Report) -> dict[str, Any]:
    """The facts by name, as far as they can be read."""
    sheet = _sheet(book, layout.FACTS.name, report)
    if sheet is None:
        return {}
    found: dict[str, Any] = {}
    fields = {one.head: one for one in layout.FACTS.fields}
    for row in range(2, min(sheet.max_row, MOST_LINES) + 1):
        head = str(sheet.cell(row, 1).value or "").strip()
        if not head:
            continue
        described = fields.pop(head, None)
        if described is None:
            report.cell(sheet.title, "A", row, _("“%(head)s” is unknown here, or stands here twice.") % {"head": head})
            continue
        try:
            found[described.name] = described.cell.read(_raw(sheet, row, 2))
        except ValueError as error:
            report.cell(sheet.title, "B", row, str(error))
    for head in fields:
        report.sheet(sheet.title, _("the line “%(head)s” is missing.") % {"head": head})
    return found


def lines(book: Workbook, described: Sheet, report: Report) -> list[Line]:
    """The lines that hold something; a sheet that lacks a column has none."""
    sheet = _sheet(book, described.name, report)
    if sheet is None:
        return []
    if sheet.max_row > MOST_LINES + 1:
        report.sheet(sheet.title, _("more than %(most)d lines.") % {"most": MOST_LINES})
        return []
    places = _places(sheet, described, report)
    return list(_lines(sheet, described, places, report)) if places else []


def _sheet(book: Workbook, name: str, report: Report) -> Worksheet | None:
    found = book[name] if name in book.sheetnames else None
    if not isinstance(found, Worksheet):
        report.sheet(name, _("it is missing."))
        return None
    return found


def _places(sheet: Worksheet, described: Sheet, report: Report) -> dict[str, int]:
    """The column of each field by its heading, in whatever order they stand; empty where one is missing."""
    fields = {one.head: one.name for one in described.fields}
    places: dict[str, int] = {}
    for column in range(1, sheet.max_column + 1):
        head = str(sheet.cell(1, column).value or "").strip()
        name = fields.get(head)
        if head and (name is None or name in places):
            reason = _("“%(head)s” is unknown here, or stands here twice.") % {"head": head}
            report.cell(sheet.title, get_column_letter(column), 1, reason)
        elif name:
            places[name] = column
    missing = [head for head, name in fields.items() if name not in places]
    for head in missing:
        report.sheet(sheet.title, _("the column “%(head)s” is missing.") % {"head": head})
    return {} if missing else places


def _lines(sheet: Worksheet, described: Sheet, places: dict[str, int], report: Report) -> Iterator[Line]:
    letters = {name: get_column_letter(column) for name, column in places.items()}
    for row in range(2, sheet.max_row + 1):
        filled = frozenset(name for name, column in places.items() if sheet.cell(row, column).value not in {None, ""})
        if not filled:
            continue
        values = {}
        for one in described.fields:
            try:
                values[one.name] = one.cell.read(_raw(sheet, row, places[one.name]))
            except ValueError as error:
                report.cell(sheet.title, letters[one.name], row, str(error))
        yield Line(described, row, letters, values, filled, report)


def _raw(sheet: Worksheet, row: int, column: int) -> object:
    cell = sheet.cell(row, column)
    if cell.data_type == "f":
        raise ValueError(_("A formula stands here. Type what it gives."))
    if cell.data_type == "e":
        raise ValueError(_("The spreadsheet shows an error here: %(text)s") % {"text": plain(cell.value)})
    return unescaped(cell.value) if isinstance(cell.value, str) else cell.value
