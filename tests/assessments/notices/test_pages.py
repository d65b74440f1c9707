from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import services
from assessments.models import Notice, Snapshot, SnapshotRow
from assessments.workflow import Action, Stage
from tests import factories as make
from tests.factories import again, finish_cycle, publish_cycle, run_out

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page(name, people, *args):
    return reverse(f"notices:{name}", args=[people.cycle.pk, *args])


def text(response):
    return unescape(response.content.decode())


def said(people, **changes):
    words = {"title": "关于2026年年检结果的公示", "body": "现予公示。", "contact": "组织部，电话12345"}
    return {**words, "starts_on": (timezone.localdate() + timedelta(days=1)).isoformat(), **changes}


def hidden(response):
    """The fields that a preview carries along."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


# --- Preparing and publishing -----------------------------------------------------------------------------------------


def test_a_notice_is_shown_before_it_is_published_and_published_as_shown(people):
    finish_cycle(people)
    reviewer = client_of(people.reviewer)
    assert people.cycle.name in text(reviewer.get(page("prepare", people)))
    shown = reviewer.post(page("prepare", people), said(people))
    last = timezone.localdate() + timedelta(days=10)
    for words in ("关于2026年年检结果的公示", "组织部，电话12345", people.township.name, "一星", f"{last.day}"):
        assert words in text(shown)
    assert people.neighbour.name not in text(shown)  # it has no result
    assert not Notice.objects.exists()
    back = reviewer.post(page("prepare", people), {**hidden(shown), "change": "1"})
    assert "现予公示。" in text(back)
    done = reviewer.post(page("prepare", people), {**hidden(shown), "publish": "1"})
    notice = Notice.objects.get()
    assert done["Location"] == page("detail", people, 1)
    assert (notice.title, notice.ends_on) == ("关于2026年年检结果的公示", last)
    inside = text(reviewer.get(page("detail", people, 1)))
    assert notice.snapshot.digest in inside
    assert people.neighbour.name in inside


def test_results_that_changed_after_the_preview_are_not_published(people):
    finish_cycle(people)
    reviewer = client_of(people.reviewer)
    shown = hidden(reviewer.post(page("prepare", people), said(people)))
    services.move(again(people.reviewer), people.now(), Action.REOPEN, reason="复查")
    make.save(people.assessor, people.assessment, Stage.ASSESS, "1-1", "1")
    make.sign_all(people.assessor, people.assessment)
    services.move(again(people.assessor), people.now(), Action.CONFIRM)
    refused = reviewer.post(page("prepare", people), {**shown, "publish": "1"})
    assert refused.status_code == 200
    assert not Snapshot.objects.exists()


def test_what_stands_against_it_is_said_on_the_page_and_there_is_no_button(people):
    reviewer = client_of(people.reviewer)
    asked = text(reviewer.get(page("prepare", people)))
    shown = text(reviewer.post(page("prepare", people), said(people)))
    for told in (asked, shown):
        assert people.township.name in told
    assert 'name="publish"' not in shown
    reviewer.post(page("prepare", people), {**said(people), "publish": "1"})
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("wrong", [{"title": ""}, {"starts_on": "明天"}, {"contact": "长" * 301}])
def test_a_notice_that_is_not_filled_in_comes_back(people, wrong):
    response = client_of(people.reviewer).post(page("prepare", people), said(people, **wrong))
    assert response.status_code == 200
    assert "is-invalid" in text(response)


def test_a_second_notice_asks_why_and_shows_what_changed(people):
    first = publish_cycle(people)
    reviewer = client_of(people.reviewer)
    assert 'name="reason"' in text(reviewer.get(page("prepare", people)))
    services.move(again(people.reviewer), people.now(), Action.REOPEN, reason="复查")
    make.save(people.assessor, people.assessment, Stage.ASSESS, "1-1", "1")
    make.sign_all(people.assessor, people.assessment)
    services.move(again(people.assessor), people.now(), Action.CONFIRM)
    shown = reviewer.post(page("prepare", people), said(people, reason="经复查更正"))
    reviewer.post(page("prepare", people), {**hidden(shown), "publish": "1"})
    assert "40 → 36" in " ".join(text(reviewer.get(page("changes", people, 2))).split())
    listed = text(reviewer.get(page("list", people)))
    assert "经复查更正" in listed
    assert page("detail", people, 1) in listed
    assert page("detail", people, 2) in text(reviewer.get(page("detail", people, 1)))
    old = text(Client().get(reverse("public_notice", args=[first.key])))
    newer = Notice.objects.get(snapshot__number=2)
    assert reverse("public_notice", args=[newer.key]) in old
    assert "经复查更正" in text(Client().get(reverse("public_notice", args=[newer.key])))
    assert list(Client().get(reverse("public_notices")).context["page"]) == [newer]
    assert reviewer.get(page("changes", people, 1)).status_code == 404
    assert reviewer.get(page("detail", people, 3)).status_code == 404


def test_a_cycle_is_closed_by_a_button_that_says_what_it_does(people):
    reviewer, close = client_of(people.reviewer), page("close", people)
    notice = publish_cycle(people)
    assert close not in text(reviewer.get(page("list", people)))
    run_out(notice)
    assert close in text(reviewer.get(page("list", people)))
    assert close not in text(client_of(people.auditor).get(page("list", people)))
    assert reviewer.post(close).status_code == 302
    people.cycle.refresh_from_db()
    assert people.cycle.closed_at
    assert reviewer.post(close).status_code == 409
    assert str(people.reviewer) in text(reviewer.get(page("list", people)))


# --- What everybody reads ---------------------------------------------------------------------------------------------


@pytest.fixture
def notice(people):
    return publish_cycle(people, contact="组织部，电话12345")


def with_results(notice):
    """As if all three organisations of the cast had a result: past the guard, as it would take their whole year."""
    rows = QuerySet(SnapshotRow).filter(snapshot=notice.snapshot, points=None)
    rows.update(points=35, place=2, awarded="一星", awarded_rank=1, band="一星", band_rank=1, qualified=False)


def test_everybody_reads_a_notice_without_a_login_and_without_a_cookie(people, notice):
    for url in (reverse("public_notice", args=[notice.key]), reverse("public_notices")):
        response = Client().get(url)
        assert response.status_code == 200
        assert response.cookies == {}
        assert 'name="robots" content="noindex' in text(response)
        assert notice.title in text(response)


def test_it_says_the_results_and_nobody_s_name(people, notice):
    told = text(Client().get(reverse("public_notice", args=[notice.key])))
    for words in (people.township.name, "一星", "组织部，电话12345", notice.issuer):
        assert words in told
    private = [str(person) for person in people.everyone.values()]
    row = notice.snapshot.rows.get(assessment=people.assessment)
    for words in (*private, *row.explanation, "本年度撤并", people.neighbour.name):
        assert words not in told, words


@pytest.mark.parametrize("key", ["0" * 16, "nothing", "1"])
def test_an_unknown_key_finds_nothing(people, notice, key):
    finish_cycle(people)
    assert Client().get(reverse("public_notice", args=[key])).status_code == 404
    assert Client().get(reverse("reports:notice_pdf", args=[key])).status_code == 404


def test_nothing_is_public_before_it_is_published(people):
    finish_cycle(people)
    client_of(people.reviewer).post(page("prepare", people), said(people))
    listed = Client().get(reverse("public_notices"))
    assert list(listed.context["page"]) == []


def test_a_long_table_is_paged_and_searched(people, notice, monkeypatch):
    monkeypatch.setattr("assessments.views.public.PER_PAGE", 2)
    with_results(notice)
    url = reverse("public_notice", args=[notice.key])

    def names(**asked):
        return [row.name for row in Client().get(url, asked).context["page"]]

    everybody = names() + names(page="2")
    assert (len(names()), sorted(everybody)) == (2, sorted(notice.snapshot.rows.values_list("name", flat=True)))
    assert names(q=people.township.name) == [people.township.name]
    assert names(q="没有这个") == []
    assert names(page="没有") == names()


def test_the_organisation_sees_its_published_result(people, notice):
    told = text(client_of(people.chair).get(reverse("assessments:detail", args=[people.assessment.pk])))
    assert reverse("public_notice", args=[notice.key]) in told


# --- Cost -------------------------------------------------------------------------------------------------------------


def cost(client, url):
    cache.clear()
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_cost_the_same_for_one_notice_and_three(people):
    key = publish_cycle(people).key
    reviewer = client_of(people.reviewer)
    asked = [
        (reviewer, page("list", people)),
        (Client(), reverse("public_notices")),
        (Client(), reverse("public_notice", args=[key])),
    ]
    before = [cost(*each) for each in asked]
    inside = cost(reviewer, page("detail", people, 1))
    publish_cycle(people)
    publish_cycle(people)
    assert [cost(*each) for each in asked] == before
    assert cost(reviewer, page("detail", people, 3)) == inside
    assert before[2] <= 5


def test_a_notice_costs_the_same_for_one_row_and_three(people, notice):
    url, inside = reverse("public_notice", args=[notice.key]), page("detail", people, 1)
    reviewer = client_of(people.reviewer)
    before = (cost(Client(), url), cost(reviewer, inside))
    with_results(notice)
    assert (cost(Client(), url), cost(reviewer, inside)) == before
