"""Workbooks and text files for lists: the template, the export, the wrong rows. Row by row, in constant memory.

Every cell is written as text, so no spreadsheet takes one for a formula; what begins like one is guarded besides, for
whoever saves the list as text.
"""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from orgs.importing.spec import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from orgs.importing.spec import Field, ListSpec

ROWS = 100_001
"""As far down as drop-downs and text formats of a template reach."""

A4 = 9

BOM = "\ufeff"
"""Tells Excel and WPS that a text file is UTF-8."""


def write_template(file: IO[bytes], spec: ListSpec) -> None:
    """An empty list with an example row, drop-downs where only certain words may stand, and a sheet of notes."""
    book = Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("List"))
    _headings(book, sheet, spec.fields)
    notes = book.add_worksheet(_("Notes"))
    words = book.add_worksheet(_("Words"))
    words.hide()
    for column, field in enumerate(spec.fields):
        sheet.write_string(1, column, field.example)
    columns = [(column, list(field.words())) for column, field in enumerate(spec.fields) if field.words]
    for row in range(max((len(said) for _column, said in columns), default=0)):
        for place, (_column, said) in enumerate(columns):
            if row < len(said):
                words.write_string(row, place, said[row])
    for place, (column, said) in enumerate(columns):
        letter = chr(ord("A") + place)
        choice = {
            "validate": "list",
            "source": f"='{words.name}'!${letter}$1:${letter}${len(said)}",
            "error_type": "warning",
            "error_title": str(spec.fields[column].label),
            "error_message": _("Choose one of the list."),
        }
        sheet.data_validation(1, column, ROWS, column, choice)
    _notes(book, notes, spec)
    book.close()


def write_list(file: IO[bytes], fields: Sequence[Field], rows: Iterable[Sequence[str]]) -> None:
    """A list as a workbook that can be uploaded again."""
    book = Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("List"))
    _headings(book, sheet, fields)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            if text:
                sheet.write_string(number, column, guarded(text))
    book.close()


def csv_lines(fields: Sequence[Field], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same list as lines of a text file."""
    writer = csv.writer(_Line())
    yield BOM + writer.writerow([str(field.label) for field in fields])
    for row in rows:
        yield writer.writerow([guarded(text) for text in row])


def write_wrong_rows(file: IO[bytes], headings: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> None:
    """Rows as they stood in the file, each with the reason why it is wrong in a column of its own, the first."""
    book = Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(_("Wrong rows"))
    bold = book.add_format({"bold": True, "bottom": 1})
    reason = book.add_format({"font_color": "#841812", "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 60, reason)
    sheet.set_column(1, max(1, len(headings)), 20, book.add_format({"num_format": "@", "valign": "top"}))
    sheet.freeze_panes(1, 1)
    _page(sheet)
    for column, heading in enumerate([_("Reason"), *headings]):
        sheet.write_string(0, column, heading, bold)
    for number, (cells, sentence) in enumerate(rows, 1):
        sheet.write_string(number, 0, sentence, reason)
        for column, text in enumerate(cells, 1):
            if text:
                sheet.write_string(number, column, text)
    book.close()


def _page(sheet: Worksheet) -> None:
    """A4 across and as wide as the paper, for whoever prints it: else a list falls apart into pages of two columns."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


class _Line:
    """What csv.writer writes to: gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _headings(book: Workbook, sheet: Worksheet, fields: Sequence[Field]) -> None:
    plain = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f1eee8"})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f1eee8", "font_color": "#a8231c"})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    _page(sheet)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, field.width, text)
        sheet.write_string(0, column, str(field.label), needed if field.needed else plain)


def _notes(book: Workbook, sheet: Worksheet, spec: ListSpec) -> None:
    wrap: Format = book.add_format({"text_wrap": True, "valign": "top"})
    bold: Format = book.add_format({"bold": True, "valign": "top"})
    sheet.set_column(0, 0, 24, bold)
    sheet.set_column(1, 1, 90, wrap)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    lines = [("", note) for note in spec.notes()]
    lines += [(str(field.label), str(field.help)) for field in spec.fields if field.help]
    for row, (left, right) in enumerate(lines):
        sheet.write_string(row, 0, left, bold)
        sheet.write_string(row, 1, right, wrap)
