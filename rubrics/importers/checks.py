"""What is asked of a whole draft: numbers in sequence, wording that repeats, totals that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rubrics.blueprint import Blueprint, ItemPlan
from rubrics.importers.body import Body
from rubrics.importers.doubts.kinds import Code, Doubt, Option
from rubrics.importers.text import plain
from rubrics.scoring.numbers import format_points

ALIKE, SHORTEST = 0.8, 8
STEPS = tuple(Decimal(step) for step in ("0.5", "0.25", "0.1", "0.05", "0.01"))


def number_doubts(blueprint: Blueprint) -> Iterator[Doubt]:
    """Printed numbers that do not follow one another. They may begin at 1 again with each section or group."""
    before = 0
    for section in blueprint.sections:
        for group in section.groups:
            for place, item in enumerate(group.items):
                number = number_of(item)
                if number is None:
                    continue
                fresh = number == 1 and (place == 0 or before == 0)
                if number != before + 1 and not fresh:
                    facts = {"number": item.number, "expected": str(before + 1)}
                    yield Doubt(Code.NUMBER, item.source_ref, facts, (Option.AS_PRINTED, Option.RENUMBER))
                before = number


def number_of(item: ItemPlan) -> int | None:
    found = re.fullmatch(r"[(]?([0-9]{1,3})[).、.]?", plain(item.number))
    return int(found[1]) if found else None


def duplicate_doubts(items: Sequence[ItemPlan]) -> Iterator[Doubt]:
    """Rows whose wording (nearly) repeats an earlier row's; compared by pairs of signs, so 500 rows take no time."""
    pairs = [_pairs(item.text) for item in items]
    for at, mine in enumerate(pairs):
        if len(mine) < SHORTEST:
            continue
        for earlier in range(at):
            theirs = pairs[earlier]
            if ALIKE * len(mine) > len(theirs) or ALIKE * len(theirs) > len(mine):
                continue
            if len(mine & theirs) >= ALIKE * len(mine | theirs):
                facts = {"other": items[earlier].source_ref, "text": items[earlier].text[:60]}
                yield Doubt(Code.DUPLICATE, items[at].source_ref, facts, (Option.KEEP_BOTH, Option.DROP_ROW))
                break


def _pairs(text: str) -> frozenset[str]:
    squeezed = plain(text)
    return frozenset(squeezed[at : at + 2] for at in range(len(squeezed) - 1))


@dataclass(frozen=True, slots=True)
class Totals:
    """What the document says its points come to; `extra` is what its bonus rows may add."""

    declared: Decimal | None
    doubts: tuple[Doubt, ...] = ()


def totals(points: Decimal, body: Body, declared: Decimal | None, extra: Decimal) -> Totals:
    """The declared total, and a doubt where the rows come to another: 105 = 100 + 5 holds, 102 of 100 does not."""
    printed = Decimal(body.total) if body.total else None
    if declared is None and printed is not None:
        declared = points if printed in {points, points + extra} else printed
    doubts = []
    for stated in dict.fromkeys((declared, printed)):
        if stated is not None and stated != points and not (stated == printed and stated == points + extra):
            facts = {"printed": format_points(stated), "sum": format_points(points)}
            doubts.append(Doubt(Code.TOTAL_SUM, "", facts, (Option.AS_PRINTED, Option.SCALE_TOTAL, Option.TAKE_SUM)))
    return Totals(declared, tuple(doubts))


def step_of(items: Sequence[ItemPlan]) -> Decimal:
    """The coarsest usual step that every item's points are a multiple of."""
    points = [item.points for item in items if item.points]
    return next((step for step in STEPS if all(value % step == 0 for value in points)), STEPS[-1])
