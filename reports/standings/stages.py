"""Self-score against assessment against review: by assessing union, and by who assessed."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, CycleKind, Mark
from assessments.workflow import Stage
from orgs.models import Organization, User
from reports.charts import bars
from reports.standings.scope import Scope
from reports.standings.table import Column, Line, Part, Value
from reports.statistics import mean, share

COLUMNS = (
    Column(gettext_lazy("Results"), 10),
    Column(gettext_lazy("Self-score"), 12, decimals=2),
    Column(gettext_lazy("Assessment"), 12, decimals=2),
    Column(gettext_lazy("Self-score above assessment"), 16, decimals=2),
    Column(gettext_lazy("Assessment against all"), 16, decimals=2),
    Column(gettext_lazy("Reviewed"), 10),
    Column(gettext_lazy("Assessment above review"), 16, decimals=2),
)

ENTERED = (
    Column(gettext_lazy("Name"), 30, number=False),
    Column(gettext_lazy("Marks"), 10),
    Column(gettext_lazy("Given of the full points (%)"), 16, decimals=2),
    Column(gettext_lazy("Against all (percentage points)"), 16, decimals=2),
)
LEAST, LEAST_MARKS = 2, 20
"""Who has fewer results or marks has no line of their own: a single case says nothing about a person."""

MOST_RESULTS = 20_000
"""Up to so many final results their marks are read one by one; beyond, a page would take too long."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the assessments whose self-score and assessment both have points; `checked` of them have a review too."""

    count: int
    own: Decimal
    assessed: Decimal
    reviewed: int
    checked: Decimal
    review: Decimal

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(mine + its for mine, its in zip(astuple(self), astuple(other), strict=True)))

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
        by_person = grouped(scope.of_kind, "assessed_by")
        people: dict[Any, str] = {one.pk: str(one) for one in User.objects.filter(pk__in=set(by_person) - {None})}
        people[None] = _("Nobody known")
        found.append(_part(_("The same by who ended the assessment: %(kind)s"), scope.kind, by_person, people))
        found += [entered(scope, scope.kind)] if scope.count <= MOST_RESULTS else []
    return found


def grouped(assessments: QuerySet[Assessment], by: str) -> dict[Any, Sums]:
    """Sums of the points of each stage, in one query over the assessments alone."""
    checked = Q(review_points__isnull=False)
    found = (
        assessments.order_by()
        .filter(self_points__isnull=False, assess_points__isnull=False)
        .values_list(by)
        .annotate(
            count=Count("pk"),
            own=Sum("self_points"),
            assessed=Sum("assess_points"),
            reviewed=Count("pk", filter=checked),
            checked=Sum("assess_points", filter=checked, default=Decimal(0)),
            review=Sum("review_points", default=Decimal(0)),
        )
    )
    return {key: Sums(*sums) for key, *sums in found}


def _part(title: str, kind: CycleKind, groups: dict[Any, Sums], names: dict[Any, str]) -> Part:
    title %= {"kind": kind.kind.name}
    count = sum(one.count for one in groups.values())
    average = sum((one.assessed for one in groups.values()), Decimal(0)) / count if count else Decimal(0)
    enough = [one for one in groups.items() if one[1].count >= LEAST]
    rows = sorted(enough, key=lambda one: ((one[1].assessed / one[1].count), names[one[0]]))
    lines = tuple(Line((names[key], *one.cells(average))) for key, one in rows)
    few = [one for one in groups.values() if one.count < LEAST]
    if few:
        others = _("Others, with fewer than %(least)s results each") % {"least": LEAST}
        lines += (Line((others, *sum(few[1:], few[0]).cells(average))),)
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


def entered(scope: Scope, kind: CycleKind) -> Part:
    """How much of the full points of their items those gave who entered the marks of the assess sheet: two queries."""
    marks = Mark.objects.filter(
        sheet__assessment__in=scope.of_kind.order_by().values("pk"),
        sheet__stage=Stage.ASSESS,
        earned__isnull=False,
        item__points__gt=0,
    )
    sums = (Count("pk"), Sum("earned"), Sum("item__points"))
    found = {by: figures for by, *figures in marks.order_by().values_list("saved_by").annotate(*sums)}
    every = _percent([(got, most) for _number, got, most in found.values()])
    people = {one.pk: str(one) for one in User.objects.filter(pk__in=found)}
    named = [
        (people[by], number, _percent([(got, most)]))
        for by, (number, got, most) in found.items()
        if number >= LEAST_MARKS
    ]
    named.sort(key=lambda one: (one[2], one[0]))
    title = _("How much was given by who entered the marks: %(kind)s") % {"kind": kind.kind.name}
    note = _(
        "The strictest first, with %(least)s marks and more; bonuses are not counted. Items differ: compare with care."
    )
    return Part(
        title,
        note % {"least": LEAST_MARKS},
        ENTERED,
        tuple(Line((name, number, part, part - every)) for name, number, part in named),
        empty=_("Nobody has entered %(least)s marks yet.") % {"least": LEAST_MARKS},
    )


def _percent(given: list[tuple[Decimal, Decimal]]) -> Decimal:
    """What was given of the full points together; 0 of nothing."""
    got, most = (sum(column, Decimal(0)) for column in zip(*given, strict=True)) if given else (Decimal(0), Decimal(0))
    return share(got, most) or Decimal(0)
