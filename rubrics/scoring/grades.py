"""Which band a score falls into. Bands are half-open and nothing is rounded: 89.99 is below 90 (domain.md I2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rubrics.scoring.rubric import RubricError
from rubrics.scoring.totals import PLACES


@dataclass(frozen=True, slots=True)
class Band:
    """All scores from `lower` points up to the next better band; a higher `rank` is better (five stars: 5)."""

    rank: int
    name: str
    lower: Decimal

    def __post_init__(self) -> None:
        if self.lower != round(self.lower, PLACES):
            raise RubricError(f"band {self.name}: a bound has at most {PLACES} decimals")


@dataclass(frozen=True, slots=True)
class Scale:
    """Bands, best first, down to 0 so that every score has one. The best has no upper bound: 102 is five stars.

    lowest_qualified  rank of the last band that counts as 达标 (Guyuan: two stars); None: all do
    """

    bands: tuple[Band, ...]
    lowest_qualified: int | None = None

    def __post_init__(self) -> None:
        if not self.bands or self.bands[-1].lower != 0:
            raise RubricError("the last band starts at 0")
        if any(a.lower <= b.lower or a.rank <= b.rank for a, b in pairwise(self.bands)):
            raise RubricError("each band has a lower bound and a lower rank than the one before")
        if self.lowest_qualified not in (None, *(b.rank for b in self.bands)):
            raise RubricError(f"no band has the lowest qualified rank {self.lowest_qualified}")


def grade(points: Decimal, scale: Scale) -> Band:
    """The band of an official total. Raises ValueError below 0, which no total is."""
    for band in scale.bands:
        if points >= band.lower:
            return band
    raise ValueError(f"no band for {points} points")


def qualified(band: Band, scale: Scale) -> bool:
    """Whether the band counts as 达标 (domain.md I3)."""
    return scale.lowest_qualified is None or band.rank >= scale.lowest_qualified
