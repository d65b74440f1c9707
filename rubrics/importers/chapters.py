"""Rows -> sections: labels filled down, repeated ones merged, and labels that a page break displaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate, groupby

from rubrics.blueprint import GroupPlan, ItemPlan, SectionPlan
from rubrics.importers.body import Body, Entry
from rubrics.importers.doubts.kinds import Code, Doubt, Option
from rubrics.importers.headings import Role
from rubrics.importers.items import EXTRA, GATES, Printed, printed, shared
from rubrics.importers.layout import Block
from rubrics.importers.points import Kind, in_cell, label_kind
from rubrics.importers.text import compact, label_points, points_of
from rubrics.scoring.numbers import format_points

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section as printed. `points` are None in a section that only adds, takes or decides; `limit` is its number."""

    label: str
    name: str
    part: str
    points: Decimal | None
    limit: Decimal | None
    kind: Kind
    rows: tuple[Printed, ...]

    @property
    def base(self) -> Decimal:
        return sum((row.base for row in self.rows), ZERO)

    @property
    def ref(self) -> str:
        return self.rows[0].items[0].source_ref


@dataclass(slots=True)
class _Open:
    label: str
    part: str
    entries: list[Entry]


def read_chapters(block: Block, body: Body, *, grouped: bool) -> tuple[list[Chapter], list[Doubt]]:
    """The sections of a table, in order, and the doubts about where they begin."""
    opened, doubts = _filled_down(block, body)
    chapters = []
    for one in opened:
        name, number = label_points(one.label)
        kind = label_kind(one.label)
        rows = tuple(_rows(block, one.entries, one.label, grouped=grouped))
        number = number or _beside(one.entries) or _subtotal(body, one.entries)
        extra = kind in {*EXTRA, *GATES} or not any(row.base for row in rows)
        points, limit = (None, number) if extra else (number, None)
        chapters.append(Chapter(one.label, name, one.part, points, limit, kind, rows))
    return chapters, [*doubts, *_label_doubts(chapters)]


def _filled_down(block: Block, body: Body) -> tuple[list[_Open], list[Doubt]]:
    opened: list[_Open] = []
    part = ""
    leading: list[Entry] = []
    for entry in body.entries:
        part = part if entry.part is None else compact(entry.part)
        label = compact(entry.label or "")
        if label and opened and _same(opened[-1].label, label):
            body.skipped.append(label)
        elif label:
            opened.append(_Open(label, part, []))
        elif not opened:
            leading.append(entry)
            continue
        opened[-1].entries.append(entry)
    if not leading:
        return opened, []
    if not opened:
        heading = next((slot.heading for slot in block.slots if slot.role == Role.TEXT and slot.heading), "")
        return [_Open(heading or "考核内容", part, leading)], []
    opened[0].entries[:0] = leading
    facts = {"labels": opened[0].label, "rows": block.ref(leading[0].row), "plan": ""}
    return opened, [Doubt(Code.LABEL_DISPLACED, block.ref(leading[0].row), facts, (Option.AS_PRINTED, Option.BY_HAND))]


def _same(one: str, other: str) -> bool:
    """The same label once more, after a page break perhaps without its points."""
    (name, points), (again, number) = label_points(one), label_points(other)
    return name == again and (points == number or None in {points, number})


def _rows(block: Block, entries: Sequence[Entry], label: str, *, grouped: bool) -> Iterator[Printed]:
    """Rows one by one; those under one cell of points together."""
    at = 0
    while at < len(entries):
        area = entries[at].points_area
        run = [one for one in entries[at:] if one.points_area == area]
        cell = in_cell(entries[at].text(Role.POINTS))
        at += len(run)
        if len(run) == 1 or cell.kind != Kind.NUMBER:
            yield from (printed(block, entry, label, grouped=grouped) for entry in run)
            continue
        bare = [_without_points(entry) for entry in run]
        rows = [printed(block, entry, label, grouped=grouped) for entry in bare]
        if all(item.points for row in rows for item in row.items):
            items = tuple(item for row in rows for item in row.items)
            doubts = tuple(doubt for row in rows for doubt in row.doubts)
            total = sum((row.base for row in rows), ZERO)
            if total != cell.value:
                facts = {"printed": format_points(cell.value), "sum": format_points(total)}
                options = (Option.TAKE_SUM, Option.BY_HAND)
                doubts = (Doubt(Code.GROUP_SUM, items[0].source_ref, facts, options), *doubts)
            yield Printed(run[0], items, doubts, cell.value, cell.printed)
        else:
            yield shared(rows, cell)


