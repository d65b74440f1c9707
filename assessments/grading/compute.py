"""Loads a cycle's final results, asks the kernel, returns verdicts. Decides nothing itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from assessments.grading.verdict import Assessed, Ruled, Verdict
from assessments.models import Count, Cycle, QuotaBase, Ruling, RulingKind, Sheet, Step
from assessments.results import scale_of
from assessments.workflow import Action, Stage, State
from rubrics.convert import to_kernel
from rubrics.models import Rubric
from rubrics.scoring.cohort import Candidate, Cohort, Contest, Decision, grade_cohort
from rubrics.scoring.cohort import Ruling as KernelRuling
from rubrics.scoring.grades import Scale
from rubrics.scoring.quota import Quota, seats
from rubrics.scoring.rubric import ANSWER, Gate
from rubrics.scoring.totals import compute_total

WHOLE = ""
"""The pool of a cycle whose seats are not parted by kind."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A cycle's verdicts in ranking order, and how the seats went. `pools` are the names of the contests."""

    verdicts: list[Verdict]
    cohort: Cohort
    pools: Mapping[str, str]

    @property
    def uneven(self) -> bool:
        """Whether seats are competed for under different full marks."""
        return bool(self.named_contests) and len({one.maximum for one in self.verdicts if one.final and one.scale}) > 1

    @property
    def named_contests(self) -> list[tuple[str, Contest]]:
        """The contests with seats, by the name of the kind; of a whole cycle without one."""
        found = ((self.pools.get(pool, ""), one) for pool, one in self.cohort.contests.items() if one.seats is not None)
        return sorted(found, key=lambda named: named[0])


class Row(NamedTuple):
    """What of an assessment its verdict is made of."""

    pk: int
    name: str
    sort_key: str
    path: str
    kind_id: int
    kind__name: str
    kind__code: str
    rubric_id: int
    total_policy: str
    assessor__name: str
    state: str
    points: Decimal | None
    band_rank: int | None


class SelfScore(NamedTuple):
    points: Decimal | None
    rank: int | None


NO_SELF = SelfScore(None, None)


def graded(cycle: Cycle) -> Graded:
    """Every assessment of the cycle, by kind, place and name: at most six queries, however many there are."""
    found = cycle.assessments.order_by("kind__position", "kind_id", "sort_key", "pk")
    rows = [Row(*values) for values in found.values_list(*Row._fields)]
    rubrics = Rubric.objects.in_bulk({row.rubric_id for row in rows})
    scales = {pk: scale_of(rubric) for pk, rubric in rubrics.items()}
    gates = _gates(cycle, rubrics)
    rulings = rulings_of(cycle)
    candidates = {
        row.pk: _candidate(cycle, row, scales[row.rubric_id], gates[row.pk], rulings.get(row.pk))
        for row in rows
        if row.state == State.FINAL and row.points is not None
    }
    cohort = grade_cohort(list(candidates.values()), _seats(cycle, rows))
    parts = Parts(
        rubrics, scales, gates, rulings, _self_scores(cycle), _withdrawals(cycle, rows), _maxima(rows, rubrics), cohort
    )
    verdicts = [_verdict(row, candidates.get(row.pk), parts) for row in rows]
    order = {kind: number for number, kind in enumerate(dict.fromkeys(row.kind_id for row in rows))}
    verdicts.sort(key=lambda one: (order[one.assessment.kind_id], one.place is None, one.place or 0))
    return Graded(verdicts, cohort, {str(row.kind_id): row.kind__name for row in rows})


@dataclass(frozen=True, slots=True)
class Parts:
    """What verdicts are put together from, read once for all."""

    rubrics: Mapping[int, Rubric]
    scales: Mapping[int, Scale | None]
    gates: Mapping[int, frozenset[Gate]]
    rulings: Mapping[int, Ruled]
    self_scores: Mapping[int, SelfScore]
    withdrawals: Mapping[int, str]
    maxima: Mapping[tuple[int, str, str], Decimal]
    cohort: Cohort


def rulings_of(cycle: Cycle) -> dict[int, Ruled]:
    """The rulings that stand, proposed or confirmed, by assessment."""
    standing = Ruling.objects.filter(assessment__cycle=cycle, withdrawn_at__isnull=True)
    found = standing.values_list(
        "assessment",
        "pk",
        "kind",
        "rank",
        "reason",
        "proposed_by",
        "proposed_by__full_name",
        "confirmed_by__full_name",
        "confirmed_by",
    )
    return {
        assessment: Ruled(pk, RulingKind(kind), rank, reason, by, proposer, confirmer or str(confirmed or ""))
        for assessment, pk, kind, rank, reason, by, proposer, confirmer, confirmed in found
    }


