"""An entry of a table -> the items of its row, with what is doubtful about each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from rubrics.blueprint import ItemPlan
from rubrics.importers import phrases, plans
from rubrics.importers.body import Entry
from rubrics.importers.conditions import electorate, threshold
from rubrics.importers.doubts.kinds import Code, Doubt, Option
from rubrics.importers.headings import Role
from rubrics.importers.layout import Block
from rubrics.importers.points import Kind, Points, in_cell, in_wording, label_kind, leading_number, parts
from rubrics.importers.text import compact, wording
from rubrics.scoring.numbers import format_points

GATES = {Kind.VETO: "veto", Kind.VETO_TOP: "veto_top", Kind.REQUIRED: "required"}
EXTRA = {Kind.BONUS, Kind.PENALTY}
BASE = {Kind.NUMBER, Kind.RANGE}


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed row as items. `points` and `label` are those of the group cell where the row is a group."""

    entry: Entry
    items: tuple[ItemPlan, ...]
    doubts: tuple[Doubt, ...]
    points: Decimal | None = None
    label: str = ""

    @property
    def base(self) -> Decimal:
        return sum((item.points for item in self.items if item.points), Decimal(0))


def printed(block: Block, entry: Entry, section: str, *, grouped: bool) -> Printed:
    """One row read. `section` is the label it stands under, `grouped` whether this table's cells hold parts."""
    cell = in_cell(entry.text(Role.POINTS))
    pieces = parts(entry.text(Role.TEXT)) if grouped else []
    kind = label_kind(section)
    if pieces and cell.kind in {Kind.NUMBER, Kind.BLANK} and kind == Kind.NUMBER:
        return _group(block, entry, cell, pieces)
    number, body = _numbered(entry)
    text, inside = in_wording(body)
    item, doubts = _item(block.ref(entry.row), entry, number, (body, text), (cell, inside, kind))
    return Printed(entry, (item,), tuple(doubts))


def _numbered(entry: Entry) -> tuple[str, str]:
    text = entry.text(Role.TEXT)
    number = wording(entry.text(Role.NUMBER))
    return (number, text) if number else leading_number(text)


def _group(block: Block, entry: Entry, cell: Points, pieces: list[tuple[str, str]]) -> Printed:
    items, doubts = [], []
    for part, (number, body) in enumerate(pieces, start=1):
        text, inside = in_wording(body)
        ref = block.ref(entry.row, part)
        item, found = _item(ref, entry, number, (body, text), (Points(), inside, Kind.NUMBER))
        items.append(item)
        doubts += found
    total = sum((item.points for item in items if item.points), Decimal(0))
    if cell.value is not None and total != cell.value and not any(one.code == Code.POINTS for one in doubts):
        facts = {"printed": format_points(cell.value), "sum": format_points(total)}
        options = (Option.TAKE_SUM, Option.BY_HAND)
        doubts.insert(0, Doubt(Code.GROUP_SUM, items[0].source_ref, facts, options))
    return Printed(entry, tuple(items), tuple(doubts), cell.value, cell.printed)


def _item(
    ref: str, entry: Entry, number: str, texts: tuple[str, str], said: tuple[Points, Points, Kind]
) -> tuple[ItemPlan, list[Doubt]]:
    """One item. `texts`: the wording with and without the points inside; `said`: points of the cell, of the wording,
    and the kind of the section."""
    cell, inside, section = said
    chosen = cell if cell.kind != Kind.BLANK else inside
    kind = chosen.kind if chosen.kind not in BASE or section == Kind.NUMBER else section
    if section in {*GATES, *EXTRA} and chosen.kind in {Kind.BLANK, Kind.ODD}:
        kind = section
    base = chosen.value if kind in BASE else None
    text = wording(texts[0] if chosen is cell else texts[1])
    item = ItemPlan(
        key="",
        text=text,
        points=base,
        number=number,
        printed_points=chosen.printed,
        basis=wording(entry.text(Role.BASIS)),
        threshold=threshold(text),
        rule="judged" if base else "none",
        source_ref=ref,
    )
    doubts = [*_points_doubts(item, cell, inside, kind)]
    if kind in EXTRA:
        doubts += _extra(item, chosen, kind, certain=cell.kind in EXTRA or chosen.value is None)
    elif kind in GATES:
        facts = {"gate": GATES[kind], "words": chosen.printed or wording(entry.text(Role.TEXT))[:40]}
        doubts.append(Doubt(Code.GATE_ROW, ref, facts, (Option.MAKE_GATE, Option.BY_HAND)))
    else:
        doubts += _rules(item)
    return item, doubts


