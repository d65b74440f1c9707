"""Self-score against assessment against review: by assessing union, and by who assessed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, CycleKind, Step
from assessments.workflow import Stage, State
from orgs.models import Organization, User
from reports.charts import bars
from reports.standings.scope import Scope
from reports.standings.table import Column, Line, Part, Value
from reports.statistics import mean

COLUMNS = (
    Column(gettext_lazy("Results"), 10),
    Column(gettext_lazy("Self-score"), 12, decimals=2),
    Column(gettext_lazy("Assessment"), 12, decimals=2),
    Column(gettext_lazy("Self-score above assessment"), 16, decimals=2),
    Column(gettext_lazy("Assessment against all"), 16, decimals=2),
    Column(gettext_lazy("Reviewed"), 10),
    Column(gettext_lazy("Assessment above review"), 16, decimals=2),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the assessments whose self-score and assessment both have points; `checked` of them have a review too."""

    count: int
    own: Decimal
    assessed: Decimal
    reviewed: int
    checked: Decimal
    review: Decimal

    def cells(self, average: Decimal) -> tuple[Value, ...]:
        """The cells of COLUMNS; `average` is the assessment's over all."""
        above = mean(self.checked - self.review, self.reviewed) if self.reviewed else None
        return (
            *(self.count, mean(self.own, self.count), mean(self.assessed, self.count)),
            mean(self.own - self.assessed, self.count),
            mean(self.assessed - average * self.count, self.count),
            *(self.reviewed, above),
        )


def parts(scope: Scope) -> list[Part]:
    """By union, and for who decides the cycle by person: a fixed number of queries."""
    if scope.kind is None:
        return []
    by_union = grouped(scope.of_kind, "assessor")
    names: dict[Any, str] = dict(Organization.objects.filter(pk__in=by_union).values_list("pk", "name"))
    found = [_part(_("Self-score, assessment and review by assessing union: %(kind)s"), scope.kind, by_union, names)]
    if scope.whole:
        by_person = grouped(scope.of_kind.annotate(ended_by=ended_by()), "ended_by")
        people: dict[Any, str] = {one.pk: str(one) for one in User.objects.filter(pk__in=set(by_person) - {None})}
        people[None] = _("Nobody known")
        found.append(_part(_("The same by who ended the assessment: %(kind)s"), scope.kind, by_person, people))
    return found


def ended_by() -> Subquery:
    """Who last ended the stage of assessment, by the log of steps."""
    ends = Step.objects.filter(assessment=OuterRef("pk"), source=State.ASSESSING)
    ends = ends.filter(target__in=(State.REVIEWING, State.FINAL))
    return Subquery(ends.order_by("-number").values("by")[:1])


def grouped(assessments: QuerySet[Assessment], by: str) -> dict[Any, Sums]:
    """Sums of the stored totals of each stage, in one query."""
    stages = {f"at_{stage.value}": FilteredRelation("sheets", condition=Q(sheets__stage=stage)) for stage in Stage}
    both = {"at_self__points__isnull": False, "at_assess__points__isnull": False}
    checked = Q(at_review__points__isnull=False)
    found = (
        assessments.order_by()
        .annotate(**stages)
        .filter(**both)
        .values_list(by)
        .annotate(
            count=Count("pk"),
            own=Sum("at_self__points"),
            assessed=Sum("at_assess__points"),
            reviewed=Count("pk", filter=checked),
            checked=Sum("at_assess__points", filter=checked, default=Decimal(0)),
            review=Sum("at_review__points", default=Decimal(0)),
        )
    )
    return {key: Sums(*sums) for key, *sums in found}


def _part(title: str, kind: CycleKind, groups: dict[Any, Sums], names: dict[Any, str]) -> Part:
    title %= {"kind": kind.kind.name}
    count = sum(one.count for one in groups.values())
    average = sum((one.assessed for one in groups.values()), Decimal(0)) / count if count else Decimal(0)
    rows = sorted(groups.items(), key=lambda one: ((one[1].assessed / one[1].count), names[one[0]]))
    lines = tuple(Line((names[key], *one.cells(average))) for key, one in rows)
    above = [(names[key], mean(one.own - one.assessed, one.count)) for key, one in rows]
    positive = [(name, value, f"+{value}") for name, value in above if value > 0]
    return Part(
        title,
        _("The strictest first: “against all” says how far the average lies above or below that of everybody here."),
        (Column(gettext_lazy("Name"), 30, number=False), *COLUMNS),
        lines,
        bars(title, _("How far self-scores lie above the assessment on average."), positive),
        _("There is no final result here yet."),
    )
