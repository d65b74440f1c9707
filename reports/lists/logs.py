"""Logs of changes, whole: of a branch's organisations, departments and people, and of a cycle's deadlines and rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.cycle_changes import lines_of
from reports.standings.table import Column, Line

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from assessments.models import CycleChange
    from orgs.models import Change

BRANCH = (
    Column(gettext_lazy("Time"), 18, number=False),
    Column(gettext_lazy("By"), 16, number=False),
    Column(gettext_lazy("Subject"), 10, number=False),
    Column(gettext_lazy("What"), 34, number=False),
    Column(gettext_lazy("Field"), 14, number=False),
    Column(gettext_lazy("Before"), 40, number=False),
    Column(gettext_lazy("After"), 40, number=False),
)
CYCLE = (
    Column(gettext_lazy("Time"), 18, number=False),
    Column(gettext_lazy("By"), 16, number=False),
    Column(gettext_lazy("What"), 34, number=False),
    Column(gettext_lazy("Before"), 40, number=False),
    Column(gettext_lazy("After"), 40, number=False),
)
BATCH = 2000


def of_branch(found: QuerySet[Change]) -> Iterator[Line]:
    """`found` as `orgs.queries.changes_in` gives it: one pass, however long the log is."""
    command = _("a command on the server")
    for one in found.iterator(chunk_size=BATCH):
        who = str(one.by) if one.by else command
        what = (one.get_subject_display(), one.name, one.field_label)
        yield Line((_minute(one.at), who, *what, one.old, one.new))


def of_cycle(found: QuerySet[CycleChange]) -> Iterator[Line]:
    rows = found.select_related("by").iterator(chunk_size=BATCH)
    return (Line((_minute(one.at), one.by, one.field, one.old, one.new)) for one in lines_of(rows))


def _minute(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
