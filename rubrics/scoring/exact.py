"""Dividing without rounding. The one place that divides; what can't be exact is cut."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

PLACES = 4  # decimals that survive a division; band bounds have no more


class Ratio(NamedTuple):
    """value * times / by"""

    times: Decimal
    by: Decimal


SAME = Ratio(Decimal(1), Decimal(1))


def cut(value: Decimal, *ratios: Ratio) -> Decimal:
    """`value` times all `ratios`, truncated once to PLACES decimals if there is anything to divide by.

    Exact: Decimal's // never rounds. Truncation can't lift a score over a band bound nor push it below one: bounds have
    at most PLACES decimals, so the largest number of PLACES decimals that is <= x reaches each bound that x reaches.
    """
    by = SAME.by
    for ratio in ratios:
        value *= ratio.times
        by *= ratio.by
    return value if by == 1 else (value.scaleb(PLACES) // by).scaleb(-PLACES)


def percent(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent, cut to two decimals: 84.999 % is not 85 %."""
    return Decimal(part * 10_000 // whole) / 100


def half_up(value: Decimal, ratio: Ratio, step: Decimal) -> Decimal:
    """`value` times `ratio` to the nearest multiple of `step`, the higher one from the middle on."""
    return (2 * value * ratio.times + step * ratio.by) // (2 * step * ratio.by) * step
