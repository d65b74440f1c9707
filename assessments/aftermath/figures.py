"""The figures of a yearly report: how a union's branch came out of a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext as _

from assessments.aftermath.coverage import in_year
from assessments.models import Assessment, Cycle, Sheet, Snapshot
from assessments.workflow import Stage, State
from orgs.models import PATH_STEP, Organization
from orgs.queries import in_subtree

Figures = dict[str, Any]
"""As it is kept with a report: JSON."""


def reporting_unions(cycle: Cycle) -> QuerySet[Organization]:
    """The open unions directly under the deciding one that have organisations below them in the cycle."""
    step = len(cycle.owner.path) + PATH_STEP
    below = cycle.assessments.annotate(depth=Length("path")).filter(depth__gt=step).order_by()
    paths = below.values_list(Substr(F("path"), 1, step), flat=True).distinct()
    return Organization.objects.filter(path__in=list(paths), parent=cycle.owner_id, closed_on=None).order_by("path")


def figures_of(cycle: Cycle, union: Organization) -> Figures:
    """What stands now of the union's branch, itself not counted. A fixed number of queries.

    Bands and qualified are those of the newest published results; None before there are any.
    """
    branch = Assessment.objects.filter(in_subtree(union.path), cycle=cycle).exclude(organization=union).order_by()
    states = dict(branch.values_list("state").annotate(Count("pk")))
    snapshot = cycle.snapshots.first()
    year = in_year(union, cycle.year)
    return {
        "states": {state: states.get(state, 0) for state in State.values},
        "total": sum(states.values()),
        "published": _published(snapshot, union) if snapshot else None,
        "self": _self_scores(branch),
        "coverage": {
            "year": cycle.year,
            "all": year.ever.all,
            "ever": year.ever.covered,
            "alone": year.alone.covered,
            "ever_percent": year.ever.percent,
            "alone_percent": year.alone.percent,
        },
    }


def _published(snapshot: Snapshot, union: Organization) -> Figures:
    rows = snapshot.rows.filter(in_subtree(union.path)).exclude(assessment__organization=union).order_by()
    bands = rows.exclude(awarded="").values_list("awarded_rank", "awarded").annotate(found=Count("pk"))
    counts = rows.aggregate(
        results=Count("pk", filter=Q(points__isnull=False)),
        reached=Count("pk", filter=Q(qualified=True)),
        failed=Count("pk", filter=Q(qualified=False)),
        cut=Count("pk", filter=Q(limited=True)),
    )
    counts = {
        "results": counts["results"],
        "qualified": counts["reached"],
        "not_qualified": counts["failed"],
        "limited": counts["cut"],
    }
    named = [[band, found] for _rank, band, found in bands.order_by("-awarded_rank", "awarded")]
    return {"number": snapshot.number, "bands": named, **counts}


def _self_scores(branch: QuerySet[Assessment]) -> dict[str, int]:
    """How the organisations' own scores stand to the official ones."""
    own = Sheet.objects.filter(assessment=OuterRef("pk"), stage=Stage.SELF)
    final = branch.filter(state=State.FINAL).annotate(own=Subquery(own.values("points")[:1]))
    return final.aggregate(
        higher=Count("pk", filter=Q(own__gt=F("points"))),
        same=Count("pk", filter=Q(own=F("points"))),
        lower=Count("pk", filter=Q(own__lt=F("points"))),
    )


def in_lines(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures as (what, how many), for page and print."""
    states, covered = figures["states"], figures["coverage"]
    lines = [(_("Organisations in this cycle"), str(figures["total"]))]
    lines += [(str(State(state).label), str(count)) for state, count in states.items() if count]
    lines += _published_lines(figures["published"])
    lines += [
        (_("Self-score above the official score"), str(figures["self"]["higher"])),
        (_("Self-score equal to the official score"), str(figures["self"]["same"])),
        (_("Self-score below the official score"), str(figures["self"]["lower"])),
    ]
    with_result = _("%(covered)s of %(all)s (%(percent)s %%)")
    for label, name in ((_("Covered up to %(year)s"), "ever"), (_("Covered in %(year)s"), "alone")):
        said = {"covered": covered[name], "all": covered["all"], "percent": covered[f"{name}_percent"]}
        lines.append((label % {"year": covered["year"]}, with_result % said))
    return lines


def _published_lines(published: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if published is None:
        return [(_("Published results"), _("not published yet"))]
    return [
        *((band, str(count)) for band, count in published["bands"]),
        (_("Qualified"), str(published["qualified"])),
        (_("Not qualified"), str(published["not_qualified"])),
        *([(_("Limited by the quota"), str(published["limited"]))] if published["limited"] else []),
    ]
