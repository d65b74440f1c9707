"""One row of the source document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from rubrics.scoring.rubric.measure import Fault, Measure, RubricError
from rubrics.scoring.rubric.rules import (
    JUDGED,
    BaseRule,
    BonusRule,
    DeductPerUnit,
    Judged,
    Levels,
    NOfM,
    SeveralScorers,
    SumOfParts,
)


class Kind(StrEnum):
    """Whether a row counts towards the declared total (base), only on top of it (bonus), or not in points (gate)."""

    BASE = "base"
    BONUS = "bonus"
    GATE = "gate"


class Gate(StrEnum):
    """A row that is answered yes (1) or no (0) and decides about the award instead of earning points."""

    NONE = ""
    REQUIRED = "required"  # 必备: without it, not qualified
    VETO = "veto"  # 一票否决: if it happened, no band and not qualified
    VETO_TOP = "veto_top"  # 一票否优: if it happened, the best band is barred

    def trips(self, answer: Decimal) -> bool:
        """Whether the answer stands in the way of the award."""
        return (answer == 0) if self is Gate.REQUIRED else (answer == 1)


ANSWER = Measure("gate", "")
"""What is entered on a gate: 1 for yes, 0 for no."""


class Range(NamedTuple):
    """What may be entered: 0 .. `maximum` in whole steps; None: a count, which knows no end."""

    maximum: Decimal | None
    step: Decimal


YES_OR_NO = Range(Decimal(1), Decimal(1))


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the source document.

    key         unique in the rubric
    points      base points; None on a row that is only bonus, penalty or gate
    applies_to  codes of the organisation kinds it applies to; empty: to all
    cap         name of the rubric's common limit that its bonus or penalty counts towards; empty: none
    """

    key: str
    points: Decimal | None
    base: BaseRule | None = JUDGED
    bonus: BonusRule | None = None
    step: Decimal = Decimal("0.5")
    applies_to: frozenset[str] = frozenset()
    gate: Gate = Gate.NONE
    cap: str = ""

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise RubricError(fault, self.key)

    def _faults(self) -> Iterator[Fault]:
        """What would make it nonsense; each is asked only where those before it found nothing."""
        yield from self._contradictions()
        for rule in (self.base, self.bonus):
            if rule is not None and not isinstance(rule, Judged) and not rule.measures:
                yield Fault("the rule has nothing to count")
        if self.base is not None and self.points is not None:
            yield from self.base.faults(self.points)
        if self.bonus is not None:
            yield from self.bonus.faults()
        keys = [m.key for m in self.measures]
        if len(keys) != len(set(keys)):
            yield Fault("two measures share a key")

    def _contradictions(self) -> Iterator[Fault]:
        if self.gate and (self.points, self.base, self.bonus) != (None, None, None):
            yield Fault("a gate has no points and no rule")
        if (self.base is None) != (self.points is None):
            yield Fault("base points and a base rule come together")
        if self.base is None and self.bonus is None and not self.gate:
            yield Fault("it can earn nothing")
        if self.points is not None and self.points <= 0:
            yield Fault("points are positive")
        if self.step <= 0:
            yield Fault("the step is positive")
        if self.cap and not self.goes_beyond:
            yield Fault(
                "it counts towards the common limit %(cap)s but has neither bonus nor penalty", {"cap": self.cap}
            )

    @property
    def goes_beyond(self) -> bool:
        """Whether it can add to the total, or take from it, beyond its base points."""
        return self.bonus is not None or (isinstance(self.base, DeductPerUnit) and self.base.floor < 0)

    @property
    def kind(self) -> Kind:
        if self.gate:
            return Kind.GATE
        return Kind.BONUS if self.points is None else Kind.BASE

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Everything counted or answered on this row, base rule first."""
        if self.gate:
            return (ANSWER,)
        return (self.base.measures if self.base else ()) + (self.bonus.measures if self.bonus else ())

    def accepts(self, key: str) -> Range:
        """What may be entered for one of its measures."""
        measure = next(m for m in self.measures if m.key == key)
        if self.bonus and measure in self.bonus.measures:
            return Range(None, measure.step)
        if self.gate or isinstance(self.base, NOfM | Levels):
            return YES_OR_NO
        if isinstance(self.base, SumOfParts):
            return Range(measure.amount, measure.step)
        if isinstance(self.base, SeveralScorers):
            return Range(self.points, self.step)
        return Range(None, measure.step)

    def applies(self, kind: str) -> bool:
        return not self.applies_to or kind in self.applies_to
