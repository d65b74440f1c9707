"""How a cycle gets on, as its page shows it, from one aggregate over the assessments that the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from assessments.deadlines import FIELD, in_words, is_late, longest
from assessments.models import Cycle
from assessments.queries import visible_to
from assessments.results import contradicts_declared_total
from assessments.services.cycles import candidates
from assessments.workflow import STATE_OF, Stage, State
from orgs.models import User


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of organisation: its rubric and how many of its assessments stand in each state."""

    kind: str
    rubric: str
    rubric_pk: int | None
    policy: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Course:
    """The states with their totals, and a line per kind. `final` of `total` have a final result."""

    lines: tuple[KindLine, ...]
    totals: tuple[Cell, ...]
    total: int
    final: int


def course(user: User, cycle: Cycle) -> Course:
    """Two queries: the aggregate, and the kinds with their rubrics."""
    counts: dict[int, dict[State, int]] = defaultdict(dict)
    found = visible_to(user).filter(cycle=cycle).order_by()
    for kind, state, count in found.values_list("kind", "state").annotate(Count("pk")):
        counts[kind][State(state)] = count
    lines = tuple(
        KindLine(
            entry.kind.name,
            str(entry.rubric) if entry.rubric else "",
            entry.rubric_id,
            entry.get_total_policy_display() if entry.rubric and contradicts_declared_total(entry.rubric) else "",
            tuple(
                _cell(cycle, counts[entry.kind_id].get(state, 0), state=state, kind=entry.kind_id) for state in State
            ),
            _cell(cycle, sum(counts[entry.kind_id].values()), kind=entry.kind_id),
        )
        for entry in cycle.kinds.select_related("kind", "rubric")
    )
    sums = {state: sum(by_state.get(state, 0) for by_state in counts.values()) for state in State}
    totals = tuple(_cell(cycle, sums[state], state=state) for state in State)
    return Course(lines, totals, sum(sums.values()), sums[State.FINAL])


def _cell(cycle: Cycle, count: int, **filters: object) -> Cell:
    return Cell(count, f"{reverse('assessments:list')}?{urlencode({'cycle': cycle.pk, **filters})}" if count else "")


@dataclass(frozen=True, slots=True)
class Overview:
    """A cycle as one entry of a list. `total` is how many get a result: who is withdrawn does not."""

    cycle: Cycle
    counts: tuple[tuple[str, int], ...]
    total: int
    final: int


def overviews(user: User, cycles: Iterable[Cycle]) -> list[Overview]:
    """One aggregate for any number of cycles."""
    cycles = list(cycles)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    found = visible_to(user).filter(cycle__in=cycles).order_by()
    for cycle, state, count in found.values_list("cycle", "state").annotate(Count("pk")):
        counts[cycle][state] = count
    return [_overview(cycle, counts[cycle.pk]) for cycle in cycles]


def _overview(cycle: Cycle, counts: Mapping[str, int]) -> Overview:
    named = tuple((str(state.label), counts[state]) for state in State if state in counts)
    total = sum(counts.values()) - counts.get(State.WITHDRAWN, 0)
    return Overview(cycle, named, total, counts.get(State.FINAL, 0))


@dataclass(frozen=True, slots=True)
class StageEnd:
    """The last day of a stage; `words` and `late` only while somebody is still at it.

    extended  how many have a longer one, `latest` to when at most
    """

    label: str
    day: date
    words: str
    late: bool
    extended: int = 0
    latest: date | None = None


def stage_ends(user: User, cycle: Cycle, found: Course) -> list[StageEnd]:
    open_states = {state for state, cell in zip(State, found.totals, strict=True) if cell.count}
    ends, longer = [], longest(visible_to(user).filter(cycle=cycle))
    for stage in Stage:
        day = getattr(cycle, FIELD[stage])
        if day:
            running = STATE_OF[stage] in open_states
            words, late = in_words(day) if running else "", running and is_late(day)
            ends.append(StageEnd(str(stage.label), day, words, late, *longer.get(stage, ())))
    return ends


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the branch's present organisations the cycle reaches, and how many of those it has finished."""

    organizations: int
    assessed: int
    final: int

    @property
    def reached(self) -> int:
        return _percent(self.assessed, self.organizations)

    @property
    def finished(self) -> int:
        return _percent(self.final, self.organizations)


def coverage(cycle: Cycle) -> Coverage:
    present = candidates(cycle.owner, cycle.branch)
    taking_part = cycle.assessments.filter(organization__closed_on=None).exclude(state=State.WITHDRAWN)
    reached = taking_part.aggregate(assessed=Count("pk"), final=Count("pk", filter=Q(state=State.FINAL)))
    return Coverage(present.count(), **reached)


def with_two_superiors(user: User, cycle: Cycle) -> int:
    """How many of the organisations have a second superior, which reads."""
    return visible_to(user).filter(cycle=cycle, observer__isnull=False).order_by().count()


def _percent(part: int, whole: int) -> int:
    """Whole per cent, rounded down: 100 only where nothing is left out."""
    return min(100, part * 100 // whole) if whole else 0
