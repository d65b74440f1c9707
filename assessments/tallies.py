"""How many assessments have which points, by kind, branch, section and item: from the roll-up, or counted anew.

Both ways give the same rows, so a page asks for what it shows and not for where it stands. The roll-up speaks of a
whole cycle or of one branch right under it, for whoever reads all of that; what others read is counted anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Substr

from assessments.models import Assessment, Cycle, Mark, SectionResult, Tally, TallyChange, What
from assessments.workflow import State
from orgs.models import PATH_STEP

FIELDS = ("kind", "of", "branch", "points", "band")


class Figure(NamedTuple):
    """So many of a kind and branch with the same points; see `models.tally.Counted`."""

    kind: int
    of: int
    branch: str
    points: Any
    band: int
    number: int


def final(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Those with a result: what is under way or withdrawn has none."""
    return assessments.filter(state=State.FINAL, points__isnull=False)


def branch_length(cycle: Cycle) -> int:
    """The length of the paths of the unions right under the cycle's branch."""
    return len(cycle.branch.path) + PATH_STEP


def rolled_up(cycle: Cycle, what: What, **only: Any) -> Iterator[Figure]:
    """The roll-up with its changes, in one statement, so that a fold in between changes nothing. `only`: of FIELDS."""
    tallies, changes = (
        table.objects.filter(cycle=cycle, what=what, **only).values_list(*FIELDS, "count")
        for table in (Tally, TallyChange)
    )
    return (Figure(*row) for row in tallies.union(changes, all=True))


def counted(cycle: Cycle, what: What, assessments: QuerySet[Assessment], **only: Any) -> Iterator[Figure]:
    """The same of some assessments of the cycle, from their own rows. `only`: kind and of."""
    rows, said = _source(cycle, what, assessments)
    narrow = {f"said_{name}": value for name, value in only.items()}
    named = rows.order_by().annotate(**{f"said_{name}": one for name, one in said.items()}).filter(**narrow)
    found = named.values_list(*(f"said_{name}" for name in FIELDS)).annotate(Count("pk"))
    return (Figure(*row) for row in found)


def _source(
    cycle: Cycle, what: What, assessments: QuerySet[Assessment]
) -> tuple[QuerySet[Any], Mapping[str, Combinable]]:
    """The rows that are counted, and where FIELDS stand in them."""
    length = branch_length(cycle)
    mine = final(assessments).order_by().values("pk")
    none = Value(0)
    if what in (What.ALL, What.TOTAL):
        own: dict[str, Combinable] = {"kind": F("kind"), "of": none, "branch": Substr("path", 1, length)}
        if what == What.ALL:
            return assessments, {**own, "points": none, "band": none}
        return final(assessments), {**own, "points": F("points"), "band": Coalesce("band_rank", none)}
    if what == What.SECTION:
        results = SectionResult.objects.filter(assessment__in=mine)
        there: dict[str, Combinable] = {"kind": F("assessment__kind"), "branch": Substr("assessment__path", 1, length)}
        return results, {**there, "of": F("section"), "points": F("points"), "band": none}
    official = {"sheet__stage": F("sheet__assessment__official_stage"), "earned__isnull": False}
    marks = Mark.objects.filter(sheet__assessment__in=mine, **official)
    there = {"kind": F("sheet__assessment__kind"), "branch": Substr("sheet__assessment__path", 1, length)}
    return marks, {**there, "of": F("item"), "points": F("earned"), "band": none}
