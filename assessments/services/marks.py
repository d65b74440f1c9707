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

from assessments.models import Assessment, Count, Mark, MarkRevision, Sheet
from assessments.results import Content, Marks, StoredMark, contents_of, read_marks, store_total, total_of
from assessments.sentences import counts_in_words
from assessments.services.locking import locked
from assessments.services.reach import check_reach, open_sheet, reach_of
from assessments.services.refusals import MarksRefused, WrongState
from assessments.services.typed import Typed, read_typed, too_large
from assessments.workflow import Stage, earlier
from orgs.models import User
from rubrics.rows import Row, rows
from rubrics.scoring.totals import Total

MOST_POINTS = Decimal(9_999)
"""What a sum's column holds. A bonus without a cap knows no other end, and a slip of the finger reaches it."""

Said = tuple[Decimal | None, str, bool, str, str]
"""A mark in the words of its history: points, counts, whether it does not apply and why, remark."""


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

    Writes one Mark and one MarkRevision per changed item, its Count rows, and the sheet's sums. Items typed as they
    already stand are left alone. Raises WrongState when the stage is not open, Forbidden when the person does not write
    it or an item is not theirs, MarksRefused with a sentence per item that can't be read, or with what somebody else
    saved meanwhile.
    """
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, stage)
    by_key = {row.key: row for row in rows(assessment.rubric)}
    check_reach(by, assessment, sheet, [one.key for one in typed])
    stored = read_marks(assessment.rubric, [sheet])[sheet.pk]
    consented = _not_applicable_before(assessment, stage, typed)
    contents, errors = {}, {}
    for one in typed:
        try:
            contents[one.key] = read_typed(by_key[one.key], one, stage, consented)
        except ValueError as error:
            errors[one.key] = str(error)
    changed = {key: content for key, content in contents.items() if _says_something_new(content, stored.get(key))}
    conflicts = _conflicts(sheet, [t for t in typed if t.key in changed], stored, contents, by_key)
    changed = {key: content for key, content in changed.items() if conflicts.get(key, True)}
    overtaken = {key: mark for key, mark in conflicts.items() if mark is not None}
    if errors or overtaken:
        raise MarksRefused(errors, overtaken)
    return _write(by, assessment, sheet, by_key, stored, changed)


def _not_applicable_before(assessment: Assessment, stage: Stage, typed: Sequence[Typed]) -> Marks:
    """The self sheet's marks, where a later stage is about to agree that something does not apply."""
    if stage == Stage.SELF or not any(one.not_applicable for one in typed):
        return {}
    sheet = assessment.sheets.get(stage=Stage.SELF)
    marks = read_marks(assessment.rubric, [sheet])[sheet.pk]
    return {key: mark for key, mark in marks.items() if mark.content.not_applicable}


def _says_something_new(content: Content, stored: StoredMark | None) -> bool:
    return content != (stored.content if stored else Content())


def _conflicts(
    sheet: Sheet,
    typed: Sequence[Typed],
    stored: Marks,
    contents: Mapping[str, Content],
    by_key: Mapping[str, Row],
) -> dict[str, StoredMark | None]:
    """Items that somebody else saved after the person saw them.

    None instead of the other's mark means that the person left the item as they saw it (a whole sheet posted without
    JavaScript carries every item): then the other's mark simply stands.
    """
    late = [t for t in typed if t.key in stored and t.version != stored[t.key].version]
    seen = _seen(sheet, [t for t in late if t.version < stored[t.key].version], by_key) if late else {}
    found: dict[str, StoredMark | None] = {}
    for one in late:
        said = _as_said(by_key[one.key], contents[one.key])
        untouched = said == seen.get(one.key) or (one.version == 0 and contents[one.key] == Content())
        found[one.key] = None if untouched else stored[one.key]
    return found


def _seen(sheet: Sheet, late: Sequence[Typed], by_key: Mapping[str, Row]) -> dict[str, Said]:
    """What stood on each item in the version that the person saw: one query."""
    wanted = {(by_key[one.key].pk, one.version): one.key for one in late}
    items, versions = {item for item, _version in wanted}, {version for _item, version in wanted}
    revisions = MarkRevision.objects.filter(sheet=sheet, item__in=items, version__in=versions)
    return {
        wanted[one.item_id, one.version]: (one.points, one.counts, one.not_applicable, one.reason, one.remark)
        for one in revisions
        if (one.item_id, one.version) in wanted
    }


def _as_said(row: Row, content: Content) -> Said:
    return content.points, counts_in_words(row, content.counts), content.not_applicable, content.reason, content.remark


def _write(
    by: User,
    assessment: Assessment,
    sheet: Sheet,
    by_key: Mapping[str, Row],
    stored: Marks,
    changed: Mapping[str, Content],
) -> Saved:
    total = total_of(assessment, {**contents_of(stored), **changed})
    if total.points > MOST_POINTS:
        raise MarksRefused({key: too_large(by_key[key]) for key, content in changed.items() if content.counts})
    now = timezone.now()
    versions = {key: mark.version for key, mark in stored.items()}
    versions |= {key: versions.get(key, 0) + 1 for key in changed}
    for key, content in changed.items():
        values = {**_values(content), "version": versions[key], "saved_at": now, "saved_by": by}
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


def _revision(by: User, sheet: Sheet, row: Row, content: Content, version: int, now: datetime) -> MarkRevision:
    counts = counts_in_words(row, content.counts)
    return MarkRevision(sheet=sheet, item_id=row.pk, version=version, counts=counts, by=by, at=now, **_values(content))


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
    reach = reach_of(by, assessment, sheet, by_key.values())
    taken = {
        key: replace(content, remark=stored[key].content.remark if key in stored else "")
        for key, content in offered.items()
        if not content.blank
        and not (content.not_applicable and source.stage == Stage.SELF)
        and (key not in stored or stored[key].content.blank)
        and reach.includes(by_key[key])
    }
    return _write(by, assessment, sheet, by_key, stored, taken)
