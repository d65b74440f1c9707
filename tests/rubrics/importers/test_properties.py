"""No silently wrong total: documents are made up, then damaged as pages, copying and typing damage them. Whatever comes
out without a doubt has the points that the document prints."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from documents import Paper, as_docx, as_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.importers.docx import read_docx
from rubrics.importers.doubts import StaleDoubtError, apply, option_label, sentence
from rubrics.importers.grids import Cell, Table
from rubrics.importers.read import Found, NotARubric, read_tables
from rubrics.importers.text import plain
from rubrics.importers.xlsx import read_xlsx

NAMES = ("组织健全", "维权到位", "工作规范", "作用明显", "职工信赖", "宣传教育")
WORDS = (
    "依法建立工会组织并按期换届选举",
    "职工入会率达到90%以上",
    "建立健全困难职工档案并实行动态管理",
    "每年召开职工代表大会不少于1次",
    "签订集体合同和女职工专项集体合同",
    "开展劳动和技能竞赛",
    "工会经费独立核算，按规定收缴使用",
    "对照标准自评得分达80分",
    "上报信息10篇以上，按时完成统计年报",
    "推进厂务公开民主管理制度建设",
    "开展送温暖、金秋助学等帮扶活动",
    "建设职工书屋2个",
    "组织会员评议职工之家活动，落实整改",
    "建立劳动争议调解组织，依法化解矛盾",
    "设立工会劳动保护监督检查员",
)


@dataclass(frozen=True)
class Truth:
    """Sections as (name, points of the rows), and how they are printed."""

    sections: tuple[tuple[str, tuple[Decimal, ...]], ...]
    labels: bool
    total: bool
    inside: bool
    numbered: bool
    merged: bool
    again: int  # the heading is printed again before this row; 0: never

    @property
    def points(self) -> Decimal:
        return sum((sum(points) for _name, points in self.sections), Decimal(0))

    def table(self) -> Table:
        paper = Paper("基层工会考核标准")
        heading = [
            "项目",
            *(["序号"] if self.numbered else []),
            "考核内容",
            *([] if self.inside else ["分值"]),
            "自评",
            "考评",
        ]
        paper.row(*heading)
        count = 0
        for name, points in self.sections:
            for at, value in enumerate(points):
                count += 1
                if count == self.again and (at == 0 or not self.merged):
                    paper.row(*heading)
                label = f"{name}{sum(points)}分" if self.labels else name
                first = (label, len(points), 1) if self.merged else label
                text = f"{WORDS[count % len(WORDS)]}。{count}" + (f"（{value}分）" if self.inside else "")
                paper.row(
                    first if at == 0 else (None if self.merged else ""),
                    *([str(count)] if self.numbered else []),
                    text,
                    *([] if self.inside else [str(value)]),
                    "",
                    "",
                )
        if self.total:
            total = [str(self.points) if column == "分值" else "" for column in heading[1:]]
            paper.row("合计", *(total if not self.inside else [str(self.points), *total[1:]]))
        return paper.table("— 1 —")


values = st.sampled_from([Decimal(one) for one in ("1", "2", "3", "4", "5", "6", "8", "10", "15", "0.5", "2.5")])
truths = st.builds(
    Truth,
    sections=st.lists(
        st.tuples(st.sampled_from(NAMES), st.lists(values, min_size=1, max_size=5).map(tuple)),
        min_size=1,
        max_size=3,  # fifteen rows at most, as many as there are wordings
        unique_by=lambda one: one[0],
    )
    .filter(lambda one: sum(len(points) for _name, points in one) >= 2)
    .map(tuple),
    labels=st.booleans(),
    total=st.booleans(),
    inside=st.booleans(),
    numbered=st.booleans(),
    merged=st.booleans(),
    again=st.integers(0, 8),
)


@settings(max_examples=60, deadline=None)
@given(truths)
def test_an_undamaged_document_is_read_right_without_doubt(truth):
    (found,) = read_tables([truth.table()])
    assert [doubt for doubt in found.doubts if doubt.code.value not in {"rule", "ballot"}] == []
    read = [
        (section.name, tuple(item.points for item in section.items), section.points)
        for section in found.blueprint.sections
    ]
    assert read == [(name, points, sum(points) if truth.labels else None) for name, points in truth.sections]
    assert found.blueprint.declared_total == (truth.points if truth.total else None)


@settings(max_examples=15, deadline=None)
@given(truths, st.booleans())
def test_word_and_excel_say_the_same(truth, excel):
    table = truth.table()
    read = read_xlsx(as_xlsx([table])) if excel else read_docx(as_docx([table]))
    blueprint = read_tables(read)[0].blueprint
    assert without_places(blueprint) == without_places(read_tables([table])[0].blueprint)


def without_places(blueprint):
    return re.sub(r"source_ref='[0-9:.]*'", "", repr(blueprint))


# --- Damage ----------------------------------------------------------------------------------------------------------


def printed_rows(table: Table) -> list[int]:
    return sorted({cell.row for cell in table.cells if cell.row > 1})


@st.composite
def damaged(draw) -> tuple[Truth, Table]:
    """A document with one to three things wrong: a cell emptied or changed, a row lost, doubled, cut or shifted."""
    truth = draw(truths)
    table = truth.table()
    for _time in range(draw(st.integers(1, 3))):
        row = draw(st.sampled_from(printed_rows(table)))
        here = [cell for cell in table.cells if cell.row == row]
        if not here:
            continue
        cell = draw(st.sampled_from(here))
        table = draw(st.sampled_from([emptied, changed, lost, doubled, off, split, wrapped]))(table, row, cell)
    return truth, table


def emptied(table: Table, _row: int, cell: Cell) -> Table:
    return with_text(table, cell, "")


def changed(table: Table, _row: int, cell: Cell) -> Table:
    """Another number in a cell that has one."""
    return with_text(table, cell, re.sub(r"[0-9]+", lambda found: str(int(found.group()) + 1), cell.text, count=1))


def with_text(table: Table, cell: Cell, text: str) -> Table:
    return replace(table, cells=tuple(replace(one, text=text) if one == cell else one for one in table.cells))


def lost(table: Table, row: int, _cell: Cell) -> Table:
    """A row that is gone; what is below moves up, areas over it shrink."""
    if any(one.row == row and one.rows > 1 for one in table.cells) or table.row_count < 4:
        return table
    cells = []
    for one in table.cells:
        if one.row == row:
            continue
        over = one.row < row < one.row + one.rows
        cells.append(replace(one, row=one.row - (one.row > row), rows=one.rows - over))
    return replace(table, cells=tuple(cells), row_count=table.row_count - 1)


def doubled(table: Table, row: int, _cell: Cell) -> Table:
    """A row printed twice, without its label."""
    cells = []
    for one in table.cells:
        over = one.row <= row < one.row + one.rows and one.rows > 1
        cells.append(replace(one, row=one.row + (one.row > row), rows=one.rows + over))
        if one.row == row and one.rows == 1:
            cells.append(replace(one, row=row + 1))
    return replace(
        table, cells=tuple(sorted(cells, key=lambda one: (one.row, one.column))), row_count=table.row_count + 1
    )


def off(table: Table, row: int, _cell: Cell) -> Table:
    """A row one column to the left."""
    if any(one.row <= row < one.row + one.rows and one.rows > 1 for one in table.cells):
        return table
    cells = tuple(
        replace(one, column=one.column - 1) if one.row == row else one
        for one in table.cells
        if one.row != row or one.column > 1
    )
    return replace(table, cells=cells)


def split(table: Table, row: int, cell: Cell) -> Table:
    """A page break inside a row: the wording goes on in a row of its own."""
    if len(cell.text) < 8 or cell.rows > 1:
        return table
    twice = doubled(table, row, cell)
    cells = []
    for one in twice.cells:
        if one.row == row and one.column == cell.column:
            one = replace(one, text=cell.text[:6])  # noqa: PLW2901
        elif one.row == row + 1:
            one = replace(one, text=cell.text[6:] if one.column == cell.column else "")  # noqa: PLW2901
        cells.append(one)
    return replace(twice, cells=tuple(cells))


def wrapped(table: Table, _row: int, cell: Cell) -> Table:
    """Full-width digits and line breaks, which change nothing."""
    wide = cell.text.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    return with_text(table, cell, "\n".join((wide[:3], wide[3:])) if len(wide) > 6 else f" {wide}\n")


def stated(table: Table) -> set[Decimal]:
    """What the damaged document itself prints as its total: a total row, else its labels together."""
    for cell in table.cells:
        if plain(cell.text) == "合计":
            numbers = [plain(one.text) for one in table.cells if one.row == cell.row]
            found = {Decimal(text) for text in numbers if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text)}
            if found:
                return found
    return set()


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_without_a_doubt_the_total_is_the_printed_one(made):
    _truth, table = made
    try:
        found = read_tables([table])
    except NotARubric:
        return
    for one in found:
        if not [doubt for doubt in one.doubts if doubt.code.value not in {"rule", "ballot"}]:
            assert not stated(table) or one.blueprint.points in stated(table)
            assert one.blueprint.points == in_cells(table)
            for section in one.blueprint.sections:
                assert section.points in {None, sum(item.points or 0 for item in section.items)}


def in_cells(table: Table) -> Decimal:
    """The sum of what stands in the cells as points, read in the plainest way."""
    heading = {plain(cell.text): cell.column for cell in table.cells if cell.row == 1}
    total_rows = {cell.row for cell in table.cells if plain(cell.text) == "合计"}
    total = Decimal(0)
    for cell in table.cells:
        text = plain(cell.text)
        if cell.row == 1 or cell.row in total_rows:
            continue
        if cell.column == heading.get("分值") and re.fullmatch(r"[0-9.]+", text):
            total += Decimal(text)
        elif "分值" not in heading and (found := re.search(r"\(([0-9.]+)分\)$", text)):
            total += Decimal(found[1])
    return total


@settings(max_examples=60, deadline=None)
@given(damaged(), st.data())
def test_any_doubt_can_be_settled_and_said_in_any_order(made, data):
    try:
        found = read_tables([made[1]])
    except NotARubric:
        return
    for one in found:
        settle(one, data)


def settle(found: Found, data) -> None:
    blueprint = found.blueprint
    for doubt in data.draw(st.permutations(found.doubts)):
        option = data.draw(st.sampled_from(doubt.options))
        assert sentence(doubt.code, doubt.facts)
        assert option_label(option, doubt.facts)
        try:
            blueprint = apply(blueprint, doubt, option)
        except StaleDoubtError:  # its row was left out or joined by another doubt
            continue
        keys = [item.key for item in blueprint.items]
        assert len(set(keys)) == len(keys)
        assert all(section.items for section in blueprint.sections)


@settings(max_examples=60, deadline=None)
@given(damaged())
def test_no_wording_is_lost(made):
    """Every printed text is in the draft, among what was skipped, or in the facts of a doubt."""
    table = made[1]
    try:
        found = read_tables([table])
    except NotARubric:
        return
    kept = plain(repr(found)).replace("\\n", "")
    for cell in table.cells:
        for line in cell.text.splitlines():
            said = re.sub(r"\([0-9.]+分\)$", "", plain(line))  # points at the end of a wording are kept beside it
            assert said in kept, line
