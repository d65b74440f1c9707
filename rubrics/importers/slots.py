"""The columns of a table: from the words of its heading, and from what stands below where words leave it open."""

from __future__ import annotations

import re
from dataclasses import replace

from rubrics.importers.grids import Grid
from rubrics.importers.headings import GENERIC, Role, Slot, printed_heading, role_of
from rubrics.importers.marks import TOTAL
from rubrics.importers.text import narrow, plain


def slots(grid: Grid, first: int, last: int, rows: tuple[int, ...]) -> tuple[Slot, ...]:
    """The columns, left to right; `rows` are those of the body."""
    found: list[Slot] = []
    rows = tuple(row for row in rows if _telling(grid, row))
    for cell in grid.across(first):
        end = cell.column + cell.columns - 1
        below = [one for one in grid.across(last, cell.column, end) if one.row > cell.row and one.text.strip()]
        if below and cell.columns > 1:
            found += [
                Slot(role_of(one.text) or role_of(cell.text + one.text) or Role.OTHER, printed_heading(one.text),
                     one.column, one.column + one.columns - 1)
                for one in below
            ]  # fmt: skip
            continue
        edges = [
            column for column in range(cell.column, end + 1) if column == cell.column or _begins(grid, column, rows)
        ]
        for at, column in enumerate(edges):
            until = edges[at + 1] - 1 if at + 1 < len(edges) else end
            heading = printed_heading(cell.text) if at == 0 else ""
            found.append(Slot(role_of(cell.text) or Role.OTHER, heading, column, until))
    return _scores(_levels(grid, found, rows))


def _telling(grid: Grid, row: int) -> bool:
    """Rows of one cell and total rows say nothing about what a column holds."""
    texts = grid.texts(row)
    return len(texts) > 1 and not any(TOTAL.fullmatch(plain(text)) for text in texts)


def _begins(grid: Grid, column: int, rows: tuple[int, ...]) -> bool:
    covers = [grid.at(row, column) for row in rows]
    return 2 * sum(cell is not None and cell.column == column for cell in covers) >= max(1, len(rows))


def _levels(grid: Grid, found: list[Slot], rows: tuple[int, ...]) -> list[Slot]:
    """Which column is the wording, which ones group it: the finest of the candidates is the wording."""
    found = [_numbers(grid, slot, rows) for slot in found]
    asides = {Role.BASIS, Role.OFFICE, Role.SUBJECT}
    found = [
        replace(slot, role=Role.OTHER)
        if slot.role in asides and not any(_own(grid, slot, row) for row in rows)
        else slot
        for slot in found
    ]
    open_ones = [slot for slot in found if slot.role in {Role.TEXT, Role.SECTION}]
    candidates = [slot for slot in open_ones if slot.role == Role.TEXT]
    if not candidates:
        open_ones += [slot for slot in found if slot.role == Role.BASIS]
        candidates = open_ones
    if not open_ones:
        return found
    runs = {slot: _runs(grid, slot, rows) for slot in candidates}
    finest = max(runs.values())
    fine = [slot for slot in candidates if runs[slot] * 10 >= finest * 9]
    weak = [slot for slot in fine if slot.role == Role.TEXT]
    strong = [slot for slot in weak if plain(slot.heading) not in GENERIC]
    explained = any(slot.role == Role.BASIS for slot in found)  # else a second fine column of wording may explain
    wording = min((strong if explained else weak) or weak or fine, key=lambda slot: slot.first)
    left = [slot for slot in open_ones if slot.first < wording.first]
    roles = dict.fromkeys(left, Role.OTHER) | {wording: Role.TEXT}
    roles |= dict(zip(reversed(left), (Role.SECTION, Role.PART), strict=False))
    right = [slot for slot in open_ones if slot.first > wording.first]
    if right and not any(slot.role == Role.BASIS and slot not in right for slot in found):
        roles |= dict.fromkeys(right, Role.OTHER) | {right[0]: Role.BASIS}
    else:
        roles |= {slot: Role.OTHER for slot in right if slot.role != Role.BASIS}
    return _points(grid, [replace(slot, role=roles.get(slot, slot.role)) for slot in found], rows)


def _numbers(grid: Grid, slot: Slot, rows: tuple[int, ...]) -> Slot:
    """A label or wording column that mostly holds '1', '2', '3' holds numbers."""
    if slot.role not in {Role.TEXT, Role.SECTION, Role.OTHER}:
        return slot
    own = [narrow(text) for row in rows for text in _own(grid, slot, row)]
    counted = sum(bool(re.fullmatch(r"\s*[(]?\d{1,3}[).、]?\s*", text)) for text in own)
    numbered = slot.heading == "" or slot.role != Role.OTHER
    return replace(slot, role=Role.NUMBER) if own and numbered and counted * 10 >= len(own) * 6 else slot


def _points(grid: Grid, found: list[Slot], rows: tuple[int, ...]) -> list[Slot]:
    """Of two columns of points the coarser one holds those of the sections."""
    columns = [slot for slot in found if slot.role == Role.POINTS]
    if len(columns) < 2:
        return found
    finest = max(columns, key=lambda slot: sum(len(_own(grid, slot, row)) for row in rows))
    coarse = next(slot for slot in columns if slot != finest)
    roles = dict.fromkeys(columns, Role.OTHER) | {finest: Role.POINTS, coarse: Role.SECTION_POINTS}
    return [replace(slot, role=roles.get(slot, slot.role)) for slot in found]


def _scores(found: list[Slot]) -> tuple[Slot, ...]:
    """One column for each thing shown: of two alike the first counts, but a second assessing one is the review."""
    seen: set[Role] = set()
    result = []
    assessed = any(slot.role == Role.ASSESS for slot in found)
    for slot in found:
        role = Role.ASSESS if slot.role == Role.REVIEW and not assessed else slot.role
        if role == Role.ASSESS and role in seen and Role.REVIEW not in {one.role for one in found}:
            role = Role.REVIEW
        if role in seen and role != Role.OTHER:
            role = Role.OTHER
        seen.add(role)
        result.append(replace(slot, role=role))
    return tuple(result)


def _own(grid: Grid, slot: Slot, row: int) -> list[str]:
    cells = grid.across(row, slot.first, slot.last)
    return [cell.text for cell in cells if cell.row == row and cell.column >= slot.first and cell.text.strip()]


def _runs(grid: Grid, slot: Slot, rows: tuple[int, ...]) -> int:
    """How many different things in a row the column says; blanks and repetitions say nothing new."""
    said = [plain(text) for row in rows for text in _own(grid, slot, row)]
    return sum(1 for at, text in enumerate(said) if at == 0 or said[at - 1] != text)
