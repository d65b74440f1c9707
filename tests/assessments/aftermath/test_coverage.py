"""Coverage counted by aggregates is what counting one by one gives, whatever happened over the years."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.aftermath.coverage import Part, counted, coverage_of, in_year, not_covered
from assessments.models import Assessment, CoverageTarget, Cycle, CycleKind
from assessments.services import Forbidden, Refused, aftermath
from assessments.workflow import State
from orgs.models import Organization
from orgs.roles import Role
from tests import factories as make
from tests.assessments.aftermath import made

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
YEARS = (2023, 2024, 2025)


class Country:
    """A city of two counties with three townships each, and two base unions of its own."""

    def __init__(self):
        self.rubric = made.rubric()
        self.city = make.organization(None, "city", "city")
        self.counties = [make.organization(self.city, "county", "county") for _ in range(2)]
        self.townships = [make.organization(county) for county in self.counties for _ in range(3)]
        self.direct = [make.organization(self.city, "township", "grassroots") for _ in range(2)]
        self.units = [*self.townships, *self.direct]
        self.admin = make.person((self.city, Role.ADMIN))

    def year(self, year, units, *, closed=True, owner=None, withdrawn=()):
        """A cycle with these organisations, written straight into the tables."""
        owner = owner or self.city
        cycle = Cycle.objects.create(
            name=f"{year} {Cycle.objects.count()}",
            year=year,
            owner=owner,
            branch=owner,
            document=self.rubric.document,
            self_deadline=f"{year}-03-01",
            assess_deadline=f"{year}-06-01",
            opened_at=timezone.now(),
            opened_by=self.admin,
            closed_at=timezone.now() if closed else None,
            closed_by=self.admin if closed else None,
        )
        CycleKind.objects.create(
            cycle=cycle, kind=make.kind("township"), rubric=self.rubric, total_policy=self.rubric_policy
        )
        CycleKind.objects.create(cycle=cycle, kind=make.kind("county"))
        Assessment.objects.bulk_create(
            Assessment(
                cycle=cycle,
                organization=unit,
                name=unit.name,
                path=unit.path,
                kind=unit.kind,
                rubric=self.rubric,
                total_policy=self.rubric_policy,
                stages=2,
                assessor=unit.parent,
                reviewer=owner,
                state=State.WITHDRAWN if unit in withdrawn else State.FINAL,
            )
            for unit in units
        )
        return cycle

    rubric_policy = "as_printed"


def seen(line):
    return [(one.year, one.ever.covered, one.ever.all, one.alone.covered) for one in line.years]


rounds = st.lists(
    st.tuples(
        st.sampled_from(YEARS),
        st.lists(st.integers(0, 7), unique=True),  # who takes part
        st.lists(st.integers(0, 7), unique=True),  # who is withdrawn
        st.booleans(),  # closed
        st.booleans(),  # of the first county alone
    ),
    max_size=5,
)


@settings(max_examples=15)
@given(rounds=rounds, gone=st.lists(st.integers(0, 7), unique=True, max_size=4), union=st.integers(0, 2))
def test_the_counts_are_those_of_a_naive_recount(rounds, gone, union):
    from django.db import transaction

    with transaction.atomic():
        country = Country()
        union = [country.city, *country.counties][union]
        for year, part, withdrawn, closed, county in rounds:
            owner = country.counties[0] if county else country.city
            units = [country.units[n] for n in part if country.units[n].path.startswith(owner.path)]
            out = [country.units[n] for n in withdrawn]
            country.year(year, units, closed=closed, owner=owner, withdrawn=out)
        for number in gone:
            Organization.objects.filter(pk=country.units[number].pk).update(closed_on="2025-12-31")
        present = [unit for n, unit in enumerate(country.units) if n not in gone and unit.path.startswith(union.path)]
        counted_counties = [] if rounds else [one for one in country.counties if one.path > union.path]
        if union != country.city:
            counted_counties = []
        everyone = len(present) + len(counted_counties)  # no cycle has left the counties out yet
        results = {
            (one.organization_id, one.cycle.year)
            for one in Assessment.objects.select_related("cycle")
            if one.cycle.closed_at and one.state == State.FINAL and one.organization in present
        }
        years = sorted({year for year, _p, _w, closed, county in rounds if closed and _in(county, union, country)})
        expected = [
            (
                year,
                len({unit for unit, when in results if when <= year}),
                everyone,
                len({unit for unit, when in results if when == year}),
            )
            for year in years
        ]
        found = coverage_of(union)
        assert seen(found.together) == expected
        sums = [sum(cells) for cells in zip(*(_flat(line) for line in found.lines), strict=True)]
        assert sums == (_flat(found.together) if found.lines else [])
        wanting = {one.pk for one in not_covered(union)}
        assert wanting == {one.pk for one in (*present, *counted_counties)} - {unit for unit, _year in results}
        assert found.gone == len(
            {
                one.organization_id
                for one in Assessment.objects.select_related("cycle", "organization")
                if one.cycle.closed_at
                and one.state == State.FINAL
                and one.organization.closed_on
                and one.path.startswith(union.path)
            }
        )
        for year, ever, every, alone in expected:
            one = in_year(union, year)
            assert (one.ever.covered, one.ever.all, one.alone.covered) == (ever, every, alone)
        transaction.set_rollback(True)


def _in(county_cycle, union, country):
    return not county_cycle or union in (country.city, country.counties[0])


def _flat(line):
    return [number for one in line.years for number in (one.ever.covered, one.ever.all, one.alone.covered)]


def test_a_plan_over_three_years_by_county():
    country = Country()
    aftermath.set_targets(country.admin, country.city, dict(zip(YEARS, map(Decimal, (30, 70, 100)), strict=True)))
    first, second = country.townships[:3], country.townships[3:]
    country.year(2023, [first[0], second[0]])
    country.year(2024, [first[0], first[1], second[1], country.direct[0]])
    running = country.year(2025, country.units, closed=False)
    found = coverage_of(country.city)
    targets = (Decimal("0.3"), Decimal("0.7"), Decimal(1))
    assert [(one.year, one.ever, one.alone) for one in found.together.years] == [
        (2023, Part(2, 8, targets[0]), Part(2, 8, targets[0])),
        (2024, Part(5, 8, targets[1]), Part(4, 8, targets[1])),
        (2025, Part(5, 8, targets[2]), Part(0, 8, targets[2])),
    ]
    assert [(one.ever.reaches, one.ever.percent, one.ever.wanting) for one in found.together.years] == [
        (False, "25.0", 1),
        (False, "62.5", 1),
        (False, "62.5", 3),
    ]
    names = [(line.name, line.pk, line.last.ever.covered, line.last.ever.all) for line in found.lines]
    one, two = country.counties
    assert names == [(one.name, one.pk, 2, 3), (two.name, two.pk, 2, 3), ("", None, 1, 2)]
    assert found.left_out == (make.kind("county").name,)
    assert list(not_covered(country.city)) == [first[2], second[2], country.direct[1]]
    # a county sees the city's targets
    assert [line.ever.target for line in coverage_of(one).together.years] == list(targets)
    Cycle.objects.filter(pk=running.pk).update(closed_at=timezone.now(), closed_by=country.admin)
    last = coverage_of(country.city).together.last
    assert (last.ever.covered, last.ever.reaches, last.alone.reaches) == (8, True, True)
    new = make.organization(one)
    assert list(not_covered(country.city)) == [new]
    assert coverage_of(country.city).together.last.ever.percent == "88.8"  # cut, not rounded


def test_a_cycle_that_is_open_again_for_a_correction_still_counts():
    cast = made.closed_year()
    aftermath.propose(cast.admin, cast.cycle)
    before = coverage_of(cast.city).together
    Cycle.objects.filter(pk=cast.cycle.pk).update(closed_at=None, closed_by=None)
    assert coverage_of(cast.city).together == before
    assert before.last.ever.covered == 3


def test_targets_are_checked_and_replaced_whole():
    country = Country()
    for percents, told in (
        ({2023: Decimal(0)}, "percentage"),
        ({2023: Decimal("100.5")}, "percentage"),
        ({2023: Decimal("33.333")}, "two decimals"),
        ({2024: Decimal(30), 2023: Decimal(70)}, "lower"),
    ):
        with pytest.raises(Refused, match=told):
            aftermath.set_targets(country.admin, country.city, percents)
    with pytest.raises(Forbidden):
        aftermath.set_targets(make.person((country.city, Role.AUDITOR)), country.city, {})
    aftermath.set_targets(country.admin, country.city, {2023: Decimal("33.33"), 2024: Decimal(70)})
    aftermath.set_targets(country.admin, country.city, {2024: Decimal("70.5")})
    assert list(CoverageTarget.objects.values_list("year", "share")) == [(2024, Decimal("0.7050"))]


def test_the_page_costs_the_same_with_one_organisation_and_with_many():
    country = Country()
    country.year(2023, country.townships[:1])

    def cost():
        with CaptureQueriesContext(connection) as queries:
            coverage_of(country.city)
            list(not_covered(country.city)[:50])
        return len(queries)

    before = cost()
    for county in country.counties:
        country.year(2024, [make.organization(county) for _ in range(3)])
    assert counted(country.city).count() == 14
    assert cost() == before
