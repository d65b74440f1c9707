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
from django.db.models import Aggregate, Case, F, QuerySet, TextField, When
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Coalesce, Concat
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
"""A cell; None or empty: blank, which is not 0."""

KEPT = 20_000
"""Scores and numbers kept while a part is made."""

Counts = frozenset[tuple[str, Decimal]]
UNCOUNTED: Counts = frozenset()

APART, WITHIN = ",", ":"
"""Between the marks of a sheet as the database joins them, and inside one: item, points, whether it does not apply."""


class Joined(Aggregate):
    """The texts of a group in one: 2,000 sheets are 2,000 rows; their 86,000 marks would cost more than the file."""

    function = "STRING_AGG"
    template = f"%(function)s(%(expressions)s, '{APART}')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


TEXT = TextField()
TOLD = ("name", "path", "state", "stages", "cycle", "organization", "assessor", "reviewer", "observer")
"""What a file tells of an assessment, and what its reader's rights follow from."""

MARK = Concat(
    Cast("item_id", TEXT),
    Constant(WITHIN),
    Coalesce(Cast("points", TEXT), Constant(""), output_field=TEXT),
    Constant(WITHIN),
    Case(When(not_applicable=True, then=Constant("1")), default=Constant(""), output_field=TEXT),
    output_field=TEXT,
)


@dataclass(frozen=True, slots=True)
class Given:
    """What sheets say of points, by sheet: marks as `Joined` has them, and by item what was counted."""

    marks: Mapping[int, str]
    counts: Mapping[int, Mapping[int, Counts]]


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
    found = _visible(user, frame).filter(pk__in=keys).only(*TOLD).annotate(union=F("assessor__name")).in_bulk()
    if len(found) != len(keys):
        raise PermissionDenied
    cycle = frame.kind.cycle
    awarded = _awarded(cycle, keys)
    readable = {key: readable_stages(user, _under(cycle, one)) for key, one in found.items()}
    sheets: dict[int, list[Sums]] = defaultdict(list)
    told = ("assessment_id", "pk", "stage", "bonus", "points", "band_rank", "required", "scored")
    stored = Sheet.objects.filter(assessment__in=keys, stage__in=frame.stages).values_list(*told)
    for key, pk, stage, bonus, points, band_rank, required, scored in stored:
        if stage in readable[key]:
            sheets[key].append(Sums(pk, stage, bonus, points, band_rank, required - scored))
    states = {state.value: str(state.label) for state in State}
    facts = {key: _facts(one, states, awarded) for key, one in found.items()}
    return [Read(facts[key], tuple(sorted(sheets[key], key=_order))) for key in keys]


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


