"""What every writer of ballots asks first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.models import Assessment, Ballot, BallotState, Purpose
from assessments.permissions import may_hold_ballots
from assessments.services.refusals import Forbidden, WrongState
from assessments.workflow import State
from orgs.models import User

BEFORE_THE_END = frozenset({State.SELF_SCORING, State.ASSESSING})
"""When a ballot may begin that the assess stage waits for."""


def locked_ballot(pk: int) -> Ballot:
    """The ballot with its row locked, so that votes, counts and closing queue up. Needs a transaction."""
    found = Ballot.objects.select_related("assessment__rubric", "assessment__kind", "assessment__assessor")
    return found.select_for_update(of=("self",)).get(pk=pk)


def held_by(by: User, ballot: Ballot, *states: BallotState) -> Ballot:
    """The ballot, locked, if the person holds it and it is in one of the states."""
    ballot = locked_ballot(ballot.pk)
    check_holder(by, ballot.assessment)
    if ballot.state not in states:
        raise WrongState(
            _("This can't be done any more: the ballot is now “%(state)s”.") % {"state": ballot.get_state_display()}
        )
    return ballot


def check_holder(by: User, assessment: Assessment) -> None:
    if not may_hold_ballots(by, assessment):
        raise Forbidden(_("Ballots are held by the assessors and administrators of the assessing union."))
    check_taking_part(assessment)


def check_taking_part(assessment: Assessment) -> None:
    """While an organisation is withdrawn from a cycle its ballots stand still."""
    if assessment.state == State.WITHDRAWN:
        raise WrongState(
            _("“%(name)s” is withdrawn from this cycle: its ballots stand still.") % {"name": assessment.name}
        )


def check_time(assessment: Assessment, purpose: str) -> None:
    """A ballot begins before the stage has ended that it is for."""
    late = assessment.state == State.FINAL if purpose == Purpose.ANNEX else assessment.state not in BEFORE_THE_END
    if late:
        raise WrongState(
            _("It is too late for this ballot: the assessment is now “%(state)s”.")
            % {"state": assessment.get_state_display()}
        )
