"""The pages: who holds a ballot, who reads it, and the phone that votes."""

from __future__ import annotations

import io
import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from assessments.models import Ballot, BallotCode, BallotState, Purpose
from assessments.services import ballots
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.assessments.ballots import hold

pytestmark = [pytest.mark.any_database]

CODE = re.compile(r"[34679ACDEFGHJKMNPQRTUVWXY]{4}(?:-[34679ACDEFGHJKMNPQRTUVWXY]{4}){2}")


@pytest.fixture
def cast(db):
    return make.cast()


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def assessor(cast):
    return logged_in(cast.assessor)


def url(name, ballot):
    return reverse(f"ballots:{name}", args=[ballot.pk])


FORM = {
    "purpose": "gate",
    "electorate": "representatives",
    "subject": "chair",
    "title": "代表测评",
    "question": "满意吗？",
    "roster": "5",
    "minimum": "3",
    "threshold": "85",
    "scoring": "all_or_nothing",
    "last_day": "2099-12-31",
    "answer_1": "满意",
    "satisfied_1": "on",
    "answer_3": "不满意",
}


# --- Holding ---


def test_a_ballot_from_preparation_to_result(cast, assessor):
    page = assessor.get(reverse("ballots:create", args=[cast.assessment.pk])).content.decode()
    assert "How satisfied are you with the work of" in page
    response = assessor.post(reverse("ballots:create", args=[cast.assessment.pk]), FORM)
    ballot = Ballot.objects.get()
    assert response["Location"] == url("detail", ballot)
    assert (ballot.purpose, ballot.electorate, ballot.item) == (Purpose.GATE, "representatives", None)
    assert ballot.subject == "chair"
    assert assessor.post(url("edit", ballot), {**FORM, "roster": "4"})["Location"] == url("detail", ballot)
    assessor.post(url("open", ballot))
    slips = assessor.post(reverse("reports:ballot_slips", args=[ballot.pk]), {"number": "3"})
    codes = CODE.findall("".join(page.extract_text() for page in PdfReader(io.BytesIO(slips.content)).pages))
    assert len(set(codes)) == 3
    assert slips["Cache-Control"].startswith("max-age=0")
    for code, choice in zip(codes, "010", strict=True):
        assert Client().post(reverse("vote"), {"code": code, "choice": choice, "voting": "1"}).status_code == 302
    assert "3</b> / 4" in assessor.get(url("detail", ballot)).content.decode()
    assert "66.66%" not in assessor.get(url("detail", ballot)).content.decode()
    assessor.post(url("close", ballot))
    for person in (cast.assessor, cast.chair, cast.auditor):
        assert "66.66%" in logged_in(person).get(url("detail", ballot)).content.decode()
        listed = logged_in(person).get(reverse("ballots:list", args=[cast.assessment.pk])).content.decode()
        assert "66.66% satisfied" in listed


def test_what_is_wrong_with_a_ballot_stands_in_the_form(cast, assessor):
    url_ = reverse("ballots:create", args=[cast.assessment.pk])
    page = assessor.post(url_, {**FORM, "minimum": "6", "threshold": ""}).content.decode()
    assert "This field is required" in page
    page = assessor.post(url_, {**FORM, "minimum": "6"}).content.decode()
    assert "The minimum returned lies between" in page
    assert 'value="代表测评"' in page
    assert not Ballot.objects.exists()


def test_two_persons_enter_papers_and_are_told_where_they_differ(cast, assessor):
    ballot, second = hold.opened(cast), logged_in(hold.other_assessor(cast))
    mine = {"votes_0": "2", "votes_1": "1", "votes_2": "0", "spoilt": "0"}
    assert assessor.post(url("papers", ballot), mine).status_code == 302
    page = second.post(url("papers", ballot), {**mine, "votes_1": "0"}).content.decode()
    assert "differs from the other person's here: 基本满意" in page
    assert "1 person" not in page
    assert "counts that differ" in second.get(url("detail", ballot)).content.decode()
    assert second.post(url("papers", ballot), mine).status_code == 302
    assert hold.counters(ballot) == [2, 1, 0]
    assert assessor.get(url("papers", ballot)).status_code == 409


def test_a_refused_print_says_why(cast, assessor):
    ballot = hold.opened(cast)
    for number in ("11", "0", "-1", "x", "", "9" * 30):
        page = assessor.post(reverse("reports:ballot_slips", args=[ballot.pk]), {"number": number}, follow=True)
        assert "10 slips can be printed now." in page.content.decode()
    assert not BallotCode.objects.exists()


def test_dropping_and_annulling(cast, assessor):
    ballot = hold.prepared(cast)
    assert assessor.post(url("drop", ballot))["Location"] == reverse("ballots:list", args=[cast.assessment.pk])
    ballot = hold.opened(cast)
    assessor.post(url("annul", ballot), {"reason": ""})
    assert Ballot.objects.get().state == BallotState.OPEN
    assessor.post(url("annul", ballot), {"reason": "印错了"})
    assert "印错了" in logged_in(cast.chair).get(url("detail", ballot)).content.decode()


