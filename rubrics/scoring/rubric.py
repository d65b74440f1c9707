"""What a rubric asks and what each answer is worth, as frozen values that refuse to be nonsense.

A `Rubric` is a tree of `Section` -> `Group` (only where the document prints group points) -> `Item`. An item is one row
of the source document, with one way of earning base points (`base`), one of earning bonus points (`bonus`), or both:

    base   Judged           a person gives the points, 0 .. points in steps
           DeductPerUnit    points minus amount for each counted unit, never below 0
           SumOfParts       several printed halves ("…得8分；…得4分"), each 0 .. its own points
    bonus  AddPerUnit       amount for each whole `per` of a count above a threshold, with or without a cap
           HighestLevel     several levels claimed, only the highest counts

Points are `Decimal`. Everything counted is a `Measure`; a measure's key is unique inside its item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class RubricError(ValueError):
    """The rubric contradicts itself; the message names the row."""


class Kind(StrEnum):
    """Whether a row counts towards the declared total (base) or only on top of it (bonus)."""

    BASE = "base"
    BONUS = "bonus"


class NotApplicablePolicy(StrEnum):
    """What a row that does not apply to an organisation does to its total."""

    EXCLUDE = "exclude"  # leaves the sum and the sum is rescaled to the whole
    FULL = "full"  # counts as earned
    ZERO = "zero"  # counts as not earned


class TotalPolicy(StrEnum):
    """What the grade looks at when printed points do not add up to the declared total (Guyuan tables 2-5)."""

    AS_PRINTED = "as_printed"
    SCALED = "scaled"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a person counts (absences, contracts, yuan) or a part they score.

    amount  points: lost per unit, gained per `per`, worth of the level, or the part's maximum
    per     how much of the count makes one unit (1000 yuan); whole units only
    above   what the count must exceed before anything is gained (4000 yuan)
    step    the granularity of what may be entered (0.5 points, whole contracts)
    """

    key: str
    label: str
    amount: Decimal
    unit: str = ""
    per: Decimal = Decimal(1)
    above: Decimal = ZERO
    step: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.per <= 0 or self.above < 0 or self.step <= 0:
            raise RubricError(f"measure {self.key}: amount, per and step are positive, above is not negative")


@dataclass(frozen=True, slots=True)
class Judged:
    """A person gives the points."""


@dataclass(frozen=True, slots=True)
class DeductPerUnit:
    """Each unit of each measure costs its amount: max(0, points - sum(amount * count))."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class SumOfParts:
    """The row prints its points in parts, each scored on its own; the parts add up to the item's points."""

    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class AddPerUnit:
    """Each whole `per` of a measure above its threshold gains its amount; the sum stays within the cap, if any."""

    measures: tuple[Measure, ...]
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HighestLevel:
    """Of the levels claimed (count > 0) only the one worth most counts, within the cap."""

    measures: tuple[Measure, ...]
    cap: Decimal | None = None


BaseRule = Judged | DeductPerUnit | SumOfParts
BonusRule = AddPerUnit | HighestLevel


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the source document.

    key         unique in the rubric
    points      base points; None on a pure bonus row
    applies_to  codes of the organisation kinds it applies to; empty: to all
    """

    key: str
    points: Decimal | None
    base: BaseRule | None = Judged()
    bonus: BonusRule | None = None
    step: Decimal = Decimal("0.5")
    applies_to: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if (self.base is None) != (self.points is None):
            raise RubricError(f"item {self.key}: base points and a base rule come together")
        if self.base is None and self.bonus is None:
            raise RubricError(f"item {self.key}: it can earn nothing")
        if self.points is not None and self.points <= 0:
            raise RubricError(f"item {self.key}: points are positive")
        if self.step <= 0:
            raise RubricError(f"item {self.key}: the step is positive")
        if isinstance(self.base, SumOfParts) and sum(m.amount for m in self.base.measures) != self.points:
            raise RubricError(f"item {self.key}: the parts do not add up to the item")
        for rule in (self.base, self.bonus):
            if rule is not None and not isinstance(rule, Judged) and not rule.measures:
                raise RubricError(f"item {self.key}: the rule has nothing to count")
        if self.bonus is not None and self.bonus.cap is not None and self.bonus.cap <= 0:
            raise RubricError(f"item {self.key}: a cap is positive")
        keys = [m.key for m in self.measures]
        if len(keys) != len(set(keys)):
            raise RubricError(f"item {self.key}: two measures share a key")

    @property
    def kind(self) -> Kind:
        return Kind.BONUS if self.points is None else Kind.BASE

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Everything counted on this row, base rule first."""
        base = () if self.base is None or isinstance(self.base, Judged) else self.base.measures
        return base + (self.bonus.measures if self.bonus else ())

    def applies(self, kind: str) -> bool:
        return not self.applies_to or kind in self.applies_to


@dataclass(frozen=True, slots=True)
class Group:
    """Items that share one printed cell of points (Jiangsu 单项分). `points` is None where no group is printed."""

    key: str
    items: tuple[Item, ...]
    points: Decimal | None = None

    def __post_init__(self) -> None:
        if self.points is not None and self.points != sum((i.points or ZERO for i in self.items), ZERO):
            raise RubricError(f"group {self.key}: its items do not add up to its points")


@dataclass(frozen=True, slots=True)
class Section:
    """A printed chapter of the rubric (项目) with its groups in document order."""

    key: str
    name: str
    groups: tuple[Group, ...]
    points: Decimal | None = None  # as printed in the label; None: no points printed

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(i for g in self.groups for i in g.items)


@dataclass(frozen=True, slots=True)
class Rubric:
    """One version of a rubric. `declared` is the total that the document states (百分制), None where it states none."""

    key: str
    sections: tuple[Section, ...]
    declared: Decimal | None = None
    total_policy: TotalPolicy = TotalPolicy.AS_PRINTED
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE
    by_key: dict[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {i.key: i for i in self.items}
        if len(by_key) != sum(1 for _ in self.items):
            raise RubricError(f"rubric {self.key}: two items share a key")
        object.__setattr__(self, "by_key", by_key)

    @property
    def items(self) -> Iterator[Item]:
        return (i for s in self.sections for g in s.groups for i in g.items)

    @property
    def points(self) -> Decimal:
        """Sum of the printed base points, whatever the document declares."""
        return sum((i.points or ZERO for i in self.items), ZERO)
