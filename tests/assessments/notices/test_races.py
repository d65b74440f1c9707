"""Two who publish at the same moment, and a move beside a publication, on a real PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.utils import timezone

from assessments import services
from assessments.models import Cycle, Notice, Snapshot
from assessments.publications import is_current, verify
from assessments.services import moves, publishing
from assessments.workflow import Action
from tests import factories as make
from tests.races import ON_POSTGRESQL, PATIENCE, come_to, together, wait_for_a_waiter, words

pytestmark = ON_POSTGRESQL

WORDS = {"title": "公示", "body": "现予公示。", "contact": "组织部"}


@pytest.fixture
def people(transactional_db):
    people = make.cast(rubric=make.small_rubric(stages=2, bands=make.STARS))
    make.finish_cycle(people)
    return people


def publish(people, by, reason=""):
    publishing.publish(make.again(by), people.cycle, **WORDS, starts_on=timezone.localdate(), reason=reason)


def both_publish(people):
    return come_to(*[lambda by=by: publish(people, by) for by in (people.reviewer, people.admin)])


def test_of_two_who_publish_at_once_the_second_is_asked_why(people):
    assert both_publish(people) == ["Refused", "done"]
    assert [snapshot.number for snapshot in Snapshot.objects.all()] == [1]
    assert Notice.objects.count() == 1


def test_without_the_lock_both_would_publish_a_first_time(people, monkeypatch):
    """Positive control: both look before the other has written, and only the database keeps them apart."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def fetch(_by, cycle):
        return Cycle.objects.select_related("owner").get(pk=cycle.pk)

    def rows(cycle):
        meeting.wait()
        return found(cycle)

    found = publishing.rows_of
    monkeypatch.setattr(publishing, "_locked", fetch)
    monkeypatch.setattr(publishing, "rows_of", rows)
    assert both_publish(people) == ["IntegrityError", "done"]


def test_a_move_beside_a_publication_comes_before_it_or_after(people):
    for _round in range(3):
        found = words(
            together(
                lambda: publish(people, people.reviewer, reason="再次公示"),
                lambda: services.move(make.again(people.reviewer), people.now(), Action.REOPEN, reason="有异议"),
            )
        )
        assert found[1] == "done"
        snapshot = Snapshot.objects.order_by("-number").first()
        # the snapshot is whole as it was before the move, or there is none
        assert found[0] in {"done", "Refused"}
        assert snapshot is None or (verify(snapshot) and snapshot.rows.get(assessment=people.assessment).points == 40)
        assert snapshot is None or not is_current(snapshot)
        make.finish_cycle(people)


def reopened_while_it_closes(people, monkeypatch):
    """What becomes of a reopening that waits for the closing of its cycle."""
    make.run_out(make.publish_cycle(people))
    reviewer, admin, reached = make.again(people.reviewer), make.again(people.admin), threading.Event()
    look = publishing.against_closing

    def slowly(cycle):
        reached.set()
        wait_for_a_waiter()
        return look(cycle)

    def reopen():
        assert reached.wait(PATIENCE)
        services.move(reviewer, people.assessment, Action.REOPEN, reason="太晚了")

    monkeypatch.setattr(publishing, "against_closing", slowly)
    found = words(together(lambda: publishing.close_cycle(admin, people.cycle), reopen))
    people.cycle.refresh_from_db()
    assert people.cycle.closed_at
    return found, people.now().state


def test_nothing_is_reopened_in_a_cycle_that_closes_meanwhile(people, monkeypatch):
    assert reopened_while_it_closes(people, monkeypatch) == (["done", "WrongState"], "final")


def test_what_the_locking_query_brought_along_would_let_it_through(people, monkeypatch):
    """Positive control: the cycle as it was read before the wait is still open."""
    monkeypatch.setattr(moves, "in_closed_cycle", lambda assessment: assessment.cycle.closed_at is not None)
    assert reopened_while_it_closes(people, monkeypatch) == (["done", "done"], "assessing")
