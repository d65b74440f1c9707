"""Logs of changes, whole: of a branch's organisations, departments and people, and of a cycle's deadlines and rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.cycle_changes import lines_of
from orgs.models import FIELD_LABELS, Subject
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
    """One pass, however long the log is; rows of it become no objects, and words are looked up once."""
    subjects = {str(value): str(label) for value, label in Subject.choices}
    fields = {field: str(label) for field, label in FIELD_LABELS.items()}
    command = _("a command on the server")
    told = found.values_list("at", "by__full_name", "by__username", "subject", "name", "field", "old", "new")
    for at, full_name, username, subject, name, field, old, new in told.iterator(chunk_size=BATCH):
        who = full_name or username or command
        yield Line((_minute(at), who, subjects[subject], name, fields.get(field, field), old, new))


def of_cycle(found: QuerySet[CycleChange]) -> Iterator[Line]:
    rows = found.select_related("by").iterator(chunk_size=BATCH)
    return (Line((_minute(one.at), one.by, one.field, one.old, one.new)) for one in lines_of(rows))


def _minute(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
