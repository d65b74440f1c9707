"""What a ballot comes to: counted votes -> an exact share, never a rounded one, and the points of the item it feeds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rubrics.scoring.exact import Ratio, half_up
from rubrics.scoring.rubric import ZERO, Fault, RubricError

HUNDRED = Decimal(100)


class BallotScoring(StrEnum):
    """What an item gets below the threshold: nothing, or its part."""

    ALL_OR_NOTHING = "all_or_nothing"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with its votes. `satisfied`: a vote for it counts as satisfied."""

    satisfied: bool
    votes: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All votes of a ballot. `spoilt` papers came back and count for nobody: returned, but not valid."""

    choices: tuple[Choice, ...]
    spoilt: int = 0

    def __post_init__(self) -> None:
        if self.spoilt < 0 or any(choice.votes < 0 for choice in self.choices):
            raise ValueError("votes are not negative")

    @property
    def valid(self) -> int:
        return sum(choice.votes for choice in self.choices)

    @property
    def returned(self) -> int:
        return self.valid + self.spoilt

    @property
    def satisfied(self) -> int:
        return sum(choice.votes for choice in self.choices if choice.satisfied)

    @property
    def share(self) -> Fraction | None:
        """The satisfied among the valid votes; None where there is no valid vote, which is not 0."""
        return Fraction(self.satisfied, self.valid) if self.valid else None


@dataclass(frozen=True, slots=True)
class BallotTerms:
    """What was fixed before opening. `threshold` is in percent; `minimum` is the fewest ballots that must come back."""

    minimum: int
    threshold: Decimal
    scoring: BallotScoring = BallotScoring.ALL_OR_NOTHING

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= HUNDRED:
            raise RubricError(Fault("a threshold is a percentage above 0 and up to 100"))
        if self.minimum < 1:
            raise RubricError(Fault("a ballot needs at least one vote"))


def counts(tally: Tally, terms: BallotTerms) -> bool:
    """Whether the ballot decides anything: enough came back, and not all of it spoilt."""
    return tally.returned >= terms.minimum and tally.valid > 0


def reaches(tally: Tally, terms: BallotTerms) -> bool:
    """Whether the share is at least the threshold: multiplied crosswise, so that 84.95 % is not 85 %."""
    return tally.valid > 0 and tally.satisfied * HUNDRED >= terms.threshold * tally.valid


def points(tally: Tally, terms: BallotTerms, whole: Decimal, step: Decimal) -> Decimal | None:
    """What an item of `whole` points gets; None where the ballot does not count.

    All of it from the threshold on. Below it nothing, or where the terms say proportional whole × share ÷ threshold,
    rounded half up to the item's step.
    """
    if not counts(tally, terms):
        return None
    if reaches(tally, terms):
        return whole
    if terms.scoring is BallotScoring.ALL_OR_NOTHING:
        return ZERO
    part = Ratio(HUNDRED * tally.satisfied, terms.threshold * tally.valid)
    return min(whole, half_up(whole, part, step))
