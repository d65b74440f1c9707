"""Cycles with final results, written straight into the tables: what counts here is what they come to together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessments.models import Assessment, Cycle, Ruling, RulingKind, Sheet
from assessments.services import grading
from assessments.workflow import Stage, State
from orgs.models import Level, Organization, User
from orgs.roles import Role
from rubrics.models import Rubric
from tests import factories as make
from tests.factories import STARS, Asked, again
from tests.remembering import remembered

D = Decimal


@dataclass
class Cohort:
    """A city's cycle over townships with results, and who decides it."""

    cycle: Cycle
    city: Organization
    assessments: dict[str, Assessment]
    reviewer: User
    admin: User

    def now(self) -> Cycle:
        return Cycle.objects.select_related("owner").get(pk=self.cycle.pk)

    def set(self, **values: object) -> Cycle:
        Cycle.objects.filter(pk=self.cycle.pk).update(**values)
        return self.now()

    def score(self, name: str, points: str) -> None:
        finish(self.assessments[name], points)

    def rule(self, name: str, kind: str, rank: int | None = None) -> Ruling:
        """Proposed by the reviewer, confirmed by the administrator."""
        proposed = grading.propose_ruling(
            again(self.reviewer), self.assessments[name], RulingKind(kind), rank, "集体研究"
        )
        return grading.confirm_ruling(again(self.admin), proposed)


def starred(**options: object) -> Rubric:
    """One judged item of a hundred points, and Guyuan's stars."""
    options = {"bands": STARS, "qualified_rank": 2, "stages": 2, "title": "年检", **options}
    return make.small_rubric(items=(Asked("1-1", "100"),), **options)


@remembered
def cohort(points: Mapping[str, str], kinds: Mapping[str, str] | None = None, **rules: object) -> Cohort:
    """Organisations by name with their final points; an empty string leaves one without a result.

    kinds  those that are not townships
    """
    kinds = kinds or {}
    city = make.organization(None, "city", Level.CITY)
    for name in points:
        make.organization(city, kinds.get(name, "township"), name=name)
    codes = {"township", *kinds.values()}
    rubric = starred(kinds=codes)
    admin = make.person((city, Role.ADMIN), name="管理员")
    cycle = make.open_cycle_for(city, dict.fromkeys(codes, rubric), by=admin)
    people = Cohort(
        cycle,
        city,
        {one.name: one for one in cycle.assessments.select_related("rubric", "kind", "cycle")},
        make.person((city, Role.REVIEWER), name="复核员"),
        admin,
    )
    for name, given in points.items():
        if given:
            people.score(name, given)
    people.cycle = people.set(**{"quota_share": D("0.2"), **rules})
    return people


def finish(assessment: Assessment, points: str) -> None:
    """A final result by the table of bands, as the services would leave it."""
    bands = {rank: D(lower) for rank, _name, lower in STARS}
    rank = next(rank for rank in sorted(bands, reverse=True) if D(points) >= bands[rank])
    result = {"points": D(points), "band_rank": rank}
    Sheet.objects.update_or_create(assessment=assessment, stage=Stage.ASSESS, defaults=result)
    Sheet.objects.filter(assessment=assessment, stage=Stage.SELF).update(points=D(95), band_rank=5)
    Assessment.objects.filter(pk=assessment.pk).update(state=State.FINAL, official_stage=Stage.ASSESS, **result)