def _candidate(cycle: Cycle, row: Row, scale: Scale | None, gates: frozenset[Gate], ruled: Ruled | None) -> Candidate:
    ruling = KernelRuling(Decision(ruled.kind.value), ruled.rank) if ruled and ruled.confirmed else None
    points = row.points or Decimal(0)
    return Candidate(str(row.pk), points, row.band_rank, scale, gates, str(row.kind_id), _pool(cycle, row), ruling)


def _pool(cycle: Cycle, row: Row) -> str:
    return str(row.kind_id) if cycle.quota_per_kind else WHOLE


def _seats(cycle: Cycle, rows: Iterable[Row]) -> dict[str, int] | None:
    if cycle.quota_share is None:
        return None
    everybody = cycle.quota_base == QuotaBase.ALL
    bases = Counter({_pool(cycle, row): 0 for row in rows})
    bases.update(_pool(cycle, row) for row in rows if everybody or row.state == State.FINAL)
    return {pool: seats(Quota(cycle.quota_share), base) for pool, base in bases.items()}


def _gates(cycle: Cycle, rubrics: Mapping[int, Rubric]) -> defaultdict[int, frozenset[Gate]]:
    """The gates that trip on the official sheets; no query where no rubric has any."""
    found: defaultdict[int, frozenset[Gate]] = defaultdict(frozenset)
    if not any(item.gate for rubric in rubrics.values() for item in to_kernel(rubric).by_key.values()):
        return found
    answers = Count.objects.filter(
        mark__sheet__assessment__cycle=cycle,
        mark__sheet__stage=F("mark__sheet__assessment__official_stage"),
        measure__key=ANSWER.key,
    ).exclude(mark__item__gate="")
    for pk, gate, answer in answers.values_list("mark__sheet__assessment", "mark__item__gate", "quantity"):
        if Gate(gate).trips(answer):
            found[pk] |= {Gate(gate)}
    return found


def _self_scores(cycle: Cycle) -> dict[int, SelfScore]:
    own = Sheet.objects.filter(assessment__cycle=cycle, stage=Stage.SELF)
    return {pk: SelfScore(points, rank) for pk, points, rank in own.values_list("assessment", "points", "band_rank")}


def _withdrawals(cycle: Cycle, rows: Iterable[Row]) -> dict[int, str]:
    """Why assessments are out of the cycle; no query where none is."""
    if not any(row.state == State.WITHDRAWN for row in rows):
        return {}
    steps = Step.objects.filter(assessment__cycle=cycle, action=Action.WITHDRAW).order_by("number")
    return dict(steps.values_list("assessment", "reason"))


def _maxima(rows: Iterable[Row], rubrics: Mapping[int, Rubric]) -> dict[tuple[int, str, str], Decimal]:
    """What each rubric comes to at most, by its reading of totals and the kind of organisation."""
    return {
        (rubric, policy, kind): compute_total(to_kernel(rubrics[rubric], policy), {}, kind).maximum
        for rubric, policy, kind in {_frame(row) for row in rows}
    }


def _frame(row: Row) -> tuple[int, str, str]:
    return row.rubric_id, row.total_policy, row.kind__code


def _verdict(row: Row, candidate: Candidate | None, parts: Parts) -> Verdict:
    own = parts.self_scores.get(row.pk, NO_SELF)
    scale = parts.scales[row.rubric_id]
    final: dict[str, Any] = {
        "points": candidate.points if candidate else None,
        "band_rank": candidate.rank if candidate else None,
        "gates": candidate.gates if candidate else frozenset(),
        "outcome": parts.cohort.outcomes[candidate.key] if candidate else None,
        "contest": parts.cohort.contests.get(candidate.pool) if candidate else None,
    }
    return Verdict(
        assessment=Assessed(
            row.pk,
            row.name,
            row.sort_key,
            row.path,
            kind=row.kind__name,
            rubric=str(parts.rubrics[row.rubric_id]),
            assessor=row.assessor__name,
            kind_id=row.kind_id,
            state=State(row.state),
        ),
        maximum=parts.maxima[_frame(row)],
        self_points=own.points,
        self_rank=own.rank,
        self_band=next((band.name for band in scale.bands if band.rank == own.rank), "") if scale else "",
        withdrawn_for=parts.withdrawals.get(row.pk, "") if row.state == State.WITHDRAWN else "",
        scale=scale,
        ruling=parts.rulings.get(row.pk),
        **final,
    )
