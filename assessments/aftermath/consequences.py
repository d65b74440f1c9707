"""What follows from published results, as it is read: who sees it, what was lost, what a revisit did not bear out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.models import (
    Assessment,
    Consequence,
    ConsequenceKind,
    ConsequenceState,
    Cycle,
    MakeUp,
    MakeUpState,
    Sheet,
    Snapshot,
    SnapshotRow,
    Step,
    YearReport,
)
from assessments.permissions import may_follow_decisions
from assessments.queries import visible_to
from assessments.results import band_named, contents_of, read_marks, scale_of, total_of
from assessments.text import listed
from assessments.workflow import DECIDERS, Action, State
from orgs.permissions import posts
from orgs.queries import overseen
from rubrics.rows import Row, rows
from rubrics.scoring.grades import qualified
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import Total

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import User

LOSSES = 8
"""So many items, those that lost the most, make the proposed task."""


def consequences_visible_to(user: User | AnonymousUser) -> QuerySet[Consequence]:
    """All of the cycles that the person decides or oversees; of others what took effect on visible assessments."""
    own = {post.organization_id for post in posts(user) if post.role in DECIDERS.roles}
    follows = Q(row__snapshot__cycle__owner__in=own) | overseen(user, "row__snapshot__cycle__owner__path")
    told = Q(state=ConsequenceState.CONFIRMED, row__assessment__in=visible_to(user).values("pk"))
    return Consequence.objects.filter(follows | told)


def reports_visible_to(user: User | AnonymousUser) -> QuerySet[YearReport]:
    """Those of the person's own unions and of branches they oversee, and those of cycles that they decide."""
    own = {post.organization_id for post in posts(user)}
    decided = {post.organization_id for post in posts(user) if post.role in DECIDERS.roles}
    return YearReport.objects.filter(
        Q(organization__in=own)
        | overseen(user, "organization__path")
        | Q(cycle__owner__in=decided)
        | overseen(user, "cycle__owner__path")
    )


def of_cycle(user: User, cycle: Cycle) -> QuerySet[Consequence]:
    """What the person sees of a cycle's consequences, in tree order, with the state of the last make-up task."""
    last = MakeUp.objects.filter(consequence=OuterRef("pk")).order_by("-number")
    found = Consequence.objects.filter(row__snapshot__cycle=cycle)
    if not may_follow_decisions(user, cycle):
        seen = visible_to(user).filter(cycle=cycle).values("pk")
        found = found.filter(state=ConsequenceState.CONFIRMED, row__assessment__in=seen)
    return (
        found.select_related("row__assessment", "row__snapshot", "decided_by", "proposed_by")
        .annotate(task_state=Subquery(last.values("state")[:1]), task_due=Subquery(last.values("due_on")[:1]))
        .order_by("row__path", "row__assessment", "pk")
    )


def told_to(assessment: Assessment) -> list[Consequence]:
    """What took effect for an organisation, as its assessment's page shows it, with the latest make-up task first."""
    found = Consequence.objects.filter(row__assessment=assessment, state=ConsequenceState.CONFIRMED)
    return list(found.select_related("row__snapshot__cycle").prefetch_related("make_ups").order_by("pk"))


def is_overdue(state: str | None, due: date | None) -> bool:
    """Whether a make-up task should have been reported as done."""
    return state == MakeUpState.SET and due is not None and due < timezone.localdate()


def overdue(found: QuerySet[Consequence]) -> QuerySet[Consequence]:
    return found.filter(task_state=MakeUpState.SET, task_due__lt=timezone.localdate())  # type: ignore[misc]


def remaining_band(consequence: Consequence) -> str:
    """The name of the band that a revocation leaves; empty: none, or it is no revocation."""
    return band_named(consequence.row.assessment.rubric, consequence.rank)


def in_effect_by(consequence: Consequence) -> Snapshot | None:
    """Of a confirmed revocation the correcting snapshot that brought it into effect; None: the old result stands."""
    if consequence.decided_at is None or consequence.state != ConsequenceState.CONFIRMED:
        return None
    later = Snapshot.objects.filter(cycle=consequence.row.snapshot.cycle_id, at__gt=consequence.decided_at)
    return later.order_by("number").first()


def undecided_revisits(cycle: Cycle) -> list[str]:
    """Sentences: what has to be decided by two persons before a closed cycle's results are published otherwise."""
    snapshot = cycle.snapshots.first()
    if cycle.closed_at is None or snapshot is None:
        return []
    waiting = [one.row.name for one in not_borne_out(snapshot)]
    proposed = Consequence.objects.filter(row__snapshot__cycle=cycle, kind=ConsequenceKind.REVOCATION)
    waiting += proposed.filter(state=ConsequenceState.PROPOSED).values_list("row__name", flat=True)
    if not waiting:
        return []
    told = _("A revisit did not bear the published result out, and the revocation is not decided yet: %(names)s.")
    return [told % {"names": listed(waiting)}]


