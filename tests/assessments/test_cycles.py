"""Opening a cycle: exactly one assessment each, everything frozen, and nothing left behind where it is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from assessments.models import Assessment, Cycle, CycleKind, Sheet
from assessments.services import Choice, Forbidden, Refused, WrongState, change_deadlines, move, open_cycle, survey
from assessments.services.cycles import rubric_per_kind
from assessments.workflow import Stage, State
from orgs.models import Organization
from orgs.roles import Role
from orgs.services import NewOrganization, bulk_create_organizations, edit_organization, move_organization
from rubrics.guard import FrozenRubricError
from rubrics.models import Item, Rubric, TotalPolicy
from tests import factories as make

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def tree():
    """city -> two counties -> townships, a system and an enterprise that hangs under the city directly."""

    class Tree:
        city = make.organization(None, "city", "city")
        admin = make.person((city, Role.ADMIN))
        county, other = make.organization(city, "county", "county"), make.organization(city, "county", "county")
        townships = [make.organization(parent) for parent in (county, county, other)]
        system = make.organization(county, "system")
        enterprise = make.organization(city, "enterprise")
        two, three = make.small_rubric(stages=2), make.small_rubric(stages=3)

        @classmethod
        def plan(cls, **changes):
            choices = {"township": cls.two, "system": cls.three, "county": None, "enterprise": None}
            return make.plan_for(cls.city, choices | changes.pop("choices", {}), **changes)

    return Tree


def nothing_opened(tree):
    return (
        not Cycle.objects.exists()
        and not CycleKind.objects.exists()
        and not Assessment.objects.exists()
        and not Sheet.objects.exists()
        and not Rubric.objects.filter(frozen_at__isnull=False).exists()
    )


def refused(tree, plan, by=None, error=Refused):
    with pytest.raises(error) as caught:
        open_cycle(make.again(by or tree.admin), plan)
    assert type(caught.value) is error
    assert nothing_opened(tree)
    return str(caught.value)


def owned(rubric, owner):
    """The rubric as one that a union brought in itself."""
    type(rubric.document).objects.filter(pk=rubric.document_id).update(owner=owner)
    return Rubric.objects.get(pk=rubric.pk)


def test_a_union_goes_by_its_own_documents_and_by_those_of_unions_above(tree):
    county = make.person((tree.county, Role.ADMIN))
    choices = {"township": owned(tree.two, tree.county), "system": owned(tree.three, tree.city)}
    open_cycle(county, make.plan_for(tree.county, choices))
    assert Assessment.objects.count() == 3


@pytest.mark.parametrize("whose", ["other", "below"])
def test_a_union_never_goes_by_the_documents_of_others(tree, whose):
    owner = tree.other if whose == "other" else tree.townships[0]
    foreign = owned(make.small_rubric(stages=2), owner)
    county = make.person((tree.county, Role.ADMIN))
    plans = [
        make.plan_for(tree.county, {"township": foreign, "system": None}),
        make.plan_for(tree.county, {"township": foreign, "system": None}, document=tree.two.document),
        make.plan_for(tree.county, {"township": tree.two, "system": None}, document=foreign.document),
    ]
    for plan in plans:
        assert "documents of its own union" in in_english(lambda plan=plan: refused(tree, plan, by=county))


def in_english(ask):
    with translation.override("en"):
        return ask()


def test_one_assessment_each_with_everything_frozen(tree):
    cycle = open_cycle(tree.admin, tree.plan())
    expected = {
        (org.pk, org.name, org.sort_key, org.path, org.kind_id, rubric.pk, org.parent_id, stages)
        for org, rubric, stages in (
            *((township, tree.two, 2) for township in tree.townships),
            (tree.system, tree.three, 3),
        )
    }
    fields = ("organization", "name", "sort_key", "path", "kind", "rubric", "assessor", "stages")
    assert set(Assessment.objects.values_list(*fields)) == expected
    for assessment in Assessment.objects.all():
        assert (assessment.reviewer, assessment.cycle) == (tree.city, cycle)
        assert (assessment.state, assessment.official_stage, assessment.points) == (State.SELF_SCORING, "", None)
        assert assessment.total_policy == TotalPolicy.AS_PRINTED
        (sheet,) = assessment.sheets.all()
        assert (sheet.stage, sheet.points, sheet.scored, sheet.closed_at) == (Stage.SELF, None, 0, None)
    assert set(Sheet.objects.values_list("assessment__kind__code", "required", "applicable")) == {
        ("township", 8, 40),
        ("system", 9, 43),
    }
    assert set(CycleKind.objects.values_list("kind__code", "rubric", "total_policy")) == {
        ("township", tree.two.pk, "as_printed"),
        ("system", tree.three.pk, "as_printed"),
        ("county", None, ""),
        ("enterprise", None, ""),
    }


def test_rubrics_are_frozen(tree):
    open_cycle(tree.admin, tree.plan())
    for rubric in (tree.two, tree.three):
        assert Rubric.objects.get(pk=rubric.pk).frozen_at is not None
        with pytest.raises(FrozenRubricError):
            Item.objects.filter(rubric=rubric).update(points=1)
        with pytest.raises(FrozenRubricError):
            Item.objects.filter(rubric=rubric).first().save()


def test_owner_is_not_assessed_but_direct_subordinates_are_assessed_by_it(tree):
    choices = {"city": tree.two, "enterprise": tree.two, "county": tree.two}
    open_cycle(tree.admin, tree.plan(choices=choices))
    assert not Assessment.objects.filter(organization=tree.city).exists()
    direct = Assessment.objects.filter(organization__in=(tree.enterprise, tree.county, tree.other))
    assert {(a.assessor, a.reviewer) for a in direct} == {(tree.city, tree.city)}
    assert direct.count() == 3


def test_branch_of_the_owner(tree):
    open_cycle(tree.admin, tree.plan(branch=tree.other))
    (only,) = Assessment.objects.all()
    assert (only.organization, only.assessor, only.reviewer) == (tree.townships[2], tree.other, tree.city)


def test_closed_organisations_are_not_assessed(tree):
    Organization.objects.filter(pk=tree.townships[0].pk).update(closed_on=date(2026, 1, 1))
    open_cycle(tree.admin, tree.plan())
    assert not Assessment.objects.filter(organization=tree.townships[0]).exists()
    assert Assessment.objects.count() == 3


def test_kinds_without_a_rubric_stop_it_and_are_all_named(tree):
    plan = make.plan_for(tree.city, {"township": tree.two, "county": None})
    sentence = refused(tree, plan)
    for code in ("system", "enterprise"):
        assert make.kind(code).name in sentence
    for code in ("township", "county", "city"):
        assert make.kind(code).name not in sentence


def test_survey_counts_kinds_and_finds_the_documents_rubric(tree):
    found = {
        entry.kind.code: (entry.organizations, entry.rubric)
        for entry in survey(tree.city, tree.city, tree.two.document)
    }
    assert found == {"county": (2, None), "township": (3, tree.two), "system": (1, tree.two), "enterprise": (1, None)}


def test_newest_published_version_is_the_one_that_a_kind_gets():
    document = make.document()
    make.small_rubric(document=document, code="one", version=1)
    second = make.small_rubric(document=document, code="one", version=2)
    make.small_rubric(document=document, code="one", version=3, published=False)
    assert rubric_per_kind(document) == {"township": second, "system": second}


def test_a_kind_that_the_newest_version_addresses_no_more_has_no_rubric():
    document = make.document()
    make.small_rubric(document=document, code="one", version=1, kinds=("township", "system"))
    second = make.small_rubric(document=document, code="one", version=2, items=[], kinds=("township",))
    other = make.small_rubric(document=document, code="two", version=1, position=1)
    assert rubric_per_kind(document) == {"township": second, "system": other}


def test_sum_that_is_not_the_declared_total_needs_a_choice(tree):
    printed = make.small_rubric(declared="40")  # 43 as printed
    assert str(printed) in refused(tree, tree.plan(choices={"township": Choice(printed)}))
    for policy in TotalPolicy:
        cycle = open_cycle(
            make.again(tree.admin), tree.plan(choices={"township": Choice(printed, policy), "system": None})
        )
        assert {one.total_policy for one in cycle.assessments.all()} == {policy}
        clerk = make.person((tree.townships[0], Role.CLERK))
        mine = cycle.assessments.get(organization=tree.townships[0])
        points = make.fill(clerk, mine, Stage.SELF).total.points
        assert points == {"as_printed": Decimal(40), "scaled": (Decimal(400000 * 40) // 43) / 10000}[policy]


@pytest.mark.parametrize(
    "changes",
    [
        {"self_deadline": date(2026, 7, 1)},
        {"assess_deadline": date(2026, 3, 30)},
        {"assess_deadline": date(2026, 10, 1)},
        {"review_deadline": date(2026, 6, 29)},
        {"review_deadline": None},  # and a rubric with a review stage
        {"name": ""},
        {"name": " \x0b\n "},
        {"name": "长" * 121},
    ],
)
def test_refused_plan_leaves_nothing_behind(tree, changes):
    assert refused(tree, tree.plan(**changes))


def test_deadlines_may_fall_on_one_day(tree):
    day = date(2026, 5, 1)
    open_cycle(tree.admin, tree.plan(self_deadline=day, assess_deadline=day, review_deadline=day))


def test_review_deadline_is_not_needed_for_two_stages(tree):
    plan = tree.plan(choices={"system": None}, review_deadline=None)
    assert open_cycle(tree.admin, plan).review_deadline is None


def test_unpublished_rubric(tree):
    draft = make.small_rubric(published=False)
    assert str(draft) in refused(tree, tree.plan(choices={"township": draft}))


def test_choice_for_a_kind_that_is_not_there_changes_nothing(tree):
    draft = make.long_rubric(3, kinds=("college",), published=False)
    cycle = open_cycle(tree.admin, tree.plan(choices={"college": draft}))
    assert not cycle.kinds.filter(kind__code="college").exists()
    assert Rubric.objects.get(pk=draft.pk).frozen_at is None


def test_nothing_to_assess(tree):
    refused(tree, tree.plan(choices={"township": None, "system": None}))
    refused(tree, make.plan_for(tree.townships[0], {}), by=make.person((tree.townships[0], Role.ADMIN)))


def test_name_is_used_once_by_an_owner(tree):
    first = open_cycle(tree.admin, tree.plan(name="年度考核"))
    with pytest.raises(Refused, match="年度考核"):
        open_cycle(make.again(tree.admin), tree.plan(name=" 年度考核 "))
    assert list(Cycle.objects.all()) == [first]


def test_who_may_open(tree):
    county_admin = make.person((tree.county, Role.ADMIN))
    everyone_else = [
        make.person(*((tree.city, role) for role in Role if role not in (Role.ADMIN, Role.DEPARTMENT_ASSESSOR))),
        make.person((tree.other, Role.ADMIN)),
        make.person(is_superuser=True, is_staff=True),
        make.person(),
        county_admin,
    ]
    for somebody in everyone_else:
        refused(tree, tree.plan(), by=somebody, error=Forbidden)
    # a branch that is not the owner's
    refused(tree, make.plan_for(tree.county, {}, branch=tree.other), by=county_admin, error=Forbidden)
    refused(tree, make.plan_for(tree.county, {}, branch=tree.city), by=county_admin, error=Forbidden)
    # an administrator above the owner may
    plan = make.plan_for(tree.county, {"township": tree.two, "system": None})
    cycle = open_cycle(make.again(tree.admin), plan)
    assert cycle.owner == tree.county
    assert {a.reviewer for a in cycle.assessments.all()} == {tree.county}
    open_cycle(make.again(county_admin), make.plan_for(tree.county, {"township": tree.two, "system": None}))


def test_database_refuses_a_second_assessment_of_an_organisation(tree):
    open_cycle(tree.admin, tree.plan())
    twin = Assessment.objects.first()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_running_assessments_do_not_follow_the_tree(tree):
    open_cycle(tree.admin, tree.plan())
    township = tree.townships[0]
    frozen = Assessment.objects.filter(organization=township).values().get()
    move_organization(None, township, tree.other)
    edit_organization(None, Organization.objects.get(pk=township.pk), "改名", make.kind("system"), "township")
    assert Assessment.objects.filter(organization=township).values().get() == frozen
    clerk = make.person((township, Role.CLERK), (township, Role.CHAIR))
    assessment = Assessment.objects.get(organization=township)
    make.fill(clerk, assessment, Stage.SELF)
    assert assessment.sheets.get().required == 8  # still those of a township
    move(make.again(clerk), assessment, "submit")
    make.save(make.person((tree.county, Role.ASSESSOR)), assessment, Stage.ASSESS, "1-1", "1")
    with pytest.raises(Forbidden):
        make.save(make.person((tree.other, Role.ASSESSOR)), assessment, Stage.ASSESS, "1-1", "1")


def grown(city, kind, count):
    rows = [NewOrganization(f"基层{number}", kind, "grassroots", city) for number in range(count)]
    bulk_create_organizations(None, rows)


def test_queries_grow_with_batches_and_not_with_organisations(tree):
    counts = {}
    for count in (1, 3000):
        owner = make.organization(tree.city, "county")
        grown(owner, make.kind("base"), count)
        rubric = make.long_rubric(3, kinds=("base",))
        plan = make.plan_for(owner, {"base": rubric})
        by = make.again(tree.admin)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cycle = open_cycle(by, plan)
        counts[count] = len(queries)
        assert cycle.assessments.count() == count
        assert Sheet.objects.filter(assessment__cycle=cycle).count() == count
    # a database takes so many values in one statement; PostgreSQL has one statement for each batch
    most = 999 if connection.vendor == "sqlite" else 65535
    statements = sum(-(-3000 // (most // width)) for width in (23, 15)) if connection.vendor == "sqlite" else 4
    assert counts[3000] - counts[1] <= statements + 4


def test_deadlines_of_a_running_cycle(tree):
    cycle = open_cycle(tree.admin, tree.plan())
    day = timezone.localdate()
    new = {"self_deadline": day, "assess_deadline": day + DAY, "review_deadline": day + 2 * DAY}
    changed = change_deadlines(make.again(tree.admin), cycle, **new)
    assert {field: getattr(changed, field) for field in new} == new
    for somebody in (make.person((tree.county, Role.ADMIN)), make.person((tree.city, Role.AUDITOR)), make.person()):
        with pytest.raises(Forbidden):
            change_deadlines(somebody, cycle, **new)
    for bad in ({"self_deadline": day + 2 * DAY}, {"review_deadline": day}, {"review_deadline": None}):
        with pytest.raises(Refused):
            change_deadlines(make.again(tree.admin), cycle, **new | bad)
    assert Cycle.objects.values(*new).get() == new


def test_wrong_state_is_a_refusal():
    assert issubclass(WrongState, Refused)
