"""Proposed rules as text that the facts of a doubt can carry, and carried out on an item."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rubrics.blueprint import ItemPlan, MeasurePlan, TierPlan
from rubrics.importers.phrases import Proposal
from rubrics.scoring.numbers import format_points


def to_plan(proposal: Proposal) -> str:
    """A proposal as text that a doubt's facts can carry."""
    changes = {name: value if value is None else str(value) for name, value in proposal.changes.items()}
    measures = [
        {
            "key": one.key, "label": one.label, "unit": one.unit, "amount": str(one.amount), "per": str(one.per),
            "above": str(one.above), "step": str(one.step),
            "tiers": [[str(tier.bound), str(tier.points)] for tier in one.tiers],
        }
        for one in proposal.measures
    ]  # fmt: skip
    return json.dumps({"role": proposal.role, "changes": changes, "measures": measures}, ensure_ascii=False)


def planned(item: ItemPlan, plan: str) -> ItemPlan:
    """The item with a plan carried out; measures of its other rule stay."""
    stored = json.loads(plan)
    role = stored["role"]
    measures = tuple(_stored_measure(one, role) for one in stored["measures"])
    kept = tuple(one for one in item.measures if one.role != role)
    changes: dict[str, Any] = {
        name: Decimal(value) if name in {"bonus_cap", "floor"} and value is not None else value
        for name, value in stored["changes"].items()
    }
    return replace(item, **changes, measures=_distinct((*kept, *measures) if role == "bonus" else (*measures, *kept)))


def _stored_measure(one: dict[str, Any], role: str) -> MeasurePlan:
    return MeasurePlan(
        key=one["key"],
        role=role,
        label=one["label"],
        unit=one["unit"],
        amount=Decimal(one["amount"]),
        per=Decimal(one["per"]),
        above=Decimal(one["above"]),
        step=Decimal(one["step"]),
        tiers=tuple(TierPlan(Decimal(bound), Decimal(points)) for bound, points in one["tiers"]),
    )


def gated(item: ItemPlan, gate: str) -> ItemPlan:
    """The item as a gate: no points, one yes or no."""
    one = MeasurePlan("gate", "gate", item.text[:60] or gate, "项")
    unscored = replace(item, points=None, rule="none", bonus_rule="none", bonus_cap=None, claimed=False)
    return replace(unscored, gate=gate, measures=(one,))


def _distinct(measures: tuple[MeasurePlan, ...]) -> tuple[MeasurePlan, ...]:
    """Keys stay unique in an item that has a base and a bonus rule."""
    keys = [one.key for one in measures]
    if len(set(keys)) == len(keys):
        return measures
    return tuple(replace(one, key=f"m{at}") for at, one in enumerate(measures, start=1))


def spoken(measure: MeasurePlan) -> str:
    """A measure in short, for the sentence of a doubt: '缺席 每1次 0.5分', '建家率 70% 3分、60% 2分', 'A级 5分'."""
    if measure.tiers:
        steps = (f"{format_points(one.bound)}{measure.unit} {format_points(one.points)}分" for one in measure.tiers)
        return f"{measure.label} {'、'.join(steps)}"
    per = f"{format_points(measure.per)}{measure.unit}"
    if measure.unit in {"级", "分"}:
        return f"{measure.label} {format_points(measure.amount)}分"
    return f"{measure.label} 每{per} {format_points(measure.amount)}分" if measure.amount else f"{measure.label} /{per}"
