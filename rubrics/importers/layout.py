"""The parts of a printed table: lines above, heading, body, lines below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rubrics.importers.grids import Grid, Table
from rubrics.importers.headings import Role, Slot, role_of
from rubrics.importers.marks import is_annex
from rubrics.importers.slots import slots
from rubrics.importers.text import common, lines, plain


@dataclass(frozen=True, slots=True)
class Block:
    """One rubric's worth of a table: `rows` are those below its heading that are no repeated heading."""

    table: int
    grid: Grid
    titles: tuple[str, ...]
    slots: tuple[Slot, ...]
    rows: tuple[int, ...]
    notes: tuple[str, ...]
    skipped: tuple[str, ...] = ()

    def ref(self, row: int, part: int = 0) -> str:
        return f"{self.table}:{row}" + (f".{part}" if part else "")


def is_heading(grid: Grid, row: int) -> bool:
    """Whether a row reads like a heading: short words, most of them known, one for wording or labels among them."""
    texts = grid.texts(row)
    if len(texts) < 2 or any(len(plain(text)) > 16 for text in texts):
        return False
    roles = [role_of(text) for text in texts]
    known = sum(role is not None for role in roles)
    return known * 3 >= len(texts) * 2 and bool({Role.TEXT, Role.SECTION, Role.BASIS} & set(roles)) and known >= 2


def blocks(number: int, table: Table) -> Iterator[Block]:
    """The rubrics printed in one table (a sheet may hold several, each under its annex line), first to last."""
    grid = Grid(table)
    headings = [row for row in range(1, table.row_count + 1) if is_heading(grid, row)]
    if not headings:
        return
    starts = [headings[0]]
    for row in headings[1:]:
        if row > _last_of_heading(grid, starts[-1]) and titles_above(grid, row):
            starts.append(row)
    edges = [*(row - len(titles_above(grid, row)) for row in starts[1:]), table.row_count + 1]
    for at, (start, end) in enumerate(zip(starts, edges, strict=True)):
        last = _last_of_heading(grid, start)
        body = range(last + 1, end)
        again = [row for row in body if _repeats(grid, row, start, last)]
        rows = tuple(row for row in body if row not in again and grid.texts(row))
        above = _lines_above(grid, start) if at == 0 else titles_above(grid, start)
        yield Block(
            table=number,
            grid=grid,
            titles=(*(table.title_lines if at == 0 else ()), *above),
            slots=slots(grid, start, last, rows),
            rows=rows,
            notes=table.notes if end > table.row_count else (),
            skipped=tuple(grid.line(row) for row in again),
        )


def _last_of_heading(grid: Grid, row: int) -> int:
    """A heading of two rows: cells that stand for both, or words below a cell over several columns."""
    last = max(cell.row + cell.rows - 1 for cell in grid.across(row))
    below = grid.texts(row + 1)
    wide = [cell for cell in grid.across(row) if cell.columns > 1 and cell.rows == 1]
    if last == row and wide and below and all(role_of(text) and len(plain(text)) <= 10 for text in below):
        last = row + 1
    return min(last, row + 2)


def titles_above(grid: Grid, row: int) -> tuple[str, ...]:
    """The lines of a title right above a heading inside a table: each alone in its row, an annex or 标准 among them."""
    found: list[str] = []
    while row > 1 and len(grid.texts(row - 1)) == 1:
        row -= 1
        found.insert(0, grid.texts(row)[0])
    telling = any(is_annex(line) or plain(line).endswith(("标准", "细则", "表", "办法")) for line in found)
    return tuple(found) if telling else ()


def _lines_above(grid: Grid, row: int) -> tuple[str, ...]:
    return tuple(" ".join(lines(text)) for above in range(1, row) for text in grid.texts(above))


def _repeats(grid: Grid, row: int, first: int, last: int) -> bool:
    heading = "".join("".join(grid.texts(one)) for one in range(first, last + 1))
    texts = grid.texts(row)
    if not texts or any(len(plain(text)) > 16 for text in texts):
        return False
    same = common(heading, "".join(texts)) >= 0.6
    return same or is_heading(grid, row) or (row - 1 > last and _subheading(grid, row, last))


def _subheading(grid: Grid, row: int, last: int) -> bool:
    """The second row of a repeated heading of two rows."""
    return [plain(text) for text in grid.texts(row)] == [plain(text) for text in grid.texts(last)]
