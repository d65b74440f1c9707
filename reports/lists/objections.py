"""Objections to a cycle's published results, without who objected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Objection
from assessments.objecting import is_overdue
from reports.standings.table import Column, Line

COLUMNS = (
    Column(gettext_lazy("No."), 8),
    Column(gettext_lazy("Result of"), 36, number=False),
    Column(gettext_lazy("What is objected to"), 60, number=False),
    Column(gettext_lazy("State"), 20, number=False),
    Column(gettext_lazy("Came in on"), 12, number=False),
    Column(gettext_lazy("To be settled by"), 12, number=False),
    Column(gettext_lazy("Overdue"), 10, number=False),
    Column(gettext_lazy("Points before"), 10),
    Column(gettext_lazy("Points after"), 10),
    Column(gettext_lazy("Outcome"), 40, number=False),
)


def lines(found: Iterable[Objection]) -> Iterator[Line]:
    """`found` as `objecting.listed` gives it."""
    return (_line(one) for one in found)


def _line(one: Objection) -> Line:
    days = (one.received_on.isoformat(), one.due_on.isoformat(), _("yes") if is_overdue(one) else "")
    said = (one.number, one.assessment.name, one.statement, one.get_state_display())
    return Line((*said, *days, one.points_before, one.points_after, one.outcome))
