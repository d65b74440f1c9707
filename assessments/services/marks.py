"""The only writer of marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import claims
from assessments.appraisal import decided
from assessments.models import Assessment, Claim, Count, Mark, MarkRevision, Sheet
from assessments.rechecking import not_rechecked
from assessments.results import NOTHING, Content, Marks, StoredMark, contents_of, read_marks, store_total, total_of
from assessments.sentences import on_record
from assessments.services.foreseen import foresee, news
from assessments.services.joint import adopted, is_joint
from assessments.services.locking import locked
from assessments.services.reach import Reach, open_items, open_sheet, reach_of
from assessments.services.refusals import Forbidden, MarksRefused, WrongState
from assessments.services.typed import Typed, too_large
from assessments.workflow import Stage, State, earlier, open_stage
from orgs.models import User
from rubrics.rows import Row, rows
from rubrics.scoring.totals import Total

MOST_POINTS = Decimal(9_999)
"""What a sum's column holds. A bonus or a penalty without a limit knows no other end, and a slip of the finger
reaches it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save left behind: the sheet with its new sums, the kernel's Total, and what changed.

    versions  of all marks of the sheet, by item key
    """

    sheet: Sheet
    total: Total
    contents: Mapping[str, Content]
    versions: Mapping[str, int]


@transaction.atomic
def save_marks(by: User, assessment: Assessment, stage: Stage, typed: Sequence[Typed]) -> Saved:
    """Stores what was typed on some items of the open sheet, all or nothing.

    Writes one Mark and one MarkRevision per changed item, its Count and Claim rows, and the sheet's sums. Items typed
    as they already stand are left alone. Raises WrongState when the stage is not open, Forbidden when the person does
    not write it or an item is not theirs, MarksRefused with a sentence per item that can't be read, or with what
    somebody else saved meanwhile.
    """
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, stage)
    found = foresee(by, assessment, sheet, typed)
    if found.errors or found.overtaken:
        raise MarksRefused(found.errors, found.overtaken)
    by_key = {row.key: row for row in rows(assessment.rubric)}
    return _write(by, assessment, sheet, by_key, found.stored, found.changed)


def _write(
    by: User,
    assessment: Assessment,
    sheet: Sheet,
    by_key: Mapping[str, Row],
    stored: Marks,
    changed: Mapping[str, Content],
) -> Saved:
    total = total_of(assessment, {**contents_of(stored), **changed})
    if not all(-MOST_POINTS <= sum_ <= MOST_POINTS for sum_ in (total.points, total.bonus_allowed, total.penalty)):
        raise MarksRefused({key: too_large(by_key[key]) for key, content in changed.items() if content.counts})
    now = timezone.now()
    versions = {key: mark.version for key, mark in stored.items()}
    versions |= {key: versions.get(key, 0) + 1 for key in changed}
    earned = {score.item.key: score.earned for score in total.items}
    for key, content in changed.items():
        said = {"version": versions[key], "saved_at": now, "saved_by": by, "earned": earned[key]}
        values = {**_values(content), **said}
        _write_mark(sheet, by_key[key], stored.get(key), content, values)
    MarkRevision.objects.bulk_create(
        _revision(by, sheet, by_key[key], content, versions[key], now) for key, content in changed.items()
    )
    if changed:
        store_total(sheet, total, now)
    return Saved(sheet, total, changed, versions)


def _values(content: Content) -> dict[str, Any]:
    return {
        "points": content.points,
        "not_applicable": content.not_applicable,
        "reason": content.reason,
        "remark": content.remark,
    }


def _write_mark(sheet: Sheet, row: Row, stored: StoredMark | None, content: Content, values: Mapping[str, Any]) -> None:
    if stored:
        Mark.objects.filter(pk=stored.pk).update(**values)
        pk = stored.pk
    else:
        pk = Mark.objects.create(sheet=sheet, item_id=row.pk, **values).pk
    if row.measures:
        Count.objects.filter(mark=pk).delete()
        Count.objects.bulk_create(
            Count(mark_id=pk, measure_id=measure.pk, quantity=content.counts[measure.key])
            for measure in row.measures
            if measure.key in content.counts
        )
    if row.claims:
        _write_claims(pk, row, content)


def _write_claims(mark: int, row: Row, content: Content) -> None:
    measures = {measure.key: measure.pk for measure in row.claims}
    Claim.objects.filter(mark=mark).delete()
    Claim.objects.bulk_create(
        Claim(
            mark_id=mark,
            position=position,
            measure_id=measures[one.measure],
            occasion=one.occasion,
            day=one.day,
            proof=one.proof,
            file_id=one.file,
        )
        for position, one in enumerate(content.claims)
    )


def _revision(by: User, sheet: Sheet, row: Row, content: Content, version: int, now: datetime) -> MarkRevision:
    said = {"counts": on_record(row, content.counts), "claims": claims.on_record(row, content.claims)}
    return MarkRevision(sheet=sheet, item_id=row.pk, version=version, by=by, at=now, **said, **_values(content))


@transaction.atomic
def adopt_marks(by: User, assessment: Assessment, stage: Stage) -> Saved:
    """Takes over the previous stage's marks on every item of the person's that is still blank.

    Remarks stay with who wrote them, and that an item does not apply is agreed to item by item, never in bulk.
    """
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, stage)
    if stage == Stage.SELF:
        raise WrongState(_("There is no earlier sheet to take marks from."))
    source = assessment.sheets.get(stage=earlier(stage)[-1])
    marks = read_marks(assessment.rubric, [sheet, source])
    stored, offered = marks[sheet.pk], contents_of(marks[source.pk])
    by_key = {row.key: row for row in rows(assessment.rubric)}
    reach = reach_of(by, assessment, sheet, by_key.values(), open_items(sheet))
    taken = {}
    for key, content in offered.items():
        before = stored[key].content if key in stored else NOTHING
        if content.blank or (content.not_applicable and source.stage == Stage.SELF) or not reach.includes(by_key[key]):
            continue
        if is_joint(by_key[key]) and not before.not_applicable and not content.not_applicable:
            taken[key] = adopted(by_key[key], content, before, reach)
        elif before.blank:
            taken[key] = replace(content, remark=before.remark)
    taken |= _from_ballots(assessment, sheet, reach, stored)
    return _write(by, assessment, sheet, by_key, stored, news(taken, stored))


@transaction.atomic
def stand_by_marks(by: User, assessment: Assessment) -> Saved:
    """Says of the items of a recheck that are the person's to recheck that their marks stand.

    A save that changes nothing but who stands behind the mark and since when. Items that somebody has saved since the
    recheck was opened are left alone. Raises WrongState where nothing is being rechecked, Forbidden where nothing of it
    is the person's to recheck, and as `save_marks` does.
    """
    assessment = locked(assessment.pk)
    stage = open_stage(State(assessment.state))
    if stage is None:
        raise WrongState(_("Nothing is being rechecked on this sheet."))
    sheet = open_sheet(by, assessment, stage)
    waiting = not_rechecked(sheet)
    if not waiting:
        raise WrongState(_("Nothing is being rechecked on this sheet."))
    stored = read_marks(assessment.rubric, [sheet])[sheet.pk]
    by_key = {row.key: row for row in rows(assessment.rubric)}
    asked = [row for row in by_key.values() if row.pk in waiting]
    reach = reach_of(by, assessment, sheet, asked, open_items(sheet))
    own = {row.key for row in asked if row.key in stored and reach.includes(row)}
    if not own:
        raise Forbidden(
            _(
                "None of these items is yours to recheck: you have marked them before, "
                "or their department has signed off."
            )
        )
    return _write(by, assessment, sheet, by_key, stored, {key: stored[key].content for key in own})


@transaction.atomic
def take_ballots(by: User, assessment: Assessment) -> Saved:
    """Enters the points that ballots gave on the person's items of the assess sheet. Raises as `save_marks` does."""
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, Stage.ASSESS)
    stored = read_marks(assessment.rubric, [sheet])[sheet.pk]
    by_key = {row.key: row for row in rows(assessment.rubric)}
    reach = reach_of(by, assessment, sheet, by_key.values(), open_items(sheet))
    taken = _from_ballots(assessment, sheet, reach, stored)
    return _write(by, assessment, sheet, by_key, stored, news(taken, stored))


def _from_ballots(assessment: Assessment, sheet: Sheet, reach: Reach, stored: Marks) -> dict[str, Content]:
    """What ballots decided of the items in reach, each with the remark that it has."""
    if sheet.stage != Stage.ASSESS:
        return {}
    by_key = {row.key: row for row in rows(assessment.rubric)}
    remarks = {key: mark.content.remark for key, mark in stored.items()}
    return {
        key: Content(points=points, remark=remarks.get(key, ""))
        for key, points in decided(assessment).items()
        if reach.includes(by_key[key])
    }
