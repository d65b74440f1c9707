"""What a recheck (复查) asks of an assessment while it runs: who must not mark, and what nobody has looked at yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessments.models import MarkRevision, Objection, ObjectionState
from assessments.workflow import Action, Stage

if TYPE_CHECKING:
    from assessments.models import Assessment, Sheet, Step
    from orgs.models import User


def being_rechecked(assessment: Assessment) -> bool:
    """Whether an objection to its result is being rechecked, or its recheck is not settled yet."""
    return Objection.objects.filter(assessment=assessment.pk, state=ObjectionState.RECHECKING).exists()


def recheck_of(sheet: Sheet) -> Step | None:
    """The step that opened the sheet for a recheck, if that is why it is open."""
    step = sheet.reopened_by
    return step if step and step.action == Action.RECHECK else None


def marked_before(by: User, sheet: Sheet, named: frozenset[int] | None) -> frozenset[int]:
    """Items of a recheck that the person had marked, on this sheet or that of another stage, before it was opened."""
    step = recheck_of(sheet)
    if step is None or named is None:
        return frozenset()
    told = MarkRevision.objects.filter(sheet__assessment=sheet.assessment_id, item__in=named, by=by, at__lt=step.at)
    return frozenset(told.exclude(sheet__stage=Stage.SELF).values_list("item", flat=True))


def not_rechecked(sheet: Sheet) -> frozenset[int]:
    """Items of a recheck that nobody has saved since it was opened: the marks objected to still stand there."""
    step = recheck_of(sheet)
    if step is None:
        return frozenset()
    named = frozenset(step.items.through.objects.filter(step=step.pk).values_list("item", flat=True))
    saved = MarkRevision.objects.filter(sheet=sheet, item__in=named, at__gt=step.at)
    return named.difference(saved.values_list("item", flat=True))