def _without_points(entry: Entry) -> Entry:
    return replace(entry, values={role: text for role, text in entry.values.items() if role != Role.POINTS})


def _beside(entries: Sequence[Entry]) -> Decimal | None:
    """The section's points in a column of their own."""
    return next((points_of(entry.text(Role.SECTION_POINTS)) for entry in entries), None)


def _subtotal(body: Body, entries: Sequence[Entry]) -> Decimal | None:
    last = body.entries.index(entries[-1]) + 1
    return next((value for at, value in body.subtotals if at == last), None)


# --- Labels against sums ---------------------------------------------------------------------------------------------


def _label_doubts(chapters: Sequence[Chapter]) -> Iterator[Doubt]:
    """Labels that print another number than their rows add up to; with the boundaries that fit them all, if there are
    such. (domain.md I11)"""
    yield from _part_doubts(chapters)
    wrong = [one for one in chapters if one.points is not None and one.points != one.base]
    if not wrong:
        return
    plan = _boundaries(chapters)
    if plan is not None:
        facts = {
            "labels": "、".join(f"{one.name}{format_points(one.points)}分" for one in wrong),
            "sums": "、".join(f"{format_points(one.base)}分" for one in wrong),
            "plan": json.dumps(plan, ensure_ascii=False),
        }
        yield Doubt(Code.LABEL_DISPLACED, wrong[0].ref, facts, (Option.MOVE_LABELS, Option.AS_PRINTED, Option.BY_HAND))
        return
    for one in wrong:
        facts = {"label": one.label, "printed": format_points(one.points), "sum": format_points(one.base)}
        yield Doubt(Code.LABEL_SUM, one.ref, facts, (Option.TAKE_SUM, Option.AS_PRINTED, Option.BY_HAND))


def _part_doubts(chapters: Sequence[Chapter]) -> Iterator[Doubt]:
    """A printed cell over several sections whose number is not what they add up to."""
    for label, span in groupby(chapters, key=lambda one: one.part):
        sections = list(span)
        printed_points, total = label_points(label)[1], sum((one.base for one in sections), ZERO)
        if printed_points is not None and total and printed_points != total:
            facts = {"label": label, "printed": format_points(printed_points), "sum": format_points(total)}
            yield Doubt(Code.LABEL_SUM, sections[0].ref, facts, (Option.AS_PRINTED, Option.BY_HAND))


def _boundaries(chapters: Sequence[Chapter]) -> list[list[str]] | None:
    """Where each section would begin if its label held: [label, first row] each. The sums of a prefix of the rows rise,
    so there is at most one such cut; None where there is none."""
    numbered = [one for one in chapters if one.points is not None]
    first, last = chapters.index(numbered[0]), chapters.index(numbered[-1])
    span = chapters[first : last + 1]
    if any(one.points is None for one in span):
        return None
    rows = [row for one in span for row in one.rows]
    reached = list(accumulate((row.base for row in rows), initial=ZERO))
    starts = list(accumulate((one.points or ZERO for one in span), initial=ZERO))
    if starts[-1] != reached[-1] or not set(starts) <= set(reached):
        return None
    places = [len(reached) - 1 - reached[::-1].index(start) for start in starts[:-1]]  # rows without points stay above
    places[0] = 0
    return [[one.label, rows[at].items[0].source_ref] for one, at in zip(span, places, strict=True)]


# --- As plans --------------------------------------------------------------------------------------------------------


def section_plan(chapter: Chapter, finish: dict[str, ItemPlan]) -> SectionPlan:
    """The section as a plan; `finish` has each item as it is at last, by its reference."""
    groups: list[GroupPlan] = []
    for row in chapter.rows:
        items = tuple(finish[item.source_ref] for item in row.items)
        if row.points is None and groups and groups[-1].points is None:
            groups[-1] = GroupPlan((*groups[-1].items, *items))
        else:
            groups.append(GroupPlan(items, row.points, row.label if row.points is not None else ""))
    return SectionPlan(chapter.name, chapter.label, tuple(groups), chapter.points, chapter.part)
