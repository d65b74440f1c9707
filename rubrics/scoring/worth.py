"""What counts are worth under each rule, every counted term kept: one small function a rule.

All values are points unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rubrics.scoring.exact import Ratio, cut, half_up
from rubrics.scoring.rubric import (
    ZERO,
    BaseRule,
    BonusRule,
    DeductPerUnit,
    HighestLevel,
    Item,
    Levels,
    Measure,
    NOfM,
    Rate,
    SumOfParts,
    TakePerUnit,
    Tiers,
)

Counts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Term:
    """What one count gave.

    units   whole units of `measure` where the rule makes units, else the count itself
    points  what they are worth: negative for a deduction or penalty, 0 for one of several conditions, and for one of
            several scorers what that one gave
    """

    measure: Measure
    count: Decimal
    units: Decimal
    points: Decimal


def base_terms(item: Item, rule: BaseRule, points: Decimal, counts: Counts) -> tuple[Term, ...]:
    """What was counted for a base rule; empty for a judged row."""
    given = _given(rule.measures, counts)
    match rule:
        case DeductPerUnit():
            return tuple(_per_unit(m, count, -1) for m, count in given)
        case Tiers():
            return tuple(Term(m, count, count, rule.worth(count)) for m, count in given)
        case Rate():
            return tuple(Term(m, count, count, _share(points, item.step, m, count)) for m, count in given)
        case NOfM():
            return tuple(Term(m, count, count, ZERO) for m, count in given)
        case Levels():
            return tuple(Term(m, count, count, m.amount) for m, count in given if count)
        case _:
            return tuple(Term(m, count, count, count) for m, count in given)


def base_points(rule: BaseRule, points: Decimal, terms: tuple[Term, ...]) -> Decimal | None:
    """What the counted terms of a base rule come to, below zero where a deduction may go there; None while unknown.

    One of several parts counts by itself. All else is unknown until everything is counted: what is still missing may
    take everything, or give it.
    """
    if not terms or (len(terms) < wanted(rule) and not isinstance(rule, SumOfParts)):
        return None
    match rule:
        case DeductPerUnit(floor=floor):
            return max(floor, _sum(terms) + points)
        case NOfM(needed=needed):
            return points if sum(t.count for t in terms) >= needed else ZERO
        case SumOfParts() | Tiers() | Rate() | Levels():
            return _sum(terms)
        case _:
            weights = sum((t.measure.amount for t in terms), ZERO)
            return cut(sum((t.measure.amount * t.points for t in terms), ZERO), Ratio(Decimal(1), weights))


def wanted(rule: BaseRule) -> int:
    """How many counts the rule needs before the row is done."""
    return 1 if isinstance(rule, Levels) else len(rule.measures)


def extra_terms(rule: BonusRule, counts: Counts) -> tuple[Term, ...]:
    sign = -1 if isinstance(rule, TakePerUnit) else 1
    return tuple(_per_unit(m, count, sign) for m, count in _given(rule.measures, counts))


def extra_points(rule: BonusRule, terms: tuple[Term, ...]) -> Decimal:
    """What the rule lets stand of a claimed bonus, or of a penalty: then it is not above 0."""
    if isinstance(rule, TakePerUnit):
        return _sum(terms) if rule.floor is None else max(rule.floor, _sum(terms))
    if isinstance(rule, HighestLevel):
        points = max((t.measure.amount for t in terms if t.units), default=ZERO)
    else:
        points = _sum(terms)
    return points if rule.cap is None else min(points, rule.cap)


def _given(measures: Iterable[Measure], counts: Counts) -> list[tuple[Measure, Decimal]]:
    return [(m, counts[m.key]) for m in measures if m.key in counts]


def _per_unit(measure: Measure, count: Decimal, sign: int) -> Term:
    units = (count - measure.above) // measure.per if count > measure.above else ZERO
    return Term(measure, count, units, sign * units * measure.amount)


def _share(points: Decimal, step: Decimal, measure: Measure, count: Decimal) -> Decimal:
    if count >= measure.per:
        return points
    return min(points, half_up(points, Ratio(count, measure.per), step))


def _sum(terms: tuple[Term, ...]) -> Decimal:
    return sum((t.points for t in terms), ZERO)
