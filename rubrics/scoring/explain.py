"""How a total came about, line by line, as data: a code and its values. Screen and card turn codes into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.items import ItemScore, Term
from rubrics.scoring.rubric import HighestLevel, NotApplicablePolicy
from rubrics.scoring.totals import SAME, SectionTotal, Total, cut


class LineCode(StrEnum):
    """What a line says, and its values: `section`, `item` and `measure` are keys, all others are numbers."""

    SECTION = "section"  # section, base, applicable
    DEDUCTION = "deduction"  # item, measure, units, amount, points (below zero)
    DEDUCTED = "deducted"  # item, printed, deducted, base
    BONUS_TERM = "bonus_term"  # item, measure, units, amount, points
    BONUS_FULL = "bonus_full"  # item, claimed, allowed, cap if there is one
    BONUS_CAPPED = "bonus_capped"  # the same
    BONUS_HIGHEST = "bonus_highest"  # the same
    BASE = "base"  # base, applicable
    OUT_OF_SCOPE = "out_of_scope"  # printed, full
    EXCLUDED = "excluded"  # not_applicable, base, full, applicable, points = base * full / applicable
    GIVEN_IN_FULL = "given_in_full"  # not_applicable, base, points = base + not_applicable
    COUNTED_AS_ZERO = "counted_as_zero"  # not_applicable, base, points = base
    SCALED = "scaled"  # declared, printed, points = those before * declared / printed
    BONUS = "bonus"  # claimed, allowed
    TOTAL = "total"  # points, maximum


_CLAIM_CODES = {
    NotApplicablePolicy.EXCLUDE: LineCode.EXCLUDED,
    NotApplicablePolicy.FULL: LineCode.GIVEN_IN_FULL,
    NotApplicablePolicy.ZERO: LineCode.COUNTED_AS_ZERO,
}


@dataclass(frozen=True, slots=True)
class Line:
    code: LineCode
    values: Mapping[str, Decimal | str]


def _line(code: LineCode, **values: Decimal | str) -> Line:
    return Line(code, values)


def explain(total: Total) -> tuple[Line, ...]:
    """Every step from the sections to the official total; a step that changes nothing has no line."""
    return (*_sections(total), *_official(total))


def _sections(total: Total) -> Iterator[Line]:
    for section in total.sections:
        yield _section(section)
        for score in section.items:
            yield from _deductions(score)
            yield from _bonus(score)


def _section(total: SectionTotal) -> Line:
    return _line(LineCode.SECTION, section=total.section.key, base=total.base, applicable=total.applicable)


def _deductions(score: ItemScore) -> Iterator[Line]:
    item, deducted = score.item, score.deducted
    if item.points is None or score.base is None or not deducted:
        return
    yield from _terms(LineCode.DEDUCTION, item.key, score.base_terms)
    yield _line(LineCode.DEDUCTED, item=item.key, printed=item.points, deducted=deducted, base=score.base)


def _bonus(score: ItemScore) -> Iterator[Line]:
    rule, claimed, allowed = score.item.bonus, score.bonus_claimed, score.bonus_allowed
    if rule is None or not claimed:
        return
    yield from _terms(LineCode.BONUS_TERM, score.item.key, score.bonus_terms)
    trimmed = LineCode.BONUS_HIGHEST if isinstance(rule, HighestLevel) else LineCode.BONUS_CAPPED
    code = LineCode.BONUS_FULL if allowed == claimed else trimmed
    cap = {} if rule.cap is None else {"cap": rule.cap}
    yield _line(code, item=score.item.key, claimed=claimed, allowed=allowed, **cap)


def _terms(code: LineCode, item: str, terms: tuple[Term, ...]) -> Iterator[Line]:
    for term in terms:
        if term.units:
            measure = term.measure
            yield _line(
                code, item=item, measure=measure.key, units=term.units, amount=measure.amount, points=term.points
            )


def _official(total: Total) -> Iterator[Line]:
    yield _line(LineCode.BASE, base=total.base, applicable=total.applicable)
    if total.full != total.printed:
        yield _line(LineCode.OUT_OF_SCOPE, printed=total.printed, full=total.full)
    if total.not_applicable:
        yield _claims(total)
    if total.scaling != SAME:
        scaled = cut(total.earned, total.rescaling, total.scaling)
        yield _line(LineCode.SCALED, declared=total.scaling.times, printed=total.scaling.by, points=scaled)
    if total.bonus_claimed:
        yield _line(LineCode.BONUS, claimed=total.bonus_claimed, allowed=total.bonus_allowed)
    yield _line(LineCode.TOTAL, points=total.points, maximum=total.maximum)


def _claims(total: Total) -> Line:
    code = _CLAIM_CODES[total.rubric.not_applicable]
    points = cut(total.earned, total.rescaling)
    values = {"not_applicable": total.not_applicable, "base": total.base, "points": points}
    if code is LineCode.EXCLUDED:
        values |= {"full": total.full, "applicable": total.applicable}
    return Line(code, values)
