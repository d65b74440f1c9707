"""What a recheck (复查) asks of an assessment while it runs: who must not mark, and what nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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


def marked_before_on(
    by: User, sheets: Iterable[Sheet], named: Mapping[int, frozenset[int]]
) -> dict[int, frozenset[int]]:
    """What `marked_before` says of many sheets, by sheet key: one query, none where nothing is being rechecked.

    named  by step, the item rows that it named
    """
    steps = {sheet: step for sheet in sheets if (step := recheck_of(sheet)) and step.pk in named}
    found: dict[int, frozenset[int]] = {}
    if not steps:
        return found
    told = MarkRevision.objects.filter(sheet__assessment__in={sheet.assessment_id for sheet in steps}, by=by)
    marked = list(told.exclude(sheet__stage=Stage.SELF).values_list("sheet__assessment", "item", "at"))
    for sheet, step in steps.items():
        items = {item for one, item, at in marked if one == sheet.assessment_id and at < step.at}
        found[sheet.pk] = named[step.pk] & items
    return found


def not_rechecked(sheet: Sheet) -> frozenset[int]:
    """Items of a recheck that nobody has saved since it was opened: the marks objected to still stand there."""
    step = recheck_of(sheet)
    if step is None:
        return frozenset()
    named = frozenset(step.items.through.objects.filter(step=step.pk).values_list("item", flat=True))
    saved = MarkRevision.objects.filter(sheet=sheet, item__in=named, at__gt=step.at)
    return named.difference(saved.values_list("item", flat=True))
