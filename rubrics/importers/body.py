"""The rows below a heading: which are items, labels, totals, notes or layout, and rows that stand one column off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rubrics.importers.layout import SCORES, Block, Grid, Role, Slot
from rubrics.importers.marks import NOTE, TOTAL, is_layout
from rubrics.importers.text import compact, lines, narrow, plain, points_of, wording

SIGNATURE = re.compile(
    r"签[字名章]|盖章|公章|年\s*月\s*日|负责人[:：]|(?:填表|审核|考核|经办|联系)人[:：]|(?:填报|考核|被考核)?单位[:：]"
)
SUBTOTAL = re.compile(r"(?:本项)?小计[:：]?")
INTEGER = re.compile(r"[(]?([0-9]{1,3})[).、]?")
POINTSLIKE = re.compile(r".*(?:[0-9]|加分|减分|扣分|最高|否决|必备|否优).*|[-—/\\]*")
LABELS = (Role.PART, Role.SECTION, Role.NUMBER, Role.TEXT)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with wording. `label`, `part`: what begins in this row, None where the one above goes on.

    points_area  first row and number of rows of the cell of points
    shifted      its cells stood one column off and were put right
    """

    row: int
    values: Mapping[Role, str]
    label: str | None
    part: str | None
    points_area: tuple[int, int]
    shifted: bool = False

    def text(self, role: Role) -> str:
        return self.values.get(role, "")


@dataclass(slots=True)
class Body:
    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    lone: list[tuple[int, str]] = field(default_factory=list)  # labels alone in their row where others stand beside
    subtotals: list[tuple[int, Decimal]] = field(default_factory=list)  # index of the next entry, points
    total_label: str = ""
    total: str = ""


def read_body(block: Block) -> Body:
    body = Body(skipped=list(block.skipped))
    pending: str | None = None  # a label that stood alone in its row
    for row in block.rows:
        kind, text = _kind(block.grid, block.slots, row)
        if kind == "entry":
            entry = _entry(block, row)
            if entry.label is None and pending is not None:
                entry = Entry(entry.row, entry.values, pending, entry.part, entry.points_area, entry.shifted)
            body.entries.append(entry)
            pending = None
        elif kind == "label":
            pending = text
            if _beside(block.grid, block.slots, row):
                body.lone.append((row, text))
        elif kind == "total":
            body.total_label, body.total = compact(text), _number(block, row)
        elif kind == "subtotal":
            value = points_of(_number(block, row))
            body.subtotals += [(len(body.entries), value)] if value else []
            body.skipped.append(block.grid.line(row))
        elif kind == "note":
            body.notes += lines(text)
        else:
            body.skipped.append(block.grid.line(row))
    if pending is not None:
        body.skipped.append(pending)
    return body


def _kind(grid: Grid, slots: tuple[Slot, ...], row: int) -> tuple[str, str]:
    """What a row is, and the text that says so."""
    cells = [cell for cell in grid.across(row) if cell.row == row and cell.text.strip()]
    first = cells[0]
    squeezed = plain(first.text)
    total = next((cell.text for cell in cells[:2] if TOTAL.fullmatch(plain(cell.text))), None)
    alone = _alone(grid, slots, row)
    signed = SIGNATURE.search(first.text)
    wording_here = _wording(grid, slots, row)
    if total is not None:
        kind, text = "total", total
    elif any(SUBTOTAL.fullmatch(plain(cell.text)) for cell in cells):
        kind, text = "subtotal", first.text
    elif NOTE.match(squeezed):
        kind, text = "note", first.text
    elif (signed and (alone or not _points(grid, slots, row))) or (
        not wording_here and is_layout("".join(cell.text for cell in cells))
    ):
        kind, text = "layout", first.text
    else:
        kind, text = ("label" if alone or not (wording_here or len(cells) > 1) else "entry"), first.text
    return kind, text


def _alone(grid: Grid, slots: tuple[Slot, ...], row: int) -> bool:
    """One cell across the table, or one label in a row whose other cells are blank."""
    cells = [cell for cell in grid.across(row) if cell.row == row and cell.text.strip()]
    wide = cells[0].columns * 2 > grid.table.column_count
    over = next((slot for slot in slots if slot.role == Role.TEXT), None)
    reaches = over is not None and cells[0].column < over.first <= cells[0].column + cells[0].columns - 1
    labels = [slot for slot in slots if slot.role in {Role.PART, Role.SECTION, Role.NUMBER}]
    before = any(slot.first <= cells[0].column <= slot.last for slot in labels)
    return len(cells) == 1 and (wide or reaches or before)


def _beside(grid: Grid, slots: tuple[Slot, ...], row: int) -> bool:
    """Whether a lone cell is no wider than the column of labels, where labels stand beside their rows."""
    section = next((slot for slot in slots if slot.role == Role.SECTION), None)
    cell = next(cell for cell in grid.across(row) if cell.row == row and cell.text.strip())
    return section is not None and cell.column + cell.columns - 1 <= section.last


