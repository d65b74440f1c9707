"""Closed cycles with results, made quickly: through the workflow where a test marks, else straight into the tables."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments import services
from assessments.models import Assessment, Cycle, Notice, Snapshot, SnapshotRow
from assessments.workflow import Action, Stage, State, Warrant
from orgs.models import User
from tests import factories as make
from tests.remembering import remembered

ITEMS = (make.Asked("1-1", "40"), make.Asked("1-2", "40"), make.Asked("2-1", "20"))
FULL = {"1-1": "40", "1-2": "40", "2-1": "20"}
POOR = {"1-1": "30", "1-2": "20", "2-1": "8"}
"""58 points: one star, not qualified."""


def rubric() -> Any:
    return make.small_rubric(
        items=ITEMS, stages=2, bands=make.STARS, qualified_rank=2, kinds=("township",), declared="100"
    )


@remembered
def closed_year(**marks: dict[str, str]) -> make.Cast:
    """A cast whose cycle is closed: `township` assessed with these marks, by default poorly, `neighbour` with full."""
    cast = make.cast(rubric=rubric())
    marks = {"township": POOR, "neighbour": FULL, "other_township": FULL} | marks
    for name, said in marks.items():
        finish(cast, getattr(cast, name), said)
    close(cast)
    return cast


def finish(cast: make.Cast, unit: Any, said: dict[str, str]) -> None:
    """Both stages, as if the result had been marked like this."""
    assessment = Assessment.objects.get(cycle=cast.cycle, organization=unit)
    chair = cast.chair if unit == cast.township else make.person((unit, "chair"))
    assessor = cast.assessor if unit.parent_id == cast.county.pk else make.person((unit.parent, "assessor"))
    for stage, by, action in ((Stage.SELF, chair, Action.SUBMIT), (Stage.ASSESS, assessor, Action.CONFIRM)):
        full = FULL if stage == Stage.SELF else said
        make.fill(by, assessment, stage, lambda row, full=full: {"points": full[row.key]})
        services.move(make.again(by), assessment, action)


def publish(cycle: Cycle, by: User, reason: str = "") -> Snapshot:
    """The present results as they would be published, with a notice of one day that is over."""
    number = cycle.snapshots.count() + 1
    snapshot = Snapshot.objects.create(
        cycle=cycle, number=number, at=timezone.now(), by=by, reason=reason or "-" * (number > 1), digest="0" * 64
    )
    SnapshotRow.objects.bulk_create(_row(snapshot, one) for one in cycle.assessments.select_related("assessor"))
    day = timezone.localdate() - timedelta(days=1)
    Notice.objects.create(
        snapshot=snapshot,
        title="公示",
        body="-",
        issuer="-",
        contact="-",
        starts_on=day,
        ends_on=day,
        days=1,
        count="calendar",
    )
    return snapshot


def _row(snapshot: Snapshot, one: Assessment) -> SnapshotRow:
    names = {rank: name for rank, name, _lower in make.STARS}
    withdrawn = one.state == State.WITHDRAWN
    result = {
        "points": one.points,
        "maximum": Decimal(100),
        "band_rank": one.band_rank,
        "band": names.get(one.band_rank, ""),
        "awarded_rank": one.band_rank,
        "awarded": names.get(one.band_rank, ""),
        "qualified": one.band_rank is not None and one.band_rank >= 2,
    }
    return SnapshotRow(
        snapshot=snapshot,
        assessment=one,
        name=one.name,
        sort_key=one.sort_key,
        path=one.path,
        kind="乡镇",
        rubric="标准",
        assessor=one.assessor.name,
        **({"withdrawn_for": "已撤销"} if withdrawn else result),
    )


def close(cast: make.Cast) -> None:
    """Published and closed."""
    publish(cast.cycle, cast.admin)
    Cycle.objects.filter(pk=cast.cycle.pk).update(closed_at=timezone.now(), closed_by=cast.admin)
    cast.cycle.refresh_from_db()


def revisit(cast: make.Cast, unit: Any, said: dict[str, str]) -> None:
    """The organisation is called up after the closing, and the review gives this."""
    assessment = Assessment.objects.get(cycle=cast.cycle, organization=unit)
    services.move(make.again(cast.reviewer), assessment, Action.CALL_UP, warrant=Warrant.DRAW)
    make.fill(cast.reviewer, assessment, Stage.REVIEW, lambda row: {"points": said[row.key]})
    services.move(make.again(cast.reviewer), assessment, Action.CONFIRM)