@pytest.mark.parametrize("votes", [(0, 0), (2, 2)])
def test_nothing_on_any_page_depends_on_what_was_voted_while_it_is_open(cast, votes):
    """Turnout is the same, so the pages are, whoever looks."""
    ballot = hold.opened(cast)
    hold.vote(cast, ballot, *votes)
    pages = (url("detail", ballot), reverse("ballots:list", args=[cast.assessment.pk]))
    before = seen_by_all(cast, pages)
    ballot.options.update(votes=777)
    assert seen_by_all(cast, pages) == before


def seen_by_all(cast, pages):
    """What everybody reads on these pages, without what is random in their forms."""
    clients = [logged_in(getattr(cast, name)) for name in ("clerk", "chair", "assessor", "admin", "auditor")]
    texts = (client.get(page).content.decode() for client in clients for page in pages)
    return [re.sub(r'value="[A-Za-z0-9]{64}"', "", text) for text in texts]


def test_the_list_takes_the_same_queries_for_one_and_three(cast, assessor, django_assert_num_queries):
    hold.closed(cast, 0, 0)
    page = reverse("ballots:list", args=[cast.assessment.pk])
    assessor.get(page)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        assessor.get(page)
    hold.closed(cast, 0, 0, purpose=Purpose.GATE)
    hold.closed(cast, 0, 0, purpose=Purpose.ANNEX)
    with django_assert_num_queries(len(one)):
        assessor.get(page)


# --- The sheet and the move ---


def test_the_sheet_shows_the_ballot_and_offers_its_points(cast, assessor):
    make.bring_to(cast, State.ASSESSING)
    hold.closed(cast, 0, 0)
    sheet = reverse("assessments:sheet", args=[cast.assessment.pk, Stage.ASSESS])
    page = assessor.get(sheet).content.decode()
    assert "100% satisfied: 3 points" in page
    assert "Ballots have decided these items: 1-2" in page
    assert assessor.post(reverse("ballots:take", args=[cast.assessment.pk]))["Location"] == sheet
    page = assessor.get(sheet).content.decode()
    assert "Ballots have decided" not in page
    assert 'name="p-1-2" value="3"' in page
    refused = assessor.post(f"{sheet}items/1-2/", {"p-1-2": "1", "v-1-2": "1"}, headers={"Accept": "application/json"})
    assert "the ballot gives it 3 points" in refused.content.decode()


def test_the_page_of_a_move_names_the_ballots_in_the_way(cast, assessor):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    make.sign_all(cast.assessor, cast.assessment)
    hold.prepared(cast, purpose=Purpose.GATE)
    page = assessor.get(reverse(f"assessments:{Action.FORWARD}", args=[cast.assessment.pk])).content.decode()
    assert "The ballot “会员测评” is not closed yet." in page
    assert 'type="submit">Forward' not in page


# --- Voting ---


def test_a_phone_votes_without_login_script_or_trace(cast, caplog):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    sessions = Session.objects.count()
    phone = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.DEBUG):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', phone.get("/v/").content.decode())[1]
        page = phone.post("/v/", {"code": code, "csrfmiddlewaretoken": token}).content.decode()
        assert "您对工会工作满意吗？" in page
        assert page.count('type="radio"') == 3
        voted = phone.post("/v/", {"code": code, "choice": "1", "voting": "1", "csrfmiddlewaretoken": token})
        assert (voted.status_code, voted["Location"]) == (302, "/v/thanks/")
        assert "Your vote is counted." in phone.get("/v/thanks/").content.decode()
    assert hold.counters(ballot) == [0, 1, 0]
    assert set(phone.cookies) == {"csrftoken"}
    assert Session.objects.count() == sessions
    assert code not in caplog.text.replace("-", "")


@pytest.mark.parametrize("logged", [False, True])
def test_codes_that_do_not_vote_are_told_so(cast, logged):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 2)
    ballots.cast_vote(code[0], 0)
    client = logged_in(cast.clerk) if logged else Client()
    told = {}
    for said in (code[0], "ACDE-FGHJ-KMNP", "", "x" * 5000, code[1]):
        if said == code[1]:
            ballots.close_ballot(make.again(cast.assessor), ballot)
        response = client.post("/v/", {"code": said, "choice": "0", "voting": "1"})
        assert response.status_code == 422
        told[said] = re.search(r'role="alert">([^<]*)<', response.content.decode())[1]
    assert told[code[0]] == "This code has already voted. Each code votes once."
    assert told["ACDE-FGHJ-KMNP"] == told[""] == told["x" * 5000]
    assert told[""].startswith("This code is not known.")
    assert told[code[1]] == "This ballot is closed."


@pytest.mark.parametrize("choice", ["", "9", "-1", "x", "1" * 50])
def test_a_vote_without_an_answer_asks_again(cast, choice):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 1)[0]
    response = Client().post("/v/", {"code": code, "choice": choice, "voting": "1"})
    assert response.status_code == 422
    assert "Please choose one of the answers." in response.content.decode()
    assert hold.counters(ballot) == [0, 0, 0]


def test_somebody_with_a_first_password_votes_too(cast):
    make.User.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    assert logged_in(make.again(cast.clerk)).get("/v/").status_code == 200


def test_slips_lead_to_the_code_behind_the_hash(cast):
    from reports.ballots import card

    made = card("ACDEFGHJKMNP", "https://kaoping.example/v/")
    assert made.code == "ACDE-FGHJ-KMNP"
    assert made.picture.startswith("data:image/png;base64,")
