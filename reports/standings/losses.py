"""Where points are lost most: judged items of a kind's rubric by how far the official marks stay below full points.

What a rule computes from counts is not in these tables, and the page says how many items that are: their points stand
on no mark. Marks are counted by the database, by item and points; none is read one by one.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Assessment, CycleKind, Mark
from reports.charts import bars
from reports.standings.scope import Scope, rubric_of
from reports.standings.table import Column, Line, Part
from reports.statistics import Spread, rounded, share, spread
from rubrics.models import BaseRule
from rubrics.rows import Row, rows

MOST = 15

COLUMNS = (
    Column(gettext_lazy("No."), 10, number=False),
    Column(gettext_lazy("Item"), 60, number=False),
    Column(gettext_lazy("Full points"), 12),
    Column(gettext_lazy("Number of marks"), 12),
    Column(gettext_lazy("Average"), 10, decimals=2),
    Column(gettext_lazy("Median"), 10, decimals=2),
    Column(gettext_lazy("Lost on average"), 14, decimals=2),
    Column(gettext_lazy("Lost of the full points (%)"), 16, decimals=2),
)


def parts(scope: Scope) -> list[Part]:
    return [losses(scope, scope.kind)] if scope.kind else []


def losses(scope: Scope, kind: CycleKind) -> Part:
    """The items that lose most, the most first; those that lose nothing are left out. Two queries."""
    asked = asked_of(kind)
    lost = most_lost(scope.of_kind, kind)
    title = _("Where most points are lost: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _note(sum(row.rule != BaseRule.JUDGED for row in asked)),
        COLUMNS,
        tuple(_line(row, one) for row, one in lost),
        bars(
            title,
            _("How many points each item loses on average."),
            [
                (f"{row.number} {row.text}".strip(), lost_on(row, one), str(rounded(lost_on(row, one))))
                for row, one in lost
            ],
        ),
        _("No judged item has lost a point so far."),
    )


def asked_of(kind: CycleKind) -> list[Row]:
    """The items with points that a kind is asked."""
    return [row for row in rows(rubric_of(kind)) if row.applies(kind.kind.code) and row.points]


def most_lost(assessments: QuerySet[Assessment], kind: CycleKind, most: int = MOST) -> list[tuple[Row, Spread]]:
    """The judged items that lose most on the official sheets of these assessments of the kind, the most first."""
    judged = {row.pk: row for row in asked_of(kind) if row.rule == BaseRule.JUDGED}
    spreads = {item: one for item, values in counted(assessments, judged).items() if (one := spread(values))}
    order = {item: number for number, item in enumerate(judged)}
    found = [(judged[item], one) for item, one in spreads.items() if lost_on(judged[item], one)]
    found.sort(key=lambda one: (-lost_on(*one), order[one[0].pk]))
    return found[:most]


def counted(assessments: QuerySet[Assessment], judged: dict[int, Row]) -> dict[int, dict[Decimal, int]]:
    """By item, how many official marks have each number of points; what does not apply has none."""
    found: dict[int, dict[Decimal, int]] = defaultdict(dict)
    marks = Mark.objects.filter(
        sheet__assessment__in=assessments.order_by().values("pk"),
        sheet__stage=F("sheet__assessment__official_stage"),
        item__in=judged,
        points__isnull=False,
    )
    for item, points, count in marks.order_by().values_list("item", "points").annotate(Count("pk")):
        found[item][points] = count
    return found


def lost_on(row: Row, found: Spread) -> Decimal:
    """What an item loses on average, exactly."""
    return (row.points or Decimal(0)) - found.total / found.count


def _line(row: Row, found: Spread) -> Line:
    lost = lost_on(row, found)
    part = share(lost, row.points or Decimal(0))
    return Line((row.number, row.text, row.points, found.count, found.mean, rounded(found.median), rounded(lost), part))


def _note(computed: int) -> str:
    said = _("Judged items of the official sheets, the %(most)s that lose most; bonuses are not counted.")
    if not computed:
        return said % {"most": MOST}
    left_out = ngettext(
        "%(count)d item, whose points a rule computes, is not among them.",
        "%(count)d items, whose points a rule computes, are not among them.",
        computed,
    )
    return f"{said % {'most': MOST}} {left_out % {'count': computed}}"
