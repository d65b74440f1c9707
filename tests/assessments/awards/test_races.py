"""Two persons who award at the same moment, on a real PostgreSQL; each race with a positive control."""

from __future__ import annotations

import threading

import pytest

from assessments.models import AwardRound, Candidacy, CandidacyState, Condition, Rung, Title
from assessments.services import awards
from assessments.services.awards import deciding
from orgs.models import Organization
from tests import factories as make
from tests.assessments.awards import scene as set_up
from tests.races import ON_POSTGRESQL, PATIENCE, come_to

pytestmark = ON_POSTGRESQL


@pytest.fixture
def here(transactional_db):
    found = set_up.scene()
    Condition.objects.all().delete()
    Rung.objects.filter(code="top-ten").update(limit=1)
    return found


def without_lock(monkeypatch):
    """Both look before either has written."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def unlocked(pk):
        return AwardRound.objects.select_related("owner", "ladder").get(pk=pk)

    def check(candidacy):
        checked(candidacy)
        meeting.wait()

    checked = deciding._check_places
    monkeypatch.setattr(deciding, "locked_round", unlocked)
    monkeypatch.setattr(deciding, "_check_places", check)


def awarding(here, *candidacies):
    people = (make.again(here.reviewer), make.again(here.admin))
    return [lambda by=by, one=one: awards.award(by, one) for by, one in zip(people, candidacies, strict=True)]


def two_for_one_place(here):
    one = set_up.opened(here)
    return [set_up.proposed(here, one, organization) for organization in (here.base, here.far)]


def awarded():
    return Candidacy.objects.filter(state=CandidacyState.AWARDED).count(), Title.objects.count()


def test_the_last_place_is_given_once(here):
    candidacies = two_for_one_place(here)
    assert come_to(*awarding(here, *candidacies)) == ["Refused", "done"]
    assert awarded() == (1, 1)


def test_without_the_lock_the_last_place_is_given_twice(here, monkeypatch):
    candidacies = two_for_one_place(here)
    without_lock(monkeypatch)
    assert come_to(*awarding(here, *candidacies)) == ["done", "done"]
    assert awarded() == (2, 2)


def test_one_candidate_awarded_by_two_persons_gets_one_title(here):
    candidacy = two_for_one_place(here)[0]
    found = come_to(*awarding(here, candidacy, candidacy))
    assert found in (["WrongState", "done"], ["Refused", "done"])
    assert awarded() == (1, 1)


def test_a_title_recorded_while_it_is_awarded_is_held_once(here):
    candidacy = two_for_one_place(here)[0]
    reviewer = make.again(here.reviewer)
    found = come_to(lambda: awards.award(reviewer, candidacy), lambda: set_up.titled(here, here.base, "top-ten"))
    assert found == ["Refused", "done"]
    assert Title.objects.count() == 1


def test_without_the_lock_of_the_organisation_the_database_has_to_stop_it(here, monkeypatch):
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def meet(*args):
        checked(*args)
        meeting.wait()

    checked = deciding.check_free
    for module in (deciding, awards.titles):
        monkeypatch.setattr(module, "locked_holder", lambda one: Organization.objects.get(pk=one.pk))
        monkeypatch.setattr(module, "check_free", meet)
    candidacy = two_for_one_place(here)[0]
    reviewer = make.again(here.reviewer)
    found = come_to(lambda: awards.award(reviewer, candidacy), lambda: set_up.titled(here, here.base, "top-ten"))
    assert found == ["IntegrityError", "done"]
    assert Title.objects.count() == 1


def test_a_round_closed_beside_an_award_leaves_nobody_undecided(here):
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.base)
    admin = make.again(here.admin)
    reviewer = make.again(here.reviewer)
    found = come_to(lambda: awards.award(reviewer, candidacy), lambda: awards.close_round(admin, one))
    assert found in (["done", "done"], ["Refused", "done"])  # closed after the award, or refused before it
    assert awarded() == (1, 1)
    assert (AwardRound.objects.get().closed_at is not None) == (found == ["done", "done"])


def test_a_round_opened_by_two_clicks_is_opened_once(here):
    people = (make.again(here.reviewer), make.again(here.admin))
    assert come_to(*(lambda by=by: awards.open_round(by, set_up.call(here)) for by in people)) == ["Refused", "done"]
    assert AwardRound.objects.count() == 1
