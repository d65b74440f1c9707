"""What one sheet says on one row, and what that is worth: `Entry` -> `ItemScore`, every counted term kept.

All values are points unless they say otherwise. What a sheet may hold stays far below the 28 digits of Decimal, so that
nothing is ever rounded but the share of a target, which is on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring import worth
from rubrics.scoring.numbers import LARGEST, Reason, fault
from rubrics.scoring.rubric import (
    ANSWER,
    ZERO,
    DeductPerUnit,
    Item,
    Judged,
    Levels,
    NotApplicablePolicy,
)
from rubrics.scoring.worth import Term


class Misplaced(StrEnum):
    """Why an entry does not belong where it was made. Wrong values have a `numbers.Reason` instead."""

    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_MEASURE = "unknown_measure"
    COMPUTED = "computed"  # points typed where a rule gives them
    NOT_APPLICABLE = "not_applicable"  # something entered beside the claim that the row does not apply
    ALWAYS_APPLIES = "always_applies"  # the claim that a gate does not apply
    OUT_OF_SCOPE = "out_of_scope"  # something entered on a row that is not for this kind of organisation
    NOT_ONE = "not_one"  # not exactly one of several levels


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
    counts  by measure key: units counted, the points of one part or of one scorer, 1 for yes and 0 for no
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
class ItemScore:
    """One row, scored.

    base        None while unknown; never below 0, never above the printed points
    applicable  base points within reach of this organisation on this row
    below_zero  what a deduction takes beyond all of its points, where its floor is below 0; never above 0
    taken       what its penalty takes, down to its floor; never above 0
    tripped     it is a gate, and the answer stands in the way of the award
    """

    item: Item
    status: Status
    base: Decimal | None = None
    bonus_allowed: Decimal = ZERO
    applicable: Decimal = ZERO
    base_terms: tuple[Term, ...] = ()
    bonus_terms: tuple[Term, ...] = ()
    below_zero: Decimal = ZERO
    taken: Decimal = ZERO
    tripped: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.base_terms + self.bonus_terms

    @property
    def points(self) -> Decimal | None:
        """What the row comes to, before any common limit; None while it has no points."""
        known = self.base is not None or self.bonus_terms
        return (self.base or ZERO) + self.extra if known else None

    @property
    def extra(self) -> Decimal:
        """What it gives or takes beyond its base points."""
        return self.bonus_allowed + self.penalty

    @property
    def penalty(self) -> Decimal:
        """What it takes beyond its base points; never above 0."""
        return self.below_zero + self.taken

    @property
    def earned(self) -> Decimal | None:
        """What organisations are compared by on this row: its base points; where it has none, what it gives or takes.
        None while unknown, and where it does not apply.
        """
        if self.item.base is not None:
            return self.base
        return self.extra if self.bonus_terms else None

    @property
    def bonus_claimed(self) -> Decimal:
        """What all counts together would give, before the cap and the highest-only rule."""
        return sum((t.points for t in self.bonus_terms if t.points > 0), ZERO)

    @property
    def penalty_claimed(self) -> Decimal:
        """What all counts of its penalty together would take, before the floor; never above 0."""
        return sum((t.points for t in self.bonus_terms if t.points < 0), ZERO)

    @property
    def deducted(self) -> Decimal:
        """What per-unit deductions took from the row: at most all of it, and what lies below down to the floor."""
        if self.item.points is None or self.base is None or not isinstance(self.item.base, DeductPerUnit):
            return ZERO
        return self.item.points - self.base - self.below_zero

    @property
    def required(self) -> bool:
        """Whether the sheet is incomplete without this row."""
        asked = self.item.base is not None or self.item.gate
        return bool(asked) and self.status not in (Status.NOT_APPLICABLE, Status.OUT_OF_SCOPE)

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
        if item.gate:
            raise EntryError(item.key, Misplaced.ALWAYS_APPLIES)
        excluded = policy is NotApplicablePolicy.EXCLUDE
        return ItemScore(item, Status.NOT_APPLICABLE, applicable=ZERO if excluded else points)
    if entry.blank:
        return ItemScore(item, Status.BLANK, applicable=points)
    _check(item, entry)
    if item.gate:
        return ItemScore(item, Status.SCORED, tripped=item.gate.trips(entry.counts[ANSWER.key]))
    status, base, terms = _score_base(item, entry)
    extra_terms = worth.extra_terms(item.bonus, entry.counts) if item.bonus else ()
    extra = worth.extra_points(item.bonus, extra_terms) if item.bonus else ZERO
    return ItemScore(
        item,
        status,
        base=None if base is None else max(ZERO, base),
        bonus_allowed=max(ZERO, extra),
        applicable=points,
        base_terms=terms,
        bonus_terms=extra_terms,
        below_zero=min(ZERO, base or ZERO),
        taken=min(ZERO, extra),
    )


def _check(item: Item, entry: Entry) -> None:
    if entry.points is not None:
        if item.points is None or not isinstance(item.base, Judged):
            raise EntryError(item.key, Misplaced.COMPUTED)
        if reason := fault(entry.points, maximum=item.points, step=item.step):
            raise EntryError(item.key, reason)
    if entry.counts:
        _check_counts(item, entry.counts)


def _check_counts(item: Item, counts: Mapping[str, Decimal]) -> None:
    known = {m.key for m in item.measures}
    for key, count in counts.items():
        if key not in known:
            raise EntryError(item.key, Misplaced.UNKNOWN_MEASURE, key)
        maximum, step = item.accepts(key)
        if reason := fault(count, maximum=LARGEST if maximum is None else maximum, step=step):
            raise EntryError(item.key, reason, key)
    if isinstance(item.base, Levels):
        answers = [counts[m.key] for m in item.base.measures if m.key in counts]
        if answers and sum(answers) != 1:
            raise EntryError(item.key, Misplaced.NOT_ONE)


def _score_base(item: Item, entry: Entry) -> tuple[Status, Decimal | None, tuple[Term, ...]]:
    """Status, base points (below zero where a deduction may go there) and terms of a row with something entered."""
    rule = item.base
    if rule is None or item.points is None:
        return Status.SCORED, None, ()
    if isinstance(rule, Judged):
        return Status.BLANK if entry.points is None else Status.SCORED, entry.points, ()
    terms = worth.base_terms(item, rule, item.points, entry.counts)
    return _progress(len(terms), worth.wanted(rule)), worth.base_points(rule, item.points, terms), terms


def _progress(given: int, wanted: int) -> Status:
    if not given:
        return Status.BLANK
    return Status.PARTIAL if given < wanted else Status.SCORED
