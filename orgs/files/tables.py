"""Rows of a table as text, whatever the file: one after the other, never all at once."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from orgs.files import archive, text
from orgs.files.formats import Format
from orgs.files.refused import FileRefused
from orgs.files.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BLANK_ROWS = 1_000
"""What stands further below the table than this was left there unseen."""


def open_table(
    file: IO[bytes], format_: Format, *, table: str = "", encoding: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds something: its number as the spreadsheet shows it, and the texts of its cells.

    Cells are stripped, control characters are spaces; blanks at the end of a row are cut off, so rows differ in length.
    Numbers read as a person would write them, dates in ISO form; a number of more than 15 digits reads 8.1E+17.
    table     name of the sheet; '': the first one that shows something
    encoding  of a text file; '': encoding_of(file)
    The file stays open and must stay so while rows are taken. Raises FileRefused, at the latest at the row in question.
    """
    if format_ is Format.CSV:
        return _checked(text.rows(file, encoding or text.encoding_of(file)))
    return _checked(_sheet_rows(file, table))


def tables(file: IO[bytes], format_: Format) -> list[str]:
    """Names of the sheets that show something, in their order; [''] for a text file."""
    if format_ is Format.CSV:
        return [""]
    with archive.opened(file) as package:
        book = Workbook(package)
        return [sheet.name for sheet in book.sheets if not sheet.hidden and book.shows_something(sheet)]


def _sheet_rows(file: IO[bytes], table: str) -> Iterator[tuple[int, list[str]]]:
    with archive.opened(file) as package:
        book = Workbook(package)
        if table:
            sheet = next((sheet for sheet in book.sheets if sheet.name == table), None)
        else:
            sheet = next((sheet for sheet in book.sheets if not sheet.hidden and book.shows_something(sheet)), None)
        if sheet is None:
            raise FileRefused(_("The workbook has no sheet with content. Check that the right file was chosen."))
        yield from book.rows(sheet)


def _checked(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, within the bounds."""
    last = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if number > settings.LIST_MAX_ROWS:
            raise FileRefused(
                _("The table has more than %(limit)s rows. Divide it and upload the parts one after the other.")
                % {"limit": settings.LIST_MAX_ROWS}
            )
        if len(cells) > settings.LIST_MAX_COLUMNS:
            raise FileRefused(
                _("Row %(row)s has more than %(limit)s columns. Delete what stands far on the right.")
                % {"row": number, "limit": settings.LIST_MAX_COLUMNS}
            )
        if number - last > MOST_BLANK_ROWS:
            raise FileRefused(
                _("Row %(row)s stands below more than %(limit)s blank rows. Delete it, or the blank rows.")
                % {"row": number, "limit": MOST_BLANK_ROWS}
            )
        last = number
        yield number, cells
