"""Writes the demo year: trees, people and cycles of all sites, and then their stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.management import call_command
from django.utils import timezone

from assessments.demo import county, dalian, guyuan, jiangsu, shenyang
from assessments.demo.decisions import Decisions
from assessments.demo.sites import DemoStage, Site, Stand, Unit
from assessments.demo.story import Roster, Story
from assessments.models import Assessment, Cycle, Ladder
from assessments.services import Choice, Plan, open_cycle, survey
from orgs.models import Organization, OrganizationKind, User
from orgs.names import sort_key
from orgs.roles import Role
from orgs.services import (
    NewOrganization,
    NewPost,
    add_department,
    bulk_create_organizations,
    create_person,
    set_industrial_union,
)
from rubrics.models import Document

SITES = (shenyang.SITE, county.SITE, dalian.SITE, guyuan.SITE, jiangsu.SITE)

PASSWORD = "kaoping-demo-1"  # noqa: S105  # of people who do not exist, printed for whoever runs the demo
SYSTEM_ADMIN = "system"

# Days from today to the end of self-score, assessment and review.
DEADLINES = {
    DemoStage.SELF: (12, 33, 54),
    DemoStage.ASSESS: (-6, 15, 36),
    DemoStage.REVIEW: (-27, -6, 15),
    DemoStage.FINAL: (-45, -24, -3),
    DemoStage.NOTICE: (-45, -24, -3),
}

# How far a site's assessments are, in tree order and again from the start.
MIXTURE = {
    DemoStage.SELF: (
        Stand.PARTLY,
        Stand.SUBMITTED,
        Stand.BLANK,
        Stand.PARTLY,
        Stand.FILLED,
        Stand.SUBMITTED,
        Stand.BLANK,
        Stand.PARTLY,
    ),
    DemoStage.ASSESS: (
        Stand.SUBMITTED,
        Stand.MARKING,
        Stand.MARKED,
        Stand.FORWARDED,
        Stand.SUBMITTED,
        Stand.MARKING,
        Stand.PARTLY,
        Stand.FORWARDED,
    ),
    DemoStage.REVIEW: (
        Stand.FORWARDED,
        Stand.REVIEWING,
        Stand.FINAL,
        Stand.FORWARDED,
        Stand.MARKED,
        Stand.FINAL,
        Stand.REVIEWING,
        Stand.FINAL,
    ),
    DemoStage.FINAL: (Stand.FINAL,),
    DemoStage.NOTICE: (Stand.FINAL,),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the command's table. `group` is the title of its site's document."""

    group: str
    name: str
    username: str
    posts: str
    organization: str


def build(stage: DemoStage) -> list[Account]:
    """Builds all sites at the stage and returns the accounts to show. Needs a database without organisations."""
    load_rubrics()
    accounts = [account for site in SITES for account in build_site(site, stage)]
    return [*accounts, create_system_admin()]


def load_rubrics() -> None:
    """Loads what is missing of the kinds, of the sites' documents and of the award ladders."""
    wanted = {site.document for site in SITES}
    missing = wanted - set(Document.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    fixtures = [slug.replace("-", "_") for slug in sorted(missing)]
    if not OrganizationKind.objects.exists():
        fixtures.insert(0, "kinds")
    if not Ladder.objects.exists():
        fixtures.append("award_ladders")
    if fixtures:
        call_command("loaddata", *fixtures, verbosity=0)


def build_site(site: Site, stage: DemoStage) -> list[Account]:
    organizations = create_tree(site)
    roster, accounts = create_people(site, organizations)
    cycle = open_site_cycle(site, stage, organizations, roster)
    found = {one.name: one for one in cycle.assessments.select_related("rubric", "kind")}
    number = 0
    for unit in site.root.walk():
        assessment = found.get(unit.name)
        if assessment:
            tell(assessment, unit, roster, stage, number)
            number += 1
    if stage == DemoStage.NOTICE and site.objected:
        Decisions(cycle, roster).take(site.objected)
    if stage >= DemoStage.FINAL and site.honours:
        site.honours.bestow(organizations, roster)
    return accounts


def create_tree(site: Site) -> dict[str, Organization]:
    """The site's organisations with their departments, by name."""
    kinds = {kind.code: kind for kind in OrganizationKind.objects.all()}
    plans: dict[str, NewOrganization] = {}

    def plant(unit: Unit, parent: NewOrganization | None) -> None:
        plans[unit.name] = NewOrganization(unit.name, kinds[unit.kind], unit.level, parent, members=unit.members)
        for below in unit.below:
            plant(below, plans[unit.name])

    plant(site.root, None)
    created = dict(zip(plans, bulk_create_organizations(None, list(plans.values())), strict=True))
    for unit in site.root.walk():
        if unit.industrial:
            set_industrial_union(None, created[unit.name], created[unit.industrial])
        for position, department in enumerate(unit.departments, 1):
            add_department(None, created[unit.name], department.name, department.aliases, position)
    return created


def create_people(site: Site, organizations: dict[str, Organization]) -> tuple[Roster, list[Account]]:
    roster: dict[tuple[int, Role, str], User] = {}
    accounts: dict[str, Account] = {}
    title = Document.objects.get(slug=site.document).title
    for unit in site.root.walk():
        organization = organizations[unit.name]
        departments = {department.name: department for department in organization.departments.all()}
        for who in unit.people:
            department = departments.get(who.department)
            posts = [NewPost(organization, role, department) for role in who.roles]
            person = create_person(None, who.name, posts, username=who.username, password=PASSWORD).person
            roster |= {(organization.pk, role, who.department): person for role in who.roles}
            labels = "、".join(str(role.label) for role in who.roles)
            posts_held = f"{labels}（{department}）" if department else labels
            accounts[who.username] = Account(title, who.name, who.username, posts_held, unit.name)
    return roster, [accounts[username] for username in site.shown]


def create_system_admin() -> Account:
    """Opens the technical settings; holds no post, so neither marks nor sees an assessment."""
    name = "系统管理员"
    person = User.objects.create_superuser(SYSTEM_ADMIN, password=PASSWORD, full_name=name, sort_key=sort_key(name))
    return Account("技术设置", name, person.username, "—", "—")


def open_site_cycle(site: Site, stage: DemoStage, organizations: dict[str, Organization], roster: Roster) -> Cycle:
    """Kinds without a rubric are left out on purpose; totals are read as printed."""
    owner, branch = organizations[site.owner], organizations[site.branch]
    document = Document.objects.get(slug=site.document)
    today = timezone.localdate()
    deadlines = [today + timedelta(days) for days in DEADLINES[stage]]
    choices = {
        entry.kind.pk: Choice(entry.rubric, entry.rubric.total_policy if entry.rubric else "")
        for entry in survey(owner, branch, document)
    }
    plan = Plan(site.title.format(year=today.year), today.year, owner, branch, document, *_three(deadlines), choices)
    return open_cycle(roster[owner.pk, Role.ADMIN, ""], plan)


def _three(days: list[date]) -> tuple[date, date, date]:
    first, second, third = days
    return first, second, third


def tell(assessment: Assessment, unit: Unit, roster: Roster, stage: DemoStage, number: int) -> None:
    mixture = MIXTURE[stage]
    stand = unit.stands.get(stage, mixture[number % len(mixture)])
    Story(assessment, unit, roster, mended=number % 5 == 0).tell(stand)
