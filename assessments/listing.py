"""The list of assessments: filters, and rows as ready-made strings for a template that looks nothing up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.deadlines import FIELD as DEADLINE
from assessments.deadlines import deadline, extended_now, is_late, overdue
from assessments.grid import HOLE, Holes
from assessments.models import Assessment, Sheet
from assessments.permissions import readable_stages
from assessments.queries import under, visible_to
from assessments.workflow import Stage, State, stage_at_hand
from orgs.models import Organization
from orgs.permissions import posts
from orgs.queries import NOTHING, in_subtree
from rubrics.models import Band
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import User

COUNTED = 1000
"""Up to here the list says how many there are; beyond, counting would cost more than the page."""

COLUMNS = (
    "name",
    "path",
    "state",
    "stages",
    "rubric_id",
    "organization_id",
    "assessor_id",
    "reviewer_id",
    "observer_id",
)
BESIDE = {
    "kind_name": F("kind__name"),
    "cycle_name": F("cycle__name"),
    "assessor_name": F("assessor__name"),
    **{name: F(f"cycle__{name}") for name in DEADLINE.values()},
}
"""What a row shows of other tables, as attributes: instances of all of them would cost more than the queries."""

STATE_CLASS = {
    State.SELF_SCORING: "is-waiting",
    State.ASSESSING: "is-running",
    State.REVIEWING: "is-running",
    State.FINAL: "is-done",
    State.WITHDRAWN: "is-off",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person filters by, cycle and kind by key; empty or None: no such filter."""

    name: str = ""
    cycle: int | None = None
    state: str = ""
    kind: int | None = None
    branch: Organization | None = None
    overdue: bool = False

    @property
    def narrows(self) -> bool:
        return self != Wanted()


def matching(user: User | AnonymousUser, wanted: Wanted) -> QuerySet[Assessment]:
    """What the person may see and asked for, in tree order, the newest cycle of an organisation first."""
    found = visible_to(user)
    if wanted.branch:
        found = found.filter(under(wanted.branch))
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


FIELDS = tuple(field.name for field in fields(ListRow))


def rows_html(rows: Iterable[ListRow]) -> SafeString:
    """The rows as their template renders them: once per language with holes, then one string operation for each row.

    Fifty rows through the template cost as much as all queries of the page (docs/performance.md).
    """
    pattern = _pattern(get_language() or "")
    filled = (pattern % {name: escape(getattr(row, name)) for name in FIELDS} for row in rows)
    return mark_safe("".join(filled))  # noqa: S308  # the template's markup around escaped values


@lru_cache(maxsize=8)
def _pattern(_language: str) -> str:
    html = render_to_string("assessments/_list_row.html", {"row": Holes()})
    return HOLE.sub(r"%(\1)s", html.replace("%", "%%"))


def for_list(found: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return found.annotate(**BESIDE, extended_to=extended_now()).only(*COLUMNS)


class SheetSums(NamedTuple):
    stage: str
    points: Decimal | None
    band_rank: int | None
    scored: int
    required: int


Sums = Mapping[str, SheetSums]
"""The stored sums of one assessment's sheets by stage."""


def list_rows(user: User | AnonymousUser, assessments: Iterable[Assessment]) -> list[ListRow]:
    """One query for the sums of the sheets, and one for the names of bands where there are any."""
    assessments = list(assessments)
    sums = _sums(assessments)
    bands = _band_names(assessments, sums)
    labels = {(state.value, False): str(state.label) for state in State}
    labels |= {(state.value, True): _("%(state)s, overdue") % {"state": state.label} for state in State}
    before, _pk, after = reverse("assessments:detail", args=[0]).rpartition("0")
    today = timezone.localdate()
    return [_list_row(user, one, f"{before}{one.pk}{after}", sums[one.pk], bands, labels, today) for one in assessments]


def _sums(assessments: list[Assessment]) -> dict[int, dict[str, SheetSums]]:
    found: dict[int, dict[str, SheetSums]] = {one.pk: {} for one in assessments}
    for pk, *sums in Sheet.objects.filter(assessment__in=found).values_list("assessment", *SheetSums._fields):
        found[pk][sums[0]] = SheetSums(*sums)
    return found


def _band_names(assessments: list[Assessment], sums: Mapping[int, Sums]) -> dict[tuple[int, int | None], str]:
    rubrics = {one.rubric_id for one in assessments if any(sheet.band_rank for sheet in sums[one.pk].values())}
    if not rubrics:
        return {}
    bands = Band.objects.filter(rubric__in=rubrics).order_by().values_list("rubric", "rank", "name")
    return {(rubric, rank): name for rubric, rank, name in bands}


def _list_row(
    user: User | AnonymousUser,
    one: Any,
    url: str,
    sheets: Sums,
    bands: Mapping[tuple[int, int | None], str],
    labels: Mapping[tuple[str, bool], str],
    today: date,
) -> ListRow:
    """`one` is an assessment with what stands BESIDE it."""
    readable = [sheets[stage] for stage in readable_stages(user, one) if stage in sheets]
    points = {sheet.stage: format_points(sheet.points) for sheet in readable}
    ranks = [sheet.band_rank for sheet in readable if sheet.band_rank and one.state != State.WITHDRAWN]
    current = sheets.get(stage_at_hand(State(one.state), one.stages))
    scored, required = (current.scored, current.required) if current else (0, 0)
    late = is_late(deadline(one, one.state, one.extended_to), today)
    return ListRow(
        url=url,
        name=one.name,
        kind=one.kind_name,
        cycle=one.cycle_name,
        assessor=one.assessor_name,
        state=labels[one.state, late],
        state_class="is-late" if late else STATE_CLASS[State(one.state)],
        self_points=points.get(Stage.SELF, ""),
        assess_points=points.get(Stage.ASSESS, ""),
        review_points=points.get(Stage.REVIEW, ""),
        band=bands[one.rubric_id, ranks[-1]] if ranks else "",
        scored=str(scored),
        required=str(required or 1),
        marked=f"{scored} / {required}",
    )
