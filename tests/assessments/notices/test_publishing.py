from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from assessments import grading, services
from assessments.models import (
    Assessment,
    Channel,
    DayCount,
    Objection,
    ObjectionState,
    Ruling,
    RulingKind,
    Snapshot,
    SnapshotRow,
)
from assessments.publications import (
    CONTENT,
    Window,
    changes,
    fingerprint,
    is_current,
    newest,
    newest_notices,
    rows_of,
    verify,
    window,
)
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.publishing import close_cycle, publish
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.factories import again, closed, finish_cycle, publish_cycle, run_out

pytestmark = pytest.mark.django_db

WORDS = {"title": "关于年检结果的公示", "body": "现予公示。", "contact": "组织部，电话12345"}


def published(people, by=None, **said):
    return publish(again(by or people.reviewer), people.cycle, **{**WORDS, "starts_on": today(), **said})


def today():
    return timezone.localdate()


def revise(people, points="1"):
    """Another result of the cast's assessment: reopened, one item marked lower, confirmed again."""
    services.move(again(people.reviewer), people.now(), Action.REOPEN, reason="复查")
    make.save(people.assessor, people.assessment, Stage.ASSESS, "1-1", points)
    make.sign_all(people.assessor, people.assessment)
    return services.move(again(people.assessor), people.now(), Action.CONFIRM)


def object_to(notice, assessment, by):
    return Objection.objects.create(
        notice=notice,
        assessment=assessment,
        number=1,
        channel=Channel.VISIT,
        statement="1-1的得分有误",
        registered_by=by,
        registered_at=timezone.now(),
        received_on=today(),
        due_on=today(),
    )


# --- Publishing -------------------------------------------------------------------------------------------------------


def test_a_snapshot_says_what_the_verdicts_say_and_the_notice_has_the_cycle_s_days(people):
    finish_cycle(people)
    with translation.override("en"):
        notice = published(people, starts_on=today() + timedelta(days=1))
    snapshot = notice.snapshot
    with translation.override("zh-hans"):
        verdicts = [verdict.values for verdict in grading.verdicts(people.cycle)]
        rules = grading.rules_in_words(people.cycle)
    # as it was said in the site's language, whoever published
    assert [{name: getattr(row, name) for name in CONTENT} for row in snapshot.rows.order_by("pk")] == verdicts
    assert (snapshot.number, snapshot.reason, snapshot.rules, snapshot.by) == (1, "", rules, people.reviewer)
    assert (notice.starts_on, notice.ends_on) == (today() + timedelta(days=1), today() + timedelta(days=10))
    assert (notice.days, notice.count, notice.issuer) == (10, DayCount.CALENDAR, people.city.name)
    assert (notice.title, notice.body, notice.contact) == tuple(WORDS.values())
    row = snapshot.rows.get(assessment=people.assessment)
    assert (row.points, row.maximum, row.awarded, row.place) == (40, 40, "一星", 1)
    assert snapshot.rows.get(assessment__organization=people.neighbour).withdrawn_for == "本年度撤并"
    assert verify(snapshot)
    assert is_current(snapshot)


def test_each_public_notice_has_a_key_of_its_own(people):
    first, second = publish_cycle(people), publish_cycle(people)
    assert first.key != second.key
    assert len(first.key) == 16


def test_what_stands_against_it_is_said_and_nothing_is_written(people):
    make.bring_to(people, State.FINAL)
    with pytest.raises(Refused) as refusal:
        published(people)
    assert people.neighbour.name in str(refusal.value)
    assert not Snapshot.objects.exists()
    finish_cycle(people)
    for wrong in (
        {"title": " "},
        {"body": ""},
        {"contact": "\n"},
        {"title": "长" * 121},
        {"starts_on": today() - timedelta(days=1)},
        {"starts_on": today() + timedelta(days=61)},
        {"seen": "other results"},
    ):
        with pytest.raises(Refused):
            published(people, **wrong)
    for person in (people.chair, people.assessor, people.auditor, people.stranger, people.superuser):
        with pytest.raises(Forbidden):
            published(people, person)
    assert not Snapshot.objects.exists()
    assert published(people, people.admin, seen=fingerprint(rows_of(people.cycle))).pk


def test_an_open_ruling_and_an_open_objection_stand_against_it(people):
    notice = publish_cycle(people)
    ruling = Ruling.objects.create(
        assessment=people.assessment,
        kind=RulingKind.VETO,
        reason="弄虚作假",
        proposed_by=people.reviewer,
        proposed_at=timezone.now(),
    )
    with pytest.raises(Refused, match=people.township.name):
        published(people, reason="更正")
    ruling.withdrawn_by, ruling.withdrawn_at = people.reviewer, timezone.now()
    ruling.save()
    objection = object_to(notice, people.assessment, people.reviewer)
    for state in (ObjectionState.OPEN, ObjectionState.RECHECKING):
        Objection.objects.filter(pk=objection.pk).update(state=state)
        with pytest.raises(Refused, match="1"):
            published(people, reason="更正")
    settled = {"state": ObjectionState.REJECTED, "settled_at": timezone.now(), "outcome": "维持原结果"}
    Objection.objects.filter(pk=objection.pk).update(**settled)
    assert published(people, reason="更正").snapshot.number == 2


