"""The only way in which a cycle that is open is changed: with a line of its log for each thing that differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from assessments.models import Cycle, CycleChange
from orgs.models import User
from rubrics.scoring.numbers import format_points


def change(by: User, cycle: Cycle, values: Mapping[str, object]) -> list[CycleChange]:
    """Sets columns of a cycle that is locked, and keeps who changed which of them, when, from what to what."""
    differing = {name: value for name, value in values.items() if getattr(cycle, name) != value}
    lines = [
        CycleChange(cycle=cycle, by=by, field=name, old=_written(getattr(cycle, name)), new=_written(value))
        for name, value in differing.items()
    ]
    for name, value in differing.items():
        setattr(cycle, name, value)
    if differing:
        cycle.save(update_fields=tuple(differing))
    return CycleChange.objects.bulk_create(lines)


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return format_points(value)
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
