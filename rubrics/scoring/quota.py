"""How many of a cohort may hold the best band, and who they are. Ties are shown, never split (domain.md I4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from rubrics.scoring.rubric import Fault, RubricError


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `share` of the cohort (0.2 is 20 %) may be awarded the best band."""

    share: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise RubricError(Fault("a quota is a share above 0 and up to 1"))


@dataclass(frozen=True, slots=True)
class Allotment:
    """Candidates by key. A person shares `seats_left` out among `tied`, who are equal and more than that.

    Without a tie, `seats_left` are the seats that nobody is there to take.
    """

    seated: tuple[str, ...]
    tied: tuple[str, ...]
    beyond: tuple[str, ...]
    seats_left: int


def seats(quota: Quota, cohort_size: int) -> int:
    """Whole seats, rounded down: 20 % of 4 is none, of 5 is one."""
    if cohort_size < 0:
        raise ValueError("a cohort is not negative")
    return int(Fraction(quota.share) * cohort_size)


def allot(scores: Mapping[str, Decimal], seats: int) -> Allotment:
    """Rank the candidates for a band by points, equals by key, and seat those who are clear of the last seat's tie."""
    if seats < 0:
        raise ValueError("seats are not negative")
    ranking = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
    inside, tied, outside = ranking[:seats], [], ranking[seats:]
    if inside and outside and scores[inside[-1]] == scores[outside[0]]:
        last = scores[outside[0]]
        tied = [key for key in ranking if scores[key] == last]
        inside = [key for key in inside if scores[key] > last]
        outside = [key for key in outside if scores[key] < last]
    return Allotment(tuple(inside), tuple(tied), tuple(outside), seats - len(inside))