# --- What has to be made up -------------------------------------------------------------------------------------------


def proposed_tasks(assessments: Iterable[Assessment]) -> dict[int, str]:
    """For each assessment the items of its official sheet that lost the most. Three queries for a rubric.

    In words of the site's language, as they are kept.
    """
    by_rubric: dict[int, list[Assessment]] = defaultdict(list)
    for assessment in assessments:
        by_rubric[assessment.rubric_id].append(assessment)
    tasks = {}
    with translation.override(settings.LANGUAGE_CODE):
        for group in by_rubric.values():
            for assessment, total in _official_totals(group):
                tasks[assessment.pk] = _in_words(total, rows(assessment.rubric))
    return tasks


def _official_totals(assessments: Sequence[Assessment]) -> Iterator[tuple[Assessment, Total]]:
    """The totals of the official sheets of assessments under one rubric."""
    known = {one.pk: one for one in assessments}
    official = Sheet.objects.filter(assessment__in=known, stage=_official_stage()).order_by("assessment")
    sheets = {sheet.pk: sheet.assessment_id for sheet in official}
    marks = read_marks(assessments[0].rubric, official)
    for sheet, pk in sheets.items():
        yield known[pk], total_of(known[pk], contents_of(marks[sheet]))


def _official_stage() -> Subquery:
    return Subquery(Assessment.objects.filter(pk=OuterRef("assessment")).values("official_stage")[:1])


def _in_words(total: Total, known: Sequence[Row]) -> str:
    texts = {row.key: row.text for row in known}
    lost = [(one.applicable - one.base, one) for one in total.items if one.base is not None]
    worst = sorted((pair for pair in lost if pair[0] > 0), key=lambda pair: -pair[0])[:LOSSES]
    lines = [
        _("%(item)s %(text)s (%(points)s of %(full)s points)")
        % {
            "item": one.item.key,
            "text": _short(texts[one.item.key]),
            "points": format_points(one.base),
            "full": format_points(one.applicable),
        }
        for _loss, one in worst
    ]
    return "\n".join(lines) or _("Make up what the assessment found missing.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


# --- Revisits ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotBorneOut:
    """A published result that the review after a revisit did not bear out. `rank`: the band left, None: none."""

    row: SnapshotRow
    step: Step
    rank: int | None
    ground: str


def not_borne_out(snapshot: Snapshot) -> list[NotBorneOut]:
    """Of a closed cycle's newest snapshot the results above what a later review gave, unless proposed already.

    After the closing an assessment moves only by being called up for review and confirmed; the review counts against
    the published result where its band is below the awarded one, or no longer qualifies.
    """
    cycle = snapshot.cycle
    known = Consequence.objects.filter(revisit__assessment__cycle=cycle).values("revisit")
    steps = Step.objects.filter(
        assessment__cycle=cycle, assessment__state=State.FINAL, action=Action.CONFIRM, at__gt=cycle.closed_at
    )
    last = {step.assessment_id: step for step in steps.exclude(pk__in=known).order_by("number")}
    found = snapshot.rows.filter(assessment__in=last).exclude(awarded_rank=None, qualified=None)
    by_rubric: dict[int, list[SnapshotRow]] = defaultdict(list)
    for row in found.select_related("assessment__rubric", "assessment__kind"):
        by_rubric[row.assessment.rubric_id].append(row)
    return [one for group in by_rubric.values() for one in _judged(group, last)]


def _judged(group: Sequence[SnapshotRow], last: dict[int, Step]) -> Iterator[NotBorneOut]:
    published = {row.assessment_id: row for row in group}
    for assessment, total in _official_totals([row.assessment for row in group]):
        row, scale = published[assessment.pk], scale_of(assessment.rubric)
        if scale is None:
            continue
        band = next((one for one in scale.bands if one.rank == assessment.band_rank), None)
        stands = (assessment.band_rank or 0) >= (row.awarded_rank or 0)
        if not stands or (row.qualified and not qualified(band, scale, total.gates)):
            step = last[assessment.pk]
            yield NotBorneOut(row, step, assessment.band_rank, _found_instead(row, assessment, step))


def _found_instead(row: SnapshotRow, assessment: Assessment, step: Step) -> str:
    ground = _("Revisit confirmed on %(day)s: %(points)s points, %(band)s; published: %(old)s points, %(award)s.")
    return ground % {
        "day": timezone.localtime(step.at).date().isoformat(),
        "points": format_points(assessment.points),
        "band": band_named(assessment.rubric, assessment.band_rank) or _("no band"),
        "old": format_points(row.points),
        "award": row.awarded or _("no band"),
    }
