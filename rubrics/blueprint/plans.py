"""The parts of a rubric as values. No Django: what a field means is said at the models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True, slots=True)
class TierPlan:
    bound: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """Something counted; `tiers` from the highest bound down."""

    key: str
    role: str
    label: str
    unit: str = ""
    amount: Decimal = ZERO
    per: Decimal = ONE
    above: Decimal = ZERO
    step: Decimal = ONE
    office: str = ""
    tiers: tuple[TierPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """One row. `kinds` empty: for all; `offices` lead first; `source_ref` is not compared, it is where it came from."""

    key: str
    text: str
    points: Decimal | None = None
    number: str = ""
    printed_points: str = ""
    basis: str = ""
    subject: str = ""
    threshold: str = ""
    note: str = ""
    rule: str = "judged"
    bonus_rule: str = "none"
    bonus_cap: Decimal | None = None
    claimed: bool = False
    floor: Decimal | None = None
    needed: int | None = None
    gate: str = ""
    cap: str = ""
    electorate: str = ""
    kinds: frozenset[str] = frozenset()
    offices: tuple[str, ...] = ()
    measures: tuple[MeasurePlan, ...] = ()
    source_ref: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """Items in a row that share a printed cell of points; `points` None: no such cell, just the items."""

    items: tuple[ItemPlan, ...]
    points: Decimal | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    name: str
    label: str
    groups: tuple[GroupPlan, ...]
    points: Decimal | None = None
    part: str = ""
    inherited: bool = False

    @property
    def items(self) -> tuple[ItemPlan, ...]:
        return tuple(item for group in self.groups for item in group.items)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    source: str
    heading: str
    width: int
    added: bool = False


@dataclass(frozen=True, slots=True)
class BandPlan:
    rank: int
    name: str
    lower: Decimal
    quota: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AudiencePlan:
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class CapPlan:
    name: str
    most: Decimal | None = None
    least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Blueprint:
    """Everything of a rubric but its identity (document, code, version) and its history."""

    title: str
    sections: tuple[SectionPlan, ...]
    columns: tuple[ColumnPlan, ...] = ()
    annex: str = ""
    subtitle: str = ""
    footnote: str = ""
    declared_total: Decimal | None = None
    total_label: str = ""
    printed_total: str = ""
    total_policy: str = "as_printed"
    not_applicable_policy: str = "exclude"
    step: Decimal = Decimal("0.5")
    total_floor: Decimal = ZERO
    qualified_rank: int | None = None
    overlay_points: Decimal | None = None
    audiences: tuple[AudiencePlan, ...] = ()
    offices: tuple[str, ...] = ()
    bands: tuple[BandPlan, ...] = ()
    caps: tuple[CapPlan, ...] = ()

    @property
    def items(self) -> Iterator[ItemPlan]:
        return (item for section in self.sections for item in section.items)

    @property
    def points(self) -> Decimal:
        """What the items' base points add up to."""
        return sum((item.points for item in self.items if item.points), ZERO)
