"""What an official document says, before it is drawn as PDF or Word. Lengths are millimetres of the type area."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Protocol

from django.utils.formats import date_format

from reports import fit

WIDTH = 156.0
"""Of the type area (GB/T 9704-2012, 5.2.1)."""

TITLE = 22.0
"""Points of the title: 2号."""

SMALL_FROM = 6
"""Columns from which on a table is set in smaller type."""


PHRASE, NEAR = re.compile(r"\d年|[的及和、，）》]|.(?=关于)"), 5
"""Where a line of a title may well end, and how many characters it may be shorter or longer for it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`label` stands before the text in 黑体. `plain`: not a sentence of the text, so not indented."""

    text: str
    label: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is 一、 in 黑体, level 2 （一） in 楷体; the number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    width: float = 0
    words: bool = False
    """Words stand on the left, all else in the middle."""

    @property
    def mark(self) -> str:
        """The class of columns of this width, to a tenth of a millimetre."""
        return f"w{round(10 * self.width)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; one with a single cell goes across all columns as a heading of those below it."""

    cells: tuple[str, ...]

    @property
    def across(self) -> bool:
        return len(self.cells) == 1


class HasRows(Protocol):
    @property
    def columns(self) -> tuple[Column, ...]: ...

    @property
    def rows(self) -> tuple[Row, ...]: ...


class Drawn:
    """How a table is drawn, wherever its rows come from. The head is repeated on each page."""

    __slots__ = ()

    @property
    def small(self: HasRows) -> bool:
        return len(self.columns) >= SMALL_FROM

    @property
    def lines(self: HasRows) -> Iterator[tuple[Row, list[tuple[str, bool]]]]:
        """Rows with their cells' texts and whether each stands on the left."""
        for row in self.rows:
            yield row, [(text, column.words) for text, column in zip(row.cells, self.columns, strict=False)]


@dataclass(frozen=True, slots=True)
class Table(Drawn):
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""

    @property
    def count(self) -> int:
        """How many rows there are, headings between those of a `Long` one aside."""
        return len(self.rows)

    def stretch(self, first: int, last: int) -> Table:
        """The rows from `first`, counted from 0, to before `last`; the title stands over the first of them."""
        return Table(self.columns, self.rows[first:last], "" if first else self.title)


@dataclass(frozen=True, slots=True)
class Long(Drawn):
    """A table that may have 100,000 rows and never changes: read stretch by stretch.

    said  stands for what is in it: tables that differ differ here
    read  gives the rows from one to before another, with the heading that stands over the first of them
    """

    columns: tuple[Column, ...]
    said: str
    first: int
    last: int
    read: Callable[[int, int], tuple[Row, ...]] = field(repr=False, compare=False)
    title: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.read(self.first, self.last)

    @property
    def count(self) -> int:
        return self.last - self.first

    def stretch(self, first: int, last: int) -> Long:
        title = "" if first else self.title
        return replace(self, first=self.first + first, last=min(self.first + last, self.last), title=title)


Grid = Table | Long
Block = Paragraph | Heading | Grid


@dataclass(frozen=True, slots=True)
class Annex:
    """Begins on a page of its own. `note` stands below in small type."""

    title: str
    blocks: tuple[Block, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """`issuer` and `day` are the signature, with the place of the seal over both."""

    title: str
    addressee: str
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]
    issuer: str
    day: str

    @property
    def columns(self) -> Iterator[Column]:
        """Of all its tables."""
        for table in self.tables:
            yield from table.columns

    @property
    def tables(self) -> Iterator[Grid]:
        """Of the text and the annexes."""
        for block in chain(self.blocks, *(annex.blocks for annex in self.annexes)):
            if isinstance(block, Grid):
                yield block

    @property
    def title_lines(self) -> list[str]:
        return in_lines(self.title, fit.room(WIDTH, TITLE))

    @property
    def listed(self) -> list[tuple[str, str]]:
        """The annexes as the text names them: a number, unless there is only one, and the title."""
        if len(self.annexes) == 1:
            return [("", self.annexes[0].title)]
        return [(f"{number}.", annex.title) for number, annex in enumerate(self.annexes, 1)]

    @property
    def numbered(self) -> list[tuple[str, Annex]]:
        """The annexes with the number that stands over each."""
        return [(number.rstrip("."), annex) for (number, _title), annex in zip(self.listed, self.annexes, strict=True)]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a document is laid out by itself, on pages of its own. `text`: it begins with the text.

    annexes  with the number over each; one without a title goes on from the part before
    """

    document: Document
    text: bool
    annexes: tuple[tuple[str, Annex], ...]


def whole(document: Document) -> Part:
    return Part(document, text=True, annexes=tuple(document.numbered))


def parts(document: Document, most: int) -> list[Part]:
    """The document in parts of so many rows of annexes at most, in their order; nothing of it is read for this."""
    found: list[list[tuple[str, Annex]]] = [[]]
    room = most
    for number, annex in document.numbered:
        mark, title, held = number, annex.title, list[Block]()
        for block in annex.blocks:
            if not isinstance(block, Grid):
                held.append(block)
                continue
            done = 0
            while block.count - done > room:
                if room:
                    held.append(block.stretch(done, done + room))
                if held:
                    found[-1].append((mark, Annex(title, tuple(held))))
                    mark, title, held = "", "", []
                done += room
                found.append([])
                room = most
            held.append(block.stretch(done, block.count))
            room -= block.count - done
        found[-1].append((mark, replace(annex, title=title, blocks=tuple(held))))
    return [Part(document, place == 0, tuple(annexes)) for place, annexes in enumerate(found)]


def in_lines(title: str, room: int) -> list[str]:
    """A title in as few lines as it needs, about equally long and, where that can be, ending with a phrase; no number
    or Latin word is parted."""
    count = -(-len(title) // room)
    lines: list[str] = []
    while title:
        left = count - len(lines)
        cut = _phrase(title, -(-len(title) // left), len(title) - room * (left - 1), room) if left > 1 else len(title)
        while 1 < cut < len(title) and (title[cut - 1] + title[cut]).isascii():
            cut -= 1
        lines.append(title[:cut])
        title = title[cut:]
    return lines


def _phrase(title: str, cut: int, least: int, most: int) -> int:
    """The end of a phrase near `cut`, so that both lines fit; else `cut`."""
    ends = [found.end() for found in PHRASE.finditer(title) if least <= found.end() <= most]
    return min((end for end in ends if abs(end - cut) <= NEAR), key=lambda end: abs(end - cut), default=cut)


def filled(*asked: Column) -> tuple[Column, ...]:
    """The columns over the whole width: those without a width share what the others leave."""
    left = WIDTH - sum(column.width for column in asked)
    share = left / max(sum(not column.width for column in asked), 1)
    return tuple(column if column.width else replace(column, width=share) for column in asked)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """One for each line that somebody wrote."""
    return tuple(Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def written(day: date) -> str:
    """A day as documents write it: 2026年11月3日."""
    return date_format(day, "Y年n月j日")
