"""Marks of many organisations at once: read with a fixed number of queries, rights decided in memory, kept as lines.

A part's file has a line with the stages that it found, then one for each organisation. All of them are JSON; numbers
are the decimals that the database stores, whose shortest form no float changes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Assessment, Count, Cycle, Mark, Sheet, SnapshotRow
from assessments.permissions import readable_stages, works_above_units
from assessments.publications import newest
from assessments.queries import cycles_visible_to, under, visible_to
from assessments.reminders.unsubmitted import counties
from assessments.results import band_named
from assessments.sentences import answer_in_words
from assessments.services import Refused
from assessments.workflow import STAGE_ORDER, Stage, State
from orgs.models import User
from orgs.printable import printable
from reports.exports.marks.frame import Frame, frame_of
from reports.exports.spec import Asked, Paths
from reports.standings.scope import rubric_of
from reports.tables.scores import OUT_OF_SCOPE
from rubrics.rows import Row
from rubrics.scoring.items import Entry, ItemScore, Status, score_item
from rubrics.scoring.totals import Summed

Value = str | int | float | None
"""A cell; None: blank, which is not 0."""

Counts = frozenset[tuple[str, Decimal]]
UNCOUNTED: Counts = frozenset()


class Said(NamedTuple):
    """What a mark says of its points."""

    points: Decimal | None = None
    not_applicable: bool = False
    counts: Counts = UNCOUNTED


BLANK = Said()
Given = Mapping[int, Mapping[int, Said]]
"""By sheet and item."""


@dataclass(frozen=True, slots=True)
class Sums:
    """A sheet's stored totals, which the kernel wrote with its last mark."""

    pk: int
    stage: str
    beyond: Decimal
    points: Decimal | None
    band_rank: int | None
    missing: int


@dataclass(frozen=True, slots=True)
class Read:
    """An organisation with the sheets that the person may read."""

    assessment: Assessment
    facts: tuple[str, ...]
    sheets: tuple[Sums, ...]


def units(user: User, asked: Asked) -> list[int]:
    """Keys of the assessments of a kind and branch that the person sees, in tree order."""
    cycle = cycles_visible_to(user).filter(pk=asked["cycle"]).first()
    if cycle is None or not works_above_units(user, cycle):
        raise PermissionDenied
    frame = frame_of(asked)
    if frame.branch and not counties(user, cycle).filter(pk=frame.branch.pk).exists():
        raise PermissionDenied
    found = list(_visible(user, frame).order_by("path", "pk").values_list("pk", flat=True))
    if not found:
        raise Refused(_("You see no assessment of this kind and branch."))
    return found


def _visible(user: User, frame: Frame) -> QuerySet[Assessment]:
    found = visible_to(user).filter(cycle=frame.kind.cycle_id, kind=frame.kind.kind_id)
    return found.filter(under(frame.branch)) if frame.branch else found


def read(user: User, frame: Frame, keys: Sequence[int]) -> list[Read]:
    """These organisations in their order: four queries. Raises PermissionDenied where the person sees one no longer."""
    found = _visible(user, frame).filter(pk__in=keys).annotate(union=F("assessor__name")).in_bulk()
    if len(found) != len(keys):
        raise PermissionDenied
    cycle = frame.kind.cycle
    awarded = _awarded(cycle, keys)
    sheets: dict[int, list[Sums]] = defaultdict(list)
    told = ("assessment_id", "pk", "stage", "bonus", "points", "band_rank", "required", "scored")
    stored = Sheet.objects.filter(assessment__in=keys, stage__in=frame.stages).values_list(*told)
    for key, pk, stage, bonus, points, band_rank, required, scored in stored:
        if Stage(stage) in readable_stages(user, _under(cycle, found[key])):
            sheets[key].append(Sums(pk, stage, bonus, points, band_rank, required - scored))
    return [Read(found[key], _facts(found[key], awarded), tuple(sorted(sheets[key], key=_order))) for key in keys]


def _order(sheet: Sums) -> int:
    return STAGE_ORDER.index(Stage(sheet.stage))


def _under(cycle: Cycle, assessment: Assessment) -> Assessment:
    """The same, knowing its cycle without a query."""
    assessment.cycle = cycle
    return assessment


def _awarded(cycle: Cycle, keys: Iterable[int]) -> dict[int, str]:
    snapshot = newest(cycle)
    published = SnapshotRow.objects.filter(snapshot=snapshot, assessment__in=keys)
    return dict(published.values_list("assessment_id", "awarded")) if snapshot else {}


def _facts(one: Any, awarded: Mapping[int, str]) -> tuple[str, ...]:
    state = str(State(one.state).label)
    return tuple(printable(text) for text in (one.name, one.union, state, awarded.get(one.pk, "")))


