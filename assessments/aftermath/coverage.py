"""How much of a union's branch has been assessed over the years, against its targets (Guyuan 4.2: 30 %, 70 %, 100 %).

The plan can be read in two ways (domain.md I7), and the page shows both: who has had a result in any year up to this
one, and who has had one in this year.

Counted are the organisations that exist today, where they stand in the tree today: one that closed counts neither as
covered nor as to be covered, one that is new has to be covered, whatever year it is. Kinds of organisation that every
cycle left out on purpose are not counted. A result is that of a closed cycle, which an organisation that was withdrawn
does not have; each organisation counts once, however many results it has (trust.md, invariant 19).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from assessments.models import Assessment, Consequence, CoverageTarget, Cycle, CycleKind
from assessments.workflow import State
from orgs.models import PATH_STEP, Organization, OrganizationKind
from orgs.queries import in_subtree, subtree
from rubrics.scoring.numbers import format_points

YEARS = 8
"""The latest years shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """How many of how many, and whether that reaches a target. `percent` is cut, never rounded up."""

    covered: int
    all: int
    target: Decimal | None = None

    @property
    def percent(self) -> str:
        return f"{self.covered * 1000 // self.all / 10:.1f}" if self.all else "—"

    @property
    def goal(self) -> str:
        """The target in per cent; empty where there is none."""
        return "" if self.target is None else format_points(self.target * 100)

    @property
    def reaches(self) -> bool | None:
        """None: there is no target. Exact: 29.99 % does not reach 30 %."""
        return None if self.target is None else self.covered >= self.target * self.all

    @property
    def wanting(self) -> int:
        """How many more it takes to reach the target."""
        return max(0, ceil((self.target or 0) * self.all) - self.covered)


@dataclass(frozen=True, slots=True)
class Year:
    """`ever`: with a result in this or an earlier year; `alone`: with a result in this year."""

    year: int
    ever: Part
    alone: Part


@dataclass(frozen=True, slots=True)
class Line:
    """A union under this one with its branch; without `pk` all organisations directly under this one together."""

    name: str
    pk: int | None
    years: tuple[Year, ...]

    @property
    def last(self) -> Year | None:
        return self.years[-1] if self.years else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """together: the union's whole branch; gone: organisations with a result that are closed today."""

    together: Line
    lines: tuple[Line, ...]
    gone: int
    left_out: tuple[str, ...]


Found = tuple[int, Mapping[str, int]]
"""Of a group how many are counted, and how many of those have a result, by year and reading."""


def coverage_of(union: Organization) -> Coverage:
    """The branch by year and by union below. Eight queries, however large it is."""
    cycles, left_out = closed_cycles(union), kinds_left_out(union)
    targets = targets_for(union)
    years = sorted({*cycles.values(), *targets})[-YEARS:]
    present = dict(counted(union, left_out).order_by().values_list(_step(union, "path")).annotate(Count("pk")))
    results = _results(union, cycles, left_out)
    open_ones = results.filter(organization__closed_on=None).order_by()
    found = open_ones.values(county=_step(union, "organization__path")).annotate(**_counts(years, cycles))
    covered: dict[str, Any] = {row["county"]: row for row in found}
    parents = Organization.objects.filter(Exists(Organization.objects.filter(parent=OuterRef("pk"))), parent=union)
    unions = {one.path: one for one in parents}
    paths = present.keys() | covered.keys()
    rows: dict[str, Found] = {path: (present.get(path, 0), covered.get(path, {})) for path in paths}
    return Coverage(
        together=_line(union.name, union.pk, rows.values(), years, targets),
        lines=_lines(rows, unions, years, targets),
        gone=_gone(results, cycles),
        left_out=tuple(OrganizationKind.objects.filter(pk__in=left_out).values_list("name", flat=True)),
    )


def in_year(union: Organization, year: int) -> Year:
    """The branch's coverage up to one year, and in it."""
    cycles, left_out = closed_cycles(union), kinds_left_out(union)
    results = _results(union, cycles, left_out).filter(organization__closed_on=None)
    row = results.order_by().aggregate(**_counts([year], cycles))
    rows = [(counted(union, left_out).count(), row)]
    (found,) = _line(union.name, union.pk, rows, [year], targets_for(union)).years
    return found


def counted(union: Organization, left_out: frozenset[int] | None = None) -> QuerySet[Organization]:
    """The organisations to be covered: the open ones under a union, but kinds that are left out on purpose."""
    kinds = kinds_left_out(union) if left_out is None else left_out
    return subtree(union).filter(closed_on=None).exclude(pk=union.pk).exclude(kind__in=kinds)


