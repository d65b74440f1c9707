"""The closed set of rules. Each is data: what it counts, and what would make it nonsense (`faults`).

`rubrics.scoring.items` says what an answer is worth under each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

from rubrics.scoring.rubric.measure import ZERO, Fault, Measure, Tier

# --- Base points -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A person gives the points."""

    measures: ClassVar[tuple[Measure, ...]] = ()

    def faults(self, _points: Decimal) -> Iterator[Fault]:
        yield from ()


@dataclass(frozen=True, slots=True)
class DeductPerUnit:
    """Each unit of each measure costs its amount: max(floor, points - sum(amount * count))."""

    measures: tuple[Measure, ...]
    floor: Decimal = ZERO

    def faults(self, _points: Decimal) -> Iterator[Fault]:
        yield from _worthless(self.measures)
        if self.floor > 0:
            yield Fault("the floor of a deduction is not above 0")


@dataclass(frozen=True, slots=True)
class SumOfParts:
    """The row prints its points in parts, each scored on its own; the parts add up to the item's points."""

    measures: tuple[Measure, ...]

    def faults(self, points: Decimal) -> Iterator[Fault]:
        yield from _worthless(self.measures)
        if sum(m.amount for m in self.measures) != points:
            yield Fault("the parts do not add up to the item")


@dataclass(frozen=True, slots=True)
class Tiers:
    """One number on a scale of its measure: the points of the best tier it reaches, 0 below all of them.

    falling  fewer is better: a tier holds up to its bound instead of from it on
    """

    measures: tuple[Measure, ...]
    falling: bool = False

    @property
    def best_first(self) -> tuple[Tier, ...]:
        return tuple(sorted(self.measures[0].tiers, reverse=not self.falling))

    def reached(self, number: Decimal) -> Tier | None:
        """The best tier that the number reaches."""
        tiers = self.best_first
        return next((t for t in tiers if (number <= t.bound if self.falling else number >= t.bound)), None)

    def worth(self, number: Decimal) -> Decimal:
        tier = self.reached(number)
        return tier.points if tier else ZERO

    def faults(self, points: Decimal) -> Iterator[Fault]:
        yield from _not_single(self.measures)
        worths = [tier.points for tier in self.best_first]
        yield from _not_the_whole(
            worths, points, Fault("a tier is worth more than the item"), Fault("no tier is worth the whole item")
        )
        if any(better <= worse for better, worse in pairwise(worths)) or any(worth < 0 for worth in worths):
            yield Fault(
                "its tiers do not fall with the bound" if self.falling else "its tiers do not rise with the bound"
            )
        bounds = [tier.bound for tier in self.best_first]
        if len(bounds) != len(set(bounds)):
            yield Fault("two tiers share a bound")


@dataclass(frozen=True, slots=True)
class Rate:
    """The share of a target that was met (完成率×分值): points * min(1, count / per), half up to the item's step."""

    measures: tuple[Measure, ...]

    def faults(self, _points: Decimal) -> Iterator[Fault]:
        yield from _not_single(self.measures)


@dataclass(frozen=True, slots=True)
class NOfM:
    """Of several conditions, each met (1) or not (0), `needed` earn the whole; fewer earn nothing."""

    measures: tuple[Measure, ...]
    needed: int

    def faults(self, _points: Decimal) -> Iterator[Fault]:
        if not 0 < self.needed <= len(self.measures):
            gaps = {"needed": self.needed, "asked": len(self.measures)}
            yield Fault("%(needed)s of %(asked)s conditions can't be needed", gaps)


@dataclass(frozen=True, slots=True)
class Levels:
    """Exactly one of the levels (A/B/C/D) holds and is worth its amount; one of them is worth the whole."""

    measures: tuple[Measure, ...]

    def faults(self, points: Decimal) -> Iterator[Fault]:
        yield from _not_the_whole(
            [m.amount for m in self.measures],
            points,
            Fault("a level is worth more than the item"),
            Fault("no level is worth the whole item"),
        )


@dataclass(frozen=True, slots=True)
class SeveralScorers:
    """Several departments give points, each 0 .. the item's; the row earns their mean, weighted by `amount`."""

    measures: tuple[Measure, ...]

    def faults(self, _points: Decimal) -> Iterator[Fault]:
        if any(m.amount <= 0 for m in self.measures):
            yield Fault("the weight of each scorer is positive")


# --- On top of them --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddPerUnit:
    """Each whole `per` of a measure above its threshold gains its amount; the sum stays within the cap, if any."""

    measures: tuple[Measure, ...]
    cap: Decimal | None = None

    def faults(self) -> Iterator[Fault]:
        yield from _worthless(self.measures)
        yield from _bad_cap(self.cap)


@dataclass(frozen=True, slots=True)
class HighestLevel:
    """Of the levels claimed (count > 0) only the one worth most counts, within the cap."""

    measures: tuple[Measure, ...]
    cap: Decimal | None = None

    def faults(self) -> Iterator[Fault]:
        yield from _worthless(self.measures)
        yield from _bad_cap(self.cap)


@dataclass(frozen=True, slots=True)
class TakePerUnit:
    """Each whole `per` of a measure above its threshold takes its amount (倒扣), down to `floor`, if any."""

    measures: tuple[Measure, ...]
    floor: Decimal | None = None

    def faults(self) -> Iterator[Fault]:
        yield from _worthless(self.measures)
        if self.floor is not None and self.floor >= 0:
            yield Fault("the floor of a penalty is below 0")


JUDGED = Judged()
BaseRule = Judged | DeductPerUnit | SumOfParts | Tiers | Rate | NOfM | Levels | SeveralScorers
BonusRule = AddPerUnit | HighestLevel | TakePerUnit


def _worthless(measures: tuple[Measure, ...]) -> Iterator[Fault]:
    for m in measures:
        if m.amount <= 0:
            yield Fault("%(measure)s is worth nothing", {"measure": m.label or m.key})


def _not_single(measures: tuple[Measure, ...]) -> Iterator[Fault]:
    if len(measures) > 1:
        yield Fault("the rule looks at one number, not at several")


def _not_the_whole(worths: list[Decimal], points: Decimal, more: Fault, less: Fault) -> Iterator[Fault]:
    best = max(worths, default=ZERO)
    if best != points:
        yield more if best > points else less


def _bad_cap(cap: Decimal | None) -> Iterator[Fault]:
    if cap is not None and cap <= 0:
        yield Fault("a cap is positive")
