"""How many assessments have which points, by kind, branch, section and item: from the roll-up, or counted anew.

Both ways give the same rows, so a page asks for what it shows and not for where it stands. The roll-up speaks of a
whole cycle or of one branch right under it, for whoever reads all of that; what others read is counted anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from assessments.models import Assessment, Cycle, Mark, SectionResult, Tally, TallyChange, What
from assessments.workflow import State
from orgs.models import PATH_STEP, Organization

FIELDS = ("kind", "of", "branch", "points", "band")
"""See `models.tally.Counted`."""


Figure = tuple[Any, ...]
"""What was asked for by FIELDS, and how many assessments have it, in the end."""


def final(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Those with a result: what is under way or withdrawn has none."""
    return assessments.filter(state=State.FINAL, points__isnull=False)


def unions_under(branch: Organization) -> frozenset[str]:
    """The paths of those right under a branch that have organisations of their own."""
    below = Organization.objects.filter(parent=OuterRef("pk"))
    return frozenset(Organization.objects.filter(Exists(below), parent=branch).values_list("path", flat=True))


def branch_in(cycle: Cycle, path: str, unions: Collection[str]) -> str:
    """`Assessment.branch` of an organisation; `unions` are those right under the cycle's branch."""
    branch = cycle.branch.path
    if not path.startswith(branch):
        return ""
    union = path[: len(branch) + PATH_STEP]
    return union if union in unions else branch


def rolled_up(cycle: Cycle, what: What, by: Sequence[str], **only: Any) -> Iterator[Figure]:
    """The roll-up with its changes, in one statement, so that a fold in between changes nothing; so a figure may come
    twice. `by` and `only` name FIELDS.
    """
    tallies, changes = (
        table.objects.filter(cycle=cycle, what=what, **only).order_by().values_list(*by).annotate(number=Sum("count"))
        for table in (Tally, TallyChange)
    )
    return ((*figure, int(number)) for *figure, number in tallies.union(changes, all=True))


def counted(what: What, by: Sequence[str], assessments: QuerySet[Assessment], **only: Any) -> Iterator[Figure]:
    """The same of some assessments of a cycle, from their own rows. `only`: kind and of."""
    rows, said = _source(what, assessments)
    narrow = {f"said_{name}": value for name, value in only.items()}
    named = rows.order_by().annotate(**{f"said_{name}": said[name] for name in {*by, *only}}).filter(**narrow)
    return iter(named.values_list(*(f"said_{name}" for name in by)).annotate(Count("pk")))


def _source(what: What, assessments: QuerySet[Assessment]) -> tuple[QuerySet[Any], Mapping[str, Combinable]]:
    """The rows that are counted, and where FIELDS stand in them."""
    mine = final(assessments).order_by().values("pk")
    none = Value(0)
    if what in (What.ALL, What.TOTAL):
        own: dict[str, Combinable] = {"kind": F("kind"), "of": none, "branch": F("branch")}
        if what == What.ALL:
            return assessments, {**own, "points": none, "band": none}
        return final(assessments), {**own, "points": F("points"), "band": Coalesce("band_rank", none)}
    if what == What.SECTION:
        results = SectionResult.objects.filter(assessment__in=mine)
        there: dict[str, Combinable] = {"kind": F("assessment__kind"), "branch": F("assessment__branch")}
        return results, {**there, "of": F("section"), "points": F("points"), "band": none}
    official = {"sheet__stage": F("sheet__assessment__official_stage"), "earned__isnull": False}
    marks = Mark.objects.filter(sheet__assessment__in=mine, **official)
    there = {"kind": F("sheet__assessment__kind"), "branch": F("sheet__assessment__branch")}
    return marks, {**there, "of": F("item"), "points": F("earned"), "band": none}
