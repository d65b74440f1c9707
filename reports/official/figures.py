"""The figures of an official report, all from published results: nothing is computed from marks that may have changed.

Only what comes after a publication by its nature, objections and make-up tasks, is as it stands that day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, Subquery

from assessments.models import (
    Assessment,
    CycleKind,
    Draw,
    DrawMember,
    DrawPurpose,
    DrawState,
    MakeUp,
    Objection,
    ObjectionState,
    Sheet,
    Snapshot,
    SnapshotRow,
    What,
)
from assessments.tallies import counted
from assessments.workflow import Stage, State
from reports.standings.losses import PER, lost, lost_most
from reports.standings.scope import rubric_of
from reports.standings.totals import branch_names
from reports.statistics import Spread, rounded, spread
from rubrics.rows import rows as rows_of

LOST_OF_A_KIND = 3
"""Items of each kind that the report names."""

PUBLISHED = ("kind", "county", "maximum", "points", "awarded_rank", "awarded", "qualified", "limited")


@dataclass(frozen=True, slots=True)
class Group:
    """Published results that are alike in everything that is counted."""

    kind: str
    county: str
    maximum: Decimal | None
    points: Decimal | None
    rank: int | None
    awarded: str
    qualified: bool | None
    limited: bool
    count: int
    first: int


@dataclass(frozen=True)
class Tally:
    """How a kind, a county or all came out. `maximum` None: full points differ, so averages say nothing."""

    name: str
    groups: tuple[Group, ...]

    @property
    def all(self) -> int:
        return self._count(self.groups)

    @property
    def withdrawn(self) -> int:
        return self.all - self.assessed

    @cached_property
    def results(self) -> list[Group]:
        return [one for one in self.groups if one.points is not None]

    @property
    def assessed(self) -> int:
        return self._count(self.results)

    @property
    def qualified(self) -> int:
        return self._count(one for one in self.results if one.qualified is True)

    @property
    def failed(self) -> int:
        return self._count(one for one in self.results if one.qualified is False)

    @property
    def limited(self) -> int:
        return self._count(one for one in self.results if one.limited)

    @property
    def maximum(self) -> Decimal | None:
        found = {one.maximum for one in self.results}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def spread(self) -> Spread | None:
        counts: Counter[Decimal] = Counter()
        for one in self.results:
            counts[one.points or Decimal(0)] += one.count
        return spread(counts)

    @cached_property
    def bands(self) -> dict[str, int]:
        """How many were awarded each band, the best first; those without one are not in it."""
        counts: Counter[tuple[int, str]] = Counter()
        for one in self.results:
            if one.rank is not None:
                counts[one.rank, one.awarded] += one.count
        found: Counter[str] = Counter()
        for (_rank, name), count in sorted(counts.items(), reverse=True):
            found[name] += count
        return dict(found)

    @staticmethod
    def _count(groups: Iterable[Group]) -> int:
        return sum(one.count for one in groups)


@dataclass(frozen=True, slots=True)
class Checked:
    """Spot checks before the publication: how many draws and drawn, reviewed, and how many reviews differ."""

    draws: int
    drawn: int
    reviewed: int
    differ: int
    apart: Decimal | None
    """Mean of the differences without their sign."""


@dataclass(frozen=True, slots=True)
class Lost:
    kind: str
    number: str
    text: str
    points: Decimal
    average: Decimal


@dataclass(frozen=True, slots=True)
class Failed:
    """An organisation that did not qualify, with its last make-up task."""

    row: SnapshotRow
    task: MakeUp | None


@dataclass(frozen=True, slots=True)
class Figures:
    total: Tally
    kinds: tuple[Tally, ...]
    counties: tuple[Tally, ...]
    checked: Checked
    objections: Mapping[str, int]
    lost: tuple[Lost, ...]

    @property
    def graded(self) -> bool:
        return bool(self.total.bands)

    @property
    def judged(self) -> bool:
        """Whether organisations qualify or not under these rubrics."""
        return bool(self.total.qualified or self.total.failed)


def figures_of(snapshot: Snapshot) -> Figures:
    """The number of queries depends on how many kinds there are, not on organisations."""
    groups = _groups(snapshot)
    return Figures(
        total=Tally("", tuple(groups)),
        kinds=_tallies(groups, "kind"),
        counties=_tallies(groups, "county"),
        checked=_checked(snapshot),
        objections=_objections(snapshot),
        lost=tuple(_lost(snapshot)),
    )


def _groups(snapshot: Snapshot) -> list[Group]:
    told = snapshot.rows.order_by().annotate(county=F("assessment__branch")).values_list(*PUBLISHED)
    rows = list(told.annotate(count=Count("pk"), first=Min("pk")))
    names = branch_names(snapshot.cycle, {county for _kind, county, *_rest in rows})
    found = [Group(kind, names[county], *rest) for kind, county, *rest in rows]
    return sorted(found, key=lambda one: one.first)


def _tallies(groups: Iterable[Group], by: str) -> tuple[Tally, ...]:
    """In the order of the snapshot, which is that of kinds and places."""
    found: dict[str, list[Group]] = {}
    for one in groups:
        found.setdefault(getattr(one, by), []).append(one)
    return tuple(Tally(name, tuple(some)) for name, some in found.items())


def _checked(snapshot: Snapshot) -> Checked:
    """What was drawn before the publication. An official score of a drawn organisation is that of its review."""
    draws = Draw.objects.filter(
        cycle=snapshot.cycle_id,
        purpose=DrawPurpose.SPOT_CHECK,
        state=DrawState.DRAWN,
        rounds__at__lte=snapshot.at,
    ).distinct()
    drawn = DrawMember.objects.filter(draw__in=draws.values("pk"), drawn_in__isnull=False, dropped_in=None)
    people = drawn.order_by().values("assessment").distinct()
    sheets = Sheet.objects.filter(assessment=OuterRef("assessment"))
    before = sheets.filter(stage=Stage.ASSESS).values("points")[:1]
    after = sheets.filter(stage=Stage.REVIEW, points__isnull=False).values("stage")[:1]
    reviewed = snapshot.rows.filter(assessment__in=people, points__isnull=False).order_by()
    told = reviewed.annotate(before=Subquery(before), after=Subquery(after)).exclude(after=None)
    gaps = [abs(points - earlier) for points, earlier in told.values_list("points", "before")]
    mean = rounded(sum(gaps, Decimal(0)) / len(gaps)) if gaps else None
    return Checked(draws.count(), people.count(), len(gaps), sum(bool(gap) for gap in gaps), mean)


def _objections(snapshot: Snapshot) -> dict[str, int]:
    """By state, over all notices of the cycle; "all" counts them."""
    found = Objection.objects.filter(notice__snapshot__cycle=snapshot.cycle_id).order_by()
    counts = dict(found.values_list("state").annotate(Count("pk")))
    return {"all": sum(counts.values()), **{state: counts.get(state, 0) for state in ObjectionState.values}}


def _lost(snapshot: Snapshot) -> Iterable[Lost]:
    """Over the organisations whose result still is the published one: of others the marks say something else now."""
    kinds = CycleKind.objects.filter(cycle=snapshot.cycle_id, rubric__isnull=False)
    same = Q(published__snapshot=snapshot, published__points=F("points"))
    for kind in kinds.select_related("kind", "rubric__document", "cycle__branch").order_by("kind__position", "kind_id"):
        held = Assessment.objects.filter(same, cycle=snapshot.cycle_id, kind=kind.kind_id, state=State.FINAL)
        figures = counted(What.ITEM, PER, held, kind=kind.kind_id)
        by_key = {row.pk: row for row in rows_of(rubric_of(kind))}
        for subject, found in lost_most(figures, kind, What.ITEM)[:LOST_OF_A_KIND]:
            row = by_key[subject.of]
            yield Lost(kind.kind.name, row.number or row.key, row.text, subject.most, rounded(lost(subject, found)))


def failed(snapshot: Snapshot) -> list[Failed]:
    """Who did not qualify, in the order of the snapshot, each with the newest make-up task. Two queries."""
    rows = list(snapshot.rows.filter(qualified=False).order_by("pk"))
    set_: dict[int, MakeUp] = {}
    said: dict[str, Any] = {
        "consequence__row__snapshot__cycle": snapshot.cycle_id,
        "consequence__row__assessment__in": [row.assessment_id for row in rows],
    }
    for task in MakeUp.objects.filter(**said).select_related("consequence__row").order_by("pk"):
        set_[task.consequence.row.assessment_id] = task
    return [Failed(row, set_.get(row.assessment_id)) for row in rows]
