"""Who stands where among the organisations of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assessments.listing import named
from assessments.models import Assessment, CycleKind, Sheet
from assessments.results import scale_of
from assessments.workflow import Stage
from reports.standings.scope import Scope, rubric_of
from reports.standings.table import Column, Line
from reports.statistics import places, share
from rubrics.convert import to_kernel
from rubrics.scoring.totals import compute_total

COLUMNS = (
    Column(_("Rank"), 8, sort="place"),
    Column(_("Organisation"), 40, number=False, sort="name"),
    Column(_("Assessing union"), 30, number=False, sort="union"),
    Column(_("Points reached"), 12, sort="points"),
    Column(_("out of"), 10),
    Column(_("Of the full points (%)"), 14, decimals=2),
    Column(_("Applicable points"), 12),
    Column(_("Self-score"), 12),
    Column(_("By points"), 16, number=False),
)
ORDERS = {
    "place": ("-points", "sort_key", "pk"),
    "-place": ("points", "sort_key", "pk"),
    "points": ("points", "sort_key", "pk"),
    "-points": ("-points", "sort_key", "pk"),
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "union": ("assessor__sort_key", "assessor", "-points", "sort_key", "pk"),
    "-union": ("-assessor__sort_key", "-assessor", "-points", "sort_key", "pk"),
}
VALUES = ("pk", "name", "points", "band_rank", "union", "applicable", "own")


def ranked(scope: Scope, order: str) -> QuerySet[Any, Any]:
    """The rows of the kind that bear the name asked for, in an order of ORDERS."""
    found = scope.of_kind
    if scope.name:
        found = found.filter(named(scope.name))
    sheets = Sheet.objects.filter(assessment=OuterRef("pk"))
    beside = {
        "union": F("assessor__name"),
        "applicable": Subquery(sheets.filter(stage=OuterRef("official_stage")).values("applicable")[:1]),
        "own": Subquery(sheets.filter(stage=Stage.SELF).values("points")[:1]),
    }
    ordered = found.annotate(**beside).order_by(*ORDERS.get(order, ORDERS["place"]))
    return ordered.values_list(*VALUES, named=True)


def lines(scope: Scope, rows: Iterable[Any]) -> Iterator[Line]:
    """One query for all places: how often each number of points stands. A search changes nobody's place."""
    if scope.kind is None:
        return
    standing = places(counted(scope.of_kind))
    most = maximum(scope.kind)
    scale = scale_of(rubric_of(scope.kind))
    bands = {band.rank: band.name for band in scale.bands} if scale else {}
    before, _pk, after = reverse("assessments:detail", args=[0]).rpartition("0")
    for row in rows:
        cells = (standing[row.points], row.name, row.union, row.points, most, share(row.points, most))
        beside = (row.applicable, row.own, bands.get(row.band_rank, ""))
        yield Line((*cells, *beside), f"{before}{row.pk}{after}")


def counted(assessments: QuerySet[Assessment]) -> dict[Decimal, int]:
    """How many have each number of points."""
    return dict(assessments.order_by().values_list("points").annotate(Count("pk")))


def maximum(kind: CycleKind) -> Decimal:
    """What an organisation of the kind can come to without a bonus, under the rubric as the cycle reads it."""
    return compute_total(to_kernel(rubric_of(kind), kind.total_policy), {}, kind.kind.code).maximum
