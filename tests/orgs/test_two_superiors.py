"""Dual leadership: an organisation with a territorial superior and an industrial union."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import Change, Organization, User
from orgs.roles import Role
from orgs.services import (
    Refused,
    close_organization,
    create_organization,
    grant,
    merge_organizations,
    move_organization,
    reopen_organization,
    set_industrial_union,
)


def add(tree, parent, name, level="industry"):
    return create_organization(None, parent, name, tree.kind, level)


@pytest.fixture
def union(tree):
    return add(tree, tree.city, "教科文卫工会")


@pytest.fixture
def top(tree):
    user = User.objects.create(username="top", full_name="top")
    grant(None, user, tree.city, Role.ADMIN)
    return user


def now(thing):
    return Organization.objects.get(pk=thing.pk)


def lines(organization):
    found = Change.objects.filter(subject_id=organization.pk, field="industrial_union").order_by("pk")
    return list(found.values_list("old", "new", "path"))


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return refused.value.sentence


def test_it_is_given_changed_and_taken_away_with_a_line_of_the_log_each(tree, cast, union):
    other = add(tree, tree.district, "甲区机械工会")
    for wanted in (union, union, other, None):
        set_industrial_union(cast.branch_admin, tree.street, wanted)
        assert now(tree.street).industrial_union == wanted
    path = now(tree.street).path
    assert lines(tree.street) == [
        ("", "教科文卫工会", path),
        ("教科文卫工会", "甲区机械工会", path),
        ("甲区机械工会", "", path),
    ]
    assert now(tree.street).parent == tree.district


@pytest.mark.parametrize("who", ["own_admin", "assessor", "auditor", "other_admin", "clerk", "nobody"])
def test_only_who_may_place_it_gives_it_one(tree, cast, union, who):
    with pytest.raises(PermissionDenied):
        set_industrial_union(getattr(cast, who), tree.street, union)
    assert not lines(tree.street)


def test_unfit_unions_are_refused_with_a_sentence_and_nothing_is_written(tree, union):
    own = add(tree, tree.district, "甲区教育工会")
    below = add(tree, tree.street, "街道教育工会")
    closed = close_organization(None, add(tree, tree.city, "旧产业工会"))
    under = add(tree, own, "第一小学", "grassroots")
    refused = [
        refusal(set_industrial_union, None, tree.street, tree.street),
        refusal(set_industrial_union, None, under, own),
        refusal(set_industrial_union, None, tree.street, below),
        refusal(set_industrial_union, None, tree.street, closed),
        refusal(set_industrial_union, None, tree.street, tree.other),
        refusal(set_industrial_union, None, closed, union),
    ]
    assert len(set(refused)) == len(refused)
    assert not Organization.objects.exclude(industrial_union=None).exists()


def test_a_union_of_another_tree_is_for_the_system_administrator(tree, cast, kind):
    foreign = create_organization(None, None, "铁路工会", kind, "industry")
    with pytest.raises(PermissionDenied):
        set_industrial_union(cast.branch_admin, tree.street, foreign)
    set_industrial_union(None, tree.street, foreign)
    assert now(tree.street).industrial_union == foreign


def test_who_moves_under_its_industrial_union_has_one_superior(tree, top, union):
    set_industrial_union(None, tree.street, union)
    move_organization(top, tree.street, union)
    assert (now(tree.street).parent, now(tree.street).industrial_union) == (union, None)
    assert [line[:2] for line in lines(tree.street)] == [("", union.name), (union.name, "")]


def test_an_industrial_union_does_not_come_to_stand_below_its_affiliates(tree, top, union):
    set_industrial_union(None, tree.street, union)
    assert union.name in refusal(move_organization, top, union, tree.factory)
    office = add(tree, union, "直属支会", "grassroots")
    move_organization(top, office, tree.factory)  # what stands below it may
    assert now(union).parent == tree.city


def test_a_union_with_affiliates_does_not_close_before_they_have_another(tree, top, union):
    set_industrial_union(None, tree.street, union)
    assert "甲街道工会" in refusal(close_organization, top, union)
    set_industrial_union(None, tree.street, None)
    assert close_organization(top, union).closed_on


def test_who_is_reopened_has_lost_a_union_that_closed_meanwhile(tree, top, union):
    set_industrial_union(None, tree.factory, union)
    close_organization(top, tree.factory)
    close_organization(top, union)
    reopen_organization(top, tree.factory)
    assert now(tree.factory).industrial_union is None
    assert [line[:2] for line in lines(tree.factory)] == [("", union.name), (union.name, "")]


def test_the_heir_of_a_merged_union_takes_its_place_where_it_is_no_superior_already(tree, top, union):
    heir = add(tree, tree.city, "文教工会")
    school = add(tree, heir, "第二小学", "grassroots")
    for one in (tree.street, school, heir):
        set_industrial_union(None, one, union)
    merger = merge_organizations(top, union, heir)
    assert {one.name for one in merger.affiliates} == {"甲街道工会", "第二小学", "文教工会"}
    assert now(tree.street).industrial_union == heir
    assert now(school).industrial_union is None
    assert now(heir).industrial_union is None


def test_a_child_that_comes_under_its_industrial_union_by_a_merger_has_one_superior(tree, top, union):
    set_industrial_union(None, tree.street, union)
    merge_organizations(top, tree.district, union)
    assert (now(tree.street).parent, now(tree.street).industrial_union) == (union, None)


def test_pages_say_it_on_both_sides_and_lead_through_it(client, tree, cast, top, union):
    client.force_login(cast.branch_admin)
    page = reverse("orgs:industrial_union", args=[tree.street.pk])
    shown = client.get(page, {"q": "教科"}).content.decode()
    assert union.name in shown
    assert tree.other.name not in shown
    assert client.post(page, {"union": tree.other.pk}).status_code == 404
    answer = client.post(page, {"union": union.pk}, follow=True)
    assert union.name in answer.content.decode()
    assert now(tree.street).industrial_union == union

    client.force_login(top)
    detail = client.get(reverse("orgs:detail", args=[union.pk]))
    assert detail.context["affiliate_rows"] == [(tree.street, True)]
    insider = User.objects.create(username="insider", full_name="insider")
    grant(None, insider, union, Role.ASSESSOR)
    client.force_login(insider)
    detail = client.get(reverse("orgs:detail", args=[union.pk]))
    assert detail.context["affiliate_rows"] == [(tree.street, False)]
    assert reverse("orgs:detail", args=[tree.street.pk]) not in detail.content.decode()

    client.force_login(cast.branch_admin)
    client.post(page, {"union": ""})
    assert now(tree.street).industrial_union is None


def test_the_affiliates_of_a_union_are_paged_in_a_fixed_number_of_queries(client, tree, top, union):
    client.force_login(top)
    address = reverse("orgs:detail", args=[union.pk])
    counts = []
    for wanted in (1, 3, 25):
        while union.affiliates.count() < wanted:
            set_industrial_union(None, add(tree, tree.street, f"第{union.affiliates.count()}厂", "grassroots"), union)
        with CaptureQueriesContext(connection) as asked:
            detail = client.get(address)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert len(detail.context["affiliate_rows"]) == 20
    assert len(client.get(address, {"page": 2}).context["affiliate_rows"]) == 5
