"""What a rule makes of a few answers, in words: "缺席3次 → 3.5分". Worked out by the kernel, nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rubrics import faults
from rubrics.blueprint import ITEM_FACTS, MEASURE_FACTS, ItemPlan, MeasurePlan
from rubrics.convert import to_kernel_item
from rubrics.models import Cap, Item, Measure, Office, Tier
from rubrics.scoring.items import Entry, ItemScore, Status
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import Gate, NOfM, RubricError
from rubrics.scoring.rubric import Item as KernelItem
from rubrics.scoring.rubric import Measure as KernelMeasure
from rubrics.scoring.samples import worked

MOST = 12
"""Lines beyond this many show nothing new."""


@dataclass(frozen=True, slots=True)
class Example:
    """Answers and what they come to, one a line; or why there is none, as the kernel says it."""

    lines: tuple[str, ...] = ()
    fault: str = ""


def example_of(plan: ItemPlan, step: Decimal) -> Example:
    """Telling answers on a row; nothing for one that a person judges without more."""
    try:
        item = to_kernel_item(_row(plan), step)
    except RubricError as error:
        return Example(fault=_("The rule contradicts itself: %(reason)s") % {"reason": faults.in_words(error)})
    lines = [
        _line(item, entry, score) for entry, score in worked(item) if entry.counts and score.status != Status.PARTIAL
    ]
    return Example(tuple(lines[:MOST]))


def _line(item: KernelItem, entry: Entry, score: ItemScore) -> str:
    return _("%(answer)s → %(result)s") % {"answer": _answer(item, entry), "result": _result(item, score)}


def _answer(item: KernelItem, entry: Entry) -> str:
    if item.gate:
        return _("Yes") if any(entry.counts.values()) else _("No")
    given = [(measure, entry.counts[measure.key]) for measure in item.measures if measure.key in entry.counts]
    if isinstance(item.base, NOfM) and all(measure in item.base.measures for measure, _count in given):
        return _("%(met)d of %(all)d conditions") % {"met": sum(bool(count) for _m, count in given), "all": len(given)}
    return _(", ").join(_counted(item, measure, count) for measure, count in given)


def _counted(item: KernelItem, measure: KernelMeasure, count: Decimal) -> str:
    """An answer of yes is its label; a number stands with its unit; points are points."""
    if item.accepts(measure.key).maximum == 1 and item.accepts(measure.key).step == 1:
        return measure.label
    unit = measure.unit or (pgettext("unit", "points") if item.accepts(measure.key).maximum is not None else "")
    return f"{measure.label} {format_points(count)}{unit}"


def _result(item: KernelItem, score: ItemScore) -> str:
    if item.gate:
        return _gate_words(item.gate) if score.tripped else _("nothing follows")
    return _("%(points)s points") % {"points": format_points(score.points)}


def _gate_words(gate: Gate) -> str:
    return {
        Gate.REQUIRED: _("not qualified"),
        Gate.VETO: _("no band and not qualified"),
        Gate.VETO_TOP: _("not the best band"),
    }[gate]


# --- A plan as rows that nobody stores -------------------------------------------------------------------------------


def _row(plan: ItemPlan) -> Item:
    row = Item(pk=0, cap=Cap(name=plan.cap) if plan.cap else None, **{name: getattr(plan, name) for name in ITEM_FACTS})
    _fetched(row, audiences=(), measures=[_measure(number, one) for number, one in enumerate(plan.measures)])
    return row


def _measure(number: int, plan: MeasurePlan) -> Measure:
    facts = {name: getattr(plan, name) for name in MEASURE_FACTS}
    measure = Measure(pk=number, office=Office(name=plan.office) if plan.office else None, **facts)
    _fetched(measure, tiers=[Tier(bound=tier.bound, points=tier.points) for tier in plan.tiers])
    return measure


def _fetched(row: Item | Measure, **related: Iterable[object]) -> None:
    """Give a row its related rows as though they had been fetched."""
    row._prefetched_objects_cache = related  # type: ignore[union-attr]
