"""One code at two phones at the same moment, and votes beside a closing, on a real PostgreSQL."""

from __future__ import annotations

import threading

import pytest

from assessments.models import Ballot, BallotCode
from assessments.services import ballots
from assessments.services.ballots import votes
from tests import factories as make
from tests.assessments.ballots import hold
from tests.races import ON_POSTGRESQL, PATIENCE, come_to

pytestmark = ON_POSTGRESQL


@pytest.fixture
def cast(transactional_db):
    return make.cast()


def test_a_code_at_two_phones_votes_once(cast):
    ballot = hold.opened(cast)
    for number, code in enumerate(hold.codes(cast, ballot, 8), 1):
        assert come_to(*[lambda code=code: ballots.cast_vote(code, 0)] * 2) == ["CodeRefused", "done"]
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
    assert come_to(*[lambda: ballots.cast_vote(code, 0)] * 2) == ["done", "done"]
    assert hold.counters(ballot) == [2, 0, 0]


def test_the_one_conditional_update_is_enough_without_the_lock(cast, monkeypatch):
    monkeypatch.setattr(votes, "_locked", lambda pk: Ballot.objects.get(pk=pk))
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    assert come_to(*[lambda: ballots.cast_vote(code, 0)] * 2) == ["CodeRefused", "done"]
    assert hold.counters(ballot) == [1, 0, 0]


def test_votes_at_the_same_moment_are_all_counted(cast):
    ballot = hold.opened(cast)
    codes = hold.codes(cast, ballot, 6)
    acts = [lambda code=code, place=place: ballots.cast_vote(code, place % 3) for place, code in enumerate(codes)]
    assert come_to(*acts) == ["done"] * 6
    assert hold.counters(ballot) == [2, 2, 2]


def test_a_vote_beside_a_closing_is_counted_or_refused(cast):
    for _round in range(4):
        ballot = hold.opened(cast, purpose="annex")
        code = hold.codes(cast, ballot, 1)[0]
        assessor = make.again(cast.assessor)
        found = come_to(
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
    assert come_to(*acts) == ["done", "done"]
    ballot.refresh_from_db()
    assert (hold.counters(ballot), ballot.papers, ballot.spoilt) == ([2, 1, 0], 4, 1)
