"""The whole of a rubric: sections, groups, common limits, and how its total is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.rubric.item import Item
from rubrics.scoring.rubric.measure import ZERO, Fault, RubricError


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
class Cap:
    """ "以上累计不超过2分": what the bonuses and penalties of the items that name it may come to together.

    most   the most they may add; None: no upper limit
    least  the most they may take, as a negative number; None: no lower limit
    """

    name: str
    most: Decimal | None = None
    least: Decimal | None = None

    def __post_init__(self) -> None:
        if self.most is None and self.least is None:
            raise RubricError(Fault("common limit %(cap)s: it limits nothing", {"cap": self.name}))
        if (self.most is not None and self.most < 0) or (self.least is not None and self.least > 0):
            raise RubricError(
                Fault("common limit %(cap)s: at most is not below 0, at least not above it", {"cap": self.name})
            )

    def allows(self, claimed: Decimal) -> Decimal:
        """What it lets stand of what its items claim together."""
        allowed = claimed if self.most is None else min(claimed, self.most)
        return allowed if self.least is None else max(allowed, self.least)


@dataclass(frozen=True, slots=True)
class Group:
    """Items that share one printed cell of points (Jiangsu 单项分). `points` is None where no group is printed."""

    key: str
    items: tuple[Item, ...]
    points: Decimal | None = None

    def __post_init__(self) -> None:
        if self.points is not None and self.points != sum((i.points or ZERO for i in self.items), ZERO):
            raise RubricError(Fault("group %(group)s: its items do not add up to its points", {"group": self.key}))


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
    """One version of a rubric.

    declared  the total that the document states (百分制), None where it states none
    caps      common limits, each named by at least one item
    floor     the lowest total; penalties take it no further
    """

    key: str
    sections: tuple[Section, ...]
    declared: Decimal | None = None
    total_policy: TotalPolicy = TotalPolicy.AS_PRINTED
    not_applicable: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE
    caps: tuple[Cap, ...] = ()
    floor: Decimal = ZERO
    by_key: dict[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key = {i.key: i for i in self.items}
        if len(by_key) != sum(1 for _ in self.items):
            raise RubricError(Fault("two items share a key"))
        if self.floor > 0:
            raise RubricError(Fault("the lowest total is not above 0"))
        self._check_caps()
        object.__setattr__(self, "by_key", by_key)

    def _check_caps(self) -> None:
        names = {cap.name for cap in self.caps}
        named = {item.cap: item.key for item in self.items if item.cap}
        if len(names) != len(self.caps):
            raise RubricError(Fault("two common limits share a name"))
        for name, item in named.items():
            if name not in names:
                raise RubricError(Fault("there is no common limit %(cap)s", {"cap": name}), item)
        for cap in self.caps:
            if cap.name not in named:
                raise RubricError(Fault("common limit %(cap)s: no item counts towards it", {"cap": cap.name}))

    @property
    def items(self) -> Iterator[Item]:
        return (i for s in self.sections for g in s.groups for i in g.items)

    @property
    def points(self) -> Decimal:
        """Sum of the printed base points, whatever the document declares."""
        return sum((i.points or ZERO for i in self.items), ZERO)
