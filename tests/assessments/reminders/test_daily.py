"""What a day brings: told once, whether the job runs twice, late or after a week; and no result hangs on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Schedule

from assessments.apps import keep_schedules
from assessments.models import (
    Channel,
    Consequence,
    ConsequenceKind,
    Cycle,
    MakeUp,
    Message,
    Notice,
    Objection,
    Snapshot,
    SnapshotRow,
    YearReport,
)
from assessments.services import messages
from assessments.services.daily import remind
from assessments.services.extensions import extend
from assessments.workflow import Stage, State
from orgs.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast():
    return make.cast()


def due(days):
    """All stages of all cycles end in so many days."""
    day = timezone.localdate() + days * DAY
    Cycle.objects.update(self_deadline=day, assess_deadline=day, review_deadline=day)


def reminded():
    """(who, of what kind) of every message, each once."""
    found = [(one.to_id, one.occasion.split("-")[0]) for one in Message.objects.exclude(occasion__startswith="step")]
    return sorted(found)


def told(kind, *people):
    return sorted((person.pk, kind) for person in people)


@pytest.fixture
def stranger(cast):
    """Who fills in for the other township."""
    return cast.stranger


@pytest.mark.parametrize(("days", "kind"), [(4, None), (3, "due"), (0, "due"), (-1, "late"), (-40, "late")])
def test_units_are_told_three_days_before_and_when_it_is_late(cast, stranger, days, kind):
    due(days)
    before = make.snapshot(cast.assessment)
    for _run in range(3):
        remind()
    assert reminded() == (told(kind, cast.clerk, cast.chair, stranger) if kind else [])
    assert make.snapshot(cast.assessment) == before


def test_a_missed_day_is_caught_up_and_nothing_is_told_again(cast, stranger):
    people = (cast.clerk, cast.chair, stranger)
    due(2)  # the run of yesterday, three days before, was missed
    remind()
    assert reminded() == told("due", *people)
    due(-5)  # as were those of the days in between
    remind()
    make.bring_to(cast, State.ASSESSING)
    remind()
    new = sorted(
        [*told("late", *people), *told("due", *people), *told("late", cast.assessor, cast.department_assessor)]
    )
    assert [one for one in reminded() if one[0] != cast.staff_assessor.pk] == new


def test_a_later_day_is_a_new_occasion(cast):
    due(-1)
    remind()
    day = timezone.localdate() + 2 * DAY
    extend(make.again(cast.assessor), cast.assessment, Stage.SELF, day, "换届")
    remind()
    own = Message.objects.filter(to=cast.clerk, occasion__endswith=f"{day:%Y%m%d}")
    assert [day.isoformat() in one.text for one in own] == [True]
    extend(make.again(cast.assessor), cast.assessment, Stage.SELF, day + 20 * DAY, "换届")
    count = Message.objects.count()
    remind()
    assert Message.objects.count() == count


def test_unions_are_told_of_all_their_work_in_one_message(cast):
    for assessment in cast.cycle.assessments.filter(assessor=cast.county):
        chair = make.person((assessment.organization, Role.CHAIR))
        make.fill(chair, assessment, Stage.SELF)
        make.services.move(make.again(chair), assessment, "submit")
    due(1)
    remind()
    (message,) = Message.objects.filter(to=cast.assessor)
    assert "2" in message.text
    assert message.url.endswith(f"cycle={cast.cycle.pk}&state=assessing")
    make.bring_to(cast, State.REVIEWING)
    remind()
    assert Message.objects.filter(to=cast.reviewer).count() == 1
    assert Message.objects.filter(to=cast.assessor).exclude(occasion__startswith="step").count() == 1


def test_nobody_is_reminded_of_a_closed_cycle(cast):
    due(-1)
    Cycle.objects.update(closed_at=timezone.now(), closed_by=cast.admin)
    remind()
    assert reminded() == []


def test_a_new_clerk_is_told_the_next_day(cast):
    due(-1)
    remind()
    new = make.person((cast.township, Role.CLERK))
    remind()
    assert Message.objects.filter(to=new).count() == 1


# --- After the results ---


def publish(cast, days):
    """A snapshot on public notice for so many days from today, and the township's row; no other deadline is near."""
    due(30)
    snapshot = Snapshot.objects.create(cycle=cast.cycle, number=1, at=timezone.now(), by=cast.admin, digest="-")
    row = SnapshotRow.objects.create(
        snapshot=snapshot,
        assessment=cast.assessment,
        name=cast.township.name,
        sort_key="",
        path=cast.township.path,
        kind="-",
        rubric="-",
        assessor="-",
    )
    first = min(timezone.localdate(), timezone.localdate() + days * DAY)
    Notice.objects.create(
        snapshot=snapshot,
        title="公示",
        body="-",
        issuer="-",
        contact="-",
        starts_on=first,
        ends_on=timezone.localdate() + days * DAY,
        days=10,
        count="calendar",
    )
    return row


