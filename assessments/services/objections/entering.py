"""An objection comes in: by login, or told to the deciding union."""

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
from assessments.models import OPEN_OBJECTIONS, Assessment, Channel, Cycle, Notice, Objection
from assessments.objecting import no_notice, notice_on, published_row
from assessments.permissions import may_handle_objections, may_object
from assessments.publications import newest
from assessments.services import messages
from assessments.services.locking import locked_cycle
from assessments.services.objections.words import CONTACT, NAME, STATEMENT, secrets_of, words_for_all
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from assessments.workflow import UNIT_CHAIR
from orgs.models import Organization, User
from orgs.permissions import holds
from rubrics.rows import rows


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
    cycle = locked_cycle(assessment.cycle_id)
    assessment = Assessment.objects.select_related("rubric", "kind", "cycle").get(pk=assessment.pk)
    handles = may_handle_objections(by, assessment)
    if handles == (entry.channel == Channel.LOGIN) or not may_object(by):
        raise Forbidden(_("You can't enter this objection."))
    received = _day(entry, handles=handles)
    notice = _notice(cycle, assessment, received)
    values = _by_hand(entry) if handles else _by_login(by, cycle, entry)
    statement = words_for_all(
        entry.statement, STATEMENT, _("Please say what is objected to."), secrets_of(values, assessment)
    )
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
    name, contact = said(entry.objector, NAME), said(entry.contact, CONTACT)
    return {"objector": name, "objector_contact": contact, "organization": None}


def _by_login(by: User, cycle: Cycle, entry: Entry) -> dict[str, Any]:
    union = entry.organization
    if union and not (
        holds(by, union.pk, UNIT_CHAIR.roles) and Assessment.objects.filter(cycle=cycle, organization=union).exists()
    ):
        raise Forbidden(_("Only its chair objects in the name of a union, and only one that takes part in the cycle."))
    contact = said(entry.contact, CONTACT) or by.phone or ""
    return {"objector": by.full_name, "objector_contact": contact, "organization": union}


def _check_new(by: User, assessment: Assessment, statement: str) -> None:
    """A second click registers nothing."""
    same = Objection.objects.filter(assessment=assessment, registered_by=by, statement=statement)
    known = same.filter(state__in=OPEN_OBJECTIONS).first()
    if known:
        raise Refused(_("This objection is registered already, as No. %(number)s.") % {"number": known.number})


def _items(assessment: Assessment, keys: Collection[str]) -> list[int]:
    by_key = {row.key: row.pk for row in rows(assessment.rubric) if row.applies(assessment.kind.code)}
    if not by_key.keys() >= set(keys):
        raise Refused(_("These items can't be named here."))
    return [by_key[key] for key in dict.fromkeys(keys)]