def _points_doubts(item: ItemPlan, cell: Points, inside: Points, kind: Kind) -> Iterator[Doubt]:
    """Points that are missing, or that the row says twice."""
    read = item.points
    other = None
    if cell.kind == Kind.NUMBER and inside.value is not None and inside.value != cell.value:
        other = inside.value
    elif cell.kind == Kind.RANGE:
        other = cell.other
    elif cell.kind == Kind.BLANK and inside.other is not None:
        other = inside.other
    facts = {"text": item.text[-60:]}
    if not item.text:
        yield Doubt(
            Code.NO_WORDING, item.source_ref, {"points": item.printed_points}, (Option.DROP_ROW, Option.BY_HAND)
        )
    if other is not None and kind not in {*EXTRA, *GATES}:
        facts |= {"read": format_points(read), "other": format_points(other)}
        first = Option.ACCEPT if read is not None else Option.BY_HAND
        yield Doubt(Code.POINTS, item.source_ref, facts, (first, Option.READ_OTHER))
    elif read is None and kind not in {*EXTRA, *GATES}:
        facts |= {"printed": item.printed_points}
        yield Doubt(Code.NO_POINTS, item.source_ref, facts, (Option.JOIN_ABOVE, Option.DROP_ROW, Option.BY_HAND))


def _extra(item: ItemPlan, said: Points, kind: Kind, *, certain: bool) -> Iterator[Doubt]:
    """A row that adds or takes: the rule it speaks of, else points that a person gives."""
    penalty = kind == Kind.PENALTY
    found = phrases.proposals(item, bonus=True, penalty=penalty)
    limit = said.value
    if found:
        one = found[0]
        name = "floor" if penalty else "bonus_cap"
        if limit is not None and one.changes.get(name) is None:
            one = replace(one, changes={**one.changes, name: -limit if penalty else limit})
    else:
        one = phrases.judged_penalty(limit) if penalty else phrases.judged_bonus(limit)
    facts = _rule_facts(one) | {"points": item.printed_points, "kind": kind.value}
    options = (Option.USE_RULE, Option.BY_HAND) if certain else (Option.USE_RULE, Option.MAKE_BASE, Option.BY_HAND)
    code = Code.RULE if found and certain else Code.BONUS_ROW
    yield Doubt(code, item.source_ref, facts | ({"base": format_points(limit)} if limit else {}), options)


def _rules(item: ItemPlan) -> Iterator[Doubt]:
    if item.points is None:
        return
    for one in phrases.proposals(item, bonus=False):
        yield Doubt(Code.RULE, item.source_ref, _rule_facts(one), (Option.USE_RULE, Option.KEEP_JUDGED))
    who, phrase = electorate(f"{item.text}。{item.basis}")
    if who:
        facts = {"electorate": who, "phrase": phrase}
        yield Doubt(Code.BALLOT, item.source_ref, facts, (Option.USE_BALLOT, Option.NO_BALLOT))


def _rule_facts(one: phrases.Proposal) -> dict[str, str]:
    measures = "；".join(map(plans.spoken, one.measures))
    return {"phrase": one.phrase, "rule": one.rule, "measures": measures, "plan": plans.to_plan(one)}


def shared(rows: list[Printed], points: Points) -> Printed:
    """Rows that share one cell of points and have none of their own: one item, or evenly split if a person says so."""
    first = rows[0]
    every = [item for row in rows for item in row.items]
    item = replace(
        every[0],
        text="\n".join(f"{one.number}{one.text}" for one in every),
        number="",
        points=points.value,
        printed_points=points.printed,
        basis="\n".join(dict.fromkeys(one.basis for one in every if one.basis)),
        rule="judged",
    )
    stored = [[one.number, one.text, one.basis, one.threshold, one.source_ref] for one in every]
    value = points.value or Decimal(0)
    facts = {"points": format_points(value), "rows": str(len(every)), "texts": json.dumps(stored, ensure_ascii=False)}
    even = (value / len(every)).quantize(Decimal("0.01"))
    options = (
        (Option.ONE_ITEM, Option.SPLIT_EVENLY) if even * len(every) == value else (Option.ONE_ITEM, Option.BY_HAND)
    )
    return replace(first, items=(item,), doubts=(Doubt(Code.SHARED_POINTS, item.source_ref, facts, options),))


def holds_parts(block: Block, entries: list[Entry]) -> bool:
    """Whether this table's cells of wording hold numbered parts with points of their own (Jiangsu)."""
    with_points = 0
    for entry in entries:
        pieces = parts(entry.text(Role.TEXT))
        pointed = [in_wording(body)[1].kind == Kind.NUMBER for _number, body in pieces]
        with_points += len(pieces) > 1 and sum(pointed) * 2 > len(pointed)
    single = any(re.search(r"单项分", compact(slot.heading)) for slot in block.slots if slot.role == Role.POINTS)
    return with_points * 2 >= len(entries) > 0 or (single and with_points > 0)