def _facts(one: Any, states: Mapping[str, str], awarded: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(map(printable, (one.name, one.union, states[one.state], awarded.get(one.pk, ""))))


def given(frame: Frame, sheets: Iterable[Sums]) -> Given:
    """What these sheets say: one query, one more where the rubric counts something."""
    keys = [sheet.pk for sheet in sheets]
    marks = Mark.objects.filter(sheet__in=keys).order_by().values("sheet_id").annotate(said=Joined(MARK))
    return Given(dict(marks.values_list("sheet_id", "said")), _counts(frame, keys))


def _counts(frame: Frame, sheets: list[int]) -> dict[int, dict[int, Counts]]:
    measures = {measure.pk: measure.key for row in frame.rows for measure in row.measures}
    found: dict[int, dict[int, Counts]] = defaultdict(dict)
    if measures:
        counted = Count.objects.filter(mark__sheet__in=sheets)
        told = counted.values_list("mark__sheet_id", "mark__item_id", "measure_id", "quantity")
        for sheet, item, measure, quantity in told:
            one = (measures[measure], quantity)
            found[sheet][item] = found[sheet].get(item, UNCOUNTED) | {one}
    return found


class Scored(NamedTuple):
    """A row of a sheet: its place in the rubric, what stands in its cell, and the kernel's score."""

    place: int
    cell: Value
    score: ItemScore


Number = Callable[[Decimal | None], Value]


class Scorer:
    """The kernel's scores of sheets. Many sheets say few different things: each of them is scored once.

    number  how points stand in the file
    """

    def __init__(self, frame: Frame, number: Number) -> None:
        self.frame, self.number = frame, number
        self.places = {row.pk: place for place, row in enumerate(frame.rows)}
        self.known = lru_cache(maxsize=KEPT)(self._known)
        blank = [self.score(place, Entry()) for place in range(len(frame.rows))]
        self.blank = [one.score for one in blank]
        self.empty = [one.cell for one in blank]

    def sheet(self, pk: int, said: Given) -> tuple[list[Value], list[ItemScore]]:
        """Cells and scores of a sheet's rows."""
        cells, scores, counts = self.empty.copy(), self.blank.copy(), said.counts.get(pk, {})
        for mark in said.marks.get(pk, "").split(APART):
            if mark:
                place, cells[place], scores[place] = self.known(mark)
        for item, counted in counts.items():
            place, cells[place], scores[place] = self.score(self.places[item], Entry(counts=dict(counted)))
        return cells, scores

    def _known(self, mark: str) -> Scored:
        item, points, aside = mark.split(WITHIN)
        return self.score(self.places[int(item)], Entry(Decimal(points) if points else None, {}, bool(aside)))

    def score(self, place: int, entry: Entry) -> Scored:
        row, kernel = self.frame.rows[place], self.frame.kernel
        score = score_item(kernel.by_key[row.key], entry, self.frame.kind.kind.code, kernel.not_applicable)
        return Scored(place, self._cell(row, entry, score), score)

    def _cell(self, row: Row, entry: Entry, score: ItemScore) -> Value:
        """The points; a word where the item does not count, or where it is a gate and its answer is all there is."""
        if score.status is Status.NOT_APPLICABLE:
            return pgettext("scorecard", "Not applicable")
        if score.status is Status.OUT_OF_SCOPE:
            return OUT_OF_SCOPE
        return answer_in_words(row, entry.counts) if row.gate else self.number(score.points)

    def line(self, sheet: Sums, said: Given) -> list[Value]:
        """A sheet's cells as `frame.headings` names them: each section's rows and their sum, then the stored totals."""
        cells, scores = self.sheet(sheet.pk, said)
        found: list[Value] = []
        first = 0
        for section in self.frame.sections:
            last = first + len(section.rows)
            summed = Summed(tuple(scores[first:last]))
            found += cells[first:last]
            found.append(self.number(None if summed.blank or not section.printed else summed.base))
            first = last
        if self.frame.beyond:
            found.append(self.number(None if sheet.points is None else sheet.beyond))
        band = band_named(rubric_of(self.frame.kind), sheet.band_rank)
        return [*found, self.number(sheet.points), band, sheet.missing]


@lru_cache(maxsize=KEPT)
def bare(points: Decimal | None) -> int | float | None:
    """A number as JSON and workbooks have it. Four decimals at most, which a float keeps."""
    if points is None:
        return None
    whole = int(points)
    return whole if whole == points else float(points)


def keep(user: User, asked: Asked, keys: Sequence[int], path: Path) -> None:
    """One part: a line for each organisation, its facts and the cells of each stage that the person reads."""
    frame = frame_of(asked)
    found = read(user, frame, keys)
    said = given(frame, (sheet for one in found for sheet in one.sheets))
    scorer = Scorer(frame, bare)
    stages = {sheet.stage for one in found for sheet in one.sheets}
    with path.open("w", encoding="utf-8") as file:
        _write(file, [stage for stage in STAGE_ORDER if stage in stages])
        for one in found:
            _write(file, [one.facts, {sheet.stage: scorer.line(sheet, said) for sheet in one.sheets}])


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
