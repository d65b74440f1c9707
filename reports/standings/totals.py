"""How totals are spread: by kind, band and county, and beside the cycle before."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Cycle, CycleKind, What
from assessments.results import scale_of
from orgs.models import PATH_STEP, Organization
from reports.charts import bars, boxes
from reports.standings.scope import Scope, blank, rubric_of
from reports.standings.table import Column, Line, Part, Value
from reports.statistics import Counts, Spread, rounded, share, spread, tally

SPREAD = (
    Column(gettext_lazy("Results"), 10),
    Column(gettext_lazy("Average"), 10, decimals=2),
    Column(gettext_lazy("Median"), 10, decimals=2),
    Column(gettext_lazy("Lowest"), 10, decimals=2),
    Column(gettext_lazy("Lower quartile"), 12, decimals=2),
    Column(gettext_lazy("Upper quartile"), 12, decimals=2),
    Column(gettext_lazy("Highest"), 10, decimals=2),
)
KIND = Column(gettext_lazy("Kind"), 30, number=False)
EMPTY = gettext_lazy("There is no final result here yet.")


def parts(scope: Scope) -> list[Part]:
    """What stored totals say; the number of queries does not depend on how many organisations there are."""
    found = [by_kind(scope)]
    if scope.kind:
        found += [one for one in (by_band(scope, scope.kind), by_county(scope, scope.kind)) if one]
    before = earlier(scope)
    return [*found, compared(scope, before)] if before else found


def by_kind(scope: Scope) -> Part:
    """Every kind of the cycle; the picture shows shares, as kinds have different full marks."""
    counts = _of_kinds(scope)
    lines, drawn = [], []
    for key, kind in scope.kinds.items():
        found = spread(counts.get(key, {}))
        most = blank(kind).maximum
        mean = share(found.total / found.count, most) if found else None
        lines.append(Line((kind.kind.name, *figures(found), most, mean)))
        if in_percent := spread(shares(counts.get(key, {}), most)):
            drawn.append((kind.kind.name, in_percent))
    title = _("Points by kind of organisation")
    return Part(
        title,
        _("Half of the organisations lie between the quartiles. The picture shows per cent of the full points."),
        (
            KIND,
            *SPREAD,
            Column(gettext_lazy("out of"), 10),
            Column(gettext_lazy("Average of the full points (%)"), 14, decimals=2),
        ),
        tuple(lines) if drawn else (),
        boxes(title, _("For each kind the median, the quartiles and the ends, in per cent of the full points."), drawn),
        str(EMPTY),
    )


def shares(counts: Counts, most: Decimal) -> Counter[Decimal]:
    """The same in per cent of the most."""
    found: Counter[Decimal] = Counter()
    for points, count in counts.items():
        part = share(points, most)
        if part is not None:
            found[part] += count
    return found


def figures(found: Spread | None) -> tuple[Value, ...]:
    """The cells of SPREAD."""
    if found is None:
        return (0, *(None for _column in SPREAD[1:]))
    exact = (found.median, found.least, found.lower, found.upper, found.most)
    return (found.count, found.mean, *(rounded(value) for value in exact))


def by_band(scope: Scope, kind: CycleKind) -> Part | None:
    """How many reached which band by their points; no part where the rubric has none."""
    scale = scale_of(rubric_of(kind))
    if scale is None:
        return None
    found: Counter[int] = Counter()
    for band, number in scope.figures(What.TOTAL, "band", kind=kind.kind_id):
        found[band] += number
    total = sum(found.values())
    best_first = sorted(scale.bands, key=lambda band: band.rank, reverse=True)
    rows = [(band.name, found[band.rank]) for band in best_first]
    rows.append((_("No band"), total - sum(count for _name, count in rows)))
    title = _("Bands by points: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _("What the points are worth before quota and rulings; what is awarded stands under “Grading”."),
        (
            Column(gettext_lazy("Band"), 24, number=False),
            Column(gettext_lazy("Results"), 10),
            Column(gettext_lazy("Of all results (%)"), 14, decimals=2),
        ),
        tuple(Line((name, count, share(Decimal(count), Decimal(total)))) for name, count in rows) if total else (),
        bars(title, _("How many reached each band."), [(name, Decimal(count), str(count)) for name, count in rows]),
        str(EMPTY),
    )


def by_county(scope: Scope, kind: CycleKind) -> Part:
    """The branches right under the cycle's, as the tree stood when it opened."""
    every = list(scope.figures(What.TOTAL, "branch", "points", kind=kind.kind_id))
    names = branch_names(scope.cycle, {path for path, _points, _number in every})
    counts = tally((names[path], points, number) for path, points, number in every)
    spreads = [(name, one) for name, values in counts.items() if (one := spread(values))]
    spreads.sort(key=lambda named: (-named[1].total / named[1].count, named[0]))
    title = _("Points by branch: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _("The highest average first."),
        (Column(gettext_lazy("Branch"), 30, number=False), *SPREAD),
        tuple(Line((name, *figures(one))) for name, one in spreads),
        boxes(title, _("For each branch the median, the quartiles and the ends of the points."), spreads),
        str(EMPTY),
    )


