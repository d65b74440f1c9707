"""Objections to published results: registered, rechecked, settled. The only writer of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.calendars import due_day
from assessments.models import OPEN_OBJECTIONS, Assessment, Channel, Cycle, Notice, Objection, ObjectionState
from assessments.objecting import (
    has_changed,
    last_state,
    no_notice,
    notice_on,
    published_row,
    rechecked_beside,
    unmarkable,
)
from assessments.permissions import may_handle, may_handle_objections, may_object
from assessments.publications import newest
from assessments.services import messages
from assessments.services.locking import locked
from assessments.services.moves import move
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.text import clean
from assessments.turning import holder
from assessments.workflow import UNIT_CHAIR, Action, State, Warrant
from orgs.models import Organization, User
from orgs.permissions import holds
from rubrics.rows import rows

STATEMENT, OUTCOME, NAME, CONTACT = 2000, 1000, 60, 120


@dataclass(frozen=True, slots=True)
class Entry:
    """An objection as somebody enters it.

    items        keys of the items in question; none: the result as a whole
    channel, objector, contact, received_on   of a person who came in, wrote or called: only who handles objections
                 says these. By login the objector is who is logged in, and the day is today
    organization the union in whose name its chair objects by login; None: in one's own name
    """

    statement: str
    items: Collection[str] = ()
    channel: str = Channel.LOGIN
    objector: str = ""
    contact: str = ""
    received_on: date | None = None
    organization: Organization | None = None


@transaction.atomic
def register(by: User, assessment: Assessment, entry: Entry) -> Objection:
    """Registers an objection to a result that is, or was on the day it came in, on public notice.

    Who handles objections to this result registers what somebody else said, with the day on which it came in, which may
    be earlier than today; everybody else enters their own, today. The days for settling it begin on the day after it
    came in. Raises Forbidden, WrongState outside the notice or when the cycle is closed, Refused with a sentence when
    something is missing, or when the words for everybody name the objector.
    """
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("owner").get(pk=assessment.cycle_id)
    assessment = Assessment.objects.select_related("rubric", "kind", "cycle").get(pk=assessment.pk)
    handles = may_handle_objections(by, assessment)
    if handles == (entry.channel == Channel.LOGIN) or not may_object(by):
        raise Forbidden(_("You can't enter this objection."))
    received = _day(entry, handles=handles)
    notice = _notice(cycle, assessment, received)
    values = _by_hand(entry) if handles else _by_login(by, cycle, entry)
    statement = _words(entry.statement, STATEMENT, _("Please say what is objected to."), values)
    items = _items(assessment, entry.items)
    _check_new(by, assessment, statement)
    last = Objection.objects.filter(notice__snapshot__cycle=cycle).aggregate(last=Max("number"))["last"]
    objection = Objection.objects.create(
        notice=notice,
        assessment=assessment,
        number=(last or 0) + 1,
        channel=entry.channel,
        statement=statement,
        registered_by=by,
        registered_at=timezone.now(),
        received_on=received,
        due_on=due_day(received, cycle.recheck_days, cycle.recheck_count),
        **values,
    )
    objection.items.set(items)
    messages.tell_objection(objection)
    return objection


def check_enterable(assessment: Assessment, *, late: bool) -> None:
    """Raises WrongState with the reason why no objection to the result can be entered now.

    late  whether one that came in earlier may be registered now
    """
    closed = no_notice(assessment.cycle)
    if closed and (not late or assessment.cycle.closed_at or newest(assessment.cycle) is None):
        raise WrongState(closed)


def _day(entry: Entry, *, handles: bool) -> date:
    today = timezone.localdate()
    if not handles:
        return today
    if entry.received_on is None or entry.received_on > today:
        raise Refused(_("Please give the day on which it came in; it can't lie ahead."))
    return entry.received_on


def _notice(cycle: Cycle, assessment: Assessment, day: date) -> Notice:
    """The notice that the objection is to."""
    if cycle.closed_at:
        raise WrongState(no_notice(cycle))
    notice = notice_on(cycle, day)
    if notice is None and day != timezone.localdate():
        raise Refused(_("No notice ran on %(day)s: only what came in during a notice counts.") % {"day": day})
    if notice is None:
        raise WrongState(no_notice(cycle))
    if published_row(notice, assessment) is None:
        raise WrongState(_("This organisation is not on the notice."))
    return notice


def _by_hand(entry: Entry) -> dict[str, Any]:
    """Who came in, wrote or called; nobody has to give their name."""
    if entry.channel not in Channel.values:
        raise Refused(_("Please say how it came in."))
    return {"objector": _text(entry.objector, NAME), "objector_contact": _text(entry.contact, CONTACT)}


def _by_login(by: User, cycle: Cycle, entry: Entry) -> dict[str, Any]:
    union = entry.organization
    if union and not (
        holds(by, union.pk, UNIT_CHAIR.roles) and Assessment.objects.filter(cycle=cycle, organization=union).exists()
    ):
        raise Forbidden(_("Only its chair objects in the name of a union, and only one that takes part in the cycle."))
    contact = _text(entry.contact, CONTACT) or by.phone or ""
    return {"objector": by.full_name, "objector_contact": contact, "organization": union}


def _check_new(by: User, assessment: Assessment, statement: str) -> None:
    """A second click registers nothing."""
    same = Objection.objects.filter(assessment=assessment, registered_by=by, statement=statement)
    known = same.filter(state__in=OPEN_OBJECTIONS).first()
    if known:
        raise Refused(_("This objection is registered already, as No. %(number)s.") % {"number": known.number})


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
    who = {"objector": objection.objector, "objector_contact": objection.objector_contact}
    objection.outcome = _words(outcome, OUTCOME, _("Please say what came out; everybody reads it."), who)
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


def _items(assessment: Assessment, keys: Collection[str]) -> list[int]:
    by_key = {row.key: row.pk for row in rows(assessment.rubric) if row.applies(assessment.kind.code)}
    if not by_key.keys() >= set(keys):
        raise Refused(_("These items can't be named here."))
    return [by_key[key] for key in dict.fromkeys(keys)]


def _text(text: str, length: int) -> str:
    try:
        return clean(text, length)
    except ValueError as error:
        raise Refused(str(error)) from error


def _words(text: str, length: int, missing: str, who: dict[str, Any]) -> str:
    """Words that everybody reads: there are some, and they do not say who objected."""
    text = _text(text, length)
    if not text:
        raise Refused(missing)
    told = [who[name] for name in ("objector", "objector_contact") if len(who[name]) > 1 and who[name] in text]
    if told:
        raise Refused(_("Others read this: please leave “%(name)s” out of it.") % {"name": told[0]})
    return text
