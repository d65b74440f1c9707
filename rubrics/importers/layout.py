"""The parts of a printed table: lines above, heading, body, lines below. Columns are known by their headings' words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from rubrics.importers.grids import Cell, Table
from rubrics.importers.marks import TOTAL, is_annex
from rubrics.importers.text import common, compact, lines, narrow, plain


class Role(StrEnum):
    """What a column holds; where a `ColumnSource` means the same it has its value."""

    PART = "part"
    SECTION = "section"
    SECTION_POINTS = "section_points"
    NUMBER = "number"
    TEXT = "text"
    BASIS = "basis"
    POINTS = "points"
    OFFICE = "office"
    SUBJECT = "subject"
    SELF = "self"
    ASSESS = "assess"
    REVIEW = "review"
    OTHER = "other"


SCORES = (Role.SELF, Role.ASSESS, Role.REVIEW)
JUDGE = "考核|考评|测评|检查|评定|评审|评估|验收|上级|实际|最终|综合|审核|小组|考评组|评议|专家"
WORDS = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.NUMBER, r"序号?|子项|编号|项次|条目|NO\.?|条款号"),
        (Role.SELF, r"(?:单位|基层|自我|本级)?自(?:评|查|检|测|我评价|评价|评定|验)(?:得?分数?|情况|得分)?"),
        (Role.REVIEW, rf"(?:复[核评查审验]|终[评审]|综评|核定|审定|验收|确认|(?:{JUDGE})最终)(?:得?分数?|意见)?"),
        (Role.BASIS, r".*(?:评|计|扣|加|减|打|得|赋)分(?:细则|标准|办法|方法|依据|说明|规则|方式|要点|标准及办法).*"),
        (Role.BASIS, r".*(?:佐证|依据|备查|印证|证明|台账).*|.*(?:检查|验收|考核|考评|评价)(?:办法|方法|方式|依据)"),
        (
            Role.OFFICE,
            r".*(?:责任|考核|牵头|评分|考评|负责|打分|主管|主考)(?:部室|部门|科室|处室|单位|科|处)|部门|部室",
        ),
        (Role.SUBJECT, r".*(?:考核|适用|检查|考评|被考核)(?:对象|范围|单位类别)|对象"),
        (
            Role.POINTS,
            r".*(?:分值|标准(?:得)?分|满分|应得分?|赋分|基本分|基础分|配分|权重|单项分)(?:值)?(?:[(].*[)])?|分数|分",
        ),
        (Role.ASSESS, rf"(?:{JUDGE})*(?:得分?|实得分?|评分|打分|记分|计分|给分|分)(?:数|值)?|考核|考评|测评|评审|实得"),
        (Role.OTHER, r"备注|说明|扣分(?:原因|情况|说明)?|加分|减分|完成情况|工作情况.*|.*情况说明|签字|签名"),
        (
            Role.TEXT,
            r".*(?:内容|要求|标准|要点|细则|任务|条件|事项|措施|条款|具体项目|三级指标|四级指标|考核点|观测点)",
        ),
        (Role.SECTION, r".*(?:项目|类别|大项|分类|指标|方面|部分|模块|领域|项目名称|一级|二级)|内容项目|名称"),
    )
)
TWO_WAY = {"内容", "项目", "指标", "分值", "单位", "类别", "标准"}
GENERIC = {"内容", "考核内容", "考评内容", "检查内容"}  # of a label column where a finer column stands beside it


@dataclass(frozen=True, slots=True)
class Slot:
    """A column as people see it: its heading and the grid columns it covers."""

    role: Role
    heading: str
    first: int
    last: int


@dataclass(frozen=True)
class Grid:
    table: Table

    @cached_property
    def _area(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for cell in self.table.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }

    def at(self, row: int, column: int) -> Cell | None:
        return self._area.get((row, column))

    def across(self, row: int, first: int = 1, last: int = 0) -> list[Cell]:
        """The cells that cover a row, left to right."""
        found: dict[Cell, None] = {}
        for column in range(first, (last or self.table.column_count) + 1):
            cell = self.at(row, column)
            if cell is not None:
                found[cell] = None
        return list(found)

    def texts(self, row: int) -> list[str]:
        """What begins in a row, blanks left out."""
        return [cell.text for cell in self.across(row) if cell.row == row and cell.text.strip()]

    def line(self, row: int) -> str:
        return " | ".join(" ".join(text.split()) for text in self.texts(row))


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


def role_of(heading: str) -> Role | None:
    squeezed = plain(heading).upper()
    return next((role for role, pattern in WORDS if pattern.fullmatch(squeezed)), None)


def printed_heading(text: str) -> str:
    """In one line, but for a two-way heading, whose lines are words of their own."""
    parts = [compact(line) for line in lines(text)]
    return "\n".join(parts) if len(parts) == 2 and set(parts) <= TWO_WAY else "".join(parts)


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


# --- Columns ---------------------------------------------------------------------------------------------------------


def slots(grid: Grid, first: int, last: int, rows: tuple[int, ...]) -> tuple[Slot, ...]:
    """The columns of a table: from the words of the heading, and from what stands below where words leave it open."""
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
