"""What is told once a day because a day has come: computed from how things stand, and written down once.

No result, right or deadline depends on it. Run twice it tells nothing twice; a run that was missed is caught up by the
next, which looks at the same present. Each cycle is an order of its own to the workers, written in batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any, Protocol

from django.db.models import Count
from django.utils import timezone

from assessments.deadlines import FIELD, effective
from assessments.models import (
    OPEN_OBJECTIONS,
    Assessment,
    Cycle,
    MakeUp,
    MakeUpState,
    Notice,
    Objection,
    SnapshotRow,
    YearReport,
)
from assessments.permissions import YEAR_REPORTERS
from assessments.queries import PARTY_FIELD
from assessments.reminders import reminding
from assessments.reminders.reminding import Note
from assessments.services import messages
from assessments.services.messages import BATCH, people_of
from assessments.workflow import DECIDERS, STATE_OF, UNIT_PEOPLE, WRITERS, Stage
from orgs import background
from orgs.roles import Role

NOTICE_DAYS = 3
"""So long before its last day a deadline is first spoken of."""


def remind() -> None:
    """What the schedule calls. Hands an order for each running cycle to the workers, and one for what is not in any."""
    for cycle in Cycle.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True):
        background.run("assessments.services.daily.remind_of_cycle", cycle, name=f"deadlines of cycle {cycle}")
    for notice in Notice.objects.filter(ends_on__gte=timezone.localdate()).order_by("pk"):
        messages.tell_notice(notice)  # in case the order that its publishing gave was lost
    background.run("assessments.services.daily.remind_of_tasks", name="deadlines of tasks")
    background.run("assessments.services.tallying.fold", name="fold results")
    messages.send_later()


def remind_of_cycle(pk: int) -> None:
    """Who has not handed in, assessed or reviewed, three days before the day and once it has passed."""
    cycle = Cycle.objects.filter(pk=pk, closed_at=None).first()
    if cycle is None:
        return
    soon = timezone.localdate() + timedelta(days=NOTICE_DAYS)
    _remind_units(cycle, soon)
    for stage in (Stage.ASSESS, Stage.REVIEW):
        _remind_unions(cycle, stage, soon)


def _due(cycle: Cycle, stage: Stage, soon: date) -> Any:
    """The assessments of the cycle at this stage that have until `soon` at most, with their `day`."""
    found = Assessment.objects.filter(cycle=cycle, state=STATE_OF[stage])
    if (getattr(cycle, FIELD[stage]) or date.max) > soon:
        found = found.none()  # an extension never shortens
    return found.annotate(day=effective(stage)).filter(day__lte=soon).order_by()


def _remind_units(cycle: Cycle, soon: date) -> None:
    today = timezone.localdate()
    waiting = _due(cycle, Stage.SELF, soon).values_list("pk", "organization", "name", "day")
    for batch in _batches(waiting.iterator(chunk_size=BATCH)):
        people = people_of([organization for _pk, organization, _name, _day in batch], UNIT_PEOPLE.roles)
        messages.write(
            (person, reminding.self_due(pk, name, cycle.name, day, late=day < today))
            for pk, organization, name, day in batch
            for person in people[organization]
        )


def _remind_unions(cycle: Cycle, stage: Stage, soon: date) -> None:
    today, by = timezone.localdate(), WRITERS[STATE_OF[stage]].by
    waiting = _due(cycle, stage, soon).values_list(PARTY_FIELD[by.party], "day").annotate(Count("pk"))
    for batch in _batches(waiting.iterator(chunk_size=BATCH)):
        people = people_of({union for union, _day, _count in batch}, by.roles)
        messages.write(
            (person, reminding.work_due(cycle, stage, union, count, day, late=day < today))
            for union, day, count in batch
            for person in people[union]
        )


def remind_of_tasks() -> None:
    """Make-up tasks that were not reported on, objections that are not settled, yearly reports not handed in."""
    soon = timezone.localdate() + timedelta(days=NOTICE_DAYS)
    make_ups = MakeUp.objects.filter(state=MakeUpState.SET, due_on__lte=soon)
    _remind_each(
        make_ups.select_related("consequence__row__assessment"),
        lambda one: one.consequence.row.assessment.organization_id,
        UNIT_PEOPLE.roles,
        reminding.make_up_due,
    )
    objections = Objection.objects.filter(state__in=OPEN_OBJECTIONS, due_on__lte=soon)
    _remind_each(
        objections.select_related("assessment__cycle"),
        lambda one: one.assessment.cycle.owner_id,
        DECIDERS.roles,
        reminding.objection_due,
    )
    reports = YearReport.objects.filter(handed_in_at=None, due_on__lte=soon)
    _remind_each(
        reports.select_related("cycle", "organization"),
        lambda one: one.organization_id,
        YEAR_REPORTERS,
        reminding.report_due,
    )


class _Saying(Protocol):
    def __call__(self, one: Any, /, *, late: bool) -> Note: ...


def _remind_each(found: Any, whose: Callable[[Any], int], roles: Iterable[Role], say: _Saying) -> None:
    today = timezone.localdate()
    for batch in _batches(found.order_by("pk").iterator(chunk_size=BATCH)):
        people = people_of({whose(one) for one in batch}, frozenset(roles))
        messages.write((person, say(one, late=one.due_on < today)) for one in batch for person in people[whose(one)])


def tell_of_notice(pk: int) -> None:
    """Every organisation whose result a notice shows."""
    notice = Notice.objects.select_related("snapshot__cycle").get(pk=pk)
    note = reminding.noticed(notice)
    rows = SnapshotRow.objects.filter(snapshot=notice.snapshot).order_by("pk")
    for batch in _batches(rows.values_list("assessment__organization", flat=True).iterator(chunk_size=BATCH)):
        people = people_of(batch, UNIT_PEOPLE.roles)
        messages.write((person, note) for own in people.values() for person in own)
    messages.send_later()


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
