"""Two persons rule at the same moment, on a real PostgreSQL: with the cycle's lock, and as the control without it."""

import threading

import pytest

from assessments import grading
from assessments.models import Cycle, Ruling, RulingKind
from assessments.services.grading import confirm_ruling, propose_ruling, rulings
from assessments.services.refusals import Refused
from orgs.roles import Role
from tests import factories as make
from tests.assessments.grading.cohort import cohort
from tests.factories import again
from tests.races import ON_POSTGRESQL, PATIENCE, together

pytestmark = ON_POSTGRESQL


@pytest.fixture
def people():
    """One seat, and two who are equal at it."""
    return cohort({"甲": "92", "乙": "92", "丙": "85", "丁": "80", "戊": "55"})


def drop_lock(monkeypatch):
    """From now on the cycle is read without its lock, and both wait for each other before either writes."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def graded(cycle):
        found = grading.graded(cycle)
        meeting.wait()
        return found

    monkeypatch.setattr(rulings, "locked_cycle", lambda pk: Cycle.objects.select_related("owner").get(pk=pk))
    monkeypatch.setattr(rulings, "graded", graded)


def propose_both(people):
    """Both propose the only seat, each for another organisation."""
    return together(
        *(
            lambda by=by, name=name: propose_ruling(
                again(by), people.assessments[name], RulingKind.SEAT, None, "集体研究"
            )
            for by, name in ((people.reviewer, "甲"), (people.admin, "乙"))
        )
    )


def proposal(people):
    return propose_ruling(again(people.reviewer), people.assessments["甲"], RulingKind.SEAT, None, "集体研究")


def confirm_both(people, ruling):
    second = make.person((people.city, Role.REVIEWER))
    return together(*(lambda by=by: confirm_ruling(again(by), ruling) for by in (people.admin, second)))


def test_the_last_seat_is_proposed_for_one(people):
    results = propose_both(people)
    assert [isinstance(one, Refused) for one in results].count(True) == 1
    assert Ruling.objects.count() == 1


def test_control_without_the_lock_it_is_proposed_for_two(people, monkeypatch):
    drop_lock(monkeypatch)
    results = propose_both(people)
    assert not any(isinstance(one, Exception) for one in results)
    assert Ruling.objects.count() == 2


def test_a_ruling_is_confirmed_by_one(people):
    results = confirm_both(people, proposal(people))
    confirmed = [one for one in results if isinstance(one, Ruling)]
    assert len(confirmed) == 1
    assert Ruling.objects.get().confirmed_by == confirmed[0].confirmed_by


def test_control_without_the_lock_it_is_confirmed_by_both(people, monkeypatch):
    ruling = proposal(people)
    drop_lock(monkeypatch)
    assert [isinstance(one, Ruling) for one in confirm_both(people, ruling)] == [True, True]
