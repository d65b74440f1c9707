"""The list of assessments: who sees which rows, what each filter leaves, and no query more for more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import listing
from assessments.models import Assessment, Cycle
from assessments.workflow import Stage, State
from orgs.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make.cast(rubric=make.small_rubric(bands=make.STARS))


@pytest.fixture
def listed():
    clients = {}

    def visit(user, **filters):
        if user.pk not in clients:
            clients[user.pk] = Client()
            clients[user.pk].force_login(user)
        response = clients[user.pk].get(reverse("assessments:list"), filters)
        assert response.status_code == 200
        return response

    return visit


def names(response):
    return [row.name for row in response.context["rows"]]


def test_each_sees_the_assessments_they_have_to_do_with(listed, cast):
    own, both, all_three = [cast.township.name], 2, 3
    assert names(listed(cast.clerk)) == own
    assert len(names(listed(cast.assessor))) == both
    assert len(names(listed(cast.reviewer))) == len(names(listed(cast.auditor))) == all_three
    assert names(listed(cast.stranger)) == [cast.other_township.name]
    assert names(listed(cast.unposted)) == []


def test_rows_stand_in_the_order_of_the_tree(listed, cast):
    assert names(listed(cast.admin)) == list(Assessment.objects.order_by("path").values_list("name", flat=True))


def test_filter_by_state(listed, cast):
    make.bring_to(cast, State.ASSESSING)
    assert names(listed(cast.admin, state=State.ASSESSING)) == [cast.township.name]


def test_filter_by_cycle(listed, cast):
    second = make.open_cycle_for(cast.city, {"township": cast.rubric}, by=cast.admin, branch=cast.other_county)
    assert names(listed(cast.admin, cycle=second.pk)) == [cast.other_township.name]


def test_filter_by_kind(listed, cast):
    assert len(names(listed(cast.admin, kind=cast.township.kind_id))) == 3
    assert names(listed(cast.admin, kind=cast.county.kind_id)) == []


def test_filter_by_branch(listed, cast):
    response = listed(cast.admin, branch=cast.other_county.pk)
    assert names(response) == [cast.other_township.name]
    assert f'value="{cast.other_county.name}"' in response.content.decode()


def test_filter_by_the_name_of_a_branch(listed, cast):
    assert names(listed(cast.admin, within=cast.other_county.name)) == [cast.other_township.name]


def test_a_name_that_fits_several_branches_offers_them(listed, cast):
    response = listed(cast.admin, within="工会", state=State.SELF_SCORING)
    offered = dict(response.context["offers"])
    assert names(response) == []
    assert offered[cast.county.name] == f"?state=self_scoring&branch={cast.county.pk}"


def test_the_branch_of_a_stranger_is_as_unknown_as_one_that_is_not_there(listed, cast):
    foreign, missing = (listed(cast.assessor, branch=pk) for pk in (cast.other_county.pk, 10**9))
    assert foreign.context["form"].errors == missing.context["form"].errors != {}
    assert listed(cast.assessor, within=cast.other_county.name).context["offers"] == []


def test_search_by_name_pinyin_and_initials(listed, cast):
    Assessment.objects.filter(organization=cast.township).update(
        name="和平街道工会", sort_key="hepingjiedaogonghui hpjdgh"
    )
    for text in ("和平", "heping", "HPJD", " he ping "):
        assert names(listed(cast.admin, q=text)) == ["和平街道工会"], text


def test_filter_what_is_overdue(listed, cast):
    today = timezone.localdate()
    make.bring_to(cast, State.ASSESSING)
    Cycle.objects.update(self_deadline=today - timedelta(1), assess_deadline=today, review_deadline=today)
    response = listed(cast.admin, overdue="1")
    assert set(names(response)) == {cast.neighbour.name, cast.other_township.name}
    assert {row.state_class for row in response.context["rows"]} == {"is-late"}


@pytest.mark.parametrize("filters", [{"state": "lost"}, {"cycle": "x"}, {"kind": "-1"}, {"branch": "0"}])
def test_nonsense_in_the_address_is_told_and_finds_nothing(listed, cast, filters):
    response = listed(cast.admin, **filters)
    assert response.context["form"].errors
    assert names(response) == []


def test_an_open_sheet_shows_its_progress_but_not_its_points(listed, cast):
    make.save(cast.clerk, cast.assessment, Stage.SELF, "1-1", "5")
    (row,) = listed(cast.clerk).context["rows"]
    assert (row.self_points, row.marked) == ("5", "1 / 8")
    row = next(row for row in listed(cast.assessor).context["rows"] if row.name == cast.township.name)
    assert (row.self_points, row.band, row.marked) == ("", "", "1 / 8")


def test_later_totals_are_the_organisations_when_the_result_is_final(listed, cast):
    make.bring_to(cast, State.REVIEWING)
    (row,) = listed(cast.clerk).context["rows"]
    assert (row.self_points, row.assess_points, row.review_points) == ("40", "", "")
    make.bring_to(cast, State.FINAL)
    (row,) = listed(cast.clerk).context["rows"]
    assert (row.self_points, row.assess_points, row.review_points, row.band) == ("40", "40", "40", "一星")


def test_more_than_a_thousand_are_not_counted_to_the_end(listed, cast, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED", 2)
    monkeypatch.setattr("orgs.paging.SIZE", 1)
    assert listing.count_up_to_limit(Assessment.objects.all()) == "2+"
    assert listing.count_up_to_limit(Assessment.objects.filter(organization=cast.township)) == "1"


@pytest.mark.parametrize("filters", [{}, {"state": State.SELF_SCORING, "q": "工会", "overdue": "1"}])
def test_the_list_runs_the_same_queries_for_more_rows(listed, cast, django_assert_max_num_queries, filters):
    Cycle.objects.update(self_deadline="2020-01-01", assess_deadline="2020-01-01", review_deadline="2020-01-01")
    make.save(cast.clerk, cast.assessment, Stage.SELF, "1-1", "5")
    one, three = cast.clerk, make.person((cast.city, Role.AUDITOR))
    listed(one), listed(three)  # logged in
    with django_assert_max_num_queries(9) as seen:
        assert len(names(listed(one, **filters))) == 1
    with django_assert_max_num_queries(len(seen)):
        assert len(names(listed(three, **filters))) == 3
