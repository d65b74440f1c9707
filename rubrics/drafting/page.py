"""What the editor shows of a draft: its rows with their doubts, and the table they were read from. Decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from rubrics import wording
from rubrics.importers import doubts as importers
from rubrics.importers import grids
from rubrics.rows import rows

if TYPE_CHECKING:
    from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan
    from rubrics.models import Doubt, Rubric, Source


@dataclass(frozen=True, slots=True)
class DoubtNote:
    """A doubt in words; `options` are codes with what their buttons say, the proposed one first."""

    pk: int
    sentence: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `original` names the row of the original table, as the page's anchor; blank: it was not imported."""

    item: ItemPlan
    rules: tuple[str, ...]
    doubts: tuple[DoubtNote, ...]
    original: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRows:
    plan: GroupPlan
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SectionRows:
    """`number` counts from 0; `differs` where the rows add up to something else than the label prints."""

    number: int
    plan: SectionPlan
    groups: tuple[GroupRows, ...]
    points: Decimal

    @property
    def differs(self) -> bool:
        return self.plan.points is not None and self.plan.points != self.points


@dataclass(frozen=True, slots=True)
class DraftPage:
    sections: tuple[SectionRows, ...]
    doubts: tuple[DoubtNote, ...]
    open_doubts: int


def draft_page(rubric: Rubric, blueprint: Blueprint) -> DraftPage:
    """The draft's rows in document order, each with what is doubtful about it."""
    notes: dict[int | None, list[DoubtNote]] = defaultdict(list)
    for doubt in rubric.doubts.filter(chosen=""):
        notes[doubt.item_id].append(note(doubt))
    shown = {row.key: (wording.rules(row), tuple(notes.get(row.pk, ()))) for row in rows(rubric)}
    labels = {one.kind: one.label for one in blueprint.audiences}

    def line(item: ItemPlan) -> Row:
        rules, doubts = shown[item.key]
        return Row(
            item,
            rules,
            doubts,
            anchor_of(item.source_ref),
            tuple(labels[kind] for kind in labels if kind in item.kinds),
        )

    sections = tuple(
        SectionRows(
            number,
            section,
            tuple(GroupRows(group, tuple(map(line, group.items))) for group in section.groups),
            sum((item.points for item in section.items if item.points), Decimal(0)),
        )
        for number, section in enumerate(blueprint.sections)
    )
    return DraftPage(sections, tuple(notes[None]), sum(map(len, notes.values())))


def note(doubt: Doubt) -> DoubtNote:
    options = tuple((option, importers.option_label(option, doubt.facts)) for option in doubt.options)
    return DoubtNote(doubt.pk, importers.sentence(doubt.code, doubt.facts), options)


# --- The original ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OriginalRow:
    anchor: str
    cells: tuple[grids.Cell, ...]


@dataclass(frozen=True, slots=True)
class OriginalTable:
    title_lines: tuple[str, ...]
    rows: tuple[OriginalRow, ...]
    notes: tuple[str, ...]


def original_of(source: Source, blueprint: Blueprint) -> list[OriginalTable]:
    """The tables that the draft's rows were read from; all of the file where none of its rows says so."""
    tables = grids.from_json(source.tables)
    read = {grids.place(item.source_ref)[0] for item in blueprint.items if item.source_ref}
    return [_original(number, table) for number, table in enumerate(tables, start=1) if not read or number in read]


def _original(number: int, table: grids.Table) -> OriginalTable:
    cells: Mapping[int, list[grids.Cell]] = defaultdict(list)
    for cell in table.cells:
        cells[cell.row].append(cell)
    lines = tuple(
        OriginalRow(f"o{number}-{row}", tuple(_in_order(cells[row]))) for row in range(1, table.row_count + 1)
    )
    return OriginalTable(table.title_lines, lines, table.notes)


def _in_order(cells: Iterable[grids.Cell]) -> list[grids.Cell]:
    return sorted(cells, key=lambda cell: cell.column)


def anchor_of(source_ref: str) -> str:
    """'2:15.3' -> 'o2-15': where the row of the original stands on the page."""
    return "o{}-{}".format(*grids.place(source_ref)) if source_ref else ""
