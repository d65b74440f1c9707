"""How the reviews of drawn organisations get on, and how far assessment and review are apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Abs

from assessments.figures import in_figures, signed, worth
from assessments.models import Assessment, Draw, Evidence, MarkRevision, Sheet, Step
from assessments.results import contents_of, read_marks, total_of
from assessments.workflow import Action, Stage, State
from rubrics.models import Rubric
from rubrics.rows import rows
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import ZERO
from rubrics.scoring.totals import Total

UNFOLDED = 5
"""Items of an organisation that the page shows before they are asked for."""

COMPARED = (Stage.ASSESS, Stage.REVIEW)
STORED, SHOWN = Decimal("0.0001"), Decimal("0.01")


def untouched(assessments: Collection[Assessment]) -> frozenset[int]:
    """Keys of those that were called up and not worked on since: no step, no mark and no file."""
    last = Step.objects.filter(assessment=OuterRef("pk")).order_by("-number")
    review = Q(sheet__assessment=OuterRef("pk"), sheet__stage=Stage.REVIEW)
    found = (
        Assessment.objects.filter(pk__in=[one.pk for one in assessments], state=State.REVIEWING)
        .annotate(last=Subquery(last.values("action")[:1]), since=Subquery(last.values("at")[:1]))
        .filter(
            ~Exists(MarkRevision.objects.filter(review, at__gte=OuterRef("since"))),
            ~Exists(Evidence.objects.filter(review, uploaded_at__gte=OuterRef("since"))),
            last=Action.CALL_UP,
        )
    )
    return frozenset(found.values_list("pk", flat=True))


def to_review(draw: Draw) -> QuerySet[Assessment]:
    """The assessments that are drawn now."""
    drawn = draw.members.filter(drawn_in__isnull=False, dropped_in=None)
    return Assessment.objects.filter(pk__in=drawn.values("assessment"))


def reviewed(draw: Draw) -> QuerySet[Assessment]:
    """Those of them whose review is confirmed: with `assessed` and `found`, both totals, and `gap`, furthest first."""
    told = {f"{stage}_sheet": FilteredRelation("sheets", condition=Q(sheets__stage=stage)) for stage in COMPARED}
    done = to_review(draw).filter(state=State.FINAL, official_stage=Stage.REVIEW)
    totals = done.annotate(**told).annotate(assessed=F("assess_sheet__points"), found=F("review_sheet__points"))
    return totals.annotate(gap=F("found") - F("assessed")).order_by(Abs("gap").desc(nulls_last=True), "path")


def waiting(draw: Draw) -> QuerySet[Assessment]:
    """Those whose review is still to be confirmed."""
    return to_review(draw).exclude(pk__in=reviewed(draw).order_by().values("pk"))


@dataclass(frozen=True, slots=True)
class UnionGap:
    """One assessing union: how many of its organisations were reviewed, and the mean of what the review changed."""

    name: str
    count: int
    mean: Decimal
    apart: Decimal
    """The mean of the differences without their sign: two that cancel each other out are apart all the same."""

    @property
    def change(self) -> str:
        return signed(self.mean)

    @property
    def distance(self) -> str:
        return in_figures(self.apart)


def by_assessor(draw: Draw) -> list[UnionGap]:
    """Assessing unions, those that are furthest from the reviews first; one query."""
    told = (
        reviewed(draw)
        .order_by()
        .values_list("assessor", "assessor__name")
        .annotate(count=Count("gap"), changed=Sum("gap"), apart=Sum(Abs("gap")))
    )
    found = [
        UnionGap(name, count, _mean(changed, count), _mean(apart, count))
        for _pk, name, count, changed, apart in told
        if count
    ]
    return sorted(found, key=lambda one: (-one.apart, one.name))


def _mean(total: Decimal, count: int) -> Decimal:
    """Sums of a database without decimals are exact again to the places that totals have."""
    return (Decimal(total).quantize(STORED) / count).quantize(SHOWN, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class ItemGap:
    """An item that the review gave other points than the assessment, in figures; `by`: how much more or less.

    before, after  the points alone; None: not known, or it does not apply
    """

    key: str
    text: str
    assessed: str
    found: str
    before: Decimal | None
    after: Decimal | None
    by: Decimal

    @property
    def change(self) -> str:
        return signed(self.by)


@dataclass(frozen=True, slots=True)
class Compared:
    """One reviewed organisation: its totals in figures, and its items that are apart, the largest difference first."""

    assessment: Assessment
    assessed: str
    found: str
    change: str
    items: tuple[ItemGap, ...]

    @property
    def first(self) -> tuple[ItemGap, ...]:
        return self.items[:UNFOLDED]

    @property
    def rest(self) -> tuple[ItemGap, ...]:
        return self.items[UNFOLDED:]


def compared(assessments: Iterable[Assessment]) -> list[Compared]:
    """Of `reviewed`, with `rubric` and `kind`, item by item; two or three queries for each rubric among them."""
    found = list(assessments)
    sheets: dict[int, list[Sheet]] = defaultdict(list)
    rubrics: dict[int, Rubric] = {one.rubric_id: one.rubric for one in found}
    belongs = {one.pk: one.rubric_id for one in found}
    for sheet in Sheet.objects.filter(assessment__in=belongs, stage__in=COMPARED):
        sheets[belongs[sheet.assessment_id]].append(sheet)
    totals: dict[int, dict[Stage, Total]] = defaultdict(dict)
    by_key = {one.pk: one for one in found}
    for rubric, some in sheets.items():
        marks = read_marks(rubrics[rubric], some)
        for sheet in some:
            contents = contents_of(marks[sheet.pk])
            totals[sheet.assessment_id][Stage(sheet.stage)] = total_of(by_key[sheet.assessment_id], contents)
    return [_compared(one, totals[one.pk]) for one in found]


def _compared(one: Assessment, totals: Mapping[Stage, Total]) -> Compared:
    before, after, gap = (getattr(one, name) for name in ("assessed", "found", "gap"))
    change = "" if gap is None else signed(gap)
    return Compared(one, format_points(before), format_points(after), change, item_gaps(one, totals))


def item_gaps(assessment: Assessment, totals: Mapping[Stage, Total]) -> tuple[ItemGap, ...]:
    """Where assessment and review differ in points or in what applies; nothing unless both are there."""
    if not totals.keys() >= set(COMPARED):
        return ()
    texts = {row.key: row.text for row in rows(assessment.rubric)}
    found = [
        ItemGap(
            one.item.key,
            texts[one.item.key],
            worth(one),
            worth(other),
            one.points,
            other.points,
            (other.points or ZERO) - (one.points or ZERO),
        )
        for one, other in zip(totals[Stage.ASSESS].items, totals[Stage.REVIEW].items, strict=True)
        if (one.points, one.status, one.tripped) != (other.points, other.status, other.tripped)
    ]
    return tuple(sorted(found, key=lambda gap: -abs(gap.by)))
