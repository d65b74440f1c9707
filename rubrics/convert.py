"""Rubric rows -> the kernel's frozen Rubric: the only bridge between the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from rubrics.models import BaseRule, BonusRule, Item, Measure, MeasureRole, Rubric
from rubrics.rows import with_offices
from rubrics.scoring import rubric as kernel


def to_kernel(rubric: Rubric, total_policy: str = "") -> kernel.Rubric:
    """The kernel's value of a rubric; of a frozen rubric it is built once in a process, else in five queries.

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
        rubric.items.select_related("section", "group", "cap")
        .prefetch_related(with_offices(), "measures__tiers", "audiences")
        .order_by("position")
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
        caps=tuple(kernel.Cap(cap.name, cap.most, cap.least) for cap in rubric.caps.all()),
        floor=rubric.total_floor,
    )


def _groups(items: list[Item], step: Decimal) -> list[kernel.Group]:
    """Printed groups as they are; a run of items without one is a group without points."""
    return [
        kernel.Group(
            key=str(group.position) if group else "",
            points=group.points if group else None,
            items=tuple(to_kernel_item(row, step) for row in rows),
        )
        for group, rows in groupby(items, lambda item: item.group)
    ]


def to_kernel_item(row: Item, step: Decimal) -> kernel.Item:
    """One row, stored or not, with its measures, tiers and kinds fetched. Raises kernel.RubricError."""
    _check_roles(row)
    return kernel.Item(
        key=row.key,
        points=row.points,
        base=_base(row),
        bonus=_bonus(row),
        step=step,
        applies_to=frozenset(audience.kind for audience in row.audiences.all()),
        gate=kernel.Gate(row.gate),
        cap=row.cap.name if row.cap else "",
    )


def _check_roles(row: Item) -> None:
    """What is counted belongs to a rule that the row has; a gate is answered through the kernel's one measure."""
    given = [measure.role for measure in row.measures.all()]
    without = {
        MeasureRole.BASE: row.rule in (BaseRule.NONE, BaseRule.JUDGED),
        MeasureRole.BONUS: row.bonus_rule == BonusRule.NONE,
        MeasureRole.GATE: not row.gate,
    }
    if any(without[MeasureRole(role)] for role in given):
        raise kernel.RubricError(kernel.Fault("it counts something that no rule of it looks at"), row.key)
    if row.gate and [measure.key for measure in row.measures.all()] != [kernel.ANSWER.key]:
        raise kernel.RubricError(kernel.Fault("a gate has one answer"), row.key)


def _measures(row: Item, role: MeasureRole) -> tuple[kernel.Measure, ...]:
    return tuple(_measure(measure) for measure in row.measures.all() if measure.role == role)


def _measure(row: Measure) -> kernel.Measure:
    return kernel.Measure(
        row.key,
        row.label,
        row.amount,
        row.unit,
        row.per,
        row.above,
        row.step,
        row.office.name if row.office else "",
        tuple(kernel.Tier(tier.bound, tier.points) for tier in row.tiers.all()),
    )


def _base(row: Item) -> kernel.BaseRule | None:
    measures = _measures(row, MeasureRole.BASE)
    match row.rule:
        case BaseRule.JUDGED:
            return kernel.JUDGED
        case BaseRule.DEDUCT_PER_UNIT:
            return kernel.DeductPerUnit(measures, _deduction_floor(row))
        case BaseRule.N_OF_M:
            return kernel.NOfM(measures, row.needed or 0)
        case BaseRule.TIERS | BaseRule.TIERS_DOWN:
            return kernel.Tiers(measures, falling=row.rule == BaseRule.TIERS_DOWN)
    simple = _SIMPLE.get(row.rule)
    return simple(measures) if simple else None


_SIMPLE: Mapping[str, Callable[[tuple[kernel.Measure, ...]], kernel.BaseRule]] = {
    BaseRule.SUM_OF_PARTS: kernel.SumOfParts,
    BaseRule.RATE: kernel.Rate,
    BaseRule.LEVELS: kernel.Levels,
    BaseRule.SEVERAL_SCORERS: kernel.SeveralScorers,
}
"""Rules that have nothing but what they count."""


def _deduction_floor(row: Item) -> Decimal:
    """How low a deduction goes. On a row that takes a penalty as well, `floor` is the penalty's."""
    return kernel.ZERO if row.bonus_rule == BonusRule.TAKE_PER_UNIT else row.floor or kernel.ZERO


def _bonus(row: Item) -> kernel.BonusRule | None:
    measures = _measures(row, MeasureRole.BONUS)
    match row.bonus_rule:
        case BonusRule.ADD_PER_UNIT:
            return kernel.AddPerUnit(measures, row.bonus_cap)
        case BonusRule.HIGHEST_LEVEL:
            return kernel.HighestLevel(measures, row.bonus_cap)
        case BonusRule.TAKE_PER_UNIT:
            return kernel.TakePerUnit(measures, row.floor)
    return None
