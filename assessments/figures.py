"""What a row came to, in figures: '8 + 0.6', and how its rule got there: '2 − 0.5 × 3 = 0.5'."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from rubrics.scoring.items import ItemScore
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import (
    ZERO,
    DeductPerUnit,
    HighestLevel,
    NOfM,
    Rate,
    SeveralScorers,
    SumOfParts,
    TakePerUnit,
    Tiers,
)
from rubrics.scoring.worth import Term

SEPARATOR = "；"


def formula(score: ItemScore) -> str:
    """How a rule turned counts into points: '2 − 0.5 × 3 = 0.5', '8 + 4 = 12', '0.2 × 3 = +0.6'; or nothing."""
    parts = [part for part in (_base_formula(score), _extra_formula(score)) if part]
    return SEPARATOR.join(parts)


def _base_formula(score: ItemScore) -> str:
    terms, rule = score.base_terms, score.item.base
    if isinstance(rule, SeveralScorers) and score.base is None:
        return _still_missing(rule, terms)
    if not terms or score.base is None:
        return ""
    points = in_figures(score.base + score.below_zero)
    found = ""
    match rule:
        case DeductPerUnit():
            taken = "".join(f" − {format_points(t.measure.amount)} × {format_points(t.units)}" for t in terms)
            found = f"{format_points(score.item.points)}{taken} = {points}"
        case SumOfParts():
            found = f"{' + '.join(format_points(t.points) for t in terms)} = {points}"
        case Tiers() | Rate():
            found = f"{format_points(terms[0].count)}{terms[0].measure.unit} → {points}"
        case NOfM(needed=needed):
            met = format_points(sum((t.count for t in terms), ZERO))
            values = {"met": met, "asked": len(terms), "needed": needed}
            found = _("%(met)s of %(asked)s are met, %(needed)s are needed") % values
        case SeveralScorers():
            gave = " + ".join(f"{format_points(t.points)} × {format_points(t.measure.amount)}" for t in terms)
            found = f"({gave}) ÷ {format_points(sum((t.measure.amount for t in terms), ZERO))} = {points}"
    return found


def _still_missing(rule: SeveralScorers, terms: Iterable[Term]) -> str:
    """Who has not given points yet, once somebody has."""
    given = {term.measure.key for term in terms}
    missing = "、".join(measure.label for measure in rule.measures if measure.key not in given)
    return _("still missing: %(names)s") % {"names": missing} if given else ""


def _extra_formula(score: ItemScore) -> str:
    if not score.bonus_terms or score.item.bonus is None:
        return ""
    if isinstance(score.item.bonus, HighestLevel):
        return _("highest level: +%(points)s") % {"points": format_points(score.bonus_allowed)}
    counted = [f"{format_points(t.measure.amount)} × {format_points(t.units)}" for t in score.bonus_terms]
    if isinstance(score.item.bonus, TakePerUnit):
        text = f"−{' − '.join(counted)} = {signed(score.penalty_claimed, '−')}"
        trimmed = score.taken != score.penalty_claimed
        limit = {"claimed": text, "allowed": in_figures(score.taken)}
        return _("%(claimed)s, no more than %(allowed)s counts") % limit if trimmed else text
    text = f"{' + '.join(counted)} = +{format_points(score.bonus_claimed)}"
    limit = {"claimed": text, "allowed": format_points(score.bonus_allowed)}
    return _("%(claimed)s, the cap allows +%(allowed)s") % limit if score.bonus_allowed != score.bonus_claimed else text


def in_figures(points: Decimal) -> str:
    """Points as text beside other text, with a minus sign as the formulas have it."""
    return format_points(points).replace("-", "−")


def signed(points: Decimal, zero: str = "") -> str:
    """'+5', '−2'; `zero` is the sign that 0 gets."""
    return f"+{format_points(points)}" if points > 0 else in_figures(points) if points else f"{zero}0"


def worth(score: ItemScore) -> str:
    """What a row came to: '8', '8 + 0.6', '8 − 2', '+5', '−2', blank while unknown."""
    base = "" if score.base is None else in_figures(score.base + score.below_zero)
    if not score.bonus_terms:
        return base
    sign = "−" if isinstance(score.item.bonus, TakePerUnit) else "+"
    extra = format_points(abs(score.bonus_allowed + score.taken))
    return f"{base} {sign} {extra}" if base else f"{sign}{extra}"
