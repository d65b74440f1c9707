"""The rows below a heading: which are items, labels, totals, notes or layout, and rows that stand one column off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from rubrics.importers.grids import Grid
from rubrics.importers.headings import SCORES, Role, Slot
from rubrics.importers.layout import Block
from rubrics.importers.marks import NOTE, TOTAL, is_layout
from rubrics.importers.points import in_wording
from rubrics.importers.text import compact, lines, narrow, plain, points_of

SIGNATURE = re.compile(
    r"签[字名章]|盖章|公章|年\s*月\s*日|负责人[:：]|(?:填表|审核|考核|经办|联系)人[:：]|(?:填报|考核|被考核)?单位[:：]"
)
SUBTOTAL = re.compile(r"(?:本项)?小计[:：]?")
INTEGER = re.compile(r"[(]?([0-9]{1,3})[).、]?")
POINTSLIKE = re.compile(r".*(?:[0-9]|加分|减分|扣分|最高|否决|必备|否优).*|[-—/\\]*")


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
    """The rows read so far.

    subtotals  index of the next entry and the points of a 小计 row
    lone       labels that stood alone where others stand beside their rows, or that nothing followed
    """

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    subtotals: list[tuple[int, Decimal]] = field(default_factory=list)
    lone: list[tuple[int, str]] = field(default_factory=list)
    total_label: str = ""
    total: str = ""
    _waiting: tuple[int, str, str] | None = None  # row, label and points of a label without rows yet
    _beside: list[tuple[int, str]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """An entry; it takes the label that waits for rows, unless it has its own."""
        if entry.label is None and self._waiting is not None:
            _row, label, points = self._waiting
            values = {Role.SECTION_POINTS: points, **entry.values} if points else entry.values
            entry = replace(entry, label=label, values=values)
            self._waiting = None
        elif entry.label is not None:
            self.drop_label()
        self.entries.append(entry)

    def wait(self, row: int, label: str, points: str, *, beside: bool) -> None:
        self.drop_label()
        self._waiting = (row, label, points)
        if beside:
            self._beside.append((row, label))

    def drop_label(self) -> None:
        """The label that waits has no rows."""
        if self._waiting is not None:
            row, label, _points = self._waiting
            self.skipped.append(label)
            self.lone.append((row, label))
            self._waiting = None

    def finish(self) -> Body:
        self.drop_label()
        rows = {row for row, _label in self._beside}
        if any(entry.label is not None and entry.row - 1 not in rows for entry in self.entries):
            self.lone = sorted({*self.lone, *self._beside})
        return self


def read_body(block: Block) -> Body:
    body = Body(skipped=list(block.skipped))
    grid, slots = block.grid, block.slots
    for row in block.rows:
        kind, text = _kind(grid, slots, row)
        if kind == "entry":
            body.add(_entry(block, row))
        elif kind == "label":
            body.wait(row, text, _points(grid, slots, row), beside=_narrow(grid, slots, row))
            if _narrow(grid, slots, row) and not any(slot.role == Role.POINTS for slot in slots):
                body.lone.append((row, text))  # with points inside the wording, a label and a wording look alike
        elif kind == "total":
            body.total_label, body.total = compact(text), _number(block, row)
        elif kind == "note":
            body.notes += lines(text)
        else:
            value = points_of(_number(block, row)) if kind == "subtotal" else None
            body.subtotals += [(len(body.entries), value)] if value else []
            body.skipped.append(grid.line(row))
    return body.finish()


def _kind(grid: Grid, slots: tuple[Slot, ...], row: int) -> tuple[str, str]:
    """What a row is, and the text that says so."""
    cells = [cell for cell in grid.across(row) if cell.row == row and cell.text.strip()]
    first = cells[0].text
    said, points = _wording(grid, slots, row), _points(grid, slots, row)
    pointed = bool(points) or in_wording(first)[1].value is not None
    total = next((cell.text for cell in cells[:2] if TOTAL.fullmatch(plain(cell.text))), None)
    alone = _alone(grid, slots, row)
    if total is not None:
        return "total", total
    if any(SUBTOTAL.fullmatch(plain(cell.text)) for cell in cells):
        return "subtotal", first
    if NOTE.match(plain(first)) and len(cells) == 1:
        return "note", first
    if not pointed and _is_aside("".join(cell.text for cell in cells), first, bare=not said):
        return "layout", first
    labels = _labels(grid, slots, row)
    off = len(cells) > 1 and _placed(slots, [_begun(grid, slot, row) for slot in slots]) is not None
    if (alone or (labels and not said)) and not off:
        return "label", labels[0] if labels else first
    return "entry", first


def _is_aside(line: str, first: str, *, bare: bool) -> bool:
    """Signature lines and page numbers among the rows."""
    return bool(SIGNATURE.search(first)) or (bare and is_layout(line))


def _labels(grid: Grid, slots: tuple[Slot, ...], row: int) -> list[str]:
    """What begins in the columns of labels and is no number."""
    columns = [slot for slot in slots if slot.role in {Role.PART, Role.SECTION, Role.NUMBER}]
    texts = [_begun(grid, slot, row) for slot in columns]
    return [text for text in texts if text and not INTEGER.fullmatch(plain(text))]


def _alone(grid: Grid, slots: tuple[Slot, ...], row: int) -> bool:
    """One cell across the table, or one label in a row whose other cells are blank."""
    cells = [cell for cell in grid.across(row) if cell.row == row and cell.text.strip()]
    wide = cells[0].columns * 2 > grid.table.column_count
    over = next((slot for slot in slots if slot.role == Role.TEXT), None)
    reaches = over is not None and cells[0].column < over.first <= cells[0].column + cells[0].columns - 1
    labels = [slot for slot in slots if slot.role in {Role.PART, Role.SECTION, Role.NUMBER}]
    before = any(slot.first <= cells[0].column <= slot.last for slot in labels)
    return len(cells) == 1 and (wide or reaches or before)


def _narrow(grid: Grid, slots: tuple[Slot, ...], row: int) -> bool:
    """Whether a lone cell is no wider than the column of labels, in a table that has one."""
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
        if _fits(roles, candidate) and _pointed(roles, candidate) and sum(map(bool, candidate)) == sum(map(bool, own)):
            return candidate
    return None


def _pointed(roles: list[Role], texts: list[str]) -> bool:
    """Whether a row has its points where they belong: only then it is known to stand right."""
    said = dict(zip(roles, texts, strict=True))
    return bool(said.get(Role.POINTS)) or in_wording(said[Role.TEXT])[1].value is not None


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
