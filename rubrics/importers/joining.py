"""Which tables of a file are one table, and to which table the lines between two belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rubrics.importers.grids import Cell, Table
from rubrics.importers.headings import role_of
from rubrics.importers.marks import NOTE, TOTAL, is_annex, is_layout
from rubrics.importers.text import common, plain


def notes_before(between: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines between two tables, blank ones included -> notes of the first, titles of the second.

    Notes begin with their mark (注：) and end before an annex line, at a blank line, or where the sentences end.
    """
    stripped = [line.strip() for line in between]
    first = next((at for at, line in enumerate(stripped) if NOTE.match(plain(line))), None)
    if first is None:
        return (), tuple(filter(None, stripped))
    last = first + 1
    while last < len(stripped) and stripped[last] and not is_annex(stripped[last]):
        last += 1
    if last == len(stripped):  # nothing parts notes and title: a title is no sentence
        while last > first + 1 and not stripped[last - 1].endswith(("。", "；", ";", "：", ".")):
            last -= 1
    return tuple(filter(None, stripped[:last])), tuple(filter(None, stripped[last:]))


def join(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Tables that continue one another as one: nothing but page numbers between them, the same columns, and no total
    row before the break. A repeated heading stays in; who reads the rows knows it again."""
    joined: list[Table] = []
    for table in tables:
        if joined and _continues(joined[-1], table):
            joined[-1] = _together(joined[-1], table)
        else:
            joined.append(table)
    return tuple(joined)


def _continues(first: Table, second: Table) -> bool:
    between = (*first.notes, *second.title_lines)
    return (
        first.column_count == second.column_count > 1
        and all(map(is_layout, between))
        and not any(TOTAL.fullmatch(plain(text)) for text in _row(first, first.row_count))
        and _same_or_no_heading(first, second)
    )


def _same_or_no_heading(first: Table, second: Table) -> bool:
    """The second goes on at once, or under the heading of the first once more, perhaps abbreviated."""
    texts = _row(second, 1)
    known = sum(role_of(text) is not None for text in texts)
    return known * 3 < len(texts) * 2 or common("".join(_row(first, 1)), "".join(texts)) >= 0.4


def _row(table: Table, row: int) -> list[str]:
    return [cell.text for cell in table.cells if cell.row == row and cell.text.strip()]


def _together(first: Table, second: Table) -> Table:
    below = first.row_count
    cells: list[Cell] = [*first.cells, *(replace(cell, row=cell.row + below) for cell in second.cells)]
    return Table(
        title_lines=first.title_lines,
        cells=tuple(cells),
        row_count=below + second.row_count,
        column_count=first.column_count,
        notes=(*first.notes, *second.title_lines, *second.notes),
        name=first.name,
        nested=(*first.nested, *(row + below for row in second.nested)),
    )
