"""With what a row is answered: a control for each thing that it asks, fitting its rule.

Each works in a plain form: a field for a number, a list of choices where few answers make sense. A choice begins blank,
so that an untouched row stays blank. Fields are named c-<item>-<measure>, and l-<item> for the one level of several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments.figures import in_figures
from assessments.sentences import ANSWERS, NO, YES
from rubrics.models import BaseRule, BonusRule, Gate, MeasureRole
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import format_points


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice. `chosen` names the hole that says whether it stands."""

    value: str
    label: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Control:
    """A labelled field: a number, or a choice where there are `options`. `value` and `lock` name its holes.

    short  one of several yes or no in a row: beside its label, not below it
    """

    name: str
    label: str
    unit: str = ""
    rule: str = ""
    options: tuple[Option, ...] = ()
    value: str = ""
    lock: str = ""
    short: bool = False


def controls(row: Row) -> Iterator[Control]:
    """The controls of a row beside the points that a person gives, in the order of its measures.

    What is claimed one by one has none: its claims stand in lines of their own on the scoring page.
    """
    levels = [one for one in row.measures if one.role == MeasureRole.BASE] if row.rule == BaseRule.LEVELS else []
    if levels:
        yield _levels(row, levels)
    for measure in row.measures:
        if measure not in levels and measure not in row.claims:
            yield _control(row, measure)


def lead(row: Row) -> tuple[str, ...]:
    """What holds for all controls of a row together."""
    return tuple(_lead(row))


def _lead(row: Row) -> Iterator[str]:
    if row.rule == BaseRule.N_OF_M:
        conditions = sum(measure.role == MeasureRole.BASE for measure in row.measures)
        yield _("%(needed)s of these %(count)s earn the %(points)s points, fewer earn 0") % {
            "needed": row.needed,
            "count": conditions,
            "points": format_points(row.points),
        }
    if row.floor is not None:
        yield _("down to %(floor)s points at the lowest") % {"floor": in_figures(row.floor)}
    if row.claims:
        yield _("claimed one by one on the scoring page, each with its occasion, day and proof")
    if row.cap:
        yield _("counts towards the common limit “%(cap)s”") % {"cap": row.cap}


def _levels(row: Row, levels: list[MeasureRow]) -> Control:
    options = tuple(Option(one.key, level(one), chosen(one.key, YES)) for one in levels)
    return Control(f"l-{row.key}", pgettext("rule", "Level"), options=options)


def level(measure: MeasureRow) -> str:
    """A level with what it is worth."""
    return _("%(level)s (%(points)s points)") % {"level": measure.label, "points": format_points(measure.amount)}


def _control(row: Row, measure: MeasureRow) -> Control:
    name, lock = f"c-{row.key}-{measure.key}", lock_of(measure.key) if measure.office else ""
    if row.gate:
        gate = Gate(row.gate)
        label, told = GATES[gate]
        return Control(name, str(label), rule=str(told), options=_answers(row, measure))
    if is_condition(row, measure):
        return Control(name, measure.label, options=_answers(row, measure), short=True)
    return Control(name, measure.label, measure.unit, rule(row, measure), value=f"count_{measure.key}", lock=lock)


def is_condition(row: Row, measure: MeasureRow) -> bool:
    return row.rule == BaseRule.N_OF_M and measure.role == MeasureRole.BASE


def _answers(row: Row, measure: MeasureRow) -> tuple[Option, ...]:
    words = ANSWERS[row.gate]
    first = (NO, YES) if row.gate in {Gate.VETO, Gate.VETO_TOP} else (YES, NO)  # what is hoped for stands first
    return tuple(Option(answer, str(words[answer]), chosen(measure.key, answer)) for answer in first)


def chosen(measure: str, answer: str) -> str:
    """The hole that says whether this answer stands."""
    return f"chosen_{measure}_{answer}"


def lock_of(measure: str) -> str:
    """The hole that closes the field of a department that is not the reader's."""
    return f"lock_{measure}"


GATES = {
    Gate.REQUIRED: (gettext_lazy("Required item"), gettext_lazy("without it, not qualified")),
    Gate.VETO: (gettext_lazy("Veto item"), gettext_lazy("if it happened, no band and not qualified")),
    Gate.VETO_TOP: (gettext_lazy("Bar to the best band"), gettext_lazy("if it happened, not the best band")),
}
"""What such a row is called, and what it does."""


# --- A measure's rule in short: 'each 次 −0.5', '0 – 8' ---


def rule(row: Row, measure: MeasureRow) -> str:
    if measure.role == MeasureRole.BASE:
        return _base_rule(row, measure)
    if row.bonus_rule == BonusRule.HIGHEST_LEVEL:
        return _("+%(amount)s points, the highest level counts") % {"amount": format_points(measure.amount)}
    return _per_unit("−" if row.bonus_rule == BonusRule.TAKE_PER_UNIT else "+", measure)


def _base_rule(row: Row, measure: MeasureRow) -> str:
    match row.rule:
        case BaseRule.SUM_OF_PARTS:
            return _("0 to %(amount)s points") % {"amount": format_points(measure.amount)}
        case BaseRule.TIERS | BaseRule.TIERS_DOWN:
            return _scale(row, measure)
        case BaseRule.RATE:
            return _("%(points)s points from %(target)s%(unit)s on, below it in proportion") % {
                "points": format_points(row.points),
                "target": format_points(measure.per),
                "unit": measure.unit,
            }
        case BaseRule.SEVERAL_SCORERS:
            return _("0 to %(points)s points, weight %(weight)s") % {
                "points": format_points(row.points),
                "weight": format_points(measure.amount),
            }
    return _per_unit("−", measure)


def _scale(row: Row, measure: MeasureRow) -> str:
    rising = row.rule == BaseRule.TIERS
    step = _("from %(bound)s%(unit)s: %(points)s") if rising else _("up to %(bound)s%(unit)s: %(points)s")
    best_first = sorted(measure.tiers, reverse=rising)
    steps = (
        step % {"bound": format_points(bound), "unit": measure.unit, "points": format_points(points)}
        for bound, points in best_first
    )
    return pgettext("steps of a scale", ", ").join(steps)


def _per_unit(sign: str, measure: MeasureRow) -> str:
    per = "" if measure.per == 1 and measure.unit != "%" else format_points(measure.per)
    text = _("%(sign)s%(amount)s points for each %(per)s%(unit)s") % {
        "sign": sign,
        "amount": format_points(measure.amount),
        "per": per,
        "unit": measure.unit,
    }
    if measure.above:
        text += _(", above %(above)s%(unit)s") % {"above": format_points(measure.above), "unit": measure.unit}
    return text
