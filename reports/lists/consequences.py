"""What follows from a cycle's results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.aftermath.consequences import is_overdue
from assessments.models import Consequence, MakeUpState
from reports.standings.table import Column, Line

COLUMNS = (
    Column(gettext_lazy("Organisation"), 36, number=False),
    Column(gettext_lazy("Consequence"), 20, number=False),
    Column(gettext_lazy("Ground"), 50, number=False),
    Column(gettext_lazy("State"), 14, number=False),
    Column(gettext_lazy("Decided by"), 14, number=False),
    Column(gettext_lazy("Decided on"), 12, number=False),
    Column(gettext_lazy("Make-up task until"), 14, number=False),
    Column(gettext_lazy("Make-up task"), 16, number=False),
)


def lines(found: Iterable[Consequence]) -> Iterator[Line]:
    """`found` as `aftermath.of_cycle` gives it, with the state of the last make-up task."""
    return (_line(one) for one in found)


def _line(one: Any) -> Line:
    decided = timezone.localdate(one.decided_at).isoformat() if one.decided_at else ""
    who = str(one.decided_by) if one.decided_by else ""
    task = str(MakeUpState(one.task_state).label) if one.task_state else ""
    late = is_overdue(one.task_state, one.task_due)
    due = one.task_due.isoformat() if one.task_due else ""
    said = (one.row.name, one.get_kind_display(), one.ground, one.get_state_display())
    return Line((*said, who, decided, due, _("Overdue") if late else task))
