"""Which tables of a file are one table, and to which table the lines between two belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rubrics.importers.grids import Cell, Table
from rubrics.importers.text import common, plain

ANNEX = re.compile(r"附(?:件|表|录)[0-9一二三四五六七八九十]{0,3}[:：.、]?")
NOTE = re.compile(r"[（(\[【]?(?:注|备注|附注|(?:填表|评分|考核)?说明|分类考核依据)[一二三0-9]?[:：】）)\].、]")
FOOTER = re.compile(r"[-—–.·]*(?:PAGE|第)?[-—–]?[0-9]{1,4}[-—–]?(?:页|/[0-9]{1,4})?(?:,?共[0-9]{1,4}页)?[-—–.·]*|PAGE")
AGAIN = re.compile(r"[（(]?(?:续表?|接上页|接上表|表[0-9一二三四]*[（(]续[）)])[0-9一二三四]*[）)]?")
TOTAL = re.compile(r"(?:分数|总分|得分|分值)?(?:合计|总计|共计|总分|总得分)[分:：]*(?:（?[0-9.]+分?）?)?")


def is_layout(line: str) -> bool:
    """Page numbers and 'continued' marks."""
    squeezed = plain(line)
    return bool(FOOTER.fullmatch(squeezed) or AGAIN.fullmatch(squeezed))


def is_annex(line: str) -> bool:
    return bool(ANNEX.fullmatch(plain(line)))


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
    one, other = "".join(_row(first, 1)), "".join(_row(second, 1))
    short = all(len(plain(text)) <= 10 for text in _row(second, 1))
    return not short or len(_row(second, 1)) < 2 or common(one, other) >= 0.4


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
