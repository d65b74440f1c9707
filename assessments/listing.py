"""The list of assessments: filters, and rows as ready-made strings for a template that looks nothing up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.deadlines import deadline, is_late, overdue
from assessments.models import Assessment
from assessments.permissions import readable_stages
from assessments.queries import under, visible_to, with_totals
from assessments.workflow import STAGE_ORDER, WRITERS, Stage, State
from orgs.models import Organization, OrganizationKind
from orgs.permissions import posts
from orgs.queries import NOTHING, in_subtree
from rubrics.models import Band
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from assessments.models import Cycle
    from orgs.models import User

COUNTED = 1000
"""Up to here the list says how many there are; beyond, counting would cost more than the page."""

COLUMNS = (
    *("name", "path", "state", "stages", "band_rank", "rubric_id", "official_stage"),
    *("organization_id", "assessor_id", "reviewer_id"),
    *("cycle__name", "cycle__self_deadline", "cycle__assess_deadline", "cycle__review_deadline"),
    *("kind__name", "assessor__name"),
)

STATE_CLASS = {
    State.SELF_SCORING: "is-waiting",
    State.ASSESSING: "is-running",
    State.REVIEWING: "is-running",
    State.FINAL: "is-done",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person filters by; empty or None: no such filter."""

    name: str = ""
    cycle: Cycle | None = None
    state: str = ""
    kind: OrganizationKind | None = None
    branch: Organization | None = None
    overdue: bool = False

    @property
    def narrows(self) -> bool:
        return self != Wanted()


def matching(user: User | AnonymousUser, wanted: Wanted) -> QuerySet[Assessment]:
    """What the person may see and asked for, in tree order, the newest cycle of an organisation first."""
    found = visible_to(user)
    if wanted.branch:
        found = found.filter(under(wanted.branch.path))
    if wanted.cycle:
        found = found.filter(cycle=wanted.cycle)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.name:
        found = found.filter(named(wanted.name))
    if wanted.overdue:
        found = overdue(found)
    return found.order_by("path", "-cycle_id")


def named(text: str) -> Q:
    """By a part of the name, or, typed in Latin letters, of its pinyin or initials."""
    squeezed = "".join(text.split())
    return (
        Q(sort_key__contains=squeezed.lower()) | Q(name__contains=text)
        if squeezed.isascii()
        else Q(name__contains=squeezed)
    )


def branches(user: User | AnonymousUser) -> QuerySet[Organization]:
    """The organisations by whose branch a person may filter: their own, and all below."""
    reach = NOTHING
    for post in posts(user):
        reach |= in_subtree(post.path)
    return Organization.objects.filter(reach)


def count_up_to_limit(found: QuerySet[Assessment]) -> str:
    """'37' or '1000+'."""
    count = found.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else str(count)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One assessment as the list shows it. Totals of stages that the person may not read are empty."""

    url: str
    name: str
    kind: str
    cycle: str
    assessor: str
    state: str
    state_class: str
    self_points: str
    assess_points: str
    review_points: str
    band: str
    scored: str
    required: str
    marked: str


def for_list(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """With what a row needs: two queries for any number of rows."""
    return with_totals(found).only(*COLUMNS)


def list_rows(user: User | AnonymousUser, assessments: Iterable[Assessment]) -> list[ListRow]:
    """One query more, for the names of bands, where a row has one."""
    assessments = list(assessments)
    labels = {(state.value, False): str(state.label) for state in State}
    labels |= {(state.value, True): _("%(state)s, overdue") % {"state": state.label} for state in State}
    bands = _band_names(assessments)
    before, _pk, after = reverse("assessments:detail", args=[0]).rpartition("0")
    today = timezone.localdate()
    return [
        _list_row(user, one, f"{before}{one.pk}{after}", labels, bands, is_late(deadline(one.cycle, one.state), today))
        for one in assessments
    ]


def _band_names(assessments: list[Assessment]) -> dict[tuple[int, int], str]:
    rubrics = {one.rubric_id for one in assessments if any(sheet.band_rank for sheet in one.sheets.all())}
    if not rubrics:
        return {}
    bands = Band.objects.filter(rubric__in=rubrics).order_by().values_list("rubric", "rank", "name")
    return {(rubric, rank): name for rubric, rank, name in bands}


def _list_row(
    user: User | AnonymousUser,
    one: Assessment,
    url: str,
    labels: Mapping[tuple[str, bool], str],
    bands: Mapping[tuple[int, int], str],
    late: bool,
) -> ListRow:
    sheets = {sheet.stage: sheet for sheet in one.sheets.all()}
    readable = [sheets[stage] for stage in readable_stages(user, one) if stage in sheets]
    points = {sheet.stage: format_points(sheet.points) for sheet in readable}
    current = sheets.get(_last_stage(one))
    scored, required = (current.scored, current.required) if current else (0, 0)
    last = next((sheet for sheet in reversed(readable) if sheet.band_rank), None)
    return ListRow(
        url=url,
        name=one.name,
        kind=one.kind.name,
        cycle=one.cycle.name,
        assessor=one.assessor.name,
        state=labels[one.state, late],
        state_class="is-late" if late else STATE_CLASS[State(one.state)],
        self_points=points.get(Stage.SELF, ""),
        assess_points=points.get(Stage.ASSESS, ""),
        review_points=points.get(Stage.REVIEW, ""),
        band=bands.get((one.rubric_id, last.band_rank or 0), "") if last else "",
        scored=str(scored),
        required=str(required or 1),
        marked=f"{scored} / {required}",
    )


def _last_stage(one: Assessment) -> Stage:
    """The stage whose progress counts: the open one, or the last when all are done."""
    writer = WRITERS.get(State(one.state))
    return writer.stage if writer else STAGE_ORDER[one.stages - 1]
