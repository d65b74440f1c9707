"""How a total came about, line by line, as data: a code and its values. Screen and card turn codes into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.exact import SAME, cut
from rubrics.scoring.items import ItemScore
from rubrics.scoring.rubric import (
    ZERO,
    AddPerUnit,
    DeductPerUnit,
    Gate,
    HighestLevel,
    Levels,
    NOfM,
    NotApplicablePolicy,
    Rate,
    SeveralScorers,
    TakePerUnit,
    Tier,
    Tiers,
)
from rubrics.scoring.totals import SectionTotal, Total
from rubrics.scoring.worth import Term


class LineCode(StrEnum):
    """What a line says, and its values: `section`, `item` and `measure` are keys, `cap` of a common limit is its name,
    all others are numbers."""

    SECTION = "section"  # section, base, applicable
    DEDUCTION = "deduction"  # item, measure, units, amount, points (below zero)
    DEDUCTED = "deducted"  # item, printed, deducted, base
    TIER = "tier"  # item, measure, count, bound, points
    TIER_MISSED = "tier_missed"  # item, measure, count
    SHARE = "share"  # item, measure, count, target, printed, points
    CONDITIONS = "conditions"  # item, met, asked, needed, points
    LEVEL = "level"  # item, measure, points
    SCORER = "scorer"  # item, measure, points, weight
    SCORERS = "scorers"  # item, points: the weighted mean
    BONUS_TERM = "bonus_term"  # item, measure, units, amount, points
    BONUS_FULL = "bonus_full"  # item, claimed, allowed, cap if there is one
    BONUS_CAPPED = "bonus_capped"  # the same
    BONUS_HIGHEST = "bonus_highest"  # the same
    PENALTY_TERM = "penalty_term"  # item, measure, units, amount, points (below zero)
    PENALTY_FULL = "penalty_full"  # item, claimed, allowed (both below zero), floor if there is one
    PENALTY_FLOORED = "penalty_floored"  # the same
    BASE = "base"  # base, applicable
    OUT_OF_SCOPE = "out_of_scope"  # printed, full
    EXCLUDED = "excluded"  # not_applicable, base, full, applicable, points = base * full / applicable
    GIVEN_IN_FULL = "given_in_full"  # not_applicable, base, points = base + not_applicable
    COUNTED_AS_ZERO = "counted_as_zero"  # not_applicable, base, points = base
    SCALED = "scaled"  # declared, printed, points = those before * declared / printed
    BONUS = "bonus"  # claimed, allowed
    PENALTY = "penalty"  # points (below zero)
    LIMITED = "limited"  # cap (its name), claimed, allowed
    FLOORED = "floored"  # points before, floor
    TOTAL = "total"  # points, maximum
    GATE_REQUIRED = "gate_required"  # item
    GATE_VETO = "gate_veto"  # item
    GATE_VETO_TOP = "gate_veto_top"  # item


_CLAIM_CODES = {
    NotApplicablePolicy.EXCLUDE: LineCode.EXCLUDED,
    NotApplicablePolicy.FULL: LineCode.GIVEN_IN_FULL,
    NotApplicablePolicy.ZERO: LineCode.COUNTED_AS_ZERO,
}
_GATE_CODES = {
    Gate.REQUIRED: LineCode.GATE_REQUIRED,
    Gate.VETO: LineCode.GATE_VETO,
    Gate.VETO_TOP: LineCode.GATE_VETO_TOP,
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
            yield from _base(score)
            yield from _extra(score)


def _section(total: SectionTotal) -> Line:
    return _line(LineCode.SECTION, section=total.section.key, base=total.base, applicable=total.applicable)


def _base(score: ItemScore) -> Iterator[Line]:
    """How a rule gave the base points; nothing for a judged row, for parts, and while they are unknown."""
    key, terms, points = score.item.key, score.base_terms, score.base
    if points is None:
        return
    match score.item.base:
        case DeductPerUnit():
            yield from _deductions(score)
        case Tiers() as rule:
            yield _tier(key, terms[0], rule.reached(terms[0].count))
        case Rate():
            yield _share(score, terms[0])
        case NOfM(needed=needed):
            met, asked = sum((t.count for t in terms), ZERO), Decimal(len(terms))
            yield _line(LineCode.CONDITIONS, item=key, met=met, asked=asked, needed=Decimal(needed), points=points)
        case Levels():
            yield _line(LineCode.LEVEL, item=key, measure=terms[0].measure.key, points=points)
        case SeveralScorers():
            for term in terms:
                weight = term.measure.amount
                yield _line(LineCode.SCORER, item=key, measure=term.measure.key, points=term.points, weight=weight)
            yield _line(LineCode.SCORERS, item=key, points=points)


def _tier(item: str, term: Term, tier: Tier | None) -> Line:
    measure, count = term.measure.key, term.count
    if tier is None:
        return _line(LineCode.TIER_MISSED, item=item, measure=measure, count=count)
    return _line(LineCode.TIER, item=item, measure=measure, count=count, bound=tier.bound, points=tier.points)


def _share(score: ItemScore, term: Term) -> Line:
    return _line(
        LineCode.SHARE,
        item=score.item.key,
        measure=term.measure.key,
        count=term.count,
        target=term.measure.per,
        printed=score.item.points or ZERO,
        points=term.points,
    )


def _deductions(score: ItemScore) -> Iterator[Line]:
    item, deducted = score.item, score.deducted
    if item.points is None or not deducted:
        return
    yield from _terms(LineCode.DEDUCTION, item.key, score.base_terms)
    left = item.points - deducted
    yield _line(LineCode.DEDUCTED, item=item.key, printed=item.points, deducted=deducted, base=left)


def _extra(score: ItemScore) -> Iterator[Line]:
    match score.item.bonus:
        case TakePerUnit(floor=floor):
            codes = (LineCode.PENALTY_TERM, LineCode.PENALTY_FULL, LineCode.PENALTY_FLOORED)
            limit = {} if floor is None else {"floor": floor}
            yield from _beyond(score, codes, score.penalty_claimed, score.taken, limit)
        case AddPerUnit(cap=cap) | HighestLevel(cap=cap) as rule:
            trimmed = LineCode.BONUS_HIGHEST if isinstance(rule, HighestLevel) else LineCode.BONUS_CAPPED
            codes = (LineCode.BONUS_TERM, LineCode.BONUS_FULL, trimmed)
            limit = {} if cap is None else {"cap": cap}
            yield from _beyond(score, codes, score.bonus_claimed, score.bonus_allowed, limit)


def _beyond(
    score: ItemScore,
    codes: tuple[LineCode, LineCode, LineCode],
    claimed: Decimal,
    allowed: Decimal,
    limit: Mapping[str, Decimal],
) -> Iterator[Line]:
    term, full, trimmed = codes
    if claimed:
        yield from _terms(term, score.item.key, score.bonus_terms)
        code = full if allowed == claimed else trimmed
        yield _line(code, item=score.item.key, claimed=claimed, allowed=allowed, **limit)


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
    yield from _limits(total)
    yield _line(LineCode.TOTAL, points=total.points, maximum=total.maximum)
    for score in total.tripped:
        yield _line(_GATE_CODES[score.item.gate], item=score.item.key)


def _limits(total: Total) -> Iterator[Line]:
    if total.penalty:
        yield _line(LineCode.PENALTY, points=total.penalty)
    for one in total.caps:
        if one.allowed != one.claimed:
            yield _line(LineCode.LIMITED, cap=one.cap.name, claimed=one.claimed, allowed=one.allowed)
    if total.points != total.before_floor:
        yield _line(LineCode.FLOORED, points=total.before_floor, floor=total.rubric.floor)


def _claims(total: Total) -> Line:
    code = _CLAIM_CODES[total.rubric.not_applicable]
    points = cut(total.earned, total.rescaling)
    values = {"not_applicable": total.not_applicable, "base": total.base, "points": points}
    if code is LineCode.EXCLUDED:
        values |= {"full": total.full, "applicable": total.applicable}
    return Line(code, values)
