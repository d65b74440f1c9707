"""Which band a score falls into, and what a gate leaves of it.

Bands are half-open and nothing is rounded: 89.99 is below 90 (domain.md I2).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rubrics.scoring.exact import PLACES
from rubrics.scoring.rubric import Fault, Gate, RubricError


@dataclass(frozen=True, slots=True)
class Band:
    """All scores from `lower` points up to the next better band; a higher `rank` is better (five stars: 5)."""

    rank: int
    name: str
    lower: Decimal

    def __post_init__(self) -> None:
        if self.lower != round(self.lower, PLACES):
            raise RubricError(
                Fault("band %(band)s: a bound has at most %(places)s decimals", {"band": self.name, "places": PLACES})
            )


@dataclass(frozen=True, slots=True)
class Scale:
    """Bands, best first, down to 0. The best has no upper bound, 102 is five stars; what is below 0 has the last.

    lowest_qualified  rank of the last band that counts as 达标 (Guyuan: two stars); None: all do
    """

    bands: tuple[Band, ...]
    lowest_qualified: int | None = None

    def __post_init__(self) -> None:
        if not self.bands or self.bands[-1].lower != 0:
            raise RubricError(Fault("the last band starts at 0"))
        if any(a.lower <= b.lower or a.rank <= b.rank for a, b in pairwise(self.bands)):
            raise RubricError(Fault("each band has a lower bound and a lower rank than the one before"))
        if self.lowest_qualified not in (None, *(b.rank for b in self.bands)):
            raise RubricError(Fault("no band has the lowest qualified rank"))


def grade(points: Decimal, scale: Scale, gates: Collection[Gate] = ()) -> Band | None:
    """The band of an official total with these gates tripped.

    A veto leaves no band at all; a veto of the best band bars that one, and the next takes its holders. A required
    condition that is not met leaves the band as it is: it is `qualified` that it takes.
    """
    if Gate.VETO in gates:
        return None
    open_to = scale.bands[1:] if Gate.VETO_TOP in gates else scale.bands
    return next((band for band in open_to if points >= band.lower), open_to[-1] if open_to else None)


def qualified(band: Band | None, scale: Scale, gates: Collection[Gate] = ()) -> bool:
    """Whether the band counts as 达标 (domain.md I3): never without a band, nor without what is required."""
    if band is None or not {Gate.VETO, Gate.REQUIRED}.isdisjoint(gates):
        return False
    return scale.lowest_qualified is None or band.rank >= scale.lowest_qualified
