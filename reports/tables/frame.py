"""What surrounds a rubric's rows on paper: columns, headings, and how the lines of the table merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from reports.tables.values import Heading
from rubrics.models import Column, ColumnSource, Rubric
from rubrics.rows import Row, rows

SCORES = (ColumnSource.SELF, ColumnSource.ASSESS, ColumnSource.REVIEW)


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    source: str
    heading: str
    width: int
    added: bool


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A row of the document's table: one item, or the items that share one cell of points (Jiangsu)."""

    items: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Frame:
    columns: tuple[PrintedColumn, ...]
    lines: tuple[PrintedLine, ...]

    def has(self, source: str) -> bool:
        return any(column.source == source for column in self.columns)

    @property
    def stages(self) -> tuple[PrintedColumn, ...]:
        """The score columns, in the order of their stages."""
        return tuple(column for source in SCORES for column in self.columns if column.source == source)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The printed headings: a blank one is spanned by the one before."""
        found: list[Heading] = []
        for column in self.columns:
            if column.heading or not found:
                found.append(Heading(column.heading))
            else:
                found[-1] = Heading(found[-1].text, found[-1].columns + 1)
        return tuple(found)


def frame_of(rubric: Rubric) -> Frame:
    """Columns and lines of a rubric; for a frozen rubric read once in a process."""
    return _frozen(rubric.pk, rubric.frozen_at) if rubric.frozen_at else _read(rubric)


@lru_cache(maxsize=256)
def _frozen(pk: int, _frozen_at: datetime) -> Frame:
    return _read(Rubric.objects.get(pk=pk))


def _read(rubric: Rubric) -> Frame:
    columns = Column.objects.filter(rubric=rubric).order_by("position")
    printed = tuple(PrintedColumn(one.source, one.heading, one.width, one.added) for one in columns)
    grouped = any(column.source == ColumnSource.GROUP_POINTS for column in printed)
    return Frame(printed, tuple(_lines(rows(rubric), grouped)))


def _lines(items: Iterable[Row], grouped: bool) -> Iterator[PrintedLine]:
    if not grouped:
        return (PrintedLine((row,)) for row in items)
    # an item outside all groups is a line of its own
    together = groupby(items, lambda row: (row.section, row.group or row.key))
    return (PrintedLine(tuple(group)) for _, group in together)


SAME: dict[str, Callable[[Row], object]] = {
    ColumnSource.PART: lambda row: row.section_part or row.section,
    ColumnSource.SECTION: lambda row: row.section,
    ColumnSource.OFFICE: lambda row: (row.section, row.offices),
}
"""Columns whose neighbours are one cell, and what makes two lines equal there."""


def spans(lines: Iterable[PrintedLine], source: str) -> list[int]:
    """For each line how many lines its cell of this column spans; 0 where the cell began above."""
    if source not in SAME:
        return [1 for _ in lines]
    found: list[int] = []
    for _, run in groupby(lines, lambda line: SAME[source](line.first)):
        length = len(list(run))
        found += [length, *[0] * (length - 1)]
    return found
