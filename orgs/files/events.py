"""What the parser's events about a workbook become: shared texts, and rows of cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from orgs.files import cells, markup
from orgs.files.refused import FileRefused, damaged

if TYPE_CHECKING:
    from orgs.files.workbook import Workbook

COLUMNS = 16_384
"""What a sheet has at most."""

MOST_TEXTS, MOST_BLANKS = 4_000_000, 3_000_000
"""Shared texts, and formatted cells that hold nothing."""

LONGEST_TEXT = cells.LONGEST * 7
"""Each of a cell's characters may be written as _x0000_."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _Local(dict[str, str]):
    """Name with namespace -> name. A document has few different ones, and a parser meets them millions of times."""

    def __missing__(self, name: str) -> str:
        short = local(name)
        if len(self) < COLUMNS:
            self[name] = short
        return short


def local(name: str) -> str:
    return name.rpartition(markup.NAMESPACE)[2]


class _Runs:
    """Gathers the runs of one text, as long as they are `_wanted`; a phonetic guide is no part of it."""

    def __init__(self) -> None:
        self._local = _Local()
        self._runs: list[str] = []
        self._length = 0
        self._wanted = self._guide = False

    def text(self, run: str) -> None:
        if self._wanted:
            self._length += len(run)
            if self._length > LONGEST_TEXT:
                raise damaged()
            self._runs.append(run)

    def _joined(self) -> str:
        """The text, and begin the next one."""
        text = "".join(self._runs)
        self._runs.clear()
        self._length = 0
        return text


class Texts(_Runs):
    """Gathers the shared texts: each <si> is one, of one or many runs."""

    def __init__(self) -> None:
        super().__init__()
        self.ready: list[str] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        name = self._local[name]
        if name == "t":
            self._wanted = not self._guide
        elif name == "rPh":
            self._guide = True

    def end(self, name: str) -> None:
        name = self._local[name]
        if name == "t":
            self._wanted = False
        elif name == "rPh":
            self._guide = False
        elif name == "si":
            if len(self.ready) == MOST_TEXTS:
                raise damaged()
            self.ready.append(self._joined())


class Rows(_Runs):
    """Gathers the rows of a sheet from the parser's events; one cell is open at a time."""

    def __init__(self, book: Workbook) -> None:
        super().__init__()
        self.ready: list[tuple[int, list[str]]] = []
        self._book = book
        self._columns: dict[str, int] = {}
        self._number = 0
        self._row: list[str] = []
        self._cell: dict[str, str] | None = None
        self._blanks = 0
        self._in_row = self._awaits_result = False

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
        typed = self._joined()
        self._blanks += not typed
        if self._blanks > MOST_BLANKS:
            raise markup.too_much()
        self._row.append(self._meant(cell, typed) if typed else "")
        self._cell = None

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
