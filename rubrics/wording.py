"""A rubric's rules in words, for people who read it before they score with it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rubrics.models import BaseRule, BonusRule, Electorate, MeasureRole
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import format_points


def rules(row: Row) -> tuple[str, ...]:
    """What decides the points of a row besides a person's judgement; nothing for most rows."""
    return (*_base(row), *_bonus(row), *_ballot(row))


def _base(row: Row) -> Iterator[str]:
    for measure in row.measures:
        if measure.role != MeasureRole.BASE:
            continue
        if row.rule == BaseRule.DEDUCT_PER_UNIT:
            yield _("%(what)s: −%(points)s for each %(per)s, down to 0") % _terms(measure)
        else:
            yield _("%(what)s: up to %(points)s points") % _terms(measure)


def _bonus(row: Row) -> Iterator[str]:
    if row.bonus_rule == BonusRule.NONE:
        return
    for measure in row.measures:
        if measure.role != MeasureRole.BONUS:
            continue
        if row.bonus_rule == BonusRule.HIGHEST_LEVEL:
            yield _("%(what)s: +%(points)s") % _terms(measure)
        elif measure.above:
            yield _("%(what)s: +%(points)s for each whole %(per)s above %(above)s") % _terms(measure)
        else:
            yield _("%(what)s: +%(points)s for each whole %(per)s") % _terms(measure)
    if row.bonus_rule == BonusRule.HIGHEST_LEVEL:
        yield _("Of several levels only the highest counts")
    if row.bonus_cap is None:
        yield _("On top of the item's points, without an upper limit")
    else:
        yield _("On top of the item's points, at most %(cap)s") % {"cap": format_points(row.bonus_cap)}


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
