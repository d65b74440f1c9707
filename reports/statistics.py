"""Places and spread of points, exactly. Pure: from how often each value stands, however many have it.

A ranking has few different values, so a database counts them (GROUP BY) and nothing here grows with the organisations.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate
from typing import Any

Counts = Mapping[Decimal, int]
"""How many have each value."""

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are spread. Quartiles lie between neighbours in proportion, as a spreadsheet's QUARTILE has them."""

    count: int
    total: Decimal
    least: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    most: Decimal

    @property
    def mean(self) -> Decimal:
        return mean(self.total, self.count)


def spread(counts: Counts) -> Spread | None:
    """None where nobody has a value."""
    values = sorted(value for value, count in counts.items() if count)
    if not values:
        return None
    ends = list(accumulate(counts[value] for value in values))
    total = sum((value * counts[value] for value in values), Decimal(0))

    def at(quarters: int) -> Decimal:
        index, rest = divmod(quarters * (ends[-1] - 1), 4)
        here = values[bisect_right(ends, index)]
        if not rest:
            return here
        return here + (values[bisect_right(ends, index + 1)] - here) * rest / 4

    return Spread(ends[-1], total, values[0], at(1), at(2), at(3), values[-1])


def tally(figures: Iterable[tuple[Any, ...]]) -> dict[Any, dict[Decimal, int]]:
    """Counts by key from (key, value, count); a value of which as many went as came is not there."""
    found: dict[Any, dict[Decimal, int]] = defaultdict(lambda: defaultdict(int))
    for key, value, count in figures:
        found[key][value] += count
    counted = {key: {value: count for value, count in values.items() if count} for key, values in found.items()}
    return {key: values for key, values in counted.items() if values}


def places(counts: Counts) -> dict[Decimal, int]:
    """The place of each value, the most first; equals share one, and whoever follows keeps the distance: 1, 1, 3."""
    found: dict[Decimal, int] = {}
    before = 0
    for value in sorted((value for value, count in counts.items() if count), reverse=True):
        found[value] = before + 1
        before += counts[value]
    return found


def place_of(value: Decimal, counts: Counts) -> int:
    """The place of a value that need not be among those counted."""
    return 1 + sum(count for other, count in counts.items() if other > value)


def mean(total: Decimal, count: int) -> Decimal:
    """Rounded half up to two decimals."""
    return rounded(total / count)


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """Per cent, rounded half up to two decimals; None of nothing."""
    return rounded(part * HUNDRED / whole) if whole else None


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
