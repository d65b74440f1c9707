"""Opening, closing and annulling a ballot."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.appraisal import result_of
from assessments.models import Ballot, BallotState
from assessments.services.ballots.base import check_holder, check_time, held_by
from assessments.services.ballots.codes import rewrite_codes
from assessments.services.locking import locked
from assessments.services.refusals import Refused, WrongState
from assessments.services.words import said
from orgs.models import User


@transaction.atomic
def open_ballot(by: User, ballot: Ballot) -> Ballot:
    """Lets the voting begin. From now on nothing about the ballot changes. Raises Forbidden, WrongState or Refused."""
    assessment = locked(ballot.assessment_id)
    check_holder(by, assessment)
    check_time(assessment, ballot.purpose)
    ballot = held_by(by, ballot, BallotState.DRAFT)
    if ballot.last_day < timezone.localdate():
        raise Refused(_("The last day of voting is over: please set a later one."))
    ballot.state, ballot.opened_on, ballot.opened_by = BallotState.OPEN, timezone.localdate(), by
    ballot.save(update_fields=("state", "opened_on", "opened_by"))
    return ballot


@transaction.atomic
def close_ballot(by: User, ballot: Ballot) -> Ballot:
    """Ends the voting for good and shows the result. No mark is written.

    Raises Forbidden, WrongState when it is not open, Refused while papers are counted by one person only or by two
    who differ.
    """
    ballot = held_by(by, ballot, BallotState.OPEN)
    if ballot.papers is None and ballot.paper_counts.exists():
        raise Refused(_("The papers have to be counted by two persons who agree before the ballot can be closed."))
    _end(by, ballot, BallotState.CLOSED)
    return ballot


@transaction.atomic
def annul_ballot(by: User, ballot: Ballot, reason: str) -> Ballot:
    """Makes a ballot void while it is open, or closed without enough votes. What was voted is never shown.

    Raises Forbidden, WrongState when it is neither or its result counts, Refused without a reason.
    """
    ballot = held_by(by, ballot, BallotState.OPEN, BallotState.CLOSED)
    result = result_of(ballot)
    if result and result.counts:
        raise WrongState(_("The result of this ballot counts and can't be annulled."))
    ballot.annulled_for = said(reason, 500, _("Please give the reason."))
    _end(by, ballot, BallotState.VOID)
    return ballot


def _end(by: User, ballot: Ballot, state: BallotState) -> None:
    rewrite_codes(ballot)
    ballot.state, ballot.closed_on, ballot.closed_by = state, timezone.localdate(), by
    ballot.save(update_fields=("state", "closed_on", "closed_by", "annulled_for"))
