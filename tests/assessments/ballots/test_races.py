"""One code at two phones at the same moment, and votes beside a closing, on a real PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, connections

from assessments.models import Ballot, BallotCode
from assessments.services import Refused, ballots
from assessments.services.ballots import votes
from tests import factories as make
from tests.assessments.ballots import hold

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="races need PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]

PATIENCE = 20


@pytest.fixture
def cast(transactional_db):
    return make.cast()


def together(*acts):
    """Runs the acts at the same moment, each on a connection of its own. What each came to, as a word."""
    start = threading.Barrier(len(acts), timeout=PATIENCE)
    results = [""] * len(acts)

    def run(place, act):
        try:
            start.wait()
            act()
            results[place] = "done"
        except (Refused, DatabaseError) as error:
            results[place] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
        assert not thread.is_alive()
    return sorted(results)


def test_a_code_at_two_phones_votes_once(cast):
    ballot = hold.opened(cast)
    for number, code in enumerate(hold.codes(cast, ballot, 8), 1):
        assert together(*[lambda code=code: ballots.cast_vote(code, 0)] * 2) == ["CodeRefused", "done"]
        assert hold.counters(ballot) == [number, 0, 0]


def test_reading_first_and_writing_then_would_count_it_twice(cast, monkeypatch):
    """Positive control: without the lock and the one conditional update both phones vote."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def spend(digest):
        free = BallotCode.objects.filter(digest=digest, used=False).exists()
        meeting.wait()
        BallotCode.objects.filter(digest=digest).update(used=True)
        return free

    monkeypatch.setattr(votes, "_spend", spend)
    monkeypatch.setattr(votes, "_locked", lambda pk: Ballot.objects.get(pk=pk))
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    assert together(*[lambda: ballots.cast_vote(code, 0)] * 2) == ["done", "done"]
    assert hold.counters(ballot) == [2, 0, 0]


def test_the_one_conditional_update_is_enough_without_the_lock(cast, monkeypatch):
    monkeypatch.setattr(votes, "_locked", lambda pk: Ballot.objects.get(pk=pk))
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    assert together(*[lambda: ballots.cast_vote(code, 0)] * 2) == ["CodeRefused", "done"]
    assert hold.counters(ballot) == [1, 0, 0]


def test_votes_at_the_same_moment_are_all_counted(cast):
    ballot = hold.opened(cast)
    codes = hold.codes(cast, ballot, 6)
    acts = [lambda code=code, place=place: ballots.cast_vote(code, place % 3) for place, code in enumerate(codes)]
    assert together(*acts) == ["done"] * 6
    assert hold.counters(ballot) == [2, 2, 2]


def test_a_vote_beside_a_closing_is_counted_or_refused(cast):
    for _round in range(4):
        ballot = hold.opened(cast, purpose="annex")
        code = hold.codes(cast, ballot, 1)[0]
        assessor = make.again(cast.assessor)
        found = together(
            lambda code=code: ballots.cast_vote(code, 0),
            lambda ballot=ballot, by=assessor: ballots.close_ballot(by, ballot),
        )
        used = ballot.codes.filter(used=True).count()
        assert (found, sum(hold.counters(ballot))) in [(["done", "done"], 1), (["CodeRefused", "done"], 0)]
        assert used == sum(hold.counters(ballot))


def test_two_persons_papers_are_added_once(cast):
    ballot = hold.opened(cast)
    people = (make.again(cast.assessor), make.again(cast.admin))
    acts = [lambda by=by: ballots.count_papers(by, ballot, [2, 1, 0], 1) for by in people]
    assert together(*acts) == ["done", "done"]
    ballot.refresh_from_db()
    assert (hold.counters(ballot), ballot.papers, ballot.spoilt) == ([2, 1, 0], 4, 1)
