"""Somebody with posts in several organisations acts for one at a time: lists narrow, rights do not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.permissions import may_write
from assessments.workflow import State
from orgs import acting
from orgs.models import Membership
from orgs.permissions import every_post, posts
from orgs.queries import manageable
from orgs.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def cast():
    return make.cast()


@pytest.fixture
def both(cast):
    """Chair of a township, and administrator of another county."""
    return make.person((cast.township, Role.CHAIR), (cast.other_county, Role.ADMIN))


@pytest.fixture
def client(both):
    client = Client()
    client.force_login(both)
    return client


def act_for(client, place, **also):
    return client.post(reverse("act_for"), {"organization": place.pk if place else "", **also})


def named(client, route):
    page = client.get(reverse(route)).context
    found = page["rows"] if "rows" in page else page["page"]
    return {str(getattr(one, "name", one)) for one in found}


def tasks(client):
    return [task.name for group in client.get(reverse("home")).context["groups"] for task in group.tasks]


def test_lists_narrow_to_the_chosen_organisation(client, cast):
    townships = {cast.township.name, cast.other_township.name}
    assert named(client, "assessments:list") == townships
    assert named(client, "orgs:list") == {cast.township.name, cast.other_county.name}
    act_for(client, cast.township)
    assert named(client, "assessments:list") == {cast.township.name}
    assert tasks(client) == [cast.township.name]
    assert named(client, "orgs:list") == {cast.township.name}
    assert client.get(reverse("home")).context["courses"] == []
    act_for(client, cast.other_county)
    assert named(client, "assessments:list") == {cast.other_township.name}
    assert tasks(client) == []
    assert named(client, "orgs:list") == {cast.other_township.name}  # its branch, as for someone with this post alone
    assert cast.stranger.full_name in named(client, "people:list")
    assert len(client.get(reverse("home")).context["courses"]) == 1
    act_for(client, None)
    assert named(client, "assessments:list") == townships


def test_cycles_narrow_too(client, cast):
    other = make.open_cycle_for(cast.other_county, {"township": make.small_rubric()})
    assert named(client, "cycles:list") == {cast.cycle.name, other.name}
    act_for(client, cast.township)
    assert named(client, "cycles:list") == {cast.cycle.name}


def test_forms_begin_with_the_chosen_organisation(cast):
    admin = make.person((cast.county, Role.ADMIN), (cast.other_county, Role.ADMIN))
    client = Client()
    client.force_login(admin)
    for place in (cast.county, cast.other_county):
        act_for(client, place)
        assert client.get(reverse("cycles:create")).context["form"].initial["owner"] == place.pk
        assert client.get(reverse("orgs:upload", args=["people"])).context["form"].fields["branch"].initial == place.pk
        offered = client.get(reverse("people:create")).context["candidates"]
        assert place in offered
        assert not {cast.county, cast.other_county} - {place} & set(offered)


def test_rights_stay_the_sum_of_the_posts(client, cast):
    act_for(client, cast.other_county)
    assert client.get(reverse("assessments:detail", args=[cast.assessment.pk])).status_code == 200
    assert client.get(reverse("assessments:sheet", args=[cast.assessment.pk, "self"])).status_code == 200
    assert client.get(reverse("orgs:edit", args=[cast.other_township.pk])).status_code == 200
    act_for(client, cast.township)
    assert client.get(reverse("orgs:edit", args=[cast.other_township.pk])).status_code == 200
    assert client.get(reverse("orgs:edit", args=[cast.township.pk])).status_code == 403


@pytest.mark.parametrize("typed", ["foreign", "nonsense", "missing"])
def test_a_foreign_choice_is_ignored(client, cast, typed):
    value = {"foreign": str(cast.city.pk), "nonsense": "٣", "missing": "999999999"}[typed]
    assert client.post(reverse("act_for"), {"organization": value}).status_code == 302
    assert acting.KEY not in client.session


@pytest.mark.parametrize("stale", ["foreign", "text"])
def test_what_the_session_says_never_widens(client, cast, stale):
    session = client.session
    session[acting.KEY] = {"foreign": cast.city.pk, "text": "city"}[stale]
    session.save()
    assert named(client, "assessments:list") == {cast.township.name, cast.other_township.name}


def test_a_choice_ends_with_the_post(client, cast, both):
    act_for(client, cast.township)
    Membership.objects.filter(user=both, organization=cast.township).delete()
    assert named(client, "assessments:list") == {cast.other_township.name}
    assert "acting" not in client.get(reverse("home")).content.decode()


def test_the_header_says_for_whom_and_only_to_people_with_several(client, cast):
    act_for(client, cast.township)
    text = client.get(reverse("orgs:list")).content.decode()
    assert f'value="{cast.township.pk}" aria-current="true"' in " ".join(text.split())
    other = Client()
    other.force_login(cast.clerk)
    assert reverse("act_for") not in other.get(reverse("orgs:list")).content.decode()


def test_it_leads_back_to_the_page_and_to_no_other_host(client, cast):
    assert act_for(client, cast.township, next="/organizations/?q=x").url == "/organizations/?q=x"
    for away in ("https://evil.example/", "//evil.example/"):
        assert act_for(client, cast.township, next=away).url == reverse("home")
    assert client.get(reverse("act_for")).status_code == 405


def test_narrowing_does_not_offer_what_the_other_post_forbids(cast):
    """Who fills in for the township is not asked to assess it, whomever they act for."""
    both = make.person((cast.township, Role.CLERK), (cast.county, Role.ASSESSOR))
    make.bring_to(cast, State.ASSESSING)
    client = Client()
    client.force_login(both)
    act_for(client, cast.county)
    assert tasks(client) == []
    assert not may_write(make.again(both), cast.now())


def test_narrowing_reads_no_more_rows(client, cast, both, rf, django_assert_num_queries):
    request = rf.get("/")
    request.session, request.user = {acting.KEY: cast.other_county.pk}, make.again(both)
    with django_assert_num_queries(1):
        reader = acting.narrowed(request)
        assert {post.organization_id for post in posts(reader)} == {cast.other_county.pk}
        assert set(every_post(reader)) == set(posts(request.user))
        assert len(posts(request.user)) == 2
    assert cast.other_county in manageable(reader)


@pytest.mark.parametrize("route", ["home", "assessments:list", "people:list", "cycles:list"])
def test_a_choice_costs_no_query(client, cast, route):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(route))
        return len(seen)

    before = cost()
    act_for(client, cast.other_county)
    assert cost() <= before
