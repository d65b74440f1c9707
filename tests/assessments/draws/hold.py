"""Draws for tests, through their services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assessments.models import Assessment, Draw, DrawMember
from assessments.services import draws
from assessments.services.draws import Terms, freezing
from assessments.workflow import THREE, Action, Stage, stages_of
from orgs.roles import Role
from tests import factories as make
from tests.remembering import remembered


def terms(**changes: Any) -> Terms:
    values: dict[str, Any] = {"share": Decimal("0.3"), "seed": "03 11 17", "seed_source": "双色球第2026100期"}
    return Terms(**values | changes)


@remembered
def finished(stages: int = 2, counties: tuple[int, int] = (1, 0)) -> make.Cast:
    """A cast with so many townships more in its two counties, beside two and one, all of them final."""
    people = make.cast(rubric=make.long_rubric(2, stages=stages))
    for county, count in zip((people.county, people.other_county), counties, strict=True):
        for _more in range(count):
            make.organization(county)
    people.cycle = make.open_cycle_for(people.city, {"township": people.rubric}, by=people.admin)
    people.assessment = Assessment.objects.get(cycle=people.cycle, organization=people.township)
    for one in people.cycle.assessments.select_related("organization", "assessor"):
        finish(people, one)
    return people


def finish(people: make.Cast, one: Assessment) -> None:
    """Every mark full, by people of the organisation and its assessing union."""
    chair, assessor = make.person((one.organization, Role.CHAIR)), make.person((one.assessor, Role.ASSESSOR))
    writers = {Stage.SELF: chair, Stage.ASSESS: assessor, Stage.REVIEW: people.reviewer}
    onward = {Stage.SELF: Action.SUBMIT, Stage.ASSESS: Action.CONFIRM, Stage.REVIEW: Action.CONFIRM}
    onward |= {Stage.ASSESS: Action.FORWARD} if one.stages == THREE else {}
    for stage in stages_of(one.stages):
        make.fill(writers[stage], one, stage)
        make.services.move(make.again(writers[stage]), one, onward[stage])


def seeded(people: make.Cast, **changes: Any) -> Draw:
    return draws.fix_seed(make.again(people.reviewer), people.cycle, terms(**changes))


def frozen(people: make.Cast, **changes: Any) -> Draw:
    return draws.freeze_population(make.again(people.admin), seeded(people, **changes))


def frozen_now(people: make.Cast, draw: Draw) -> Draw:
    """The draw, frozen as by a worker."""
    freezing.freeze(draws.freeze_population(make.again(people.admin), draw).pk)
    return Draw.objects.get(pk=draw.pk)


def drawn(people: make.Cast, **changes: Any) -> Draw:
    draw = frozen(people, **changes)
    draws.draw_names(make.again(people.reviewer), draw)
    return Draw.objects.get(pk=draw.pk)


def names_drawn(draw: Draw) -> list[DrawMember]:
    return list(draw.members.filter(drawn_in__isnull=False, dropped_in=None).select_related("assessment"))


def review(people: make.Cast, assessment: Assessment, *points: str) -> Assessment:
    """Marks the review's items, in their order, and confirms it."""
    for key, text in zip(
        assessment.rubric.items.order_by("position").values_list("key", flat=True), points, strict=True
    ):
        make.save(people.reviewer, assessment, Stage.REVIEW, key, text)
    return make.services.move(make.again(people.reviewer), assessment, "confirm")
