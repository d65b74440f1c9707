"""The kernel's reasons and explanations in words. The kernel says what, this module says it to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.figures import SEPARATOR, in_figures, signed
from rubrics.models import BaseRule, Gate, MeasureRole
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.explain import Line, LineCode
from rubrics.scoring.numbers import LARGEST, NumberError, Reason, format_points
from rubrics.scoring.rubric import (
    ZERO,
)
from rubrics.scoring.totals import Summed, Total

NUMBER_REFUSED: Mapping[Reason, Promise] = {
    Reason.NOT_A_NUMBER: _("“%(text)s” is not a number. Please type it like 4 or 4.5."),
    Reason.TOO_LONG: _("“%(text)s” is too long for a number."),
    Reason.NEGATIVE: _("A mark can't be negative."),
    Reason.TOO_LARGE: _("%(text)s is more than the maximum of %(maximum)s."),
    Reason.NOT_WHOLE: _("%(text)s is not a whole number."),
    Reason.OFF_STEP: _("%(text)s does not fit: marks go in steps of %(step)s, up to %(maximum)s."),
}
OFF_STEP_OF_A_COUNT = _("%(text)s does not fit: it goes in steps of %(step)s.")

EXPLAINED: Mapping[LineCode, Promise] = {
    LineCode.SECTION: _("%(section)s: %(base)s of %(applicable)s"),
    LineCode.DEDUCTION: _("Item %(item)s, %(measure)s: %(units)s × %(amount)s = %(points)s"),
    LineCode.DEDUCTED: _("Item %(item)s: %(printed)s − %(deducted)s = %(base)s"),
    LineCode.TIER: _(
        "Item %(item)s, %(measure)s: %(count)s%(unit)s is in the step of %(bound)s%(unit)s: %(points)s points"
    ),
    LineCode.TIER_MISSED: _("Item %(item)s, %(measure)s: %(count)s%(unit)s reaches no step: 0 points"),
    LineCode.SHARE: _(
        "Item %(item)s, %(measure)s: %(count)s%(unit)s of the %(target)s%(unit)s aimed at: "
        "%(points)s of %(printed)s points"
    ),
    LineCode.CONDITIONS: _(
        "Item %(item)s: %(met)s of %(asked)s conditions are met, %(needed)s are needed: %(points)s points"
    ),
    LineCode.LEVEL: _("Item %(item)s: “%(measure)s”, %(points)s points"),
    LineCode.SCORER: _("Item %(item)s, %(measure)s: %(points)s points, weight %(weight)s"),
    LineCode.SCORERS: _("Item %(item)s: weighted mean of the departments: %(points)s"),
    LineCode.BONUS_TERM: _("Item %(item)s, %(measure)s: %(units)s × %(amount)s = +%(points)s"),
    LineCode.BONUS_FULL: _("Item %(item)s: bonus of %(claimed)s, allowed in full"),
    LineCode.BONUS_CAPPED: _("Item %(item)s: bonus of %(claimed)s claimed, the cap allows %(allowed)s"),
    LineCode.BONUS_HIGHEST: _("Item %(item)s: %(claimed)s claimed at several levels, the highest counts: %(allowed)s"),
    LineCode.PENALTY_TERM: _("Item %(item)s, %(measure)s: %(units)s × %(amount)s = %(points)s"),
    LineCode.PENALTY_FULL: _("Item %(item)s: penalty of %(claimed)s, counted in full"),
    LineCode.PENALTY_FLOORED: _("Item %(item)s: penalty of %(claimed)s, no more than %(allowed)s counts"),
    LineCode.BASE: _("Sum of the items: %(base)s of %(applicable)s"),
    LineCode.OUT_OF_SCOPE: _("Of %(printed)s printed points %(full)s apply to this kind of organisation"),
    LineCode.EXCLUDED: _(
        "Items worth %(not_applicable)s do not apply and are left out: "
        "%(base)s × %(full)s ÷ %(applicable)s = %(points)s"
    ),
    LineCode.GIVEN_IN_FULL: _(
        "Items worth %(not_applicable)s do not apply and count in full: %(base)s + %(not_applicable)s = %(points)s"
    ),
    LineCode.COUNTED_AS_ZERO: _("Items worth %(not_applicable)s do not apply and count as nothing: %(points)s"),
    LineCode.SCALED: _("Scaled from %(printed)s printed to %(declared)s declared points: %(points)s"),
    LineCode.BONUS: _("Bonus: %(claimed)s claimed, %(allowed)s allowed"),
    LineCode.PENALTY: _("Penalties: %(points)s"),
    LineCode.LIMITED: _("Common limit “%(cap)s”: together %(claimed)s, of which %(allowed)s count"),
    LineCode.FLOORED: _("%(points)s is below the lowest total, which is %(floor)s"),
    LineCode.TOTAL: _("Total: %(points)s of %(maximum)s"),
    LineCode.GATE_REQUIRED: _("Item %(item)s is required and not there: not qualified"),
    LineCode.GATE_VETO: _("Item %(item)s happened, a veto: no band and not qualified"),
    LineCode.GATE_VETO_TOP: _("Item %(item)s happened: not the best band"),
}

TRIPPED: Mapping[str, Promise] = {
    Gate.REQUIRED: _("Required and not there, not qualified: %(item)s %(text)s"),
    Gate.VETO: _("Veto, no band and not qualified: %(item)s %(text)s"),
    Gate.VETO_TOP: _("Not the best band: %(item)s %(text)s"),
}
"""What a gate says plainly wherever the sheet's result stands."""


