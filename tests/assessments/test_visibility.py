"""Who sees what: the queries, the predicates and a plain recomputation over random people agree."""

import random
from dataclasses import replace
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments.models import Assessment, Superior
from assessments.permissions import may_read, may_read_item, may_read_sheet, may_write, readable_stages
from assessments.queries import cycles_visible_to, visible_to, waiting_for
from assessments.services import move
from assessments.workflow import Action, Stage, State
from orgs.models import Organization
from orgs.queries import in_subtree
from orgs.roles import Role
from orgs.services import move_organization, set_industrial_union
from rubrics.rows import rows
from tests import factories as make

pytestmark = pytest.mark.django_db

OVERSEERS = {Role.ADMIN, Role.AUDITOR}


@pytest.fixture
def forest():
    """Two cities; one has two cycles, whose assessments stand in every state."""
    cast = make.cast(stages=3)
    base = make.organization(cast.township, "base", "grassroots")
    city = make.organization(None, "city", "city")
    make.organization(city, "township")
    make.organization(city, "township")
    other = make.open_cycle_for(city, {"township": make.small_rubric(stages=2)})
    move(make.person((city, Role.ADMIN)), other.assessments.first(), Action.WITHDRAW, reason="已撤销")
    second = make.open_cycle_for(cast.county, {"base": make.long_rubric(2, kinds=("base",), stages=2)})
    states = [State.REVIEWING, State.ASSESSING, State.FINAL]
    for assessment, state in zip(cast.cycle.assessments.all(), states, strict=True):
        chair = make.person((assessment.organization, Role.CHAIR))
        assessor = make.person((assessment.assessor, Role.ASSESSOR))
        make.bring_to(replace(cast, assessment=assessment, chair=chair, assessor=assessor), state)
    assert second.assessments.get().organization == base
    return cast


def random_people(count):
    chance = random.Random(7)
    organizations = list(Organization.objects.all())
    offices = {org.pk: make.department(org, "处") for org in organizations}
    people = [make.person()]
    for _person in range(count):
        posts = {}
        for _post in range(chance.choice([1, 1, 1, 2, 3])):
            org, role = chance.choice(organizations), chance.choice(list(Role))
            office = (offices[org.pk],) if role == Role.DEPARTMENT_ASSESSOR else ()
            posts[org.pk, role] = (org, role, *office)
        people.append(make.person(*posts.values()))
    return people


def roles_of(person):
    return list(person.memberships.select_related("organization").values_list("organization", "role"))


def above(assessment):
    """Keys of the organisation and all above it when the cycle opened."""
    return {int(assessment.path[start : start + 9]) for start in range(0, len(assessment.path), 9)}


def sees(person, assessment):
    unit, assessor, reviewer = assessment.organization_id, assessment.assessor_id, assessment.reviewer_id
    other = assessment.observer_id
    parties = {
        Role.CLERK: {unit},
        Role.CHAIR: {unit},
        Role.ASSESSOR: {assessor, other},
        Role.DEPARTMENT_ASSESSOR: {assessor},
        Role.REVIEWER: {reviewer, other},
    }
    reach = above(assessment).union(*parties.values())
    return any(org in (reach if role in OVERSEERS else parties[role]) for org, role in roles_of(person))


def writes(person, assessment):
    party, roles = {
        "self_scoring": (assessment.organization_id, {Role.CLERK, Role.CHAIR}),
        "assessing": (assessment.assessor_id, {Role.ASSESSOR, Role.DEPARTMENT_ASSESSOR}),
        "reviewing": (assessment.reviewer_id, {Role.REVIEWER}),
        "final": (None, set()),
        "withdrawn": (None, set()),
    }[assessment.state]
    held = roles_of(person)
    if not any(org == party and role in roles for org, role in held):
        return False
    return assessment.state == "self_scoring" or not any(
        org == assessment.organization_id and role in {Role.CLERK, Role.CHAIR} for org, role in held
    )


