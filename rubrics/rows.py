"""A rubric's rows as pages, services and cards need them: plain frozen values, of a frozen rubric read only once.

What is kept is keyed by the row's key and the moment it was frozen, so another database with the same keys finds
nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Prefetch

from rubrics.models import BaseRule, Column, Item, Measure, MeasureRole, Rubric


class TierRow(NamedTuple):
    bound: Decimal
    points: Decimal


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """Something counted. `office` alone enters it, empty: whoever marks the item; `tiers` the best first."""

    pk: int
    key: str
    label: str
    unit: str
    amount: Decimal
    per: Decimal
    above: Decimal
    step: Decimal
    role: str
    office: str = ""
    tiers: tuple[TierRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One item in document order. Section and group come along, so that who prints can merge equal neighbours.

    cap      name of the common limit that its bonus or penalty counts towards, with its bounds; empty: none
    offices  names of the responsible departments, lead first
    kinds    codes of the kinds it applies to; empty: all
    """

    pk: int
    key: str
    number: str
    text: str
    points: Decimal | None
    step: Decimal
    printed_points: str
    basis: str
    subject: str
    threshold: str
    note: str
    rule: str
    bonus_rule: str
    bonus_cap: Decimal | None
    claimed: bool
    floor: Decimal | None
    needed: int | None
    gate: str
    cap: str
    cap_most: Decimal | None
    cap_least: Decimal | None
    electorate: str
    section: int
    section_name: str
    section_label: str
    section_points: Decimal | None
    section_part: str
    group: int | None
    group_label: str
    group_points: Decimal | None
    offices: tuple[str, ...]
    kinds: frozenset[str]
    measures: tuple[MeasureRow, ...]

    def applies(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

    @property
    def claims(self) -> tuple[MeasureRow, ...]:
        """What is claimed one by one: the levels or kinds of its bonus; none where it is counted."""
        return tuple(one for one in self.measures if self.claimed and one.role == MeasureRole.BONUS)

    @property
    def departments(self) -> frozenset[str]:
        """The responsible departments, and those that give points of their own on it."""
        return frozenset(self.offices) | {measure.office for measure in self.measures if measure.office}


def rows(rubric: Rubric) -> tuple[Row, ...]:
    """The rubric's items in document order: six queries, for a frozen rubric only the first time in a process."""
    return _frozen(rubric.pk, rubric.frozen_at) if rubric.frozen_at else _read(rubric.pk)


@lru_cache(maxsize=256)
def _frozen(pk: int, _frozen_at: datetime) -> tuple[Row, ...]:
    return _read(pk)


def _read(pk: int) -> tuple[Row, ...]:
    items = (
        Item.objects.filter(rubric=pk)
        .select_related("rubric", "section", "group", "cap")
        .prefetch_related(with_offices(), "measures__tiers", "audiences", "responsibilities__office")
    )
    return tuple(_row(item) for item in items)


def with_offices() -> Prefetch[str]:
    """An item's measures, each with the department that enters it: one query."""
    return Prefetch("measures", Measure.objects.select_related("office"))


def headings(rubric: Rubric) -> Mapping[str, str]:
    """The printed heading of each column by what it shows; one query, for a frozen rubric only the first time."""
    return _frozen_headings(rubric.pk, rubric.frozen_at) if rubric.frozen_at else _read_headings(rubric.pk)


@lru_cache(maxsize=256)
def _frozen_headings(pk: int, _frozen_at: datetime) -> Mapping[str, str]:
    return _read_headings(pk)


def _read_headings(pk: int) -> Mapping[str, str]:
    return dict(Column.objects.filter(rubric=pk).values_list("source", "heading"))


def _row(item: Item) -> Row:
    return Row(
        pk=item.pk,
        key=item.key,
        number=item.number,
        text=item.text,
        points=item.points,
        step=item.rubric.step,
        printed_points=item.printed_points,
        basis=item.basis,
        subject=item.subject,
        threshold=item.threshold,
        note=item.note,
        rule=item.rule,
        bonus_rule=item.bonus_rule,
        bonus_cap=item.bonus_cap,
        claimed=item.claimed,
        floor=item.floor,
        needed=item.needed,
        gate=item.gate,
        cap=item.cap.name if item.cap else "",
        cap_most=item.cap.most if item.cap else None,
        cap_least=item.cap.least if item.cap else None,
        electorate=item.electorate,
        section=item.section.position,
        section_name=item.section.name,
        section_label=item.section.label,
        section_points=item.section.points,
        section_part=item.section.part,
        group=item.group.position if item.group else None,
        group_label=item.group.label if item.group else "",
        group_points=item.group.points if item.group else None,
        offices=tuple(duty.office.name for duty in item.responsibilities.all()),
        kinds=frozenset(audience.kind for audience in item.audiences.all()),
        measures=tuple(_measure(item, measure) for measure in item.measures.all()),
    )


def _measure(item: Item, measure: Measure) -> MeasureRow:
    tiers = [TierRow(tier.bound, tier.points) for tier in measure.tiers.all()]
    return MeasureRow(
        measure.pk,
        measure.key,
        measure.label,
        measure.unit,
        measure.amount,
        measure.per,
        measure.above,
        measure.step,
        measure.role,
        measure.office.name if measure.office else "",
        tuple(sorted(tiers, key=lambda tier: tier.bound, reverse=item.rule != BaseRule.TIERS_DOWN)),
    )
