"""Rulings take two persons, a reason, and a result that they fit."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments import grading
from assessments.models import Ruling, RulingKind
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.grading import confirm_ruling, propose_ruling, withdraw_ruling
from orgs.roles import Role
from tests import factories as make
from tests.assessments.grading.cohort import cohort
from tests.factories import again

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SEAT, OVERRIDE, VETO = RulingKind
FIVE = {"甲": "92", "乙": "92", "丙": "92", "丁": "85", "戊": ""}


@pytest.fixture
def people():
    return cohort({**FIVE, "己": "59"})


def proposed(people, name, kind, rank=None, reason="集体研究", by=None):
    return propose_ruling(again(by or people.reviewer), people.assessments[name], kind, rank, reason)


def awarded(people):
    return {v.assessment.name: v.awarded for v in grading.verdicts(people.now())}


def test_a_proposal_counts_when_another_person_confirms_it_and_until_it_is_withdrawn(people):
    before = awarded(people)
    ruling = proposed(people, "丁", OVERRIDE, 3)
    assert awarded(people) == before
    assert "1 rulings wait for a second person: 丁." in grading.unresolved(people.now())
    with pytest.raises(Forbidden, match="another person has to confirm"):
        confirm_ruling(again(people.reviewer), ruling)
    confirm_ruling(again(people.admin), ruling)
    assert awarded(people) == {**before, "丁": "三星"}
    with pytest.raises(WrongState, match="confirmed already"):
        confirm_ruling(again(people.admin), ruling)
    withdraw_ruling(again(people.reviewer), ruling)
    assert awarded(people) == before
    with pytest.raises(WrongState, match="withdrawn"):
        confirm_ruling(again(people.admin), ruling)
    kept = Ruling.objects.get()
    assert (kept.proposed_by, kept.confirmed_by, kept.withdrawn_by) == (people.reviewer, people.admin, people.reviewer)


def test_the_tables_refuse_one_person_for_both_and_two_rulings_at_a_time(people):
    told = {"assessment": people.assessments["丁"], "kind": VETO, "reason": "x", "proposed_at": timezone.now()}
    same = {"proposed_by": people.admin, "confirmed_by": people.admin, "confirmed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.create(**told, **same)
    Ruling.objects.create(**told, proposed_by=people.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.create(**told, proposed_by=people.reviewer)


@pytest.mark.parametrize(
    ("name", "kind", "rank", "reason", "error", "sentence"),
    [
        ("丁", OVERRIDE, 5, "x", Refused, "Nothing above what the points are worth can be awarded: 四星"),
        ("丁", OVERRIDE, 9, "x", Refused, "choose a band"),
        ("丁", OVERRIDE, None, "x", Refused, "choose a band"),
        ("丁", OVERRIDE, 4, "x", Refused, "It is awarded 四星 as it is"),
        ("丁", SEAT, None, "x", Refused, "not among those that are equal"),
        ("丁", VETO, None, "  ", Refused, "give the reason"),
        ("丁", VETO, None, "很" * 501, Refused, "Too long"),
        ("戊", VETO, None, "x", WrongState, "no final result"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(people, name, kind, rank, reason, error, sentence):
    with pytest.raises(error, match=sentence):
        proposed(people, name, kind, rank, reason)
    assert not Ruling.objects.exists()


def test_no_more_seats_are_proposed_than_are_left(people):
    first = proposed(people, "甲", SEAT)
    assert first.rank == 5
    with pytest.raises(Refused, match="Every open seat is proposed"):
        proposed(people, "乙", SEAT)
    with pytest.raises(Refused, match="stands on this organisation already"):
        proposed(people, "甲", VETO)
    confirm_ruling(again(people.admin), first)
    with pytest.raises(Refused, match="not among those that are equal"):
        proposed(people, "乙", SEAT)
    beyond = proposed(people, "乙", OVERRIDE, 5)
    confirm_ruling(again(people.admin), beyond)
    assert list(awarded(people).values()).count("五星") == 2
    assert grading.graded(people.now()).cohort.contests[""].beyond == 1


def test_what_no_longer_fits_is_not_confirmed(people):
    ruling = proposed(people, "丁", OVERRIDE, 4 - 1)
    people.score("丁", "65")
    with pytest.raises(Refused, match="Nothing above"):
        confirm_ruling(again(people.admin), ruling)


def test_nobody_rules_in_a_closed_cycle_nor_on_their_own_organisation(people):
    serving = make.person((people.city, Role.ADMIN), (people.assessments["丁"].organization, Role.CHAIR))
    for who in (serving, make.person((people.city, Role.AUDITOR)), make.person((people.city, Role.ASSESSOR))):
        with pytest.raises(Forbidden):
            proposed(people, "丁", VETO, by=who)
    ruling = proposed(people, "丁", VETO)
    with pytest.raises(Forbidden):
        confirm_ruling(again(serving), ruling)
    people.set(closed_at=timezone.now(), closed_by=people.admin)
    for act in (lambda: confirm_ruling(again(people.admin), ruling), lambda: withdraw_ruling(people.admin, ruling)):
        with pytest.raises(WrongState, match="cycle is closed"):
            act()
    with pytest.raises(WrongState, match="cycle is closed"):
        proposed(people, "甲", VETO)