YES, NO = "1", "0"
RECORD = "zh-hans"

_CONDITION = {YES: pgettext_lazy("condition", "yes"), NO: pgettext_lazy("condition", "no")}
_HAPPENED = {YES: pgettext_lazy("gate", "happened"), NO: pgettext_lazy("gate", "did not happen")}
ANSWERS: Mapping[str, Mapping[str, Promise]] = {
    Gate.NONE: _CONDITION,
    Gate.REQUIRED: {YES: pgettext_lazy("gate", "there"), NO: pgettext_lazy("gate", "not there")},
    Gate.VETO: _HAPPENED,
    Gate.VETO_TOP: _HAPPENED,
}
"""What yes and no mean, by gate; without one: of a condition."""


def number_refused(error: NumberError, item: str, measure: str = "") -> str:
    """Why a typed number can't be taken, naming the item, and the maximum and step where they matter."""
    endless = error.reason is Reason.OFF_STEP and error.maximum == LARGEST
    sentence = str(OFF_STEP_OF_A_COUNT if endless else NUMBER_REFUSED[error.reason]) % {
        "text": error.text.strip()[:40],
        "maximum": format_points(error.maximum),
        "step": format_points(error.step),
    }
    where = f"{item} {measure}" if measure else item
    return str(_("Item %(item)s: %(sentence)s") % {"item": where, "sentence": sentence})


def explained(lines: Iterable[Line], rows: Iterable[Row]) -> list[str]:
    """One sentence per line of the kernel's explanation, with the document's names for its keys."""
    sections: dict[str, str] = {}
    measures: dict[tuple[str, str], MeasureRow] = {}
    for row in rows:
        sections[str(row.section)] = row.section_name
        measures |= {(row.key, measure.key): measure for measure in row.measures}
    return [str(EXPLAINED[line.code]) % _named(line, sections, measures) for line in lines]


def _named(line: Line, sections: Mapping[str, str], measures: Mapping[tuple[str, str], MeasureRow]) -> dict[str, str]:
    values = {key: format_points(value) if isinstance(value, Decimal) else value for key, value in line.values.items()}
    if "section" in values:
        values["section"] = sections[values["section"]]
    if "measure" in values:
        measure = measures[values["item"], values["measure"]]
        values |= {"measure": measure.label, "unit": measure.unit}
    return values


