"""What the table of one item shows, gathered in as many queries for one organisation as for hundreds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from assessments.byitem.overview import is_done, unions_marking, waiting_in
from assessments.models import Assessment, Cycle, Evidence, Sheet
from assessments.permissions import marked_departments
from assessments.queries import visible_to
from assessments.results import Content, StoredMark, read_marks
from assessments.services.reach import reaches, why_closed
from assessments.workflow import Stage, State
from orgs.models import User
from rubrics.convert import to_kernel
from rubrics.models import Rubric
from rubrics.rows import Row, rows
from rubrics.scoring.items import BLANK, ItemScore, score_item

Marks = Mapping[int, Mapping[str, StoredMark]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a closed sheet says of the item. `year` is that of its cycle, `item` the row in its own rubric."""

    item: Row
    content: Content
    score: ItemScore
    year: int


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation in the table.

    claim   what its self sheet says; None: nothing
    last    the official mark of the newest earlier cycle under the same rubric that has the item
    locked  why the person can't change the mark now; empty: they can
    closed  keys of the measures that another department enters, or one that has signed off
    """

    assessment: Assessment
    stored: StoredMark | None
    score: ItemScore
    claim: Told | None
    evidence: Sequence[Evidence]
    last: Told | None
    locked: str
    closed: frozenset[str]
    done: bool


@dataclass(frozen=True, slots=True)
class Column:
    """One item for all organisations that wait for the person with it: those still to mark, and all, by tree order."""

    rubric: Rubric
    row: Row
    assessments: tuple[Assessment, ...]
    blank: frozenset[int]


def column(user: User, cycle: Cycle, rubric: Rubric, row: Row) -> Column:
    """Who waits with the item: four queries, one less where the item counts nothing."""
    found = waiting_in(user, cycle).filter(rubric=rubric, assessor__in=unions_marking(user, row))
    if row.kinds:
        found = found.filter(kind__code__in=row.kinds)
    waiting = {one.pk: one for one in found.select_related("cycle", "kind", "rubric")}
    sheets = list(Sheet.objects.filter(assessment__in=waiting, stage=Stage.ASSESS).select_related("reopened_by"))
    for sheet in sheets:
        sheet.assessment = waiting[sheet.assessment_id]
    marks = read_marks(rubric, sheets, {row.key})
    blank = {sheet.assessment_id for sheet in sheets if not _done(user, row, sheet, marks)}
    return Column(rubric, row, tuple(waiting.values()), frozenset(blank))


def _done(user: User, row: Row, sheet: Sheet, marks: Marks) -> bool:
    stored = marks[sheet.pk].get(row.key)
    return is_done(row, marked_departments(user, sheet.assessment), stored.content if stored else None)


def lines(user: User, rubric: Rubric, row: Row, assessments: Iterable[Assessment]) -> list[Line]:
    """The rows of these assessments, all of one cycle, that wait for the person with the item."""
    waiting = {one.pk: one for one in assessments}
    sheets: dict[tuple[int, str], Sheet] = {}
    stages = (Stage.SELF, Stage.ASSESS)
    for sheet in Sheet.objects.filter(assessment__in=waiting, stage__in=stages).select_related("reopened_by"):
        sheet.assessment = waiting[sheet.assessment_id]
        sheets[sheet.assessment_id, sheet.stage] = sheet
    marks = read_marks(rubric, sheets.values(), {row.key})
    within = reaches(user, [sheet for sheet in sheets.values() if sheet.stage == Stage.ASSESS])
    shown: dict[int, list[Evidence]] = defaultdict(list)
    own = [sheet for sheet in sheets.values() if sheet.stage == Stage.SELF]
    for one in Evidence.objects.filter(sheet__in=own, item=row.pk, removed_at=None):
        shown[one.sheet_id].append(one)
    last = _last(user, rubric, row, waiting.values())

    def line(assessment: Assessment) -> Line:
        sheet, self_sheet = sheets[assessment.pk, Stage.ASSESS], sheets[assessment.pk, Stage.SELF]
        stored, claim = marks[sheet.pk].get(row.key), marks[self_sheet.pk].get(row.key)
        reach = within[sheet.pk]
        return Line(
            assessment,
            stored,
            _score(assessment, row, stored.content if stored else None),
            _told(assessment, row, claim.content) if claim else None,
            shown[self_sheet.pk],
            last.get(assessment.organization_id),
            why_closed(reach, row, stored),
            frozenset(one.key for one in reach.closed(row)),
            is_done(row, reach.departments, stored.content if stored else None),
        )

    return [line(one) for one in waiting.values()]


def _score(assessment: Assessment, row: Row, content: Content | None) -> ItemScore:
    kernel = to_kernel(assessment.rubric, assessment.total_policy)
    entry = content.entry if content else BLANK
    return score_item(kernel.by_key[row.key], entry, assessment.kind.code, kernel.not_applicable)


def _told(assessment: Assessment, row: Row, content: Content) -> Told:
    return Told(row, content, _score(assessment, row, content), assessment.cycle.year)


def _last(user: User, rubric: Rubric, row: Row, waiting: Collection[Assessment]) -> dict[int, Told]:
    """By organisation, what the newest earlier result that the person may read says of the item.

    The same rubric in whatever version: in another rubric of the document the same key is another item.
    """
    cycle = next((one.cycle for one in waiting), None)
    if cycle is None:
        return {}
    before = Q(cycle__year__lt=cycle.year) | Q(cycle__year=cycle.year, cycle__lt=cycle.pk)
    of_these = {one.organization_id for one in waiting}
    results = visible_to(user).filter(before, organization__in=of_these, rubric__code=rubric.code, state=State.FINAL)
    by_rubric: dict[Rubric, dict[int, Assessment]] = defaultdict(dict)
    for result in results.select_related("cycle", "kind", "rubric"):
        by_rubric[result.rubric][result.pk] = result
    found: dict[int, tuple[tuple[int, int], Told]] = {}
    for version, of_version in by_rubric.items():
        then = next((one for one in rows(version) if one.key == row.key), None)
        if then is None:
            continue
        sheets = [
            sheet
            for sheet in Sheet.objects.filter(assessment__in=of_version)
            if sheet.stage == of_version[sheet.assessment_id].official_stage
        ]
        marks = read_marks(version, sheets, {row.key})
        for sheet in sheets:
            result, stored = of_version[sheet.assessment_id], marks[sheet.pk].get(row.key)
            when = (result.cycle.year, result.cycle_id)
            if stored and when > found.get(result.organization_id, ((0, 0), None))[0]:
                found[result.organization_id] = (when, _told(result, then, stored.content))
    return {organization: told for organization, (_when, told) in found.items()}
