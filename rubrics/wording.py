"""A rubric's rules in words, for people who read it before they score with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rubrics.models import BaseRule, BonusRule, Electorate, Gate, MeasureRole
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import format_points


def rules(row: Row) -> tuple[str, ...]:
    """What decides the points of a row besides a person's judgement; nothing for most rows."""
    return (*_gate(row), *_base(row), *_bonus(row), *_limit(row), *_ballot(row))


def scale(measure: MeasureRow, *, falling: bool) -> str:
    """The tiers of a number, the best first: '70% 起得 3 分，60% 起得 2 分'."""
    step = _("up to %(bound)s%(unit)s: %(points)s") if falling else _("from %(bound)s%(unit)s: %(points)s")
    return pgettext("steps of a scale", ", ").join(
        step % {"bound": format_points(bound), "unit": measure.unit, "points": format_points(points)}
        for bound, points in measure.tiers
    )


def _gate(row: Row) -> Iterator[str]:
    if row.gate:
        yield str(Gate(row.gate).label)


def _base(row: Row) -> Iterator[str]:
    measures = [measure for measure in row.measures if measure.role == MeasureRole.BASE]
    match row.rule:
        case BaseRule.DEDUCT_PER_UNIT:
            yield from _deductions(row, measures)
        case BaseRule.SUM_OF_PARTS:
            yield from (_("%(what)s: up to %(points)s points") % _terms(one) for one in measures)
        case BaseRule.TIERS | BaseRule.TIERS_DOWN:
            falling = row.rule == BaseRule.TIERS_DOWN
            for one in measures:
                yield _("%(what)s: %(scale)s") % {"what": one.label, "scale": scale(one, falling=falling)}
        case BaseRule.RATE:
            for one in measures:
                yield _("%(what)s: the share of %(per)s times %(whole)s points, to the nearest %(step)s") % {
                    "what": one.label,
                    "per": _count(one.per, one.unit),
                    "whole": format_points(row.points),
                    "step": format_points(row.step),
                }
        case BaseRule.N_OF_M:
            conditions = pgettext("conditions", "; ").join(one.label for one in measures)
            yield _("At least %(needed)s of these %(asked)s earn the whole, fewer nothing: %(conditions)s") % {
                "needed": row.needed or 0,
                "asked": len(measures),
                "conditions": conditions,
            }
        case BaseRule.LEVELS:
            yield from (_("%(what)s: %(points)s points") % _terms(one) for one in measures)
            yield _("Exactly one level holds")
        case BaseRule.SEVERAL_SCORERS:
            yield from (_("%(what)s: weight %(points)s") % _terms(one) for one in measures)
            yield _("The points are the weighted mean of all of them")


def _deductions(row: Row, measures: Iterable[MeasureRow]) -> Iterator[str]:
    below = row.floor if row.bonus_rule != BonusRule.TAKE_PER_UNIT else None
    for one in measures:
        if below:
            lowest = {"floor": _signed(below)}
            yield _("%(what)s: −%(points)s for each %(per)s, down to %(floor)s") % (_terms(one) | lowest)
        else:
            yield _("%(what)s: −%(points)s for each %(per)s, down to 0") % _terms(one)


def _bonus(row: Row) -> Iterator[str]:
    measures = [measure for measure in row.measures if measure.role == MeasureRole.BONUS]
    match row.bonus_rule:
        case BonusRule.HIGHEST_LEVEL:
            yield from (_("%(what)s: +%(points)s") % _terms(one) for one in measures)
            yield _("Of several levels only the highest counts")
            yield _ceiling(row)
        case BonusRule.ADD_PER_UNIT:
            yield from (_per_unit(one) for one in measures)
            yield _ceiling(row)
        case BonusRule.TAKE_PER_UNIT:
            yield from (_penalty(one) for one in measures)
            yield _bottom(row)
    if row.claimed:
        yield _("Claimed one by one, each with its occasion, day and proof")


def _per_unit(measure: MeasureRow) -> str:
    if measure.above:
        return _("%(what)s: +%(points)s for each whole %(per)s above %(above)s") % _terms(measure)
    return _("%(what)s: +%(points)s for each whole %(per)s") % _terms(measure)


def _penalty(measure: MeasureRow) -> str:
    if measure.above:
        return _("%(what)s: −%(points)s for each whole %(per)s above %(above)s") % _terms(measure)
    return _("%(what)s: −%(points)s for each whole %(per)s") % _terms(measure)


def _ceiling(row: Row) -> str:
    if row.bonus_cap is None:
        return _("On top of the item's points, without an upper limit")
    return _("On top of the item's points, at most %(cap)s") % {"cap": format_points(row.bonus_cap)}


def _bottom(row: Row) -> str:
    if row.floor is None:
        return _("Taken from the total, without a lower limit")
    return _("Taken from the total, down to %(floor)s") % {"floor": _signed(row.floor)}


def _limit(row: Row) -> Iterator[str]:
    """What the row shares a common limit on."""
    terms = {"cap": row.cap, "most": _signed(row.cap_most), "least": _signed(row.cap_least)}
    if row.cap_most is not None and row.cap_least is not None:
        yield _("Together with all others of “%(cap)s” between %(least)s and +%(most)s") % terms
    elif row.cap_most is not None:
        yield _("Together with all others of “%(cap)s” at most +%(most)s") % terms
    elif row.cap_least is not None:
        yield _("Together with all others of “%(cap)s” down to %(least)s") % terms


def _ballot(row: Row) -> Iterator[str]:
    if row.electorate:
        yield _("Decided by a satisfaction ballot among: %(electorate)s") % {
            "electorate": Electorate(row.electorate).label
        }


def _terms(measure: MeasureRow) -> dict[str, str]:
    return {
        "what": measure.label,
        "points": format_points(measure.amount),
        "per": measure.unit if measure.per == 1 and measure.unit != "%" else _count(measure.per, measure.unit),
        "above": _count(measure.above, measure.unit),
    }


def _count(number: Decimal, unit: str) -> str:
    return pgettext("number and unit", "%(number)s %(unit)s") % {"number": format_points(number), "unit": unit}


def _signed(number: Decimal | None) -> str:
    """Points with a true minus sign, as in all our formulas."""
    return format_points(number).replace("-", "−")
