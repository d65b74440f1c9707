"""Workbooks as rows of text, read as a stream.

Not by a library: openpyxl takes half a minute for 100,000 rows; calamine takes 400 MB for them, reads #N/A as a blank,
and dies with the process where a cell stands far down on the right.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from orgs.files import archive, cells, markup
from orgs.files.refused import FileRefused, damaged

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

MAIN_PART = "xl/workbook.xml"
COLUMNS = 16_384
"""What a sheet has at most."""

MOST_TEXTS, MOST_BLANKS = 4_000_000, 3_000_000
"""Shared texts, and formatted cells that hold nothing."""

LONGEST_TEXT = cells.LONGEST * 7
"""Each of a cell's characters may be written as _x0000_."""

CHINESE_DATES = {*range(27, 37), *range(50, 59)}
"""Built-in formats 27-36 and 50-58 are dates in a Chinese installation."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool


@dataclass
class Workbook:
    """What the rows of all sheets need: names, shared texts, and which styles are dates."""

    archive: zipfile.ZipFile
    epoch: dt.datetime = WINDOWS_EPOCH
    sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = self._relations()
        self._others = dict(found.values())

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                self.epoch = MAC_EPOCH
            if name == "sheet":
                key = next((value for key, value in attributes.items() if local(key) == "id"), "")
                kind, target = found.get(key, ("", ""))
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(Sheet(attributes.get("name", ""), target, hidden))

        self._each_element(MAIN_PART, start)

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """Rows that have cells, with their numbers, in the order of the sheet."""
        taken = _Rows(self)
        parser = markup.new_parser()
        parser.StartElementHandler, parser.EndElementHandler = taken.start, taken.end
        parser.CharacterDataHandler = taken.text
        for _pause in markup.feed(parser, archive.part(self.archive, sheet.part)):
            yield from taken.ready
            taken.ready.clear()

    def shows_something(self, sheet: Sheet) -> bool:
        """Whether any cell holds more than blanks. What can't be read shows something, too: reading it says why."""
        try:
            return any(any(row) for _number, row in self.rows(sheet))
        except FileRefused:
            return True

    @cached_property
    def shared(self) -> list[str]:
        if "sharedStrings" not in self._others:
            return []
        taken = _Texts()
        parser = markup.new_parser()
        parser.StartElementHandler, parser.EndElementHandler = taken.start, taken.end
        parser.CharacterDataHandler = taken.text
        markup.parse(parser, archive.part(self.archive, self._others["sharedStrings"]))
        return taken.ready

    @cached_property
    def dates(self) -> dict[str, bool]:
        """Styles that show a number as a date, by their index in the file; True: as a duration."""
        formats = {str(key): code for key, code in BUILTIN_FORMATS.items()}
        used: list[str] = []
        inside = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
                inside = name
            elif name == "numFmt" and inside != "dxfs":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "xf" and inside == "cellXfs":
                used.append(attributes.get("numFmtId", "0"))

        if "styles" in self._others:
            self._each_element(self._others["styles"], start)
        chinese = {str(key) for key in CHINESE_DATES}
        return {
            str(style): bool(is_timedelta_format(formats.get(key)))
            for style, key in enumerate(used)
            if key in chinese or is_date_format(formats.get(key))
        }

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Key of a relation -> its kind and the part it leads to."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target

        self._each_element("xl/_rels/workbook.xml.rels", start)
        return found

    def _each_element(self, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parser = markup.new_parser()
        parser.StartElementHandler = lambda element, attributes: start(local(element), attributes)
        markup.parse(parser, archive.part(self.archive, name), markup.FEW_TAGS)


class _Local(dict[str, str]):
    """Name with namespace -> name. A document has few different ones, and a parser meets them millions of times."""

    def __missing__(self, name: str) -> str:
        short = local(name)
        if len(self) < COLUMNS:
            self[name] = short
        return short


def local(name: str) -> str:
    return name.rpartition(markup.NAMESPACE)[2]


class _Texts:
    """Gathers the shared texts: each <si> is one, of one or many runs; phonetic guides are no part of it."""

    def __init__(self) -> None:
        self.ready: list[str] = []
        self._local = _Local()
        self._runs: list[str] = []
        self._length = 0
        self._wanted = self._guide = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        name = self._local[name]
        if name == "t":
            self._wanted = not self._guide
        elif name == "rPh":
            self._guide = True

    def text(self, run: str) -> None:
        if self._wanted:
            self._length += len(run)
            if self._length > LONGEST_TEXT:
                raise damaged()
            self._runs.append(run)

    def end(self, name: str) -> None:
        name = self._local[name]
        if name == "t":
            self._wanted = False
        elif name == "rPh":
            self._guide = False
        elif name == "si":
            if len(self.ready) == MOST_TEXTS:
                raise damaged()
            self.ready.append("".join(self._runs))
            self._runs.clear()
            self._length = 0


class _Rows:
    """Gathers the rows of a sheet from the parser's events; one cell is open at a time."""

    def __init__(self, book: Workbook) -> None:
        self.ready: list[tuple[int, list[str]]] = []
        self._book = book
        self._local = _Local()
        self._columns: dict[str, int] = {}
        self._number = 0
        self._row: list[str] = []
        self._cell: dict[str, str] | None = None
        self._runs: list[str] = []
        self._length = self._blanks = 0
        self._in_row = self._wanted = self._guide = self._awaits_result = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = self._local[name]
        if self._cell is not None:
            if name == "v" or (name == "t" and not self._guide):
                self._wanted, self._awaits_result = True, False
            elif name == "f":
                self._awaits_result = True
            elif name == "rPh":
                self._guide = True
        elif name == "c" and self._in_row:
            self._open_cell(attributes)
        elif name == "row" and not self._in_row:
            self._open_row(attributes.get("r"))

    def text(self, run: str) -> None:
        if self._wanted:
            self._length += len(run)
            if self._length > LONGEST_TEXT:
                raise damaged()
            self._runs.append(run)

    def end(self, name: str) -> None:
        name = self._local[name]
        if name in {"v", "t"}:
            self._wanted = False
        elif name == "rPh":
            self._guide = False
        elif name == "c" and self._cell is not None:
            self._close_cell(self._cell)
        elif name == "row" and self._in_row:
            self.ready.append((self._number, self._row))
            self._in_row = False

    def _open_row(self, typed: str | None) -> None:
        number = self._number + 1 if typed is None else _whole(typed)
        if number <= self._number:
            raise damaged()
        self._number, self._row, self._in_row = number, [], True

    def _open_cell(self, attributes: dict[str, str]) -> None:
        column = so_far = len(self._row)
        if address := attributes.get("r"):
            letters = address.rstrip("0123456789")
            if letters not in self._columns:
                self._columns[letters] = column_of(address)
            column = self._columns[letters]
        if column > so_far:
            self._row.extend([""] * (column - so_far))
        if column < so_far or column >= COLUMNS:
            raise damaged()
        self._cell = attributes

    def _close_cell(self, cell: dict[str, str]) -> None:
        if self._awaits_result:
            raise FileRefused(
                _("Row %(row)s: a formula has no result. Open the file in WPS or Excel, save it, and upload it again.")
                % {"row": self._number}
            )
        typed = "".join(self._runs)
        self._blanks += not typed
        if self._blanks > MOST_BLANKS:
            raise markup.too_much()
        self._row.append(self._meant(cell, typed) if typed else "")
        self._cell = None
        self._length = 0
        self._runs.clear()

    def _meant(self, cell: dict[str, str], typed: str) -> str:
        kind = cell.get("t", "n")
        if kind == "n":
            if (is_duration := self._book.dates.get(cell.get("s", "0"))) is not None:
                return cells.moment(typed, self._book.epoch, is_duration=is_duration)
            return cells.number(typed)
        if kind == "b":
            return "TRUE" if typed.strip() == "1" else "FALSE"
        if kind == "s":
            try:
                typed = self._book.shared[_whole(typed)]
            except IndexError as error:
                raise damaged() from error
        return cells.tidy(cells.unescaped(typed), self._number)  # errors such as #N/A, too: they are no blanks


def column_of(address: str) -> int:
    """A: 0, B: 1, ... XFD: 16383."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise damaged()
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _whole(typed: str) -> int:
    if not (typed.isdigit() and typed.isascii() and len(typed) < 10):
        raise damaged()
    return int(typed)
