"""The page of a move: it says what will happen and what stands against it; the service decides."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Step
from assessments.workflow import MOVES, Action, Stage, State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def cast():
    return make.cast()


def as_(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def url(cast, action):
    return reverse(f"assessments:{action}", args=[cast.assessment.pk])


def test_an_address_is_its_action():
    assert reverse("assessments:send_back", args=[7]) == "/assessments/7/send-back/"
    assert {move.action for move in MOVES} == set(Action)


def test_the_page_says_where_it_leads_and_what_is_missing(cast):
    make.save(cast.chair, cast.assessment, Stage.SELF, "1-1", "5")
    response = as_(cast.chair).get(url(cast, "submit"))
    assert cast.county.name in response.context["effect"]
    assert [key for key, _link in response.context["missing"]] == ["1-2", "1-3", "2-1", "2-2", "2-3", "3-1", "3-2"]
    html = response.content.decode()
    sheet = reverse("assessments:sheet", args=[cast.assessment.pk, "self"])
    assert f'href="{sheet}#item-1-2"' in html
    assert '<button class="btn btn-primary"' not in html


def test_submitting_what_is_incomplete_is_refused_beside_the_form(cast):
    response = as_(cast.chair).post(url(cast, "submit"))
    assert response.status_code == 200
    assert "8 items" in response.context["form"].non_field_errors()[0]
    assert cast.now().state == State.SELF_SCORING


def test_submit_leads_back_with_word_of_who_has_it_now(cast):
    make.fill(cast.chair, cast.assessment, Stage.SELF)
    response = as_(cast.chair).post(url(cast, "submit"), follow=True)
    assert response.redirect_chain == [(reverse("assessments:detail", args=[cast.assessment.pk]), 302)]
    assert f"Submitted to {cast.county.name}." in response.content.decode()
    assert cast.now().state == State.ASSESSING


def test_sending_back_asks_for_a_reason_and_shows_both_marks_of_each_item(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.department_assessor, cast.assessment, Stage.ASSESS)
    make.save(cast.assessor, cast.assessment, Stage.ASSESS, "1-1", "3")
    assert "signed off" not in as_(cast.assessor).get(url(cast, "send_back")).content.decode()
    make.services.sign_off(make.again(cast.assessor), cast.assessment, cast.office)
    response = as_(cast.assessor).get(url(cast, "send_back"))
    first = response.context["nameable"][0]
    assert (first.key, [mark for _heading, mark in first.marks], first.differs) == ("1-1", ["5", "3"], True)
    assert f"Signed off: {cast.office.name}." in response.content.decode()
    refused = as_(cast.assessor).post(url(cast, "send_back"), {"reason": " ", "items": ["1-1"]})
    assert "reason" in refused.context["form"].errors
    assert ' value="1-1" id="name-1-1" checked' in refused.content.decode()
    assert cast.now().state == State.ASSESSING


def test_sending_back_named_items(cast):
    make.bring_to(cast, State.ASSESSING)
    as_(cast.assessor).post(url(cast, "send_back"), {"reason": "补充材料", "items": ["1-1", "2-1"]})
    step = Step.objects.get(action=Action.SEND_BACK)
    assert (step.reason, [item.key for item in step.items.order_by("position")]) == ("补充材料", ["1-1", "2-1"])


@pytest.mark.parametrize("key", ["9-9", "2-4"])
def test_an_item_that_is_not_on_the_sheet_can_not_be_named(cast, key):
    make.bring_to(cast, State.ASSESSING)
    response = as_(cast.assessor).post(url(cast, "send_back"), {"reason": "补充材料", "items": ["1-1", key]})
    assert "items" in response.context["form"].errors
    assert cast.now().state == State.ASSESSING


def test_forwarding_waits_for_the_departments(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    response = as_(cast.assessor).get(url(cast, "forward"))
    assert [one.name for one in response.context["waiting"]] == [cast.office.name, cast.staff.name]
    make.sign_all(cast.assessor, cast.assessment)
    assert as_(cast.assessor).post(url(cast, "forward")).status_code == 302
    assert cast.now().state == State.REVIEWING


def test_confirm_and_reopen(cast):
    make.bring_to(cast, State.REVIEWING)
    make.fill(cast.reviewer, cast.assessment, Stage.REVIEW)
    assert "40 points" in as_(cast.reviewer).get(url(cast, "confirm")).context["effect"]
    as_(cast.reviewer).post(url(cast, "confirm"))
    assert cast.now().state == State.FINAL
    page = as_(cast.reviewer).get(url(cast, "reopen"))
    assert [heading for heading, _mark in page.context["nameable"][0].marks] == page.context["headings"]
    assert len(page.context["headings"]) == 3
    as_(cast.reviewer).post(url(cast, "reopen"), {"reason": "复查"})
    assert cast.now().state == State.REVIEWING


def test_a_move_that_the_state_does_not_have_is_told_with_the_way_back(cast):
    for method in ("get", "post"):
        response = getattr(as_(cast.reviewer), method)(url(cast, "confirm"))
        assert response.status_code == 409
        assert "Self-scoring" in response.content.decode()
        assert reverse("assessments:detail", args=[cast.assessment.pk]) in response.content.decode()


def test_a_move_of_somebody_elses_is_forbidden_in_words(cast):
    for method in ("get", "post"):
        response = getattr(as_(cast.clerk), method)(url(cast, "submit"))
        assert response.status_code == 403
        assert "not take this step" in response.content.decode()


def test_a_stranger_does_not_learn_that_it_exists(cast):
    assert as_(cast.stranger).post(url(cast, "submit")).status_code == 404


def test_a_script_is_answered_in_json(cast):
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.reviewer)
    response = client.post(url(cast, "confirm"))
    assert (response.status_code, list(response.json())) == (409, ["error"])