def branch_names(cycle: Cycle, paths: set[str]) -> dict[str, str]:
    """What the branches are called in which assessments are counted."""
    unions = {int(path[-PATH_STEP:]): path for path in paths if path and path != cycle.branch.path}
    names = {unions[pk]: name for pk, name in Organization.objects.filter(pk__in=unions).values_list("pk", "name")}
    direct = _("Directly under %(union)s") % {"union": cycle.branch.name}
    return {**names, cycle.branch.path: direct, "": _("Other branches")}


def earlier(scope: Scope) -> Cycle | None:
    """The union's last cycle under the same document in an earlier year, if the person reads its results."""
    cycle = scope.cycle
    before = Cycle.objects.select_related("branch").filter(
        owner=cycle.owner_id, document=cycle.document_id, year__lt=cycle.year
    )
    before = before if scope.whole else before.filter(snapshots__isnull=False).distinct()
    return before.order_by("-year", "-pk").first()


def compared(scope: Scope, before: Cycle) -> Part:
    """Averages and medians of both years by kind, where both have results."""
    lines = []
    versions = dict(before.kinds.values_list("kind", "rubric"))
    then, now = _of_kinds(scope, before), _of_kinds(scope)
    for key, kind in scope.kinds.items():
        old, new = spread(then.get(key, {})), spread(now.get(key, {}))
        if old and new:
            same = versions.get(key) == kind.rubric_id
            lines.append(
                Line(
                    (
                        kind.kind.name,
                        *(old.count, new.count, old.mean, new.mean, new.mean - old.mean),
                        *(rounded(old.median), rounded(new.median), rounded(new.median) - rounded(old.median)),
                        _("the same") if same else _("another version"),
                    )
                )
            )
    return Part(
        _("Compared with %(cycle)s") % {"cycle": before.name},
        _("Each year has the organisations that were assessed then."),
        EARLIER,
        tuple(lines),
        empty=_("No kind of organisation has results in both years."),
    )


EARLIER = (
    KIND,
    Column(gettext_lazy("Results before"), 12),
    Column(gettext_lazy("Results now"), 12),
    Column(gettext_lazy("Average before"), 12, decimals=2),
    Column(gettext_lazy("Average now"), 12, decimals=2),
    Column(gettext_lazy("Change of the average"), 12, decimals=2),
    Column(gettext_lazy("Median before"), 12, decimals=2),
    Column(gettext_lazy("Median now"), 12, decimals=2),
    Column(gettext_lazy("Change of the median"), 12, decimals=2),
    Column(gettext_lazy("Rubric"), 16, number=False),
)


def _of_kinds(scope: Scope, cycle: Cycle | None = None) -> dict[int, dict[Decimal, int]]:
    """By kind, how many have each number of points: one query."""
    return tally(scope.figures(What.TOTAL, "kind", "points", cycle=cycle))