def counts_in_words(row: Row, counts: Mapping[str, Decimal]) -> str:
    """What was counted or answered, by measure key, in the row's own words: '缺席 2次；…', '有制度 是；…', '良好'."""
    said = ((measure, counts[measure.key]) for measure in row.measures if measure.key in counts)
    return SEPARATOR.join(count_in_words(row, measure, count) for measure, count in said)


def count_in_words(row: Row, measure: MeasureRow, count: Decimal) -> str:
    if row.gate:
        return str(_answer(row, count))
    if measure.role == MeasureRole.BASE and row.rule == BaseRule.LEVELS:
        return measure.label
    if measure.role == MeasureRole.BASE and row.rule == BaseRule.N_OF_M:
        return f"{measure.label} {_answer(row, count)}"
    return f"{measure.label} {format_points(count)}{measure.unit}"


def on_record(row: Row, counts: Mapping[str, Decimal]) -> str:
    """The same as the history of a mark keeps it: in Chinese, whatever language the screen speaks.

    What is claimed one by one it keeps claim by claim instead (`assessments.claims`).
    """
    with translation.override(RECORD):
        return counts_in_words(row, unclaimed(row, counts))


def unclaimed(row: Row, counts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What is counted, without what is claimed one by one."""
    claimed = {measure.key for measure in row.claims}
    return {key: count for key, count in counts.items() if key not in claimed}


def _answer(row: Row, count: Decimal) -> Promise:
    return ANSWERS[row.gate][format_points(count)]


def answer_in_words(row: Row, counts: Mapping[str, Decimal]) -> str:
    """The answer that its points do not tell, in short: the level, the number of a scale, how many conditions.

    Of several scorers what each gave.
    """
    given = {m.key: counts[m.key] for m in row.measures if m.role != MeasureRole.BONUS and m.key in counts}
    if not given:
        return ""
    if row.rule == BaseRule.N_OF_M:
        conditions = sum(measure.role == MeasureRole.BASE for measure in row.measures)
        met = format_points(sum(given.values(), ZERO))
        return str(pgettext_lazy("conditions", "%(met)s of %(count)s") % {"met": met, "count": conditions})
    if row.gate or row.rule == BaseRule.LEVELS:
        return counts_in_words(row, given)
    if row.rule in {BaseRule.TIERS, BaseRule.TIERS_DOWN, BaseRule.RATE}:
        units = {measure.key: measure.unit for measure in row.measures}
        return SEPARATOR.join(f"{format_points(count)}{units[key]}" for key, count in given.items())
    if row.rule == BaseRule.SEVERAL_SCORERS:
        scorers = [measure.key for measure in row.measures if measure.role == MeasureRole.BASE]
        return " / ".join(format_points(given.get(key)) or "–" for key in scorers)
    return ""


def bonus_in_words(total: Summed) -> str:
    """'+5', or nothing where none was claimed."""
    return f"+{format_points(total.bonus_allowed)}" if total.bonus_claimed else ""


def penalty_in_words(total: Summed) -> str:
    """'−2', or nothing where nothing was taken."""
    return in_figures(total.penalty) if total.penalty else ""


def limits_in_words(total: Total) -> str:
    """What the common limits make of bonuses and penalties together: '−1.5', or nothing where they let all stand."""
    trimmed = sum((one.allowed - one.claimed for one in total.caps), ZERO)
    return signed(trimmed) if trimmed else ""


def tripped_in_words(total: Total, rows: Iterable[Row]) -> list[str]:
    """Those of the rows that are gates and stand in the way of the award, each in a sentence."""
    tripped = {score.item.key for score in total.tripped}
    return [str(TRIPPED[row.gate]) % {"item": row.key, "text": row.text} for row in rows if row.key in tripped]