def test_a_notice_is_told_to_whom_it_shows(cast):
    publish(cast, 9)
    messages.tell_notice(Notice.objects.get())
    remind()
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted([cast.clerk.pk, cast.chair.pk])


def test_an_objection_is_told_without_who_made_it_or_what_they_said(cast):
    publish(cast, -1)
    objection = Objection.objects.create(
        notice=Notice.objects.get(),
        assessment=cast.assessment,
        number=1,
        channel=Channel.PHONE,
        objector="王某某",
        objector_contact="13900000000",
        statement="材料不实",
        registered_by=cast.admin,
        registered_at=timezone.now(),
        received_on=timezone.localdate(),
        due_on=timezone.localdate() + 2 * DAY,
    )
    messages.tell_objection(objection)
    assert list(Message.objects.values_list("to", flat=True)) == [cast.reviewer.pk]
    remind()
    objection.settled_by = cast.reviewer
    messages.tell_settled(objection)
    said = "".join(f"{one.text}{one.url}{one.occasion}" for one in Message.objects.all())
    assert [secret for secret in ("王某某", "13900000000", "材料不实") if secret in said] == []
    settled = Message.objects.filter(occasion__startswith="settled").values_list("to", flat=True)
    assert sorted(settled) == sorted([cast.clerk.pk, cast.chair.pk, cast.admin.pk])
    due_ = Message.objects.filter(occasion__startswith="due-objection").values_list("to", flat=True)
    assert sorted(due_) == sorted([cast.admin.pk, cast.reviewer.pk])


def test_tasks_and_reports_are_reminded_of(cast):
    consequence = Consequence.objects.create(
        row=publish(cast, -1),
        kind=ConsequenceKind.MAKE_UP,
        ground="-",
        proposed_at=timezone.now(),
        proposed_by=cast.admin,
    )
    make_up = MakeUp.objects.create(
        consequence=consequence,
        task="-",
        due_on=timezone.localdate() - DAY,
        set_by=cast.admin,
        set_at=timezone.now(),
    )
    messages.tell_make_up(make_up)
    boss = make.person((cast.county, Role.ADMIN))
    YearReport.objects.create(
        cycle=cast.cycle,
        organization=cast.county,
        due_words="2月30日",
        due_on=timezone.localdate() + 3 * DAY,
        asked_by=cast.admin,
        asked_at=timezone.now(),
    )
    for _run in range(2):
        remind()
    assert reminded() == sorted(
        [
            *told("make", cast.clerk, cast.chair),
            *told("late", cast.clerk, cast.chair),
            *told("due", boss, cast.assessor),
        ]
    )


# --- The schedule ---


def test_the_schedule_stands_once_and_keeps_its_day():
    Schedule.objects.all().delete()
    keep_schedules()
    (schedule,) = Schedule.objects.all()
    assert (timezone.localtime(schedule.next_run).hour, schedule.next_run > timezone.now()) == (7, True)
    kept = schedule.next_run - 3 * DAY
    Schedule.objects.update(next_run=kept, func="something.else")
    call_command("migrate", verbosity=0)
    schedule = Schedule.objects.get(name="daily reminders")
    assert (schedule.next_run, schedule.func) == (kept, "orgs.background.run")


def test_what_the_schedule_missed_is_made_up_for_once(cast, monkeypatch):
    """The queue's own scheduler, three days late: one run, and the next lies ahead."""
    from django_q.brokers.orm import ORM
    from django_q.conf import Conf
    from django_q.models import OrmQ
    from django_q.scheduler import scheduler
    from django_q.signing import SignedPackage

    monkeypatch.setattr("django_q.scheduler.close_old_django_connections", lambda: None)  # the test's own is one
    assert (Conf.SCHEDULER, Conf.CATCH_UP) == (True, False)
    Schedule.objects.exclude(name="daily reminders").delete()
    Schedule.objects.update(next_run=timezone.now() - 3 * DAY)
    for _poll in range(3):
        scheduler(ORM(Conf.CLUSTER_NAME))
    (order,) = OrmQ.objects.all()
    task = SignedPackage.loads(order.payload)
    assert Schedule.objects.get().next_run > timezone.now()
    due(-1)
    from django.utils.module_loading import import_string

    import_string(task["func"])(*task["args"])
    assert Message.objects.filter(to=cast.clerk).count() == 1