def _wording(grid: Grid, slots: tuple[Slot, ...], row: int) -> str:
    slot = next((slot for slot in slots if slot.role == Role.TEXT), None)
    return _value(grid, slot, row) if slot else ""


def _points(grid: Grid, slots: tuple[Slot, ...], row: int) -> str:
    slot = next((slot for slot in slots if slot.role == Role.POINTS), None)
    return _value(grid, slot, row) if slot else ""


def _value(grid: Grid, slot: Slot, row: int) -> str:
    """What a column says in a row: the cells that begin inside it, a merged one for all its rows."""
    cells = [cell for cell in grid.across(row, slot.first, slot.last) if slot.first <= cell.column <= slot.last]
    return "\n".join(cell.text for cell in cells if cell.text.strip())


def _number(block: Block, row: int) -> str:
    """The number of a total row: in the column of points, else the first there is."""
    texts = [_points(block.grid, block.slots, row), *block.grid.texts(row)]
    digits = (re.search(r"[0-9]{1,4}(?:\.[0-9]+)?", narrow(text)) for text in texts)
    return next((found.group() for found in digits if found), "")


# --- Entries ---------------------------------------------------------------------------------------------------------


def _entry(block: Block, row: int) -> Entry:
    grid, slots = block.grid, block.slots
    values = [_value(grid, slot, row) for slot in slots]
    begun = [bool(_begun(grid, slot, row)) for slot in slots]
    placed = _placed(slots, [value if own else "" for value, own in zip(values, begun, strict=True)])
    shifted = placed is not None
    if placed is not None:
        values, begun = placed, [bool(text) for text in placed]
    said: dict[Role, str] = {
        slot.role: text for slot, text in zip(slots, values, strict=True) if slot.role != Role.OTHER
    }
    own = {slot.role for slot, here in zip(slots, begun, strict=True) if here}
    label = said.get(Role.SECTION) if Role.SECTION in own else None
    part = said.get(Role.PART) if Role.PART in own else None
    if part is not None and label is None and _spans_section(grid, slots, row):
        label, part = part, ""
    points = next((slot for slot in slots if slot.role == Role.POINTS), None)
    cell = grid.at(row, points.first) if points else None
    area = (cell.row, cell.rows) if cell and cell.text.strip() and not shifted else (row, 1)
    return Entry(row, said, label, part, area, shifted)


def _begun(grid: Grid, slot: Slot, row: int) -> str:
    cells = grid.across(row, slot.first, slot.last)
    return "".join(cell.text.strip() for cell in cells if cell.row == row and slot.first <= cell.column <= slot.last)


def _spans_section(grid: Grid, slots: tuple[Slot, ...], row: int) -> bool:
    part = next(slot for slot in slots if slot.role == Role.PART)
    section = next((slot for slot in slots if slot.role == Role.SECTION), None)
    cell = grid.at(row, part.first)
    return section is not None and cell is not None and cell.column + cell.columns > section.first


def _placed(slots: tuple[Slot, ...], own: list[str]) -> list[str] | None:
    """The row's cells where they belong, None where they already stand there or no place fits. (domain.md I9, I10)"""
    roles = [slot.role for slot in slots]
    if Role.TEXT not in roles or not {Role.NUMBER, Role.POINTS} & set(roles) or _fits(roles, own):
        return None
    number = roles.index(Role.NUMBER) if Role.NUMBER in roles else None
    label = roles.index(Role.SECTION) if Role.SECTION in roles else None
    swapped = list(own)
    if number is not None and label is not None:
        swapped[label], swapped[number] = own[number], own[label]
    for candidate in ([*own[1:], ""], ["", *own[:-1]], swapped):
        if _fits(roles, candidate) and sum(map(bool, candidate)) == sum(map(bool, own)):
            return candidate
    return None


def _fits(roles: list[Role], texts: list[str]) -> bool:
    said = dict(zip(roles, texts, strict=True))
    text, label = said[Role.TEXT], said.get(Role.SECTION, "")
    number, points = said.get(Role.NUMBER, ""), said.get(Role.POINTS, "")
    return (
        len(plain(text)) >= 2
        and not re.fullmatch(r"[0-9.]+", plain(text))
        and not INTEGER.fullmatch(plain(label))
        and (not number or len(plain(number)) <= 8)
        and (not points or (len(plain(points)) <= 14 and bool(POINTSLIKE.fullmatch(plain(points)))))
        and not any(len(plain(said.get(score, ""))) > 10 for score in SCORES)
    )


def entry_number(entry: Entry) -> str:
    return wording(entry.text(Role.NUMBER))
