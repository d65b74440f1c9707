"""What one sheet says on one row, and what that is worth: `Entry` -> `ItemScore`, every counted term kept.

All values are points unless they say otherwise. Nothing is rounded: what a sheet may hold stays far below the 28 digits
of Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.numbers import LARGEST, Reason, fault
from rubrics.scoring.rubric import (
    ZERO,
    BonusRule,
    DeductPerUnit,
    HighestLevel,
    Item,
    Judged,
    Measure,
    NotApplicablePolicy,
    SumOfParts,
)


class Misplaced(StrEnum):
    """Why an entry does not belong where it was made. Wrong values have a `numbers.Reason` instead."""

    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_MEASURE = "unknown_measure"
    COMPUTED = "computed"  # points typed where a rule gives them
    NOT_APPLICABLE = "not_applicable"  # something entered beside the claim that the row does not apply
    OUT_OF_SCOPE = "out_of_scope"  # something entered on a row that is not for this kind of organisation


class EntryError(ValueError):
    """An entry that no sheet may hold (trust.md invariant 1). `measure` is '' if it is about the row."""

    def __init__(self, item: str, reason: Reason | Misplaced, measure: str = "") -> None:
        super().__init__(f"item {item}{measure and f', {measure}'}: {reason}")
        self.item = item
        self.reason = reason
        self.measure = measure


@dataclass(frozen=True, slots=True)
class Entry:
    """What one sheet says on one row. What is absent is blank, and blank is never zero.

    points  given by a person, for a Judged row
    counts  by measure key: units counted, or the points of one part
    """

    points: Decimal | None = None
    counts: Mapping[str, Decimal] = field(default_factory=dict)
    not_applicable: bool = False

    @property
    def blank(self) -> bool:
        return self.points is None and not self.counts


BLANK = Entry()


class Status(StrEnum):
    """How far a row is. On a row with base points it speaks of those alone: bonus measures may stay blank."""

    BLANK = "blank"
    PARTIAL = "partial"  # some but not all of the required counts are given
    SCORED = "scored"
    NOT_APPLICABLE = "not_applicable"  # claimed on the sheet
    OUT_OF_SCOPE = "out_of_scope"  # the rubric keeps it from this kind of organisation


@dataclass(frozen=True, slots=True)
class Term:
    """What one count gave: `units` whole units of `measure`, worth `points` (negative for a deduction)."""

    measure: Measure
    count: Decimal
    units: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One row, scored.

    base        None while unknown; never below 0, never above the printed points
    applicable  base points within reach of this organisation on this row
    """

    item: Item
    status: Status
    base: Decimal | None = None
    bonus_allowed: Decimal = ZERO
    applicable: Decimal = ZERO
    base_terms: tuple[Term, ...] = ()
    bonus_terms: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.base_terms + self.bonus_terms

    @property
    def bonus_claimed(self) -> Decimal:
        """What all counts together would give, before the cap and the highest-only rule."""
        return sum((t.points for t in self.bonus_terms), ZERO)

    @property
    def deducted(self) -> Decimal:
        """What per-unit deductions took from the row, at most all of it."""
        if self.item.points is None or self.base is None or not isinstance(self.item.base, DeductPerUnit):
            return ZERO
        return self.item.points - self.base

    @property
    def required(self) -> bool:
        """Whether the sheet is incomplete without this row."""
        return self.item.base is not None and self.status not in (Status.NOT_APPLICABLE, Status.OUT_OF_SCOPE)

    @property
    def missing(self) -> bool:
        return self.required and self.status is not Status.SCORED


def score_item(
    item: Item, entry: Entry, kind: str = "", policy: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE
) -> ItemScore:
    """Score one row for an organisation of `kind`. Raises EntryError if the entry can't stand there."""
    if not item.applies(kind):
        if entry != BLANK:
            raise EntryError(item.key, Misplaced.OUT_OF_SCOPE)
        return ItemScore(item, Status.OUT_OF_SCOPE)
    points = item.points or ZERO
    if entry.not_applicable:
        if not entry.blank:
            raise EntryError(item.key, Misplaced.NOT_APPLICABLE)
        excluded = policy is NotApplicablePolicy.EXCLUDE
        return ItemScore(item, Status.NOT_APPLICABLE, applicable=ZERO if excluded else points)
    if entry.blank:
        return ItemScore(item, Status.BLANK, applicable=points)
    _check(item, entry)
    status, base, base_terms = _score_base(item, entry)
    bonus_terms = _terms(item.bonus.measures, entry.counts) if item.bonus else ()
    return ItemScore(item, status, base, _allowed(item.bonus, bonus_terms), points, base_terms, bonus_terms)


def _check(item: Item, entry: Entry) -> None:
    if entry.points is not None:
        if item.points is None or not isinstance(item.base, Judged):
            raise EntryError(item.key, Misplaced.COMPUTED)
        if reason := fault(entry.points, maximum=item.points, step=item.step):
            raise EntryError(item.key, reason)
    if entry.counts:
        _check_counts(item, entry.counts)


def _check_counts(item: Item, counts: Mapping[str, Decimal]) -> None:
    measures = {m.key: m for m in item.measures}
    parts = item.base.measures if isinstance(item.base, SumOfParts) else ()
    for key, count in counts.items():
        measure = measures.get(key)
        if measure is None:
            raise EntryError(item.key, Misplaced.UNKNOWN_MEASURE, key)
        if reason := fault(count, maximum=measure.amount if measure in parts else LARGEST, step=measure.step):
            raise EntryError(item.key, reason, key)


def _score_base(item: Item, entry: Entry) -> tuple[Status, Decimal | None, tuple[Term, ...]]:
    """Status, base points and their terms of a row on which something is entered."""
    rule = item.base
    if rule is None or item.points is None:
        return Status.SCORED, None, ()
    if isinstance(rule, Judged):
        return Status.BLANK if entry.points is None else Status.SCORED, entry.points, ()
    parts = isinstance(rule, SumOfParts)
    terms = _parts(rule.measures, entry.counts) if parts else _terms(rule.measures, entry.counts, sign=-1)
    status = _progress(len(terms), len(rule.measures))
    # a count that is still missing may take everything, so half-counted deductions promise nothing
    if status is Status.SCORED or (parts and terms):
        return status, max(ZERO, sum((t.points for t in terms), ZERO if parts else item.points)), terms
    return status, None, terms


def _progress(given: int, wanted: int) -> Status:
    if not given:
        return Status.BLANK
    return Status.PARTIAL if given < wanted else Status.SCORED


def _parts(measures: tuple[Measure, ...], counts: Mapping[str, Decimal]) -> tuple[Term, ...]:
    given = ((m, counts[m.key]) for m in measures if m.key in counts)
    return tuple(Term(measure, points, points, points) for measure, points in given)


def _terms(measures: tuple[Measure, ...], counts: Mapping[str, Decimal], sign: int = 1) -> tuple[Term, ...]:
    return tuple(_term(m, counts[m.key], sign) for m in measures if m.key in counts)


def _term(measure: Measure, count: Decimal, sign: int) -> Term:
    units = (count - measure.above) // measure.per if count > measure.above else ZERO
    return Term(measure, count, units, sign * units * measure.amount)


def _allowed(rule: BonusRule | None, terms: tuple[Term, ...]) -> Decimal:
    """What the rule lets stand of a claimed bonus."""
    if rule is None or not terms:
        return ZERO
    if isinstance(rule, HighestLevel):
        points = max((t.measure.amount for t in terms if t.units), default=ZERO)
    else:
        points = sum((t.points for t in terms), ZERO)
    return points if rule.cap is None else min(points, rule.cap)
