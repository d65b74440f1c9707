"""A few answers that show what a row does: nothing, the whole, either side of a bound, beyond a cap or floor.

Whoever sets a rule sees at once what it makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from rubrics.scoring.items import Entry, ItemScore, score_item
from rubrics.scoring.numbers import LARGEST
from rubrics.scoring.rubric import (
    ANSWER,
    ZERO,
    AddPerUnit,
    BaseRule,
    BonusRule,
    DeductPerUnit,
    HighestLevel,
    Item,
    Judged,
    Levels,
    Measure,
    NOfM,
    Rate,
    SeveralScorers,
    SumOfParts,
    TakePerUnit,
    Tiers,
)

ONE, HALF = Decimal(1), Decimal("0.5")
Example = tuple[Entry, ItemScore]


def worked(item: Item) -> tuple[Example, ...]:
    """Telling answers on a row and what they are worth, from nothing to more than it gives. No two are alike.

    Of a row with two rules each answer shows one of them.
    """
    kind = min(item.applies_to, default="")
    entries: list[Entry] = []
    for entry in _entries(item):
        if entry not in entries and all(count <= LARGEST for count in entry.counts.values()):
            entries.append(entry)
    return tuple((entry, score_item(item, entry, kind)) for entry in entries)


def _entries(item: Item) -> Iterator[Entry]:
    if item.gate:
        yield from (_counted([(ANSWER, answer)]) for answer in (ONE, ZERO))
    if item.base is not None:
        yield from _of_base(item.base, item)
    if item.bonus is not None:
        yield from _of_bonus(item.bonus)


def _of_base(rule: BaseRule, item: Item) -> Iterator[Entry]:
    measures = rule.measures
    whole = _on_step(item.points or ZERO, item.step)
    match rule:
        case Judged():
            for given in (ZERO, _on_step(whole * HALF, item.step), whole):
                yield Entry(given)
        case DeductPerUnit():
            yield from _deductions(rule, item.points or ZERO)
        case SumOfParts():
            yield from _from_none_to_all((m, _on_step(m.amount, m.step)) for m in measures)
        case SeveralScorers():
            yield from _from_none_to_all((m, whole) for m in measures)
        case NOfM(needed=needed):
            for met in (0, needed - 1, needed, len(measures)):
                yield _counted((m, ONE if place < met else ZERO) for place, m in enumerate(measures))
        case Levels():
            yield from (_counted([(level, ONE)]) for level in measures)
        case Tiers() | Rate():
            numbers = _around(rule) if isinstance(rule, Tiers) else _towards(measures[0])
            yield from (_counted([(measures[0], number)]) for number in numbers)


def _deductions(rule: DeductPerUnit, points: Decimal) -> Iterator[Entry]:
    """None, one of each, enough to use the row up, and more than its floor lets it take."""
    first, *others = rule.measures
    yield _counted((m, ZERO) for m in rule.measures)
    yield _counted((m, _units(m, ONE)) for m in rule.measures)
    for lost in (points, points - rule.floor + first.amount):
        units = _rounded_up(lost, first.amount) / first.amount
        yield _counted([(first, _units(first, units)), *((m, ZERO) for m in others)])


def _from_none_to_all(most: Iterable[tuple[Measure, Decimal]]) -> Iterator[Entry]:
    """Nothing from anyone, only the first given at all, the first alone in full, all in full."""
    most = list(most)
    yield _counted((m, ZERO) for m, _whole in most)
    yield _counted(most[:1])
    yield _counted((m, ZERO if place else whole) for place, (m, whole) in enumerate(most))
    yield _counted(most)


def _towards(target: Measure) -> Iterator[Decimal]:
    """Nothing, half of the target, just below it, the target, twice as much."""
    reaching = _rounded_up(target.per, target.step)
    yield ZERO
    yield _on_step(target.per * HALF, target.step)
    yield reaching - target.step
    yield reaching
    yield reaching * 2


def _around(rule: Tiers) -> Iterator[Decimal]:
    """The nearest numbers on either side of each bound, the worst first."""
    step = rule.measures[0].step
    for tier in reversed(rule.best_first):
        if rule.falling:
            reaching = _on_step(tier.bound, step)
            yield from (reaching + step, reaching)
        else:
            reaching = _rounded_up(tier.bound, step)
            yield from (max(ZERO, reaching - step), reaching)


def _of_bonus(rule: BonusRule) -> Iterator[Entry]:
    measures = rule.measures
    match rule:
        case HighestLevel():
            for level in measures:
                yield _counted([(level, _units(level, ONE))])
            yield _counted((level, _units(level, ONE)) for level in measures)
        case AddPerUnit(cap=limit) | TakePerUnit(floor=limit):
            for one in measures:
                yield _counted([(one, one.above)])
                yield _counted([(one, _units(one, ONE))])
                yield _counted([(one, _units(one, Decimal(3)))])
                if limit is not None:
                    yield _counted([(one, _units(one, abs(limit) // one.amount + 1))])


def _units(measure: Measure, units: Decimal) -> Decimal:
    """The smallest count that makes so many units."""
    return _rounded_up(measure.above + measure.per * units, measure.step)


def _on_step(number: Decimal, step: Decimal) -> Decimal:
    """The largest number on the step that is not above."""
    return number // step * step


def _rounded_up(number: Decimal, step: Decimal) -> Decimal:
    below = _on_step(number, step)
    return below if below == number else below + step


def _counted(counts: Iterable[tuple[Measure, Decimal]]) -> Entry:
    return Entry(counts={measure.key: count for measure, count in counts})
