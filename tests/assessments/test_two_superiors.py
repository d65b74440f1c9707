"""Dual leadership: of two superiors the one that the cycle names assesses, and the other one reads."""

import pytest
from django.urls import reverse

from assessments import progress, services
from assessments.listing import Wanted, matching
from assessments.models import Assessment, Superior
from assessments.permissions import may_read_sheet, may_write, open_moves
from assessments.queries import visible_to, waiting_for
from assessments.services.cycles import candidates, survey, with_two_superiors
from assessments.waiting import courses
from assessments.workflow import Action, Stage, State
from orgs.models import Organization
from orgs.roles import Role
from orgs.services import close_organization, set_industrial_union
from tests import factories as make
from tests.test_rights import ROWS, answers, logged_in, prepared

pytestmark = pytest.mark.django_db


class Led:
    """city -> county -> school, plain; city -> union (industrial) -> office. The union is also the school's."""

    def __init__(self) -> None:
        self.city = make.organization(None, "city", "city")
        self.county = make.organization(self.city, "county", "county")
        self.school = make.organization(self.county, "school", "grassroots", "实验小学")
        self.plain = make.organization(self.county, "school", "grassroots")
        self.union = make.second_superior(self.school, self.city)
        self.office = make.organization(self.union, "school", "grassroots")
        self.rubric = make.long_rubric(2, kinds=("school",), stages=2)

    def opened(self, owner: Organization, superior: str) -> dict[str, tuple]:
        """By name of the organisation: who assesses, who reviews, who reads."""
        cycle = make.open_cycle_for(owner, {"school": self.rubric}, superior=superior)
        rows = cycle.assessments.select_related("organization", "assessor", "reviewer", "observer")
        found = [(one.organization, (one.assessor, one.reviewer, one.observer)) for one in rows]
        assert len(found) == len(dict(found))
        return dict(found)

    def of_the_school(self, owner: Organization, superior: str) -> Assessment:
        cycle = make.open_cycle_for(owner, {"school": self.rubric}, superior=superior)
        return cycle.assessments.select_related("cycle", "rubric", "kind").get(organization=self.school)


@pytest.fixture
def led():
    return Led()


def test_the_cycle_names_who_assesses_and_the_other_one_reads(led):
    city, county, union = led.city, led.county, led.union
    others = {led.plain: (county, city, None), led.office: (union, city, None)}
    assert led.opened(city, Superior.TERRITORIAL) == {led.school: (county, city, union), **others}
    assert led.opened(city, Superior.INDUSTRIAL) == {led.school: (union, city, county), **others}


def test_a_cycle_of_the_industrial_union_reaches_what_stands_elsewhere(led):
    county, union = led.county, led.union
    office = {led.office: (union, union, None)}
    assert led.opened(union, Superior.INDUSTRIAL) == {led.school: (union, union, county), **office}
    assert led.opened(union, Superior.TERRITORIAL) == {led.school: (county, union, union), **office}
    assert led.opened(county, Superior.INDUSTRIAL) == {
        led.school: (union, county, county),
        led.plain: (county, county, None),
    }


def test_each_organisation_is_reached_once_and_counted_as_often(led):
    set_industrial_union(None, led.office, make.organization(led.union, "union", "industry"))
    root = make.organization(None, "school", "grassroots")
    set_industrial_union(None, root, led.union)
    closed = make.organization(led.county, "school", "grassroots")
    set_industrial_union(None, closed, led.union)
    close_organization(None, closed)
    found = list(candidates(led.union, led.union))
    assert len(found) == len(set(found))
    assert {one for one in found if one.kind.code == "school"} == {led.school, led.office, root}
    counted = {entry.kind.code: entry.organizations for entry in survey(led.union, led.union, led.rubric.document)}
    assert counted["school"] == 3
    assert with_two_superiors(led.union, led.union) == 2  # the root has one superior
    assert with_two_superiors(led.county, led.county) == 1
    assert led.opened(led.union, Superior.TERRITORIAL)[root] == (led.union, led.union, None)


def test_what_a_running_assessment_froze_stays(led):
    assessment = led.of_the_school(led.city, Superior.INDUSTRIAL)
    set_industrial_union(None, led.school, None)
    now = Assessment.objects.get(pk=assessment.pk)
    assert (now.assessor, now.observer) == (led.union, led.county)
    reader = make.person((led.county, Role.ASSESSOR))
    assert visible_to(reader).filter(organization=led.school).get() == now


