"""The edit that says how a row's points come about."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal

from rubrics.blueprint import Blueprint, MeasurePlan
from rubrics.drafting.edits.base import edit, item_of, with_item
from rubrics.models import BaseRule, BonusRule, Gate, MeasureRole


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a row's points come about; the fields are the ItemPlan's of the same names."""

    points: Decimal | None = None
    rule: str = BaseRule.JUDGED.value
    bonus_rule: str = BonusRule.NONE.value
    bonus_cap: Decimal | None = None
    claimed: bool = False
    floor: Decimal | None = None
    needed: int | None = None
    gate: str = Gate.NONE.value
    cap: str = ""
    electorate: str = ""
    measures: tuple[MeasurePlan, ...] = ()


@edit
def set_rule(blueprint: Blueprint, key: str, ruling: Ruling) -> Blueprint:
    """Everything that decides the points of a row, at once."""
    said = {field.name: getattr(ruling, field.name) for field in fields(ruling)}
    return with_item(blueprint, key, replace(item_of(blueprint, key), **said))


def gate_measure(label: str) -> MeasurePlan:
    """What a gate asks, yes or no."""
    return MeasurePlan(key="gate", role=MeasureRole.GATE.value, label=label, amount=Decimal(0))
