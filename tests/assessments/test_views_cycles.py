"""Cycles on the web: opened in two steps that store nothing before the last, followed, and given other deadlines."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Cycle, CycleKind
from assessments.workflow import State
from orgs.roles import Role
from rubrics.models import TotalPolicy
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


# --- Opening ---

NEW = "/cycles/new/"


def first(cast, **changes):
    said = {
        "owner": cast.city.pk,
        "within": "",
        "document": cast.rubric.document_id,
        "name": "2027年考核",
        "year": 2027,
        "self_deadline": "2027-03-31",
        "assess_deadline": "2027-06-30",
        "review_deadline": "2027-09-30",
    }
    return said | changes


def second(cast, county="none", township=None, **more):
    return {
        f"kind-{cast.county.kind_id}": county,
        f"kind-{cast.township.kind_id}": cast.rubric.pk if township is None else township,
        **more,
    }


def test_the_first_step_offers_what_the_person_administers(cast):
    form = as_(cast.admin).get(NEW).context["form"]
    assert [one.name for one in form.fields["owner"].queryset] == [cast.city.name]
    assert set(form.suggested) == {cast.city.name, cast.county.name, cast.other_county.name}


def test_the_first_step_offers_the_documents_that_its_unions_may_go_by(cast):
    shipped, own, foreign = (make.small_rubric() for _each in range(3))
    for rubric, owner in ((own, cast.county), (foreign, cast.other_county)):
        type(rubric.document).objects.filter(pk=rubric.document_id).update(owner=owner)
    admin = make.person((cast.county, Role.ADMIN))
    offered = set(as_(admin).get(NEW).context["form"].fields["document"].queryset.values_list("pk", flat=True))
    assert offered == {cast.rubric.document_id, shipped.document_id, own.document_id}


def test_a_document_of_a_union_below_is_told_beside_it(cast):
    own = make.small_rubric(stages=3)
    type(own.document).objects.filter(pk=own.document_id).update(owner=cast.county)
    admin = make.person((cast.city, Role.ADMIN), (cast.county, Role.ADMIN))
    form = as_(admin).get(NEW, first(cast, document=own.document_id)).context["form"]
    assert "document" in form.errors


def test_the_second_step_lists_every_kind_with_the_documents_rubric(cast):
    form = as_(cast.admin).get(NEW, first(cast)).context["form"]
    found = {entry.kind.code: (entry.organizations, entry.rubric) for entry in form.kinds}
    assert found == {"county": (2, None), "township": (3, cast.rubric)}
    assert not form.is_bound


def test_confirming_opens_the_cycle(cast):
    response = as_(cast.admin).post(NEW, first(cast) | second(cast))
    cycle = Cycle.objects.latest("pk")
    assert response.url == reverse("cycles:detail", args=[cycle.pk])
    assert (cycle.name, cycle.branch, cycle.self_deadline) == ("2027年考核", cast.city, date(2027, 3, 31))
    assert cycle.assessments.count() == 3
    assert set(cycle.kinds.values_list("kind__code", "rubric")) == {("county", None), ("township", cast.rubric.pk)}


def test_a_branch_is_chosen_by_name(cast):
    as_(cast.admin).post(NEW, first(cast, within=cast.county.name) | second(cast))
    cycle = Cycle.objects.latest("pk")
    assert (cycle.branch, cycle.assessments.count()) == (cast.county, 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"within": "工会"}, "within"),
        ({"within": "没有这个单位"}, "within"),
        ({"name": ""}, "name"),
        ({"assess_deadline": "2027-01-01"}, "__all__"),
        ({"self_deadline": "2027-02-30"}, "self_deadline"),
        ({"review_deadline": ""}, "review_deadline"),
        ({"year": "0"}, "year"),
    ],
)
def test_a_first_step_that_is_wrong_stays_on_the_first_step(cast, changes, field):
    for response in (
        as_(cast.admin).get(NEW, first(cast, **changes)),
        as_(cast.admin).post(NEW, first(cast, **changes) | second(cast)),
    ):
        assert list(response.context["form"].errors) == [field]
    assert Cycle.objects.count() == 1


def test_a_name_that_the_union_has_used_is_told_at_once(cast):
    response = as_(cast.admin).get(NEW, first(cast, name=cast.cycle.name))
    assert list(response.context["form"].errors) == ["name"]


def test_an_undecided_kind_stops_it(cast):
    response = as_(cast.admin).post(NEW, first(cast) | second(cast, county=""))
    assert list(response.context["form"].errors) == [f"kind-{cast.county.kind_id}"]
    assert Cycle.objects.count() == 1


def test_leaving_every_kind_out_is_refused_by_the_service(cast):
    response = as_(cast.admin).post(NEW, first(cast) | second(cast, township="none"))
    assert "no organisation to assess" in response.context["form"].non_field_errors()[0]
    assert Cycle.objects.count() == 1


@pytest.mark.parametrize("policy", TotalPolicy.values)
def test_printed_points_that_contradict_the_document_ask_for_a_choice(cast, policy):
    rubric = make.small_rubric(declared="100")
    said = first(cast, document=rubric.document_id)
    page = as_(cast.admin).get(NEW, said)
    ((asked, printed, declared, field),) = page.context["form"].questions
    assert (asked, printed, declared, field.value()) == (rubric, "43", "100", TotalPolicy.AS_PRINTED)
    as_(cast.admin).post(NEW, said | second(cast, township=rubric.pk, **{f"total-{rubric.pk}": policy}))
    assert CycleKind.objects.get(rubric=rubric).total_policy == policy


def test_the_choice_can_not_be_left_out(cast):
    rubric = make.small_rubric(declared="100")
    said = first(cast, document=rubric.document_id) | second(cast, township=rubric.pk)
    response = as_(cast.admin).post(NEW, said)
    assert list(response.context["form"].errors) == [f"total-{rubric.pk}"]


def test_the_way_back_keeps_what_was_said(cast):
    response = as_(cast.admin).post(NEW, first(cast) | second(cast) | {"change": "1"})
    assert response.context["form"]["name"].value() == "2027年考核"
    assert Cycle.objects.count() == 1


def test_only_administrators_open_cycles_and_only_for_their_own(cast):
    for user in (cast.clerk, cast.assessor, cast.reviewer, cast.auditor, cast.unposted):
        assert as_(user).get(NEW).status_code == as_(user).post(NEW, first(cast)).status_code == 403
    response = as_(cast.stranger).post(NEW, first(cast) | second(cast))
    assert "owner" in response.context["form"].errors
    outside = first(cast, owner=cast.other_county.pk, within=cast.county.name)
    assert "within" in as_(cast.stranger).get(NEW, outside).context["form"].errors
    assert Cycle.objects.count() == 1


# --- Following ---


def detail(cast, user):
    return as_(user).get(reverse("cycles:detail", args=[cast.cycle.pk]))


def test_the_cycle_says_who_stands_where(cast):
    make.bring_to(cast, State.ASSESSING)
    response = detail(cast, cast.admin)
    course = response.context["course"]
    assert [cell.count for cell in course.totals] == [2, 1, 0, 0, 0]
    lines = {line.kind: [cell.count for cell in line.cells] for line in course.lines}
    assert lines[str(cast.township.kind)] == [2, 1, 0, 0, 0]
    assert response.context["missing"] == 2
    assert reverse("reminders:list", args=[cast.cycle.pk]) in response.content.decode()
    assert reverse("reminders:list", args=[cast.cycle.pk]) not in detail(cast, cast.clerk).content.decode()


def test_coverage_counts_the_organisations_of_the_branch(cast):
    make.organization(cast.county, "township")  # founded after the opening
    coverage = detail(cast, cast.admin).context["coverage"]
    assert (coverage.organizations, coverage.assessed, coverage.final) == (6, 3, 0)
    assert (coverage.reached, coverage.finished) == (50, 0)
    assert detail(cast, cast.clerk).context["coverage"] is None


def test_each_counts_what_they_may_see(cast):
    assert detail(cast, cast.clerk).context["course"].total == 1
    assert detail(cast, cast.assessor).context["course"].total == 2
    assert detail(cast, cast.unposted).status_code == 404


def test_the_list_of_cycles_is_that_of_the_persons_organisations(cast):
    listed = as_(cast.clerk).get(reverse("cycles:list")).context
    assert ([one.cycle for one in listed["cycles"]], listed["may_open"]) == ([cast.cycle], False)
    assert as_(cast.admin).get(reverse("cycles:list")).context["may_open"]
    assert as_(cast.unposted).get(reverse("cycles:list")).context["cycles"] == []


@pytest.mark.parametrize("route", ["list", "detail"])
def test_pages_run_the_same_queries_for_more_rows(cast, django_assert_max_num_queries, route):
    client = as_(cast.admin)
    url = reverse(f"cycles:{route}", args=[cast.cycle.pk] if route == "detail" else [])
    client.get(url)
    with django_assert_max_num_queries(13) as seen:
        client.get(url)
    for _number in range(2):
        make.open_cycle_for(cast.city, {"township": cast.rubric}, by=cast.admin)
    make.bring_to(cast, State.ASSESSING)
    with django_assert_max_num_queries(len(seen)):
        client.get(url)


# --- Deadlines ---


def test_an_administrator_gives_other_deadlines(cast):
    url = reverse("cycles:deadlines", args=[cast.cycle.pk])
    days = {"self_deadline": "2026-04-30", "assess_deadline": "2026-06-30", "review_deadline": "2026-09-30"}
    assert as_(cast.admin).get(url).context["form"].initial["self_deadline"] == date(2026, 3, 31)
    assert as_(cast.admin).post(url, days).status_code == 302
    cast.cycle.refresh_from_db()
    assert cast.cycle.self_deadline == date(2026, 4, 30)
    told = [(one.by, one.old, one.new) for one in detail(cast, cast.clerk).context["changes"]]
    assert told[-1] == (str(cast.admin), "2026-03-31", "2026-04-30")
    assert len(told) == cast.cycle.changes.count()


@pytest.mark.parametrize(
    "changes", [{"self_deadline": "2026-08-01"}, {"review_deadline": ""}, {"assess_deadline": "x"}]
)
def test_deadlines_that_make_no_sense_are_told_beside_the_form(cast, changes):
    url = reverse("cycles:deadlines", args=[cast.cycle.pk])
    days = {"self_deadline": "2026-04-30", "assess_deadline": "2026-06-30", "review_deadline": "2026-09-30"}
    response = as_(cast.admin).post(url, days | changes)
    assert response.context["form"].errors
    cast.cycle.refresh_from_db()
    assert cast.cycle.self_deadline == date(2026, 3, 31)


def test_nobody_else_gives_deadlines(cast):
    url = reverse("cycles:deadlines", args=[cast.cycle.pk])
    below = make.person((cast.county, Role.ADMIN))
    for user in (cast.reviewer, cast.auditor, cast.clerk, below):
        assert as_(user).post(url, {}).status_code == 403
    assert as_(cast.unposted).post(url, {}).status_code == 404


def test_what_waits_in_a_closed_organisation_is_not_covered(cast):
    Assessment.objects.filter(organization=cast.neighbour).update(state=State.FINAL)
    type(cast.neighbour).objects.filter(pk=cast.neighbour.pk).update(closed_on="2026-01-01")
    coverage = detail(cast, cast.admin).context["coverage"]
    assert (coverage.organizations, coverage.assessed, coverage.final) == (4, 2, 0)