def lead_twice(cast):
    """Two schools with two superiors, in a cycle of their industrial union and in one of the city."""
    schools = [make.organization(county, "school", "grassroots") for county in (cast.county, cast.other_county)]
    union = make.second_superior(schools[0], cast.city)
    set_industrial_union(None, schools[1], union)
    rubric = make.long_rubric(2, stages=2, kinds=("school",))
    make.open_cycle_for(union, {"school": rubric}, superior=Superior.INDUSTRIAL)
    make.open_cycle_for(cast.city, {"school": rubric})


def test_queries_and_predicates_agree_with_a_plain_recomputation(forest):
    lead_twice(forest)
    assert Assessment.objects.exclude(observer=None).count() == 4
    assessments = list(Assessment.objects.select_related("rubric", "kind", "cycle"))
    assert {one.state for one in assessments} == set(State)
    seen = waited = 0
    for person in random_people(150):
        expected = {one.pk for one in assessments if sees(person, one)}
        assert set(visible_to(person).values_list("pk", flat=True)) == expected
        assert {one.pk for one in assessments if may_read(person, one)} == expected
        assert set(cycles_visible_to(person).values_list("pk", flat=True)) >= {
            one.cycle_id for one in assessments if one.pk in expected
        }
        todo = {one.pk for one in assessments if writes(person, one)}
        assert set(waiting_for(person).values_list("pk", flat=True)) == todo
        assert {one.pk for one in assessments if may_write(person, one)} == todo
        assert todo <= expected
        seen, waited = seen + len(expected), waited + len(todo)
        for one, stage in product(assessments, Stage):
            if may_read_sheet(person, one, stage):
                assert one.pk in expected
    assert seen > 100
    assert waited > 20


def test_nobody_sees_anything_without_a_post(forest):
    for person in (AnonymousUser(), forest.unposted, forest.superuser):
        assert not visible_to(person).exists()
        assert not waiting_for(person).exists()
        assert not cycles_visible_to(person).exists()
        assert not may_read(person, forest.assessment)


def test_who_filled_a_sheet_in_does_not_wait_for_it_as_assessor():
    cast = make.cast()
    turncoat = make.person((cast.township, Role.CLERK))
    make.fill(turncoat, cast.assessment, Stage.SELF)
    make.bring_to(cast, State.ASSESSING)
    turncoat.memberships.all().delete()
    make.Membership.objects.create(user=turncoat, organization=cast.county, role=Role.ASSESSOR)
    turncoat = make.again(turncoat)
    assert not may_write(turncoat, cast.now())
    assert not waiting_for(turncoat).exists()
    assert waiting_for(make.again(cast.assessor)).get() == cast.assessment


READERS = {
    # state: stage: who of the cast may read it
    State.SELF_SCORING: {
        Stage.SELF: {"clerk", "chair"},
        Stage.ASSESS: {"assessor"},
        Stage.REVIEW: {"reviewer"},
    },
    State.ASSESSING: {
        Stage.SELF: {
            "clerk",
            "chair",
            "assessor",
            "department_assessor",
            "staff_assessor",
            "reviewer",
            "admin",
            "auditor",
        },
        Stage.ASSESS: {"assessor"},
        Stage.REVIEW: {"reviewer"},
    },
    State.REVIEWING: {
        Stage.SELF: {
            "clerk",
            "chair",
            "assessor",
            "department_assessor",
            "staff_assessor",
            "reviewer",
            "admin",
            "auditor",
        },
        Stage.ASSESS: {"assessor", "department_assessor", "staff_assessor", "reviewer", "admin", "auditor"},
        Stage.REVIEW: {"reviewer"},
    },
    State.WITHDRAWN: {  # the organisation sees no more than what it said itself
        Stage.SELF: {
            "clerk",
            "chair",
            "assessor",
            "department_assessor",
            "staff_assessor",
            "reviewer",
            "admin",
            "auditor",
        },
        **{
            stage: {"assessor", "department_assessor", "staff_assessor", "reviewer", "admin", "auditor"}
            for stage in (Stage.ASSESS, Stage.REVIEW)
        },
    },
    State.FINAL: {
        stage: {"clerk", "chair", "assessor", "department_assessor", "staff_assessor", "reviewer", "admin", "auditor"}
        for stage in Stage
    },
}