def given(frame: Frame, sheets: Iterable[Sums]) -> Given:
    """What these sheets say: one query, one more where the rubric counts something."""
    keys = [sheet.pk for sheet in sheets]
    counts = _counts(frame, keys)
    found: dict[int, dict[int, Said]] = {pk: {} for pk in keys}
    marks = Mark.objects.filter(sheet__in=keys).values_list("pk", "sheet_id", "item_id", "points", "not_applicable")
    for pk, sheet, item, points, not_applicable in marks:
        found[sheet][item] = Said(points, not_applicable, counts.get(pk, UNCOUNTED))
    return found


def _counts(frame: Frame, sheets: list[int]) -> dict[int, Counts]:
    measures = {measure.pk: measure.key for row in frame.rows for measure in row.measures}
    found: dict[int, set[tuple[str, Decimal]]] = defaultdict(set)
    if measures:
        rows = Count.objects.filter(mark__sheet__in=sheets).values_list("mark_id", "measure_id", "quantity")
        for mark, measure, quantity in rows:
            found[mark].add((measures[measure], quantity))
    return {mark: frozenset(pairs) for mark, pairs in found.items()}


Scorer = Callable[[Row, Said], tuple[Value, ItemScore]]


def scorer(frame: Frame) -> Scorer:
    """An item's cell and the kernel's score. Many sheets say few different things: each of them is scored once."""
    items, kind, policy = frame.kernel.by_key, frame.kind.kind.code, frame.kernel.not_applicable

    @lru_cache(maxsize=20_000)
    def scored(row: str, points: Decimal | None, not_applicable: bool, counts: Counts) -> ItemScore:
        return score_item(items[row], Entry(points, dict(counts), not_applicable), kind, policy)

    @lru_cache(maxsize=20_000)
    def found(key: str, said: Said) -> tuple[Value, ItemScore]:
        score = scored(key, *said)
        return _cell(rows[key], said, score), score

    rows = {row.key: row for row in frame.rows}
    return lambda row, said: found(row.key, said)


def _cell(row: Row, said: Said, score: ItemScore) -> Value:
    """The points; a word where the item does not count, or where it is a gate and its answer is all there is."""
    if score.status is Status.NOT_APPLICABLE:
        return pgettext("scorecard", "Not applicable")
    if score.status is Status.OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    return (answer_in_words(row, dict(said.counts)) or None) if row.gate else number(score.points)


@lru_cache(maxsize=20_000)
def number(points: Decimal | None) -> int | float | None:
    """Four decimals at most, which a float keeps."""
    if points is None:
        return None
    whole = int(points)
    return whole if whole == points else float(points)


def cells(frame: Frame, score: Scorer, sheet: Sums, said: Mapping[int, Said]) -> Iterator[Value]:
    """A sheet's line, as `frame.headings` names it."""
    for section in frame.sections:
        scores = []
        for row in section.rows:
            value, scored = score(row, said.get(row.pk, BLANK))
            scores.append(scored)
            yield value
        summed = Summed(tuple(scores))
        yield None if summed.blank or not summed.printed else number(summed.base)
    if frame.beyond:
        yield None if sheet.points is None else number(sheet.beyond)
    yield number(sheet.points)
    yield band_named(rubric_of(frame.kind), sheet.band_rank) or None
    yield sheet.missing


def keep(user: User, asked: Asked, keys: Sequence[int], path: Path) -> None:
    """One part: a line for each organisation, its facts and the cells of each stage that the person reads."""
    frame = frame_of(asked)
    found = read(user, frame, keys)
    said = given(frame, (sheet for one in found for sheet in one.sheets))
    score = scorer(frame)
    stages = {sheet.stage for one in found for sheet in one.sheets}
    with path.open("w", encoding="utf-8") as file:
        _write(file, [stage for stage in STAGE_ORDER if stage in stages])
        for one in found:
            _write(file, [one.facts, {s.stage: list(cells(frame, score, s, said[s.pk])) for s in one.sheets}])


def _write(file: Any, value: object) -> None:
    file.write(json.dumps(value, ensure_ascii=False))
    file.write("\n")


def kept(paths: Paths) -> Iterator[tuple[list[str], dict[str, list[Value]]]]:
    """Facts and cells by stage of every organisation, one after the other."""
    for path in paths:
        with path.open(encoding="utf-8") as file:
            next(file)
            for line in file:
                facts, sheets = json.loads(line)
                yield facts, sheets


def stages_in(paths: Paths) -> tuple[Stage, ...]:
    """The stages of which any part has a sheet."""
    found: set[str] = set()
    for path in paths:
        with path.open(encoding="utf-8") as file:
            found |= set(json.loads(next(file)))
    return tuple(stage for stage in STAGE_ORDER if stage in found)
