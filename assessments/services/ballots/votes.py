"""Voting, by whoever holds a slip. Nobody is logged in, and nothing is kept but a flag and counters."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Ballot, BallotCode, BallotOption, BallotState
from assessments.services.ballots.codes import digest_of
from assessments.services.refusals import Refused
from assessments.workflow import State


class CodeRefused(Refused):
    """The code does not vote; `str()` says why."""


def find_ballot(code: str) -> Ballot:
    """The ballot that a code may vote in now. Raises CodeRefused."""
    found = BallotCode.objects.filter(digest=digest_of(code)).select_related("ballot__assessment__assessor").first()
    if found is None:
        raise _unknown()
    _check_open(found.ballot)
    if found.used:
        raise _used()
    return found.ballot


@transaction.atomic
def cast_vote(code: str, position: int) -> None:
    """Votes for the option at this position. Raises CodeRefused, or Refused when there is no such option.

    One transaction spends the code and rewrites all options of the ballot, the one voted for and the others, so that
    none of the rows differs from another but by its number.
    """
    digest = digest_of(code)
    found = BallotCode.objects.filter(digest=digest).values_list("ballot", flat=True).first()
    if found is None:
        raise _unknown()
    ballot = _locked(found)
    _check_open(ballot)
    if not ballot.options.filter(position=position).exists():
        raise Refused(_("Please choose one of the answers."))
    if not _spend(digest):
        raise _used()
    add_votes(ballot, {position: 1})


def add_votes(ballot: Ballot, votes: dict[int, int]) -> None:
    """Adds to the counters of a ballot by position; every option is rewritten, also by 0."""
    added = Case(*(When(position=position, then=Value(number)) for position, number in votes.items()), default=Value(0))
    BallotOption.objects.filter(ballot=ballot).update(votes=F("votes") + added)


def _locked(pk: int) -> Ballot:
    """Votes of a ballot queue up with one another and with its closing."""
    return Ballot.objects.select_for_update().get(pk=pk)


def _spend(digest: str) -> bool:
    """Marks a code used; False if it is already, also by somebody who is at it at this moment."""
    return BallotCode.objects.filter(digest=digest, used=False).update(used=True) == 1


def _check_open(ballot: Ballot) -> None:
    if ballot.state != BallotState.OPEN:
        raise CodeRefused(_("This ballot is closed."))
    if ballot.assessment.state == State.WITHDRAWN:
        raise CodeRefused(_("This ballot stands still: its organisation is withdrawn from the assessment at present."))
    if ballot.last_day < timezone.localdate():
        raise CodeRefused(_("The last day of voting was %(day)s.") % {"day": ballot.last_day.isoformat()})


def _unknown() -> CodeRefused:
    return CodeRefused(
        _("This code is not known. Please compare it with your slip; a slip that was printed anew replaced it.")
    )


def _used() -> CodeRefused:
    return CodeRefused(_("This code has already voted. Each code votes once."))