def test_a_correction_needs_its_reason_and_is_a_snapshot_behind_the_first(people):
    first = publish_cycle(people)
    before = list(SnapshotRow.objects.order_by("pk").values())
    with pytest.raises(Refused):
        published(people, reason=" ")
    assert changes(first.snapshot, published(people, reason="重发").snapshot) == []
    revise(people)
    assert not is_current(newest(people.cycle))
    third = published(people, reason="复查后更正")
    assert (third.snapshot.number, third.snapshot.reason) == (3, "复查后更正")
    [change] = changes(first.snapshot, third.snapshot)
    assert (change.row.name, change.old.points, change.new.points) == (people.township.name, 40, 36)
    assert list(SnapshotRow.objects.filter(snapshot=first.snapshot).order_by("pk").values()) == before
    assert list(newest_notices()) == [third]
    assert verify(third.snapshot)


def test_what_differs_between_snapshots_includes_who_is_in_only_one(people):
    first = publish_cycle(people)
    services.move(
        again(people.admin), Assessment.objects.get(organization=people.neighbour), Action.RESUME, reason="恢复"
    )
    services.move(
        again(people.admin), Assessment.objects.get(organization=people.neighbour), Action.WITHDRAW, reason="另有原因"
    )
    second = published(people, reason="更正")
    assert [(one.old.withdrawn_for, one.new.withdrawn_for) for one in changes(first.snapshot, second.snapshot)] == [
        ("本年度撤并", "另有原因")
    ]


def test_publishing_more_costs_no_more_queries(people):
    def cost(**said):
        with CaptureQueriesContext(connection) as queries:
            published(people, **said)
        return len(queries)

    finish_cycle(people)
    first = cost()
    organizations = [make.organization(people.county) for _ in range(5)]
    cycle = make.open_cycle_for(people.city, {"township": people.rubric}, by=people.admin)
    for assessment in cycle.assessments.all():
        services.move(again(people.admin), assessment, Action.WITHDRAW, reason="撤并")
    people.cycle = cycle
    assert cycle.assessments.count() == 3 + len(organizations)
    assert cost() <= first


# --- The window and closing -------------------------------------------------------------------------------------------


def test_the_last_day_belongs_to_the_window(people):
    notice = publish_cycle(people)
    day = timedelta(days=1)
    assert [window(notice, at) for at in (notice.starts_on - day, notice.starts_on, notice.ends_on)] == [
        Window.BEFORE,
        Window.RUNNING,
        Window.RUNNING,
    ]
    assert window(notice, notice.ends_on + day) == Window.OVER


def test_a_cycle_closes_when_its_last_notice_is_over_and_still_true(people):
    reviewer = again(people.reviewer)
    with pytest.raises(Refused):
        close_cycle(reviewer, people.cycle)
    notice = publish_cycle(people)
    with pytest.raises(Refused, match=str(notice.ends_on.day)):
        close_cycle(reviewer, people.cycle)
    notice = run_out(notice)
    for person in (people.assessor, people.auditor, people.superuser):
        with pytest.raises(Forbidden):
            close_cycle(again(person), people.cycle)
    objection = object_to(notice, people.assessment, people.reviewer)
    with pytest.raises(Refused):
        close_cycle(reviewer, people.cycle)
    objection.delete()
    revise(people)
    with pytest.raises(Refused):
        close_cycle(reviewer, people.cycle)
    run_out(published(people, reason="更正"))
    cycle = close_cycle(again(people.admin), people.cycle)
    assert (cycle.closed_at is not None, cycle.closed_by) == (True, people.admin)
    with pytest.raises(WrongState):
        close_cycle(reviewer, people.cycle)
    with pytest.raises(WrongState):
        services.move(reviewer, people.now(), Action.REOPEN, reason="太晚了")


def test_a_correction_opens_a_closed_cycle_until_its_own_notice_is_over(people):
    cycle = closed(people)
    notice = publish_cycle(people, reason="撤销称号")
    cycle.refresh_from_db()
    assert (cycle.closed_at, cycle.closed_by, notice.snapshot.number) == (None, None, 2)
    with pytest.raises(Refused):
        close_cycle(again(people.reviewer), cycle)
    run_out(notice)
    assert close_cycle(again(people.reviewer), cycle).closed_at