def test_the_one_that_the_cycle_names_does_the_work(led):
    assessment = led.of_the_school(led.city, Superior.INDUSTRIAL)
    chair = make.person((led.school, Role.CHAIR))
    assessor, other = make.person((led.union, Role.ASSESSOR)), make.person((led.county, Role.ASSESSOR))
    make.fill(chair, assessment, Stage.SELF)
    services.move(make.again(chair), assessment, Action.SUBMIT)
    now = Assessment.objects.select_related("cycle", "rubric", "kind").get(pk=assessment.pk)
    assert waiting_for(make.again(assessor)).get() == now
    for reader in map(make.again, (other, make.person((led.county, Role.REVIEWER)))):
        assert not waiting_for(reader).exists()
        assert not may_write(reader, now)
        assert not open_moves(reader, now)
        assert may_read_sheet(reader, now, Stage.SELF)
        assert not may_read_sheet(reader, now, Stage.ASSESS)
        with pytest.raises(services.Forbidden):
            make.save(reader, now, Stage.ASSESS, "1-1", "1")
    make.fill(assessor, now, Stage.ASSESS)
    services.move(make.again(assessor), now, Action.CONFIRM)
    now = Assessment.objects.select_related("cycle", "rubric", "kind").get(pk=assessment.pk)
    assert (now.state, now.points) == (State.FINAL, 4)
    assert may_read_sheet(make.again(other), now, Stage.ASSESS)


def test_an_industrial_union_finds_its_work_on_its_pages(client, led):
    cycle = led.of_the_school(led.union, Superior.INDUSTRIAL).cycle
    admin = make.person((led.union, Role.ADMIN))
    names = [one.name for one in matching(admin, Wanted(branch=led.union))]
    assert sorted(names) == sorted([led.school.name, led.office.name])
    assert [one.name for one in matching(admin, Wanted(branch=led.office))] == [led.office.name]
    assert [(course.name, course.total) for course in courses(admin)] == [(cycle.name, 2)]
    assert progress.coverage(cycle) == progress.Coverage(2, 2, 0)
    assert progress.with_two_superiors(admin, cycle) == 1
    client.force_login(admin)
    assert client.get(reverse("cycles:detail", args=[cycle.pk])).context["course"].total == 2
    days = {name: f"{day:%Y-%m-%d}" for name, day in make.DEADLINES.items()}
    assert client.post(reverse("cycles:deadlines", args=[cycle.pk]), days).status_code == 302
    client.force_login(make.person((led.county, Role.AUDITOR)))  # above the school, not above the union
    assert client.get(reverse("cycles:detail", args=[cycle.pk])).context["course"].total == 1


def test_its_page_says_who_the_other_superior_is(client, led):
    assessment = led.of_the_school(led.city, Superior.TERRITORIAL)
    client.force_login(make.person((led.union, Role.ASSESSOR)))
    page = client.get(reverse("assessments:detail", args=[assessment.pk]))
    assert page.context["assessment"].observer == led.union
    assert f"<dd>\n        {led.union.name}\n" in page.content.decode()
    assert client.get(reverse("assessments:list")).context["count"] == "2"


def test_opening_asks_who_assesses_them_where_there_are_any(client, led):
    client.force_login(make.person((led.city, Role.ADMIN)))
    said = {
        "owner": led.city.pk,
        "document": led.rubric.document.pk,
        "name": "年检",
        "year": 2026,
        **{name: f"{day:%Y-%m-%d}" for name, day in make.DEADLINES.items()},
    }
    page = client.get(reverse("cycles:create"), said)
    assert page.context["form"].two_superiors == 1
    assert page.content.decode().count('name="superior"') == 2
    left_out = {name: "none" for name in page.context["form"].fields if name.startswith("kind-")}
    chosen = left_out | {f"kind-{led.school.kind_id}": led.rubric.pk}
    assert client.post(reverse("cycles:create"), said | chosen).status_code == 200  # not answered
    client.post(reverse("cycles:create"), said | chosen | {"superior": Superior.INDUSTRIAL})
    assessment = Assessment.objects.get(organization=led.school)
    assert (assessment.assessor, assessment.observer) == (led.union, led.county)
    set_industrial_union(None, led.school, None)
    page = client.get(reverse("cycles:create"), said | {"name": "另一次"})
    assert 'name="superior"' not in page.content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("state", "roles"),
    [
        (State.ASSESSING, (Role.ASSESSOR, Role.REVIEWER, Role.ADMIN, Role.AUDITOR)),
        (State.FINAL, (Role.ADMIN,)),
        (State.WITHDRAWN, (Role.ASSESSOR,)),
    ],
)
def test_the_other_superior_is_answered_like_an_auditor_above(state, roles):
    """It reads what they read, and writes nothing: on every route of an assessment and its ballots."""
    people = prepared(state)
    union = make.organization(None, "union", "industry")
    Assessment.objects.filter(pk=people.assessment.pk).update(observer=union)
    sessions = {role: logged_in(make.person((union, role))) for role in roles}
    rows = [
        row
        for row in ROWS
        if row.route.startswith(("assessments:", "ballots:", "reports:scorecard")) and state in row.states
    ]
    assert len(rows) > 10
    found = {str(row): answers(sessions, people, row) for row in rows}
    assert found == {str(row): dict.fromkeys(roles, row.answers["auditor"]) for row in rows}
