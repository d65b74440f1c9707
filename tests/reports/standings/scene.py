"""A city's cycle with results written straight into the tables: what counts is what the tables make of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from assessments.models import Assessment, Cycle, Mark, Sheet
from assessments.workflow import Action, Stage, State
from orgs.models import Level, Organization, User
from orgs.roles import Role
from rubrics.models import Rubric
from tests import factories as make
from tests.factories import STARS, Asked, Counted
from tests.remembering import remembered

D = Decimal
POINTS = {"甲": ("90", "95"), "乙": ("90", "92"), "丙": ("85", "99"), "丁": ("60", "80")}
"""Assessed and self-scored points; 甲 and 乙 stand under 东县, the others under 西县."""


@dataclass
class Scene:
    cycle: Cycle
    city: Organization
    east: Organization
    west: Organization
    rubric: Rubric
    people: dict[str, User]


@remembered
def scene() -> Scene:
    city = make.organization(None, "city", Level.CITY, name="某市总工会")
    east, west = (make.organization(city, "county", Level.COUNTY, name=name) for name in ("东县", "西县"))
    for name in (*POINTS, "戊"):
        make.organization(east if name in "甲乙" else west, "township", name=name)
    items = (Asked("1-1", "70"), Asked("1-2", "20"), Asked("1-3", "10", "deduct_per_unit", (Counted("absent", "1"),)))
    rubric = make.small_rubric(items=items, bands=STARS, qualified_rank=2, stages=2, title="年检")
    people = {
        "admin": make.person((city, Role.ADMIN)),
        "reviewer": make.person((city, Role.REVIEWER)),
        "auditor": make.person((city, Role.AUDITOR)),
        "east": make.person((east, Role.ASSESSOR), name="东县考核员"),
        "clerk": make.person((Organization.objects.get(name="甲"), Role.CLERK)),
        "stranger": make.person((make.organization(None, "city", Level.CITY), Role.ADMIN)),
    }
    cycle = make.open_cycle_for(city, {"township": rubric}, by=people["admin"])
    found = Scene(cycle, city, east, west, rubric, people)
    for name, points in POINTS.items():
        finish(found, name, *points)
    return found


def finish(found: Scene, name: str, assessed: str, own: str) -> Assessment:
    """A final result, as the services would leave it: the first item takes what the points lack."""
    one = found.cycle.assessments.get(name=name)
    for stage, points in ((Stage.SELF, own), (Stage.ASSESS, assessed)):
        rank = next(rank for rank, _name, lower in sorted(STARS, reverse=True) if D(points) >= D(lower))
        sums = {"points": D(points), "band_rank": rank, "applicable": D(100)}
        sheet, _new = Sheet.objects.update_or_create(assessment=one, stage=stage, defaults=sums)
        for item, given in zip(found.rubric.items.order_by("key"), (D(points) - 30, D(20)), strict=False):
            said = {"points": given, "saved_at": timezone.now(), "saved_by": found.people["east"]}
            Mark.objects.update_or_create(sheet=sheet, item=item, defaults=said)
    Assessment.objects.filter(pk=one.pk).update(
        state=State.FINAL, official_stage=Stage.ASSESS, points=D(assessed), band_rank=rank
    )
    number = one.steps.count() + 1
    by = found.people["east" if name in "甲乙" else "reviewer"]
    said = {"source": State.ASSESSING, "target": State.FINAL, "action": Action.CONFIRM, "digest": str(number)}
    one.steps.create(number=number, by=by, at=timezone.now(), **said)
    return one
