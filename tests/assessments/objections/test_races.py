"""Two who handle objections at the same moment, on a real PostgreSQL; each race once more without its lock."""

from __future__ import annotations

import threading

import pytest

from assessments.models import Cycle, Objection, ObjectionState, Step
from assessments.services import moves, objections, publishing
from assessments.services.objections import entering, handling
from assessments.workflow import Action, State
from tests import factories as make
from tests.assessments.objections import hold
from tests.races import ON_POSTGRESQL, PATIENCE, kinds, together, unlocked

pytestmark = ON_POSTGRESQL

REJECTED, TAKEN_BACK = (
    ObjectionState.REJECTED,
    ObjectionState.TAKEN_BACK,
)


@pytest.fixture
def cast(transactional_db):
    return hold.on_notice()


def without_locks(monkeypatch):
    """Both have fetched the objection before either writes."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def found(objection):
        parts = ("assessment__cycle", "assessment__rubric", "notice__snapshot", "recheck")
        fetched = Objection.objects.select_related(*parts).get(pk=objection.pk)
        meeting.wait()
        return fetched

    monkeypatch.setattr(handling, "_found", found)
    monkeypatch.setattr(handling, "locked", unlocked)
    monkeypatch.setattr(moves, "locked", unlocked)


def opening(by, objection):
    person = make.again(by)
    return lambda: objections.open_recheck(person, objection, [hold.ITEM])


def settling(by, objection, state):
    person = make.again(by)
    return lambda: objections.settle(person, objection, state, f"结果：{state}")


def test_two_open_the_recheck(cast):
    hold.second_assessor(cast)
    objection = hold.visited(cast)
    results = together(opening(cast.reviewer, objection), opening(cast.admin, objection))
    assert kinds(results) == ["Objection", "WrongState"]
    assert Step.objects.filter(action=Action.RECHECK).count() == 1
    assert cast.now().state == State.ASSESSING


def test_two_open_the_recheck_without_the_lock(cast, monkeypatch):
    """The second runs into the log's own number, an error that is nobody's sentence, or opens it again."""
    hold.second_assessor(cast)
    objection = hold.visited(cast)
    without_locks(monkeypatch)
    append, meeting = moves._append_step, threading.Barrier(2, timeout=PATIENCE)

    def appended(*args):
        meeting.wait()
        return append(*args)

    monkeypatch.setattr(moves, "_append_step", appended)
    results = together(opening(cast.reviewer, objection), opening(cast.admin, objection))
    assert kinds(results) == ["IntegrityError", "Objection"]


def test_two_objections_to_one_result_do_not_open_two_rechecks(cast):
    hold.second_assessor(cast)
    first, second = hold.visited(cast), hold.visited(cast, statement="另一条")
    results = together(opening(cast.reviewer, first), opening(cast.admin, second))
    assert kinds(results) == ["Objection", "WrongState"]
    assert Objection.objects.filter(state=ObjectionState.RECHECKING).count() == 1


def test_two_settle_it(cast):
    objection = hold.visited(cast)
    results = together(settling(cast.reviewer, objection, REJECTED), settling(cast.admin, objection, TAKEN_BACK))
    assert kinds(results) == ["Objection", "WrongState"]
    (kept,) = (result for result in results if isinstance(result, Objection))
    objection.refresh_from_db()
    assert (objection.state, objection.outcome) == (kept.state, kept.outcome)


def test_two_settle_it_without_the_lock(cast, monkeypatch):
    """Both are told that their end is the end."""
    objection = hold.visited(cast)
    without_locks(monkeypatch)
    results = together(settling(cast.reviewer, objection, REJECTED), settling(cast.admin, objection, TAKEN_BACK))
    assert kinds(results) == ["Objection", "Objection"]


def test_two_entered_at_once_have_two_numbers(cast):
    people = cast.chair, cast.clerk
    results = together(*(lambda one=one: hold.entered(cast, one) for one in people))
    assert kinds(results) == ["Objection", "Objection"]
    assert sorted(Objection.objects.values_list("number", flat=True)) == [1, 2]


def test_two_entered_at_once_without_the_lock(cast, monkeypatch):
    meeting = threading.Barrier(2, timeout=PATIENCE)

    check = entering._check_new

    def checked(*args):
        check(*args)
        meeting.wait()

    monkeypatch.setattr(entering, "locked_cycle", lambda pk: Cycle.objects.select_related("owner").get(pk=pk))
    monkeypatch.setattr(entering, "_check_new", checked)
    results = together(*(lambda one=one: hold.entered(cast, one) for one in (cast.chair, cast.clerk)))
    assert kinds(results) == ["IntegrityError", "Objection"]


def test_none_slips_in_while_the_results_are_published_again(cast):
    """Either it comes first and nothing is published, or it is to the new notice."""
    again = make.again(cast.reviewer)
    words = {"title": "更正", "body": "更正", "contact": "电话", "reason": "更正"}
    today = hold.notice(cast).starts_on
    entered, published = together(
        lambda: hold.entered(cast, cast.chair),
        lambda: publishing.publish(again, cast.cycle, starts_on=today, **words),
    )
    kept = Objection.objects.get()
    assert entered == kept
    assert kept.notice.snapshot.number == (2 if kinds([published]) == ["Notice"] else 1)
