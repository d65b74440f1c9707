"""The pages: from a result on the notice to what came out."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Channel, MarkRevision, Objection, ObjectionState
from assessments.workflow import Action, Stage
from orgs.roles import Role
from tests import factories as make
from tests.assessments.objections import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, thing):
    return reverse(f"objections:{name}", args=[thing.pk])


def text(response):
    return response.content.decode()


def test_from_the_notice_to_the_outcome(cast):
    chair, reviewer = logged_in(cast.chair), logged_in(cast.reviewer)
    second = hold.second_assessor(cast)
    found = text(chair.get(url("list", cast.cycle), {"q": cast.assessment.name}))
    assert url("create", cast.assessment) in found
    assert url("create", cast.assessment) in text(chair.get(reverse("assessments:detail", args=[cast.assessment.pk])))
    page = text(chair.get(url("create", cast.assessment)))
    assert f'<option value="{cast.township.pk}" selected>' in page
    said = {"statement": "第一项偏低", "items": [hold.ITEM], "organization": cast.township.pk, "contact": ""}
    response = chair.post(url("create", cast.assessment), said)
    objection = Objection.objects.get()
    assert response["Location"] == url("detail", objection)
    assert (objection.organization, objection.channel) == (cast.township, Channel.LOGIN)
    assert "Open a recheck" not in text(chair.get(url("detail", objection)))

    assert "Open a recheck" in text(reviewer.get(url("detail", objection)))
    page = text(reviewer.get(url("recheck", objection)))
    assert f'value="{hold.ITEM}" id="item-{hold.ITEM}" checked' in page
    assert "Please name the items." in text(reviewer.post(url("recheck", objection), {}))
    assert reviewer.post(url("recheck", objection), {"items": [hold.ITEM]})["Location"] == url("detail", objection)
    assert f"wait to be marked again by {cast.county.name}" in text(reviewer.get(url("detail", objection)))
    assert reviewer.get(url("settle", objection)).status_code == 409

    sheet = reverse("assessments:sheet", args=[cast.assessment.pk, Stage.ASSESS])
    page = text(logged_in(cast.assessor).get(sheet))
    assert f"You have marked {hold.ITEM} before" in page
    assert "these marks stand" not in page
    page = text(logged_in(second).get(sheet))
    assert "these marks stand" in page
    assert "Recheck after objection No. 1." in page
    hold.marked_again(cast, "3", second)
    assert "What the recheck changed" not in text(chair.get(url("detail", objection)))
    hold.confirm(cast)

    page = text(reviewer.get(url("settle", objection)))
    assert "so the objection is upheld" in page
    assert 'value="rejected"' not in page
    reviewer.post(url("settle", objection), {"state": "upheld", "outcome": "确实多扣了分。"})
    for person in (cast.chair, cast.assessor, cast.auditor, cast.reviewer):
        page = text(logged_in(person).get(url("detail", objection)))
        assert "确实多扣了分。" in page
        assert '<td data-label="Before">5</td>' in page
        assert '<td data-label="After"><b>38</b></td>' in page
    publish = reverse("notices:prepare", args=[cast.cycle.pk])
    assert publish in text(reviewer.get(url("list", cast.cycle)))
    assert publish in text(reviewer.get(url("detail", objection)))
    assert publish not in text(chair.get(url("detail", objection)))
    assert text(chair.get(reverse("assessments:detail", args=[cast.assessment.pk]))).count("Upheld") == 1


def test_who_agrees_with_the_marks_says_so(cast):
    second = logged_in(hold.second_assessor(cast))
    objection = hold.rechecked(cast)
    stand = url("stand", cast.assessment)
    assert logged_in(cast.assessor).post(stand).status_code == 403
    assert logged_in(cast.chair).post(stand).status_code == 403
    page = text(second.post(stand, follow=True))
    assert f"Noted: these marks stand after the recheck: {hold.ITEM}." in page
    assert second.post(stand).status_code == 409
    make.sign_all(cast.assessor, cast.now())
    moves = reverse(f"assessments:{Action.SEND_BACK}", args=[cast.assessment.pk])
    refused = logged_in(cast.assessor).get(moves)
    assert refused.status_code == 409
    assert "An objection to this result is being rechecked" in text(refused)
    logged_in(cast.assessor).post(reverse(f"assessments:{Action.CONFIRM}", args=[cast.assessment.pk]))
    page = text(logged_in(cast.reviewer).get(url("settle", objection)))
    assert "The recheck has changed nothing" in page


def test_the_deciding_union_registers_a_letter_after_the_notice(cast, monkeypatch):
    notice = hold.notice(cast)
    make.run_out(notice)
    last = hold.notice(cast).ends_on
    reviewer, chair = logged_in(cast.reviewer), logged_in(cast.chair)
    refused = chair.get(url("create", cast.assessment))
    assert refused.status_code == 409
    assert f"The notice ended with {last.isoformat()}" in text(refused)
    assert "The notice ended with" in text(chair.get(url("list", cast.cycle)))
    found = text(reviewer.get(url("list", cast.cycle), {"q": cast.assessment.name}))
    assert url("create", cast.assessment) in found
    said = {"channel": "letter", "statement": hold.STATEMENT, "objector": hold.NAME, "contact": hold.CONTACT}
    today = timezone.localdate().isoformat()
    assert reviewer.post(url("create", cast.assessment), {**said, "received_on": today}).status_code == 409
    page = text(reviewer.post(url("create", cast.assessment), {**said, "received_on": "2020-01-01"}))
    assert "No notice ran on 2020-01-01" in page
    assert hold.NAME in page  # nothing typed is lost
    page = text(reviewer.post(url("create", cast.assessment), {**said, "received_on": last.isoformat()}, follow=True))
    assert "registered as No. 1" in page
    kept = Objection.objects.get()
    assert (kept.received_on, kept.objector) == (last, hold.NAME)


def test_the_rows_of_the_notice_lead_to_an_objection(cast):
    """For those who follow the decisions; the public page leads everybody else to the list."""
    notice = hold.notice(cast)
    rows = reverse("notices:detail", args=[cast.cycle.pk, 1])
    assert url("create", cast.assessment) in text(logged_in(cast.reviewer).get(rows))
    assert url("create", cast.assessment) not in text(logged_in(cast.auditor).get(rows))
    public = text(Client().get(reverse("public_notice", args=[notice.key])))
    assert url("list", cast.cycle) in public
    assert url("create", cast.assessment) not in public
    make.run_out(notice)
    assert url("create", cast.assessment) not in text(logged_in(cast.reviewer).get(rows))


def test_what_is_missing_stands_in_the_form(cast):
    chair = logged_in(cast.chair)
    assert "This field is required" in text(chair.post(url("create", cast.assessment), {"statement": ""}))
    page = text(chair.post(url("create", cast.assessment), {"statement": "偏低", "items": ["9-9"]}))
    assert "9-9 is not one of the available choices" in page
    page = text(chair.post(url("create", cast.assessment), {"statement": "偏低", "organization": cast.neighbour.pk}))
    assert "Select a valid choice" in page
    assert not Objection.objects.exists()


def test_nobody_left_is_said_before_the_recheck_is_opened(cast):
    MarkRevision.objects.filter(item__key="3-1").update(by=cast.assessor)
    objection = hold.visited(cast)
    page = text(logged_in(cast.reviewer).get(url("recheck", objection)))
    assert f"an administrator of {cast.county.name} has to give" in page
    assert page.count("Nobody is left who has not marked it before.") == 2  # 3-1 and 3-2 have no department
    page = text(logged_in(cast.reviewer).post(url("recheck", objection), {"items": ["3-1"]}))
    assert "Everybody who could mark 3-1" in page


def test_overdue_is_marked(cast, monkeypatch):
    objection = hold.visited(cast)
    assert "Overdue" not in text(logged_in(cast.chair).get(url("list", cast.cycle)))
    Objection.objects.update(due_on=timezone.localdate() - hold.days(1))
    for page in (url("list", cast.cycle), url("detail", objection), f"{url('list', cast.cycle)}?open"):
        assert "Overdue" in text(logged_in(cast.chair).get(page))
    hold.settle(cast, objection, ObjectionState.REJECTED)
    assert "Overdue" not in text(logged_in(cast.chair).get(url("detail", objection)))
    assert "All objections are settled." in text(logged_in(cast.chair).get(f"{url('list', cast.cycle)}?open"))


@pytest.mark.parametrize("name", ["chair", "reviewer"])
def test_the_list_takes_the_same_queries_for_one_and_three(cast, name, django_assert_num_queries):
    client, page = logged_in(getattr(cast, name)), url("list", cast.cycle)
    hold.visited(cast)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    hold.visited(cast, statement="二")
    hold.entered(cast, make.person((cast.neighbour, Role.CHAIR)), organization=cast.neighbour)
    with django_assert_num_queries(len(one)):
        client.get(page)
