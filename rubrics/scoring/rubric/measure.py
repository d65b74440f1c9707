"""What is counted on a row, and the error that a rubric raises which contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

ZERO = Decimal(0)


class Fault(NamedTuple):
    """What makes a rubric nonsense: an English sentence with %-gaps, and what stands in them."""

    said: str
    gaps: Mapping[str, str | int] = MappingProxyType({})

    def __str__(self) -> str:
        return self.said % self.gaps


class RubricError(ValueError):
    """The rubric contradicts itself. `item` is the key of the row; '' if it is about something else."""

    def __init__(self, fault: Fault, item: str = "") -> None:
        super().__init__(f"item {item}: {fault}" if item else str(fault))
        self.fault = fault
        self.item = item


class Tier(NamedTuple):
    """One step of a measure's scale: what is earned from `bound` on, or up to it where fewer is better."""

    bound: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a person counts (absences, contracts, yuan), answers yes or no, or a part they score.

    amount  points by rule: lost per unit, gained per `per`, worth of the level, the part's maximum; a scorer's weight;
            0 where the rule does not look at it
    per     how much of the count makes one unit (1000 yuan), whole units only; the target of a share
    above   what the count must exceed before anything is gained (4000 yuan)
    step    the granularity of what may be entered (0.5 points, whole contracts)
    office  the department that alone enters it; empty: whoever marks the row
    tiers   the scale of its number, in any order
    """

    key: str
    label: str
    amount: Decimal = ZERO
    unit: str = ""
    per: Decimal = Decimal(1)
    above: Decimal = ZERO
    step: Decimal = Decimal(1)
    office: str = ""
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        if self.amount < 0 or self.per <= 0 or self.above < 0 or self.step <= 0:
            raise RubricError(
                Fault(
                    "measure %(measure)s: per and step are positive, amount and above are not negative",
                    {"measure": self.key},
                )
            )
