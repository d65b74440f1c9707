"""What an official document says, before it is drawn as PDF or Word. Lengths are millimetres of the type area."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

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


@dataclass(frozen=True, slots=True)
class Table:
    """The head is repeated on each page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""

    @property
    def small(self) -> bool:
        return len(self.columns) >= SMALL_FROM

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[str, bool]]]]:
        """Rows with their cells' texts and whether each stands on the left."""
        for row in self.rows:
            yield row, [(text, column.words) for text, column in zip(row.cells, self.columns, strict=False)]


Block = Paragraph | Heading | Table


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
        for block in chain(self.blocks, *(annex.blocks for annex in self.annexes)):
            if isinstance(block, Table):
                yield from block.columns

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
