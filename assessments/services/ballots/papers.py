"""Ballot papers: counted by two persons, each for themselves; added once, when they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Ballot, BallotState, PaperCount
from assessments.services.ballots.base import held_by
from assessments.services.ballots.votes import add_votes
from assessments.services.refusals import Refused, WrongState
from orgs.models import User


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of a count: `added` to the result; else what the two persons' counts `differ` in, if there are two."""

    added: bool
    differ: tuple[str, ...] = ()


@transaction.atomic
def count_papers(by: User, ballot: Ballot, votes: Sequence[int], spoilt: int) -> Counted:
    """Keeps one person's count of the papers, by option, in place of an earlier one of theirs.

    When it agrees with another person's the papers are added to the counters, once and for good. Where two differ it
    is said in which answers, never in what, so that both count again. Raises Forbidden, WrongState when the ballot is
    not open or papers have been added, Refused for numbers that can't be.
    """
    ballot = held_by(by, ballot, BallotState.OPEN)
    if ballot.papers is not None:
        raise WrongState(_("The papers of this ballot have been counted already."))
    options = list(ballot.options.all())
    if len(votes) != len(options) or min((*votes, spoilt)) < 0:
        raise Refused(_("Please enter a number for each answer."))
    left = ballot.roster - ballot.codes.count()
    if sum(votes) + spoilt > left:
        raise Refused(
            _(
                "There can be %(left)s papers at most: %(roster)s are entitled to vote, the others hold a slip with a "
                "code. Print fewer slips if more vote on paper."
            )
            % {"left": left, "roster": ballot.roster}
        )
    others = list(ballot.paper_counts.exclude(by=by))
    PaperCount.objects.update_or_create(ballot=ballot, by=by, defaults={"votes": list(votes), "spoilt": spoilt})
    if not others:
        return Counted(added=False)
    if any(list(votes) == other.votes and spoilt == other.spoilt for other in others):
        _add(ballot, votes, spoilt)
        return Counted(added=True)
    labels = [*(option.label for option in options), _("spoilt")]
    theirs = [(*other.votes, other.spoilt) for other in others]
    mine = (*votes, spoilt)
    differ = (label for place, label in enumerate(labels) if any(one[place] != mine[place] for one in theirs))
    return Counted(added=False, differ=tuple(differ))


def _add(ballot: Ballot, votes: Sequence[int], spoilt: int) -> None:
    add_votes(ballot, dict(enumerate(votes)))
    ballot.papers, ballot.spoilt = sum(votes) + spoilt, spoilt
    ballot.save(update_fields=("papers", "spoilt"))
