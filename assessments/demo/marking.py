"""What goes into a sheet: marks that come to an aim, drawn by a lot that always falls the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from django.utils import timezone

from assessments.claims import TypedClaim
from assessments.demo.words import ABSENT, AGREED, COUNTED, PRESENT, SHARED, phrase_for
from assessments.services import Typed
from rubrics.models import BaseRule
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import format_points

HALF = Decimal("0.5")
Points = dict[str, Decimal]


def lot(*names: object) -> Random:
    """Falls the same way for the same names, whatever was drawn before."""
    return Random("·".join(map(str, names)))  # noqa: S311  # a demo, no secret


def self_marks(lines: Sequence[Row], aim: Decimal | None, claims: Mapping[str, str], rng: Random) -> list[Typed]:
    """A whole self sheet: a little above the aim of its assessor, here and there with a remark, each of them once."""
    full = full_points(row for row in lines if row.key not in claims)
    most = sum(full.values(), Decimal(0))
    target = rough_aim(most, rng) if aim is None else aim
    points = lowered(full, max(Decimal(0), most - target - Decimal(rng.randrange(1, 6)) / 2), rng)
    said: set[str] = set()
    return [_self_mark(row, points.get(row.key), claims.get(row.key, ""), said, rng) for row in lines]


def _self_mark(row: Row, points: Decimal | None, claim: str, said: set[str], rng: Random) -> Typed:
    if claim:
        return Typed(row.key, not_applicable=True, reason=claim)
    counts = {measure.key: count for measure in row.measures if (count := _count(row, measure, rng))}
    claims = tuple(claim for one in row.claims for claim in _claims(one, int(counts.pop(one.key, 0))))
    remark = _self_remark(row, counts)
    talks = bool(counts) or bool(claims) or (points is not None and points == row.points)
    if not talks or remark in said or rng.random() > 0.6:
        remark = ""
    said.add(remark)
    return Typed(row.key, _typed(points), counts, remark=remark, claims=claims)


def _claims(measure: MeasureRow, many: int) -> Iterator[TypedClaim]:
    """So many claims of a level, of last year."""
    rng = lot("claims", measure.label, many)
    for occasion, proof in rng.sample(SHARED, many):
        day = date(timezone.localdate().year - 1, rng.randrange(1, 13), rng.randrange(1, 29))
        yield TypedClaim(measure.key, occasion, day.isoformat(), proof)


def _self_remark(row: Row, counts: Mapping[str, str]) -> str:
    if any(measure.role == "bonus" and measure.key in counts for measure in row.measures):
        return COUNTED
    if row.rule == BaseRule.DEDUCT_PER_UNIT:
        return PRESENT if set(counts.values()) == {"0"} else ABSENT
    return phrase_for(row.text).said


def judged_marks(lines: Sequence[Row], before: Sequence[Typed], excess: Decimal, rng: Random) -> list[Typed]:
    """A later stage's sheet: the marks of the one before, `excess` points less.

    Who lowers a mark says why and by how much. That an item does not apply is agreed to.
    """
    given = {one.key: Decimal(one.points) for one in before if one.points}
    points = lowered(given, min(excess, sum(given.values(), Decimal(0))), rng)
    texts = {row.key: row.text for row in lines}
    return [_judged_mark(one, points.get(one.key), texts[one.key], rng) for one in before]


def _judged_mark(one: Typed, points: Decimal | None, text: str, rng: Random) -> Typed:
    remark = AGREED[rng.randrange(len(AGREED))] if rng.random() < 0.08 else ""
    if points is not None and points < Decimal(one.points):
        remark = f"{phrase_for(text).found}，扣{format_points(Decimal(one.points) - points)}分。"
    return replace(one, points=_typed(points), remark=remark, reason="", version=0)


def full_points(lines: Iterable[Row]) -> Points:
    """The printed points of the items that a person judges."""
    return {row.key: row.points for row in lines if row.points is not None and row.rule == BaseRule.JUDGED}


def rough_aim(most: Decimal, rng: Random) -> Decimal:
    share = Decimal(rng.randrange(80, 97)) / 100
    return (most * share / HALF).to_integral_value() * HALF


def lowered(points: Mapping[str, Decimal], amount: Decimal, rng: Random) -> Points:
    """The points with `amount` taken away here and there; an item falls below its half only when all have."""
    result = dict(points)
    while amount > 0:
        high = [key for key, value in result.items() if value > points[key] / 2]
        key = rng.choice(high or [key for key, value in result.items() if value > 0])
        cut = min(HALF * rng.choice((1, 1, 2)), result[key], amount)
        result[key] -= cut
        amount -= cut
    return result


def _count(row: Row, measure: MeasureRow, rng: Random) -> str:
    """What is counted: rarely an absence, parts nearly in full, every second bonus claimed."""
    if measure.role != "bonus":
        if row.rule == BaseRule.SUM_OF_PARTS:
            return _typed(measure.amount - HALF * rng.randrange(3))
        return rng.choice(("0", "0", "0", "1", "2"))
    if rng.random() < 0.5:
        return ""
    if measure.unit == "元":
        return str(rng.randrange(45, 95) * 100)
    if measure.unit == "%":
        return f"{rng.randrange(50, 680) / 100:.2f}"
    return str(rng.randrange(1, 3))


def _typed(points: Decimal | None) -> str:
    return "" if points is None else format_points(points)
