"""An objection is rechecked and settled."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import OPEN_OBJECTIONS, Assessment, Channel, Objection, ObjectionState
from assessments.objecting import has_changed, last_state, published_row, rechecked_beside, unmarkable
from assessments.permissions import may_handle
from assessments.services import messages
from assessments.services.locking import locked
from assessments.services.moves import move
from assessments.services.objections.words import OUTCOME, secrets_of, words_for_all
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.turning import holder
from assessments.workflow import Action, State, Warrant
from orgs.models import User


@transaction.atomic
def open_recheck(by: User, objection: Objection, items: Collection[str]) -> Objection:
    """Opens the named items of the last stage's sheet again, for somebody who has not marked them.

    One recheck at a time for a result: a second objection waits until the first is settled. Raises Forbidden,
    WrongState when it is not registered any more, another is being rechecked, the result is not final or the cycle is
    closed; Refused when no item is named, or nobody is left to mark one of them.
    """
    objection = _locked(by, objection)
    assessment = locked(objection.assessment_id)
    check_recheckable(objection, assessment)
    alone = unmarkable(assessment, items)
    if alone:
        raise Refused(
            _(
                "Everybody who could mark %(items)s has marked it before. Let an administrator of %(union)s first give "
                "somebody else the right to mark."
            )
            % {"items": "、".join(alone), "union": holder(assessment, last_state(assessment))}
        )
    before = assessment.points
    reason = _("Recheck after objection No. %(number)s.") % {"number": objection.number}
    moved = move(by, assessment, Action.RECHECK, reason=reason, items=items, warrant=Warrant.OBJECTION)
    objection.state = ObjectionState.RECHECKING
    objection.recheck = moved.steps.latest("number")
    objection.points_before = before
    objection.save(update_fields=("state", "recheck", "points_before"))
    return objection


def check_recheckable(objection: Objection, assessment: Assessment) -> None:
    """Raises WrongState with the reason why no recheck can be opened now."""
    if objection.state != ObjectionState.OPEN:
        raise _overtaken(objection)
    other = rechecked_beside(objection)
    if other:
        raise WrongState(
            _("Objection No. %(number)s to the same result is being rechecked. This one waits until that is settled.")
            % {"number": other.number}
        )
    if assessment.state != State.FINAL:
        raise WrongState(_("The result is not final now: “%(state)s”.") % {"state": assessment.get_state_display()})


@transaction.atomic
def settle(by: User, objection: Objection, state: str, outcome: str) -> Objection:
    """Ends an objection with what is told to everybody.

    Which ends there are says `ends`. Raises Forbidden, WrongState when it is settled or its recheck still runs,
    Refused when the end is not what came out, the outcome is missing or names the objector.
    """
    objection = _found(objection)
    assessment = locked(objection.assessment_id)
    objection.assessment = assessment
    if not may_handle(by, objection) and not may_take_back(by, objection):
        raise Forbidden(_("Objections are settled by the deciding union; who entered one may take it back."))
    check_settleable(objection, assessment)
    possible = ends(by, objection)
    if state not in possible:
        raise Refused(_not_so(objection, state))
    who = {name: getattr(objection, name) for name in ("objector", "objector_contact", "organization")}
    secrets = secrets_of(who, assessment)
    objection.outcome = words_for_all(outcome, OUTCOME, _("Please say what came out; everybody reads it."), secrets)
    objection.state = ObjectionState(state)
    objection.points_after = assessment.points if objection.recheck_id else None
    objection.settled_by, objection.settled_at = by, timezone.now()
    objection.save(update_fields=("state", "outcome", "points_after", "settled_by", "settled_at"))
    messages.tell_settled(objection)
    return objection


def check_settleable(objection: Objection, assessment: Assessment) -> None:
    """Raises WrongState when it is settled already, or its recheck still runs."""
    if objection.state not in OPEN_OBJECTIONS:
        raise _overtaken(objection)
    if objection.state == ObjectionState.RECHECKING and assessment.state != State.FINAL:
        raise WrongState(_("The recheck still runs: the objection is settled when the result is final again."))


def may_take_back(by: User, objection: Objection) -> bool:
    """Who entered it by login takes it back, as long as nothing was rechecked for it."""
    return (
        objection.channel == Channel.LOGIN
        and objection.registered_by_id == by.pk
        and objection.state == ObjectionState.OPEN
    )


def ends(by: User, objection: Objection) -> tuple[ObjectionState, ...]:
    """How the person can end it now; `objection.assessment` has its present result.

    After a recheck the result decides: changed, it is upheld; unchanged, it is not. Without one it is rejected with a
    reason, or upheld where the result has changed for another reason since it was published. It is taken back only
    where it has changed nothing.
    """
    now = objection.assessment
    if objection.state not in OPEN_OBJECTIONS:
        return ()
    if not may_handle(by, objection):
        return (ObjectionState.TAKEN_BACK,) if may_take_back(by, objection) else ()
    if objection.state == ObjectionState.RECHECKING:
        if now.state != State.FINAL:
            return ()
        changed = has_changed(objection, now)
        return (ObjectionState.UPHELD,) if changed else (ObjectionState.REJECTED, ObjectionState.TAKEN_BACK)
    row = published_row(objection.notice, now)
    other = now.state == State.FINAL and row is not None and row.points != now.points
    without = (ObjectionState.REJECTED, ObjectionState.TAKEN_BACK)
    return (ObjectionState.UPHELD, *without) if other else without


def _not_so(objection: Objection, state: str) -> str:
    if objection.state == ObjectionState.RECHECKING and state != ObjectionState.UPHELD:
        return _("The recheck has changed the result, so the objection is upheld.")
    if state == ObjectionState.UPHELD:
        return _("The result has not changed, so the objection can't be upheld. Open a recheck first.")
    return _("An objection can't end like this.")


def _overtaken(objection: Objection) -> WrongState:
    return WrongState(
        _("This can't be done any more: the objection is now “%(state)s”.") % {"state": objection.get_state_display()}
    )


def _found(objection: Objection) -> Objection:
    parts = ("assessment__cycle", "assessment__rubric", "notice__snapshot", "recheck")
    rows_ = Objection.objects.select_related(*parts).select_for_update(of=("self",))
    return rows_.get(pk=objection.pk)


def _locked(by: User, objection: Objection) -> Objection:
    """The objection with its row locked, for who handles it."""
    objection = _found(objection)
    if not may_handle(by, objection):
        raise Forbidden(_("Objections are settled by the deciding union; who entered one may take it back."))
    return objection
