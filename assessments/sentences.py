"""The kernel's reasons and explanations in words. The kernel says what, this module says it to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rubrics.rows import Row
from rubrics.scoring.explain import Line, LineCode
from rubrics.scoring.items import ItemScore
from rubrics.scoring.numbers import NumberError, Reason, format_points
from rubrics.scoring.rubric import DeductPerUnit, HighestLevel
from rubrics.scoring.totals import Summed

NUMBER_REFUSED: Mapping[Reason, Promise] = {
    Reason.NOT_A_NUMBER: _("“%(text)s” is not a number. Please type it like 4 or 4.5."),
    Reason.TOO_LONG: _("“%(text)s” is too long for a number."),
    Reason.NEGATIVE: _("A mark can't be negative."),
    Reason.TOO_LARGE: _("%(text)s is more than the maximum of %(maximum)s."),
    Reason.NOT_WHOLE: _("%(text)s is not a whole number."),
    Reason.OFF_STEP: _("%(text)s does not fit: marks go in steps of %(step)s, up to %(maximum)s."),
}

EXPLAINED: Mapping[LineCode, Promise] = {
    LineCode.SECTION: _("%(section)s: %(base)s of %(applicable)s"),
    LineCode.DEDUCTION: _("Item %(item)s, %(measure)s: %(units)s × %(amount)s = %(points)s"),
    LineCode.DEDUCTED: _("Item %(item)s: %(printed)s − %(deducted)s = %(base)s"),
    LineCode.BONUS_TERM: _("Item %(item)s, %(measure)s: %(units)s × %(amount)s = +%(points)s"),
    LineCode.BONUS_FULL: _("Item %(item)s: bonus of %(claimed)s, allowed in full"),
    LineCode.BONUS_CAPPED: _("Item %(item)s: bonus of %(claimed)s claimed, the cap allows %(allowed)s"),
    LineCode.BONUS_HIGHEST: _("Item %(item)s: %(claimed)s claimed at several levels, the highest counts: %(allowed)s"),
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
    LineCode.TOTAL: _("Total: %(points)s of %(maximum)s"),
}


def number_refused(error: NumberError, item: str, measure: str = "") -> str:
    """Why a typed number can't be taken, naming the item, and the maximum and step where they matter."""
    sentence = str(NUMBER_REFUSED[error.reason]) % {
        "text": error.text.strip()[:40],
        "maximum": format_points(error.maximum),
        "step": format_points(error.step),
    }
    where = f"{item} {measure}" if measure else item
    return str(_("Item %(item)s: %(sentence)s") % {"item": where, "sentence": sentence})


def explained(lines: Iterable[Line], rows: Iterable[Row]) -> list[str]:
    """One sentence per line of the kernel's explanation, with the document's names for its keys."""
    sections: dict[str, str] = {}
    measures: dict[tuple[str, str], str] = {}
    for row in rows:
        sections[str(row.section)] = row.section_name
        measures |= {(row.key, measure.key): measure.label for measure in row.measures}
    return [str(EXPLAINED[line.code]) % _named(line, sections, measures) for line in lines]


def _named(line: Line, sections: Mapping[str, str], measures: Mapping[tuple[str, str], str]) -> dict[str, str]:
    values = {key: format_points(value) if isinstance(value, Decimal) else value for key, value in line.values.items()}
    if "section" in values:
        values["section"] = sections[values["section"]]
    if "measure" in values:
        values["measure"] = measures[values["item"], values["measure"]]
    return values


def formula(score: ItemScore) -> str:
    """How a rule turned counts into points: '2 − 0.5 × 3 = 0.5', '8 + 4 = 12', '0.2 × 3 = +0.6'; or nothing."""
    parts = [part for part in (_base_formula(score), _bonus_formula(score)) if part]
    return "；".join(parts)


def _base_formula(score: ItemScore) -> str:
    if not score.base_terms or score.base is None:
        return ""
    if isinstance(score.item.base, DeductPerUnit):
        terms = "".join(f" − {format_points(t.measure.amount)} × {format_points(t.units)}" for t in score.base_terms)
        return f"{format_points(score.item.points)}{terms} = {format_points(score.base)}"
    return f"{' + '.join(format_points(t.points) for t in score.base_terms)} = {format_points(score.base)}"


def _bonus_formula(score: ItemScore) -> str:
    if not score.bonus_terms or score.item.bonus is None:
        return ""
    if isinstance(score.item.bonus, HighestLevel):
        return str(_("highest level: +%(points)s") % {"points": format_points(score.bonus_allowed)})
    terms = " + ".join(f"{format_points(t.measure.amount)} × {format_points(t.units)}" for t in score.bonus_terms)
    claimed = f"{terms} = +{format_points(score.bonus_claimed)}"
    if score.bonus_allowed == score.bonus_claimed:
        return claimed
    return str(
        _("%(claimed)s, the cap allows +%(allowed)s")
        % {"claimed": claimed, "allowed": format_points(score.bonus_allowed)}
    )


def counts_in_words(row: Row, counts: Mapping[str, Decimal]) -> str:
    """What was counted, by measure key, in the row's own words: '缺席 2次；…'."""
    return "；".join(
        f"{measure.label} {format_points(counts[measure.key])}{measure.unit}"
        for measure in row.measures
        if measure.key in counts
    )


def bonus_in_words(total: Summed) -> str:
    """'+5', or nothing where none was claimed."""
    return f"+{format_points(total.bonus_allowed)}" if total.bonus_claimed else ""
