"""A city that awards, its people, and base unions with years behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from assessments.models import (
    Assessment,
    AwardRound,
    Ballot,
    BallotOption,
    BallotState,
    Candidacy,
    Cycle,
    Ladder,
    Rung,
    Subject,
    Title,
)
from assessments.services import awards
from assessments.services.awards import Call, Earlier
from assessments.workflow import State
from orgs.models import Level, Organization, User
from orgs.roles import Role
from rubrics.models import Rubric, TotalPolicy
from tests import factories as make
from tests.remembering import remembered

YEAR = timezone.localdate().year
THREE = (YEAR - 3, YEAR - 2, YEAR - 1)
GOOD = (95, 100)


@dataclass
class Scene:
    """city (awards) -> county (recommends) -> base and other; stranger_county -> far"""

    city: Organization
    county: Organization
    base: Organization
    other: Organization
    far: Organization
    reviewer: User
    admin: User
    county_admin: User
    assessor: User
    auditor: User
    chair: User
    stranger: User
    rubric: Rubric

    @property
    def people(self) -> dict[str, User]:
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


@remembered
def scene() -> Scene:
    call_command("loaddata", "award_ladders", verbosity=0)
    city = make.organization(None, "city", Level.CITY, name="苏州市总工会")
    county = make.organization(city, "county", Level.COUNTY, name="吴江区总工会")
    elsewhere = make.organization(city, "county", Level.COUNTY, name="昆山市总工会")
    base = grassroots(county, "盛泽丝绸工会")
    return Scene(
        city=city,
        county=county,
        base=base,
        other=grassroots(county, "震泽电梯工会"),
        far=grassroots(elsewhere, "花桥物流工会"),
        reviewer=make.person((city, Role.REVIEWER)),
        admin=make.person((city, Role.ADMIN)),
        county_admin=make.person((county, Role.ADMIN)),
        assessor=make.person((county, Role.ASSESSOR)),
        auditor=make.person((city, Role.AUDITOR)),
        chair=make.person((base, Role.CHAIR)),
        stranger=make.person((elsewhere, Role.ADMIN), (elsewhere, Role.ASSESSOR), (elsewhere, Role.REVIEWER)),
        rubric=make.small_rubric(stages=2, items=(make.Asked("1-1", "2"),), kinds=("private",)),
    )


def grassroots(parent: Organization, name: str) -> Organization:
    return make.organization(parent, "private", Level.GRASSROOTS, name=name)


def rung(code: str, ladder: str = "jiangsu-model-home") -> Rung:
    return Rung.objects.get(ladder__slug=ladder, code=code)


# --- Years behind -----------------------------------------------------------------------------------------------------


def cycle(here: Scene, year: int, *, closed: bool = True, name: str = "") -> Cycle:
    values: dict[str, Any] = {"closed_at": timezone.now(), "closed_by": here.reviewer} if closed else {}
    days = dict.fromkeys(("self_deadline", "assess_deadline"), date(year, 6, 30))
    found, _new = Cycle.objects.get_or_create(
        owner=here.city,
        name=name or f"{year}年考核",
        defaults={
            "year": year,
            "branch": here.city,
            "document": here.rubric.document,
            "opened_at": timezone.now(),
            "opened_by": here.admin,
            **days,
            **values,
        },
    )
    return found


def assessed(here: Scene, organization: Organization, one: Cycle) -> Assessment:
    found, _new = Assessment.objects.get_or_create(
        cycle=one,
        organization=organization,
        defaults={
            "name": organization.name,
            "sort_key": organization.sort_key,
            "path": organization.path,
            "kind": organization.kind,
            "rubric": here.rubric,
            "total_policy": TotalPolicy.AS_PRINTED,
            "stages": 2,
            "assessor": here.county,
            "reviewer": here.city,
            "state": State.FINAL,
        },
    )
    return found


def appraised(
    here: Scene, organization: Organization, one: Cycle, subject: str, votes: tuple[int, int] = GOOD, **values: Any
) -> Ballot:
    """A closed ballot with so many satisfied of so many valid votes."""
    satisfied, valid = votes
    asked = {
        "purpose": "annex",
        "electorate": "members",
        "subject": subject,
        "title": str(Subject(subject).label),
        "question": "满意吗？",
        "roster": valid,
        "minimum": 1,
        "last_day": date(one.year, 6, 1),
        "state": BallotState.CLOSED,
    }
    ballot = Ballot.objects.create(assessment=assessed(here, organization, one), **asked | values)
    options = (("满意", True, satisfied), ("不满意", False, valid - satisfied))
    BallotOption.objects.bulk_create(
        BallotOption(ballot=ballot, position=position, label=label, satisfied=counts, votes=number)
        for position, (label, counts, number) in enumerate(options)
    )
    return ballot


def good_years(here: Scene, organization: Organization, years: tuple[int, ...] = THREE) -> None:
    for year in years:
        for subject in (Subject.UNION, Subject.CHAIR):
            appraised(here, organization, cycle(here, year), subject)


def titled(here: Scene, organization: Organization, code: str, *, days_ago: int = 400, **values: Any) -> Title:
    held = rung(code, values.pop("ladder", "jiangsu-model-home"))
    day = timezone.localdate() - timedelta(days=days_ago)
    earlier = Earlier(held, day, "苏工发〔2020〕1号", values.pop("person", ""))
    return awards.record_title(make.again(here.admin), organization, earlier)


def ready(here: Scene, organization: Organization) -> None:
    """Everything that the ten best ask."""
    good_years(here, organization)
    titled(here, organization, "province-model")


# --- A round ----------------------------------------------------------------------------------------------------------


def call(here: Scene, **changes: Any) -> Call:
    today = timezone.localdate()
    values: dict[str, Any] = {
        "ladder": Ladder.objects.get(slug="jiangsu-model-home"),
        "owner": here.city,
        "name": "第一轮评选",
        "opens_on": today,
        "closes_on": today,
    }
    return Call(**values | changes)


def opened(here: Scene, **changes: Any) -> AwardRound:
    return awards.open_round(make.again(here.reviewer), call(here, **changes))


def proposed(
    here: Scene, award_round: AwardRound, organization: Organization, code: str = "top-ten", **said: Any
) -> Candidacy:
    held = Rung.objects.get(ladder=award_round.ladder, code=code)
    return awards.propose(make.again(here.admin), award_round, held, organization, **said)