@pytest.mark.parametrize("state", list(State))
def test_who_reads_which_sheet(state):
    cast = make.cast()
    now = make.bring_to(cast, state)
    for stage in Stage:
        readers = {name for name, person in cast.everyone.items() if may_read_sheet(make.again(person), now, stage)}
        assert readers == READERS[state][stage], stage
    assert readable_stages(make.again(cast.chair), now) == (tuple(Stage) if state == State.FINAL else (Stage.SELF,))


def test_a_department_reads_only_its_own_items_of_the_open_sheet():
    cast = make.cast()
    now = make.bring_to(cast, State.ASSESSING)
    office = make.again(cast.department_assessor)
    read = {row.key for row in rows(now.rubric) if may_read_item(office, now, Stage.ASSESS, row)}
    assert read == {row.key for row in rows(now.rubric) if make.OFFICE in row.offices}
    assert readable_stages(office, now) == (Stage.SELF,)


def test_sent_back_sheet_stays_with_who_wrote_it():
    cast = make.cast()
    make.bring_to(cast, State.REVIEWING)
    move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考")
    now = cast.now()
    assert may_read_sheet(make.again(cast.reviewer), now, Stage.REVIEW)
    assert not may_read_sheet(make.again(cast.reviewer), now, Stage.ASSESS)
    assert not may_read_sheet(make.again(cast.admin), now, Stage.REVIEW)


def test_rights_follow_the_frozen_path_after_a_move():
    cast = make.cast()
    base = make.organization(cast.township, "base", "grassroots")
    under = make.open_cycle_for(cast.city, {"base": make.long_rubric(2, kinds=("base",))}).assessments.get()
    admins = {
        name: make.person((getattr(cast, name), Role.ADMIN)) for name in ("city", "county", "other_county", "township")
    }
    move_organization(None, cast.township, cast.other_county)

    def readers(assessment):
        return {
            name
            for name, person in admins.items()
            if may_read(make.again(person), assessment)
            and visible_to(make.again(person)).filter(pk=assessment.pk).exists()
        }

    # the county that assesses keeps it, the new superior does not get it, and the township never loses sight of itself
    assert readers(cast.now()) == {"city", "county", "township"}
    assert readers(under) == {"city", "county", "township"}
    for one in (cast.now(), under):
        for person in map(make.again, admins.values()):
            assert may_read(person, one) == visible_to(person).filter(pk=one.pk).exists()
    assert base.path != Organization.objects.get(pk=base.pk).path


def test_subtree_is_the_node_and_all_below_it(forest):
    every = list(Organization.objects.all())
    for top in every:
        found = set(Organization.objects.filter(in_subtree(top.path)))
        assert found == {one for one in every if top.pk in (*one.ancestor_ids, one.pk)}


def test_subtree_stops_at_the_next_number():
    paths = ["000000009", "000000010", "000000009000000001", "000000009999999999", "0000000090000000010000000002"]
    city = make.kind("city")
    for number, path in enumerate(paths):
        Organization.objects.create(name=f"{number}", kind=city, level="city", path=path, sort_key="")
    assert set(Organization.objects.filter(in_subtree("000000009")).values_list("path", flat=True)) == set(paths) - {
        "000000010"
    }


def test_cycles_are_seen_by_who_takes_part_or_oversees(forest):
    cast = forest
    first, second = cast.cycle, make.Cycle.objects.get(owner=cast.county)
    seen = {name: set(cycles_visible_to(make.again(person))) for name, person in cast.everyone.items()}
    for name in ("admin", "auditor"):
        assert seen[name] == {first, second}
    for name in ("clerk", "chair"):  # the township is assessed in one cycle and assesses in the other
        assert seen[name] == {first, second}
    assert seen["assessor"] == {first, second}
    assert seen["reviewer"] == {first}
    assert seen["stranger"] == {first}
    assert seen["superuser"] == seen["unposted"] == set()