def not_covered(union: Organization) -> QuerySet[Organization]:
    """The organisations under a union that have never had a result, in tree order."""
    results = Assessment.objects.filter(organization=OuterRef("pk"), cycle__in=closed_cycles(union))
    return counted(union).filter(~Exists(results.exclude(state=State.WITHDRAWN))).order_by("path")


def closed_cycles(union: Organization) -> dict[int, int]:
    """The years of the closed cycles that reach a union's branch, by key.

    A cycle that is open again for a correction was closed before: only of a closed cycle consequences are proposed.
    """
    entailed = Exists(Consequence.objects.filter(row__snapshot__cycle=OuterRef("pk")))
    found = Cycle.objects.filter(_reaches(union), Q(closed_at__isnull=False) | entailed)
    return dict(found.order_by().values_list("pk", "year"))


def kinds_left_out(union: Organization) -> frozenset[int]:
    """Kinds that every cycle which reaches the branch and speaks of them leaves out."""
    cycles = Cycle.objects.filter(_reaches(union)).values("pk")
    kinds = CycleKind.objects.filter(cycle__in=cycles).order_by().values("kind").annotate(used=Count("rubric"))
    return frozenset(kinds.filter(used=0).values_list("kind", flat=True))


def targets_for(union: Organization) -> dict[int, Decimal]:
    """Shares by year: the union's own, and where it has none those of the nearest union above."""
    found = CoverageTarget.objects.filter(owner__in=(*union.ancestor_ids, union.pk))
    return dict(found.order_by("owner__path").values_list("year", "share"))


def _reaches(union: Organization) -> Q:
    """Cycles for the branch, a part of it, or a branch that it is a part of."""
    above = (union.path[:end] for end in range(PATH_STEP, len(union.path), PATH_STEP))
    return in_subtree(union.path, "branch__path") | Q(branch__path__in=tuple(above))


def _results(union: Organization, cycles: Mapping[int, int], left_out: frozenset[int]) -> QuerySet[Assessment]:
    found = Assessment.objects.filter(in_subtree(union.path, "organization__path"), cycle__in=cycles)
    found = found.exclude(state=State.WITHDRAWN).exclude(organization=union)
    return found.exclude(organization__kind__in=left_out) if left_out else found


def _step(union: Organization, field: str) -> Substr:
    """The path of the union directly under this one that a row belongs to."""
    return Substr(F(field), 1, len(union.path) + PATH_STEP)


def _counts(years: Sequence[int], cycles: Mapping[int, int]) -> dict[str, Count]:
    def within(first: int, last: int) -> Count:
        return _once([pk for pk, year in cycles.items() if first <= year <= last])

    return {f"ever_{year}": within(0, year) for year in years} | {f"in_{year}": within(year, year) for year in years}


def _once(cycles: Collection[int]) -> Count:
    """How many organisations have a result in these cycles. In a single one each has one row, and telling hundreds of
    thousands apart costs seconds.
    """
    return Count("organization", distinct=len(cycles) > 1, filter=Q(cycle__in=cycles))


def _gone(results: QuerySet[Assessment], cycles: Mapping[int, int]) -> int:
    closed = results.filter(organization__closed_on__isnull=False).order_by()
    return closed.aggregate(found=_once(cycles))["found"]


def _lines(
    rows: Mapping[str, Found], unions: Mapping[str, Organization], years: Sequence[int], targets: Mapping[int, Decimal]
) -> tuple[Line, ...]:
    """The unions below that have organisations of their own, and the other direct subordinates as one."""
    shown = sorted((path, one) for path, one in unions.items() if path in rows)
    own = [_line(one.name, one.pk, [rows[path]], years, targets) for path, one in shown]
    direct = [row for path, row in rows.items() if path not in unions]
    return (*own, _line("", None, direct, years, targets)) if direct else tuple(own)


def _line(
    name: str, pk: int | None, rows: Iterable[Found], years: Sequence[int], targets: Mapping[int, Decimal]
) -> Line:
    rows = list(rows)
    everyone = sum(present for present, _found in rows)

    def part(prefix: str, year: int) -> Part:
        return Part(sum(found.get(f"{prefix}_{year}", 0) for _present, found in rows), everyone, targets.get(year))

    return Line(name, pk, tuple(Year(year, part("ever", year), part("in", year)) for year in years))
