"""What a recheck changed: from the history of marks, so that it says the same ever after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.models import Assessment, MarkRevision, Objection
from assessments.standing import sayings
from assessments.workflow import Stage, State, open_stage
from rubrics.rows import Row, rows


class Saying(NamedTuple):
    """What a mark says, apart from remarks; `words` as its history has it."""

    content: tuple[object, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """An item of a recheck, with its mark before it and after."""

    key: str
    text: str
    before: str
    after: str
    differs: bool


def stage_of(objection: Objection) -> Stage | None:
    """The stage whose sheet the recheck opened."""
    return open_stage(State(objection.recheck.target)) if objection.recheck else None


def changes(objection: Objection) -> list[Change]:
    """What the recheck did to each of its items, from the history of their marks: two queries."""
    step, stage = objection.recheck, stage_of(objection)
    if step is None or stage is None:
        return []
    named = frozenset(step.items.values_list("pk", flat=True))
    told = MarkRevision.objects.filter(sheet__assessment=objection.assessment_id, sheet__stage=stage, item__in=named)
    told = told.select_related("by").order_by("version")
    if objection.settled_at:
        told = told.filter(at__lte=objection.settled_at)
    before: dict[int, MarkRevision] = {}
    after: dict[int, MarkRevision] = {}
    for one in told:
        after[one.item_id] = one
        if one.at <= step.at:
            before[one.item_id] = one
    items = (row for row in rows(objection.assessment.rubric) if row.pk in named)
    return [_change(row, before.get(row.pk), after.get(row.pk)) for row in items]


def _change(row: Row, before: MarkRevision | None, after: MarkRevision | None) -> Change:
    was, now = _said(before), _said(after)
    return Change(row.key, row.text, was.words, now.words, was.content != now.content)


def _said(one: MarkRevision | None) -> Saying:
    if one is None:
        return Saying((None, "", "", False), _("blank"))
    return Saying((one.points, one.counts, one.claims, one.not_applicable), sayings([one])[0].said)


def has_changed(objection: Objection, now: Assessment) -> bool:
    """Whether the recheck changed a mark or the sum; `now` is the assessment with its present result."""
    return objection.points_before != now.points or any(change.differs for change in changes(objection))
