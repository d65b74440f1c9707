"""A person confirms or drops what was proposed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.aftermath.consequences import proposed_tasks
from assessments.models import Consequence, ConsequenceKind, ConsequenceState, Cycle, MakeUp
from assessments.services import messages
from assessments.services.aftermath.base import day_ahead, locked_cycle
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User

NO_TASKS: Mapping[int, str] = {}


@transaction.atomic
def confirm(
    by: User, cycle: Cycle, keys: Collection[int], *, due_on: date | None = None, tasks: Mapping[int, str] = NO_TASKS
) -> Sequence[Consequence]:
    """Lets proposed consequences take effect, all of `keys` or none.

    A make-up task begins with the text in `tasks`, by consequence, or else with the items that lost the most, and has
    to be done by `due_on`. A revocation is confirmed by another person than proposed it, and changes no published
    result: that takes a correcting notice. Raises Forbidden, WrongState where one is decided already, Refused.
    """
    found = _proposed(by, cycle, keys)
    if any(one.kind == ConsequenceKind.REVOCATION and one.proposed_by_id == by.pk for one in found):
        raise Forbidden(_("A revocation takes two persons: another than the one who proposed it confirms it."))
    made_up = [one for one in found if one.kind == ConsequenceKind.MAKE_UP]
    if made_up:
        day, usual = day_ahead(due_on), proposed_tasks([one.row.assessment for one in made_up])
        tasks_set = MakeUp.objects.bulk_create(
            MakeUp(
                consequence=one,
                task=_task(tasks.get(one.pk, usual[one.row.assessment_id])),
                due_on=day,
                set_by=by,
                set_at=timezone.now(),
            )
            for one in made_up
        )
        for task in tasks_set:
            messages.tell_make_up(task)
    _settle(by, found, ConsequenceState.CONFIRMED)
    return found


@transaction.atomic
def drop(by: User, cycle: Cycle, keys: Collection[int], reason: str) -> Sequence[Consequence]:
    """Says that proposed consequences are not applied, all or none, and why. Raises as `confirm` does."""
    found = _proposed(by, cycle, keys)
    _settle(by, found, ConsequenceState.DROPPED, said(reason, 500, _("Please give the reason.")))
    return found


def _proposed(by: User, cycle: Cycle, keys: Collection[int]) -> list[Consequence]:
    cycle = locked_cycle(by, cycle)
    wanted = Consequence.objects.filter(pk__in=keys, row__snapshot__cycle=cycle).select_related(
        "row__assessment__rubric"
    )
    found = list(wanted.select_for_update(of=("self",)).order_by("pk"))
    if not keys:
        raise Refused(_("Please tick at least one line."))
    if len(found) != len(set(keys)):
        raise Forbidden(_("Not all of these lines belong to this cycle; nothing was changed."))
    if any(one.state != ConsequenceState.PROPOSED for one in found):
        raise WrongState(_("Somebody has decided on one of these meanwhile; nothing was changed."))
    return found


def _task(text: str) -> str:
    return said(text, 2000, _("Please say what has to be made up."))


def _settle(by: User, found: list[Consequence], state: ConsequenceState, reason: str = "") -> None:
    for one in found:
        one.state, one.decided_by, one.decided_at, one.reason = state, by, timezone.now(), reason
    Consequence.objects.bulk_update(found, ("state", "decided_by", "decided_at", "reason"), batch_size=500)
