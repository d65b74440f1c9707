"""A rubric as its document prints it, without the score columns: headings, and lines of cells that may be merged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from rubrics import wording
from rubrics.models import Column, ColumnSource, Rubric
from rubrics.rows import Row

SCORES = (ColumnSource.SELF, ColumnSource.ASSESS, ColumnSource.REVIEW)

MERGED: dict[str, Callable[[Row], object]] = {
    ColumnSource.PART: lambda row: row.section_part or row.section,
    ColumnSource.SECTION: lambda row: row.section,
    ColumnSource.GROUP_POINTS: lambda row: row.group or row.key,
    ColumnSource.OFFICE: lambda row: (row.section, row.offices),
}
"""Columns whose equal neighbours are one cell, and what makes two lines equal there."""

PRINTED: dict[str, Callable[[Row], str]] = {
    ColumnSource.PART: lambda row: row.section_part,
    ColumnSource.SECTION: lambda row: row.section_label,
    ColumnSource.NUMBER: lambda row: row.number,
    ColumnSource.TEXT: lambda row: row.text,
    ColumnSource.POINTS: lambda row: row.printed_points,
    ColumnSource.GROUP_POINTS: lambda row: row.group_label,
    ColumnSource.BASIS: lambda row: row.basis,
    ColumnSource.OFFICE: lambda row: "\n".join(row.offices),
    ColumnSource.SUBJECT: lambda row: row.subject,
}


@dataclass(frozen=True, slots=True)
class Heading:
    source: str
    text: str
    columns: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell. Of a merged cell only the first line has it, with the number of lines it spans.

    columns  2 where a section without a part takes the place of both
    """

    source: str
    text: str
    lines: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its cells, and what its text cell says beyond the wording.

    before, threshold, after  the wording around its quantitative condition
    number, points  where they have no column of their own, but stand inside the text
    kinds  the document's names of the kinds, where the item does not apply to all
    """

    row: Row
    cells: tuple[Cell, ...]
    number: str
    before: str
    threshold: str
    after: str
    points: str
    kinds: tuple[str, ...]
    offices: tuple[str, ...]
    rules: tuple[str, ...]


def headings(columns: Iterable[Column]) -> list[Heading]:
    """The printed headings; one that spans several columns stands before blank ones."""
    found: list[Heading] = []
    for column in columns:
        if column.source in SCORES:
            continue
        if column.heading or not found:
            found.append(Heading(column.source, column.heading, 1))
        else:
            found[-1] = Heading(found[-1].source, found[-1].text, found[-1].columns + 1)
    return found


def score_columns(columns: Iterable[Column]) -> list[str]:
    """The headings of the score columns, in the order of the stages."""
    return [column.heading for column in columns if column.source in SCORES]


def lines(rubric: Rubric, items: tuple[Row, ...]) -> list[Line]:
    sources = [column.source for column in rubric.columns.all() if column.source not in SCORES]
    kinds = {audience.kind: audience.label for audience in rubric.audiences.all()}
    spans = [_spans(items, MERGED[source]) if source in MERGED else [1] * len(items) for source in sources]
    return [
        _line(row, _cells(row, dict(zip(sources, counts, strict=True))), sources, kinds)
        for row, *counts in zip(items, *spans, strict=True)
    ]


def _cells(row: Row, spans: dict[str, int]) -> tuple[Cell, ...]:
    alone = ColumnSource.PART in spans and not row.section_part
    return tuple(
        Cell(source, PRINTED[source](row), count, 2 if alone and source == ColumnSource.SECTION else 1)
        for source, count in spans.items()
        if count and not (alone and source == ColumnSource.PART)
    )


def _spans(items: Iterable[Row], same: Callable[[Row], object]) -> list[int]:
    """For each line how many lines its cell spans: 0 where the cell began above."""
    return [
        span for _, run in groupby(items, same) for count in [len(list(run))] for span in (count, *[0] * (count - 1))
    ]


def _line(row: Row, cells: tuple[Cell, ...], sources: Collection[str], kinds: dict[str, str]) -> Line:
    before, threshold, after = row.text.partition(row.threshold) if row.threshold else (row.text, "", "")
    return Line(
        row=row,
        cells=cells,
        number="" if ColumnSource.NUMBER in sources else row.number,
        before=before,
        threshold=threshold,
        after=after,
        points="" if ColumnSource.POINTS in sources else row.printed_points,
        kinds=tuple(label for kind, label in kinds.items() if row.kinds and kind in row.kinds),
        offices=() if ColumnSource.OFFICE in sources else row.offices,
        rules=wording.rules(row),
    )
