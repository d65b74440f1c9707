"""The total once more, in fractions and straight from the documents' words; and sheets made better or turned round."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor as floored
from typing import Any

from rubrics.scoring.items import BLANK, Entry
from rubrics.scoring.rubric import (
    DeductPerUnit,
    Gate,
    Group,
    HighestLevel,
    Item,
    Judged,
    Levels,
    Measure,
    NOfM,
    NotApplicablePolicy,
    Rate,
    Rubric,
    Section,
    SumOfParts,
    TakePerUnit,
    Tiers,
    TotalPolicy,
)

D = Decimal


def naive(rubric: Rubric, entries: Mapping[str, Entry], kind: str) -> Fraction:
    """The total once more, in fractions and from the rules as the documents state them."""
    base, extra, in_scope, claimed, printed = (Fraction(0) for _ in range(5))
    together: dict[str, Fraction] = defaultdict(Fraction)
    for section in rubric.sections:
        for item in section.items:
            row, entry = Fraction(item.points or 0), entries.get(item.key, BLANK)
            printed += row
            if item.applies_to and kind not in item.applies_to:
                continue
            in_scope += row
            claimed += row if entry.not_applicable else 0
            left, beyond = _naive_base(item, entry), _naive_bonus(item, entry)
            base += max(Fraction(0), left)
            beyond += min(Fraction(0), left)
            extra += 0 if item.cap else beyond
            together[item.cap] += beyond
    if rubric.not_applicable is NotApplicablePolicy.FULL:
        base += claimed
    divided = False
    if rubric.not_applicable is NotApplicablePolicy.EXCLUDE and claimed and in_scope > claimed:
        base, divided = base * in_scope / (in_scope - claimed), True
    if rubric.total_policy is TotalPolicy.SCALED and rubric.declared:
        base, divided = base * Fraction(rubric.declared) / printed, True
    extra += sum(sorted((Fraction(c.least or 0), together[c.name], Fraction(c.most or 0)))[1] for c in rubric.caps)
    return max(Fraction(rubric.floor), (_cut(base) if divided else base) + extra)


def _cut(value: Fraction) -> Fraction:
    return Fraction(int(value * 10_000), 10_000)


def _naive_base(item: Item, entry: Entry) -> Fraction:
    if item.base is None or isinstance(item.base, Judged):
        return Fraction(entry.points or 0)
    given = {m: Fraction(entry.counts[m.key]) for m in item.base.measures if m.key in entry.counts}
    if isinstance(item.base, SumOfParts):
        return sum(given.values(), Fraction(0))
    if isinstance(item.base, Levels):
        return sum((Fraction(m.amount) * count for m, count in given.items()), Fraction(0))
    return _naive_counted(item, given) if len(given) == len(item.base.measures) else Fraction(0)


def _naive_counted(item: Item, given: Mapping[Measure, Fraction]) -> Fraction:
    """What rules are worth that wait for all of their counts."""
    whole, step = Fraction(item.points or 0), Fraction(item.step)
    (first, number), *_others = given.items()
    weighed = sum((Fraction(m.amount) * count for m, count in given.items()), Fraction(0))
    match item.base:
        case DeductPerUnit(floor=floor):
            return max(Fraction(floor), whole - weighed)
        case Tiers(falling=falling):
            held = [t.points for t in first.tiers if (number <= t.bound if falling else number >= t.bound)]
            return Fraction(max(held, default=0))
        case Rate():
            steps = floored(whole * number / Fraction(first.per) / step + Fraction(1, 2))
            return min(whole, step * steps) if number < first.per else whole
        case NOfM(needed=needed):
            return whole if sum(given.values()) >= needed else Fraction(0)
    return _cut(weighed / sum(Fraction(m.amount) for m in given))


def _naive_bonus(item: Item, entry: Entry) -> Fraction:
    counts = {key: Fraction(count) for key, count in entry.counts.items()}
    gains = []
    for m in item.bonus.measures if item.bonus else ():
        steps = (counts.get(m.key, Fraction(0)) - Fraction(m.above)) // Fraction(m.per)
        gains.append((Fraction(m.amount), max(0, steps)))
    earned = sum((amount * times for amount, times in gains), Fraction(0))
    match item.bonus:
        case TakePerUnit(floor=floor):
            return -earned if floor is None else max(Fraction(floor), -earned)
        case HighestLevel():
            earned = max((amount for amount, times in gains if times), default=Fraction(0))
    return min(earned, Fraction(item.bonus.cap)) if item.bonus and item.bonus.cap else earned


def turned(section: Section) -> Section:
    """The section with everything in it the other way round."""
    groups = tuple(
        Group(g.key, tuple(map(_item_turned, reversed(g.items))), g.points) for g in reversed(section.groups)
    )
    return replace(section, groups=groups)


def _item_turned(item: Item) -> Item:
    rules = {"base": item.base, "bonus": item.bonus}
    return replace(item, **{name: _rule_turned(rule) for name, rule in rules.items() if rule and rule.measures})


def _rule_turned(rule: Any) -> Any:
    return replace(rule, measures=tuple(replace(m, tiers=m.tiers[::-1]) for m in reversed(rule.measures)))


def raised(item: Item, entry: Entry) -> Entry:
    """The same entry with everything one step better; a claim stays as it is."""
    if entry == BLANK and isinstance(item.base, Judged):
        return Entry(item.step)
    points = entry.points
    if points is not None and item.points is not None and points < item.points:
        points += item.step
    if isinstance(item.base, Levels):
        return replace(entry, points=points, counts=_next_level(item, entry.counts))
    return replace(entry, points=points, counts={key: _better(item, key, count) for key, count in entry.counts.items()})


def _next_level(item: Item, counts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    ladder = sorted(item.measures, key=lambda m: m.amount)
    held = [place for place, m in enumerate(ladder) if counts.get(m.key)]
    return {ladder[min(place + 1, len(ladder) - 1)].key: D(1) for place in held}


def _better(item: Item, key: str, count: Decimal) -> Decimal:
    """One step more, or one less of what is a loss."""
    maximum, step = item.accepts(key)
    losses = isinstance(item.base, DeductPerUnit) or (isinstance(item.base, Tiers) and item.base.falling)
    base = {m.key for m in item.base.measures} if item.base else set()
    if (losses and key in base) or isinstance(item.bonus, TakePerUnit) or item.gate in (Gate.VETO, Gate.VETO_TOP):
        return max(D(0), count - step)
    return count + step if maximum is None else min(count + step, maximum)
