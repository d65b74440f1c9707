"""Everything the scoring page shows, gathered in a number of queries that the rubric's length does not change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments.appraisal import beside_items, points_by_item
from assessments.models import Assessment, Ballot, Evidence, Sheet, Step
from assessments.permissions import marked_departments, may_write, readable_stages
from assessments.rechecking import not_rechecked
from assessments.results import Marks, contents_of, read_marks, total_of
from assessments.services.reach import Reach, reach_of, why_closed
from assessments.sheetpage.sums import is_whole, rows_of, summary
from assessments.workflow import Stage, State, earlier, open_stage
from orgs.models import User
from rubrics.rows import Row
from rubrics.scoring.totals import Total


@dataclass(frozen=True)
class SheetPage:
    """One stage of an assessment as one person sees it.

    editable  the stage is open and the person writes it
    shown     the rows the person is concerned with: a department assessor's own, else all that apply
    locked    by row key, why a shown row can't be changed now: not sent back, or signed off
    others    by row key, the measures that only another department enters, or one that has signed off
    before    earlier stages the person may read, with their totals
    departments  those that the person marks for; None: all
    whole     whether `shown` is the whole sheet
    ballots   by row key, the ballot that is or was held for it
    reopened  the step that opened the sheet again, with its reason, if it was opened again
    seen      keys of items of a recheck that the person has marked before, so that somebody else rechecks them
    to_recheck  keys of items of a recheck that wait for the person or somebody else to look again
    """

    assessment: Assessment
    stage: Stage
    sheet: Sheet
    editable: bool
    shown: tuple[Row, ...]
    locked: Mapping[str, str]
    others: Mapping[str, frozenset[str]]
    marks: Mapping[Stage, Marks]
    evidence: Mapping[tuple[Stage, int], list[Evidence]]
    total: Total
    before: Mapping[Stage, Total]
    departments: frozenset[str] | None
    whole: bool
    reopened: Step | None
    seen: tuple[str, ...]
    to_recheck: tuple[str, ...]
    ballots: Mapping[str, Ballot]

    @cached_property
    def undecided(self) -> list[str]:
        """Keys of the person's items that do not say yet what a ballot decided."""
        if not self.editable or self.stage != Stage.ASSESS:
            return []
        own = {row.key for row in self.shown} - self.locked.keys()
        marks = self.marks[self.stage]
        said = {key: mark.content.points for key, mark in marks.items()}
        return [
            key
            for key, points in points_by_item(self.ballots.values()).items()
            if key in own and said.get(key) != points
        ]

    @cached_property
    def sums(self) -> dict[str, Any]:
        return summary(self.assessment, self.sheet, self.shown, self.total, self.departments)


def load(user: User, assessment: Assessment, stage: Stage) -> SheetPage | None:
    """The page, or None where the person may not see this stage."""
    readable = readable_stages(user, assessment)
    editable = open_stage(State(assessment.state)) == stage and may_write(user, assessment)
    if stage not in readable and not editable:
        return None
    sheets = {Stage(sheet.stage): sheet for sheet in assessment.sheets.all()}
    if stage not in sheets:
        return None
    sheet = sheets[stage]
    sheet.assessment = assessment
    visible = [one for one in (*earlier(stage), stage) if one in sheets and (one in readable or one == stage)]
    marks = read_marks(assessment.rubric, [sheets[one] for one in visible])
    by_stage = {one: marks[sheets[one].pk] for one in visible}
    totals = {one: total_of(assessment, contents_of(by_stage[one])) for one in visible}
    departments = marked_departments(user, assessment) if editable else None
    shown = rows_of(assessment, departments)
    reopened = _reopened(sheet) if editable else None
    reach = _reach(user, sheet, reopened, shown) if editable else None
    return SheetPage(
        assessment=assessment,
        stage=stage,
        sheet=sheet,
        editable=editable,
        shown=shown,
        locked=_locked(reach, shown, by_stage[stage]) if reach else {},
        others=_others(reach, shown) if reach else {},
        marks=by_stage,
        evidence=_evidence([sheets[one] for one in visible]),
        total=totals[stage],
        before={one: totals[one] for one in visible if one != stage},
        departments=departments,
        whole=is_whole(assessment, shown),
        reopened=reopened,
        seen=tuple(row.key for row in shown if reach and row.pk in reach.seen),
        to_recheck=_to_recheck(sheet, reach, shown) if reach else (),
        ballots=beside_items(assessment),
    )


def _reopened(sheet: Sheet) -> Step | None:
    if sheet.reopened_by_id is None:
        return None
    return Step.objects.select_related("by").prefetch_related("items").get(pk=sheet.reopened_by_id)


def _reach(user: User, sheet: Sheet, reopened: Step | None, shown: Iterable[Row]) -> Reach:
    named = frozenset(item.pk for item in reopened.items.all()) if reopened else frozenset()
    return reach_of(user, sheet.assessment, sheet, shown, named or None)


def _to_recheck(sheet: Sheet, reach: Reach, shown: Iterable[Row]) -> tuple[str, ...]:
    waiting = not_rechecked(sheet)
    return tuple(row.key for row in shown if row.pk in waiting and reach.includes(row))


def _locked(reach: Reach, shown: Iterable[Row], marks: Marks) -> dict[str, str]:
    found = {row.key: why_closed(reach, row, marks.get(row.key)) for row in shown}
    return {key: why for key, why in found.items() if why}


def _others(reach: Reach, shown: Iterable[Row]) -> dict[str, frozenset[str]]:
    found = {row.key: frozenset(measure.key for measure in reach.closed(row)) for row in shown if row.measures}
    return {key: measures for key, measures in found.items() if measures}


def _evidence(sheets: list[Sheet]) -> dict[tuple[Stage, int], list[Evidence]]:
    stages = {sheet.pk: Stage(sheet.stage) for sheet in sheets}
    found: dict[tuple[Stage, int], list[Evidence]] = defaultdict(list)
    for one in Evidence.objects.filter(sheet__in=sheets, removed_at=None):
        found[stages[one.sheet_id], one.item_id].append(one)
    return found
