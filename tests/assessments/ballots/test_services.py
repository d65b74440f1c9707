"""What ballots do and refuse: preparing, opening, codes, votes, papers, closing, annulling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.appraisal import ballots_visible_to, came_back, result_of
from assessments.models import Ballot, BallotCode, BallotOption, BallotState, PaperCount, Purpose
from assessments.services import Forbidden, Refused, WrongState, ballots
from assessments.services.ballots import Answer, CodeRefused, Counted
from assessments.services.ballots.codes import ALPHABET, digest_of
from assessments.workflow import State
from tests import factories as make
from tests.assessments.ballots import hold


@pytest.fixture
def cast(db):
    return make.cast()


def turnout(cast, ballot):
    return came_back(ballots_visible_to(make.again(cast.auditor)).get(pk=ballot.pk))


# --- Preparing and opening ---


def test_an_item_ballot_asks_whom_the_rubric_names(cast):
    ballot = hold.prepared(cast, electorate="workers")
    assert (ballot.state, ballot.item.key, ballot.electorate) == (BallotState.DRAFT, "1-2", "members")
    assert list(ballot.options.values_list("label", "satisfied", "votes")) == [
        ("满意", True, 0),
        ("基本满意", True, 0),
        ("不满意", False, 0),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"item": "1-1"}, "Choose the item"),
        ({"item": ""}, "Choose the item"),
        ({"minimum": 11}, "minimum returned lies"),
        ({"minimum": 0}, "minimum returned lies"),
        ({"roster": 0}, "entitled"),
        ({"threshold": 0}, "threshold"),
        ({"title": " "}, "can't be empty"),
        ({"answers": hold.ANSWERS[:1]}, "two to 6"),
        ({"answers": hold.ANSWERS[:2]}, "must not"),
        ({"answers": (*hold.ANSWERS, hold.ANSWERS[0])}, "the same"),
        ({"purpose": "annex", "electorate": "base_chairs", "listed": "甲\n乙", "roster": 3}, "2 organisations"),
        ({"purpose": "annex", "electorate": "base_chairs", "listed": "甲\n甲", "roster": 2}, "twice"),
    ],
)
def test_what_can_not_be_asked_is_refused_and_nothing_is_kept(cast, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        hold.prepared(cast, **changes)
    assert not Ballot.objects.exists()


def test_one_ballot_for_an_item_until_it_is_annulled(cast):
    first = hold.opened(cast)
    with pytest.raises(Refused, match="already a ballot"):
        hold.prepared(cast)
    ballots.annul_ballot(make.again(cast.assessor), first, "印错了")
    hold.prepared(cast)


def test_chairs_vote_by_a_list_of_organisations(cast):
    ballot = hold.prepared(cast, purpose=Purpose.ANNEX, electorate="base_chairs", listed=" 甲 \n\n乙", roster=2)
    assert ballot.listed == "甲\n乙"


def test_nothing_changes_once_it_is_open(cast):
    ballot = hold.opened(cast)
    assert (ballot.opened_on, ballot.opened_by) == (timezone.localdate(), cast.assessor)
    with pytest.raises(WrongState, match="Voting"):
        ballots.save_ballot(make.again(cast.assessor), cast.now(), hold.draft(roster=99), ballot)
    with pytest.raises(WrongState):
        ballots.drop_ballot(make.again(cast.assessor), ballot)
    with pytest.raises(WrongState):
        ballots.open_ballot(make.again(cast.assessor), ballot)
    assert Ballot.objects.get().roster == 10


def test_a_draft_is_changed_and_thrown_away(cast):
    ballot = hold.prepared(cast)
    yes, no = Answer("好", satisfied=True), Answer("差", satisfied=False)
    ballots.save_ballot(make.again(cast.assessor), cast.now(), hold.draft(roster=5, answers=(yes, no)), ballot)
    ballot.refresh_from_db()
    assert (ballot.roster, [one.label for one in ballot.options.all()]) == (5, ["好", "差"])
    ballots.drop_ballot(make.again(cast.assessor), ballot)
    assert not Ballot.objects.exists()


def test_it_does_not_open_after_its_last_day(cast):
    ballot = hold.prepared(cast, last_day=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="last day"):
        ballots.open_ballot(make.again(cast.assessor), ballot)


@pytest.mark.parametrize("state", [State.REVIEWING, State.FINAL])
def test_too_late_for_what_the_assess_stage_waits_for(cast, state):
    make.bring_to(cast, state)
    for purpose in (Purpose.ITEM, Purpose.GATE):
        with pytest.raises(WrongState, match="too late"):
            hold.prepared(cast, purpose=purpose)


@pytest.mark.parametrize(
    "name", ["clerk", "chair", "department_assessor", "reviewer", "auditor", "stranger", "superuser"]
)
def test_only_assessors_and_administrators_hold_ballots(cast, name):
    person, opened = make.again(getattr(cast, name)), hold.opened(cast)
    acts = (
        lambda: ballots.save_ballot(person, cast.now(), hold.draft(purpose=Purpose.ANNEX)),
        lambda: ballots.issue_codes(person, opened, 1),
        lambda: ballots.count_papers(person, opened, [0, 0, 0], 0),
        lambda: ballots.close_ballot(person, opened),
        lambda: ballots.annul_ballot(person, opened, "理由"),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_administrators_above_hold_ballots_but_not_on_their_own_organisation(cast):
    assert ballots.save_ballot(make.again(cast.admin), cast.now(), hold.draft(purpose=Purpose.ANNEX))
    both = make.person((cast.county, "assessor"), (cast.township, "clerk"))
    with pytest.raises(Forbidden):
        ballots.save_ballot(both, cast.now(), hold.draft(purpose=Purpose.ANNEX))


# --- Codes and votes ---


def test_codes_are_shown_once_and_kept_as_digests(cast):
    ballot = hold.opened(cast)
    codes = hold.codes(cast, ballot, 10)
    assert len(set(codes)) == 10
    assert all(len(code) == 12 and set(code) <= set(ALPHABET) for code in codes)
    assert sorted(BallotCode.objects.values_list("digest", flat=True)) == sorted(map(digest_of, codes))


def test_votes_are_counted_and_shown_only_after_closing(cast):
    ballot = hold.opened(cast)
    hold.vote(cast, ballot, 0, 0, 1, 2)
    assert (turnout(cast, ballot), result_of(ballot)) == (4, None)
    ballot = ballots.close_ballot(make.again(cast.assessor), ballot)
    result = result_of(ballot)
    assert [(one.label, one.votes, one.percent) for one in result.answers] == [
        ("满意", 2, "50"),
        ("基本满意", 1, "25"),
        ("不满意", 1, "25"),
    ]
    assert (result.percent, result.counts, result.reaches, result.points) == ("75", True, False, 0)
    assert turnout(cast, ballot) == result.tally.returned == 4


def test_typing_a_code_is_forgiving(cast):
    code = hold.codes(cast, hold.opened(cast), 1)[0]
    assert ballots.find_ballot(f" {code[:4].lower()}-{code[4:8]} {code[8:]} ").title == "会员测评"


def test_a_code_votes_once(cast):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    ballots.cast_vote(code, 0)
    for again in (lambda: ballots.cast_vote(code, 2), lambda: ballots.find_ballot(code)):
        with pytest.raises(CodeRefused, match="already voted"):
            again()
    assert hold.counters(ballot) == [1, 0, 0]


def test_an_answer_that_is_not_there_spends_no_code(cast):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    with pytest.raises(Refused, match="choose one"):
        ballots.cast_vote(code, 3)
    ballots.cast_vote(code, 2)
    assert hold.counters(ballot) == [0, 0, 1]


def test_unknown_and_closed_codes_are_told_so(cast):
    with pytest.raises(CodeRefused, match="not known"):
        ballots.cast_vote("ACDEFGHJKMNP", 0)
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    Ballot.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    with pytest.raises(CodeRefused, match="last day"):
        ballots.cast_vote(code, 0)
    ballots.close_ballot(make.again(cast.assessor), ballot)
    with pytest.raises(CodeRefused, match="closed"):
        ballots.cast_vote(code, 0)
    assert hold.counters(ballot) == [0, 0, 0]


def test_printing_again_voids_unused_codes_and_never_exceeds_the_roster(cast):
    ballot = hold.opened(cast)
    first = hold.codes(cast, ballot, 10)
    ballots.cast_vote(first[0], 0)
    with pytest.raises(Refused, match="9 slips"):
        hold.codes(cast, ballot, 10)
    with pytest.raises(CodeRefused, match="already voted"):
        ballots.cast_vote(first[0], 0)
    ballots.cast_vote(first[1], 0)  # a refused print voided nothing
    second = hold.codes(cast, ballot, 8)
    with pytest.raises(CodeRefused, match="not known"):
        ballots.cast_vote(first[2], 0)
    for code in second:
        ballots.cast_vote(code, 2)
    assert (hold.counters(ballot), turnout(cast, ballot)) == ([2, 0, 8], 10)


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_codes_only_while_voting(cast, state):
    ballot = hold.prepared(cast) if state == "draft" else hold.closed(cast, 0)
    with pytest.raises(WrongState):
        hold.codes(cast, ballot, 1)


# --- Papers ---


def test_papers_count_when_two_persons_agree(cast):
    ballot, second = hold.opened(cast), hold.other_assessor(cast)
    hold.vote(cast, ballot, 0)
    first = make.again(cast.assessor)
    assert ballots.count_papers(first, ballot, [3, 1, 1], 1) == Counted(added=False)
    assert ballots.count_papers(first, ballot, [3, 1, 1], 1) == Counted(added=False)  # the same person is not a second
    assert ballots.count_papers(second, ballot, [3, 0, 2], 1) == Counted(added=False, differ=("基本满意", "不满意"))
    assert hold.counters(ballot) == [1, 0, 0]
    with pytest.raises(Refused, match="two persons"):
        ballots.close_ballot(first, ballot)
    assert ballots.count_papers(first, ballot, [3, 0, 2], 1) == Counted(added=True)
    assert (hold.counters(ballot), turnout(cast, ballot)) == ([4, 0, 2], 7)
    with pytest.raises(WrongState, match="already"):
        ballots.count_papers(second, ballot, [3, 0, 2], 1)
    result = result_of(ballots.close_ballot(first, ballot))
    assert (result.tally.valid, result.tally.spoilt, result.tally.returned, result.percent) == (6, 1, 7, "66.66")


def test_codes_and_papers_are_never_more_than_people(cast):
    ballot = hold.opened(cast)
    hold.codes(cast, ballot, 8)
    with pytest.raises(Refused, match="2 papers at most"):
        ballots.count_papers(make.again(cast.assessor), ballot, [3, 0, 0], 0)
    for person in (make.again(cast.assessor), make.again(cast.admin)):
        ballots.count_papers(person, ballot, [1, 0, 0], 1)
    with pytest.raises(Refused, match="8 slips"):
        hold.codes(cast, ballot, 9)


@pytest.mark.parametrize(("votes", "spoilt"), [([1, 1], 0), ([1, 1, -1], 0), ([0, 0, 0], -1)])
def test_numbers_that_can_not_be_are_refused(cast, votes, spoilt):
    with pytest.raises(Refused, match="number for each"):
        ballots.count_papers(make.again(cast.assessor), hold.opened(cast), votes, spoilt)
    assert not PaperCount.objects.exists()


# --- Ending ---


def test_a_ballot_without_its_minimum_decides_nothing_and_may_be_annulled(cast):
    ballot = hold.closed(cast, 0, minimum=2)
    assert (result_of(ballot).counts, result_of(ballot).points) == (False, None)
    with pytest.raises(Refused, match="reason"):
        ballots.annul_ballot(make.again(cast.assessor), ballot, " ")
    ballot = ballots.annul_ballot(make.again(cast.assessor), ballot, "回收不足")
    assert (ballot.state, ballot.annulled_for, result_of(ballot)) == (BallotState.VOID, "回收不足", None)


def test_a_result_that_counts_stays(cast):
    ballot = hold.closed(cast, 2, 2)
    with pytest.raises(WrongState, match="counts"):
        ballots.annul_ballot(make.again(cast.assessor), ballot, "结果不好")
    with pytest.raises(WrongState):
        ballots.close_ballot(make.again(cast.assessor), ballot)


def test_an_annulled_ballot_takes_no_votes_and_shows_none(cast):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    ballot = ballots.annul_ballot(make.again(cast.assessor), ballot, "印错了")
    with pytest.raises(CodeRefused, match="closed"):
        ballots.cast_vote(code, 0)
    assert result_of(ballot) is None


# --- What the database and the technical settings hold ---


def test_the_database_refuses_nonsense(cast):
    ballot = hold.prepared(cast)
    for nonsense in (
        {"minimum": 11},
        {"threshold": 0},
        {"state": "lost"},
        {"electorate": "nobody"},
        {"papers": 11},
        {"papers": 1, "spoilt": 2},
        {"item": None},
        {"scoring": "dice"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).update(**nonsense)


def test_the_technical_settings_know_no_ballot():
    assert not {Ballot, BallotOption, BallotCode, PaperCount} & set(admin.site._registry)
