"""What of a cycle was changed since it was opened, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Cycle, CycleChange
from rubrics.scoring.numbers import format_points

SHOWN = 50
"""Lines on the cycle's page, the newest first."""

LABELS = {
    "notice_count": gettext_lazy("what days of public notice are counted"),
    "recheck_count": gettext_lazy("what days for settling an objection are counted"),
}
"""Of columns whose own name speaks only beside another one."""


COLUMNS = {column.name: column for column in Cycle._meta.fields}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    at: datetime
    by: str
    field: str
    old: str
    new: str


def changes_of(cycle: Cycle) -> list[ChangeLine]:
    """The last ones, the newest first. One query."""
    return list(lines_of(cycle.changes.select_related("by")[:SHOWN]))


def lines_of(found: Iterable[CycleChange]) -> Iterator[ChangeLine]:
    return (
        ChangeLine(one.at, str(one.by), _label(one.field), _words(one.field, one.old), _words(one.field, one.new))
        for one in found
    )


def _label(field: str) -> str:
    return str(LABELS.get(field) or COLUMNS[field].verbose_name)


def _words(field: str, value: str) -> str:
    column = COLUMNS[field]
    if not value:
        return "—"
    if isinstance(column, models.BooleanField):
        return _("yes") if value == "True" else _("no")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if field == "quota_share":
        return f"{format_points(Decimal(value) * 100)} %"
    return value
