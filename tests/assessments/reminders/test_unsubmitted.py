"""谁没报: the text for the chat, whole, filtered, cut on the page and complete in the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Cycle
from assessments.reminders import unsubmitted as module
from assessments.reminders.unsubmitted import Asked, unsubmitted
from assessments.services.extensions import extend
from assessments.workflow import Stage, State
from orgs.models import Organization
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
DAY = timedelta(days=1)


@pytest.fixture
def cast():
    made = make.cast()
    today = timezone.localdate()
    Cycle.objects.update(
        name="年检", self_deadline=today - DAY, assess_deadline=today + 9 * DAY, review_deadline=today + 9 * DAY
    )
    Organization.objects.filter(pk=made.county.pk).update(contact="李主任", phone="0954-1")
    Organization.objects.filter(pk=made.neighbour.pk).update(contact="王会计", phone="13800000000")
    made.cycle.refresh_from_db()
    return made


def page(cast, user, **asked):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client.get(reverse("reminders:list", args=[cast.cycle.pk]), asked)


def text(cast, user, **asked):
    return page(cast, user, **asked).context["found"].text


def test_names_stand_by_superior_in_the_order_of_the_tree_with_whom_to_call(cast):
    extend(make.again(cast.assessor), cast.assessment, Stage.SELF, timezone.localdate() + 5 * DAY, "换届")
    yesterday, later = (timezone.localdate() + days * DAY for days in (-1, 5))
    assert text(cast, cast.admin).splitlines() == [
        "“年检”: 3 organisations without a self-score so far",
        f"Deadline: {yesterday} (1 day overdue)",
        "",
        f"{cast.county.name} (2)",
        f"1. {cast.township.name} (until {later})",
        f"2. {cast.neighbour.name} 王会计 13800000000",
        "",
        f"{cast.other_county.name} (1)",
        f"1. {cast.other_township.name}",
        "",
        "Please hand in soon. Who needs more time asks the superior union. Thank you!",
    ]
    overdue = text(cast, cast.admin, overdue="1")
    assert (cast.township.name in overdue, cast.neighbour.name in overdue) == (False, True)
    branch = text(cast, cast.admin, branch=cast.other_county.pk)
    assert (cast.township.name in branch, cast.other_township.name in branch) == (False, True)


def test_of_later_stages_the_union_that_has_to_act_is_named_with_its_telephone(cast):
    make.bring_to(cast, State.ASSESSING)
    lines = text(cast, cast.admin, stage="assess").splitlines()
    assert lines[0] == "“年检”: 1 organisation not assessed so far"
    assert lines[3:5] == [f"{cast.county.name} (1) 李主任 0954-1", f"1. {cast.township.name}"]
    make.bring_to(cast, State.REVIEWING)
    assert f"{cast.city.name} (1)" in text(cast, cast.reviewer, stage="review").splitlines()
    assert "empty-state" in page(cast, cast.admin, stage="assess").content.decode()


def test_each_sees_their_own_and_who_only_fills_in_sees_nothing(cast):
    assert page(cast, cast.clerk).status_code == page(cast, cast.chair).status_code == 403
    assert page(cast, cast.unposted).status_code == 404
    assert page(cast, cast.assessor).context["found"].count == 2
    assert list(page(cast, cast.admin).context["branches"]) == [cast.county, cast.other_county]
    assert list(page(cast, cast.assessor).context["branches"]) == [cast.county]
    assert text(cast, cast.assessor, branch=cast.other_county.pk) == text(cast, cast.assessor)


def test_the_page_is_cut_and_the_file_is_whole(cast, monkeypatch):
    monkeypatch.setattr(module, "SHOWN", 1)
    monkeypatch.setattr(unsubmitted, "__defaults__", (1,))
    found = page(cast, cast.admin).context["found"]
    assert (found.count, found.shown) == (3, 1)
    assert "… and 2 more" in found.text
    client = Client()
    client.force_login(cast.admin)
    file = client.get(reverse("reminders:file", args=[cast.cycle.pk]), {"overdue": "1"})
    whole = unsubmitted(make.again(cast.admin), cast.cycle, Asked(Stage.SELF, None, overdue=True), most=None)
    assert file.content == b"\xef\xbb\xbf" + whole.text.replace("\n", "\r\n").encode()
    assert cast.other_township.name in whole.text
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert ".txt" in file["Content-Disposition"]


def test_the_page_runs_the_same_queries_for_more_rows(cast, django_assert_max_num_queries):
    client, url = Client(), reverse("reminders:list", args=[cast.cycle.pk])
    client.force_login(cast.admin)
    others = Assessment.objects.exclude(pk=cast.assessment.pk)
    others.update(state=State.WITHDRAWN)
    with django_assert_max_num_queries(9) as seen:
        assert client.get(url).context["found"].count == 1
    others.update(state=State.SELF_SCORING)
    with django_assert_max_num_queries(len(seen)):
        assert client.get(url).context["found"].count == 3
