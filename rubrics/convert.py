"""Rubric rows -> the kernel's frozen Rubric: the only bridge between the two."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from rubrics.models import BaseRule, BonusRule, Item, Measure, MeasureRole, Rubric
from rubrics.scoring import rubric as kernel


def to_kernel(rubric: Rubric, total_policy: str = "") -> kernel.Rubric:
    """The kernel's value of a rubric; of a frozen rubric it is built once in a process, else in four queries.

    total_policy  the choice a cycle froze; empty: the rubric's own
    Raises kernel.RubricError, naming the row, where the rows contradict each other.
    """
    policy = kernel.TotalPolicy(total_policy or rubric.total_policy)
    return _frozen(rubric.pk, rubric.frozen_at, policy) if rubric.frozen_at else _build(rubric, policy)


@lru_cache(maxsize=256)
def _frozen(pk: int, _frozen_at: datetime, policy: kernel.TotalPolicy) -> kernel.Rubric:
    return _build(Rubric.objects.get(pk=pk), policy)


def _build(rubric: Rubric, policy: kernel.TotalPolicy) -> kernel.Rubric:
    items = list(
        rubric.items.select_related("section", "group").prefetch_related("measures", "audiences").order_by("position")
    )
    return kernel.Rubric(
        key=f"{rubric.code}.{rubric.version}",
        sections=tuple(
            kernel.Section(
                key=str(section.position),
                name=section.name,
                points=section.points,
                groups=tuple(_groups(list(rows), rubric.step)),
            )
            for section, rows in groupby(items, lambda item: item.section)
        ),
        declared=rubric.declared_total,
        total_policy=policy,
        not_applicable=kernel.NotApplicablePolicy(rubric.not_applicable_policy),
    )


def _groups(items: list[Item], step: Decimal) -> list[kernel.Group]:
    """Printed groups as they are; a run of items without one is a group without points."""
    return [
        kernel.Group(
            key=str(group.position) if group else "",
            points=group.points if group else None,
            items=tuple(_item(row, step) for row in rows),
        )
        for group, rows in groupby(items, lambda item: item.group)
    ]


def _item(row: Item, step: Decimal) -> kernel.Item:
    return kernel.Item(
        key=row.key,
        points=row.points,
        base=_base(row),
        bonus=_bonus(row),
        step=step,
        applies_to=frozenset(audience.kind for audience in row.audiences.all()),
    )


def _measures(row: Item, role: MeasureRole) -> tuple[kernel.Measure, ...]:
    return tuple(_measure(measure) for measure in row.measures.all() if measure.role == role)


def _measure(row: Measure) -> kernel.Measure:
    return kernel.Measure(row.key, row.label, row.amount, row.unit, row.per, row.above, row.step)


def _base(row: Item) -> kernel.BaseRule | None:
    match row.rule:
        case BaseRule.JUDGED:
            return kernel.Judged()
        case BaseRule.DEDUCT_PER_UNIT:
            return kernel.DeductPerUnit(_measures(row, MeasureRole.BASE))
        case BaseRule.SUM_OF_PARTS:
            return kernel.SumOfParts(_measures(row, MeasureRole.BASE))
    return None


def _bonus(row: Item) -> kernel.BonusRule | None:
    match row.bonus_rule:
        case BonusRule.ADD_PER_UNIT:
            return kernel.AddPerUnit(_measures(row, MeasureRole.BONUS), row.bonus_cap)
        case BonusRule.HIGHEST_LEVEL:
            return kernel.HighestLevel(_measures(row, MeasureRole.BONUS), row.bonus_cap)
    return None
