"""An award round: opened, filled with candidates, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.awards.honours import Phase, phase
from assessments.awards.permissions import may_run_round, recommending_union
from assessments.models import AwardRound, Candidacy, CandidacyState, Ladder, Rung
from assessments.services.awards.base import check_free, locked_holder, locked_round, person_for
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import Organization, User


@dataclass(frozen=True, slots=True)
class Call:
    """A round as it was filled in: from `opens_on` to `closes_on`, both included, candidates may be proposed.

    industrial  organisations may be recommended by their industrial unions, too
    """

    ladder: Ladder
    owner: Organization
    name: str
    opens_on: date
    closes_on: date
    industrial: bool = False


@transaction.atomic
def open_round(by: User, call: Call) -> AwardRound:
    """Opens a round of awards. Raises Forbidden, or Refused with what is wrong."""
    owner = locked_holder(call.owner)  # so that a second click finds the name taken
    name = said(call.name, 120, _("Please give the round a name."))
    made = AwardRound(ladder=call.ladder, owner=owner, name=name, opened_by=by)
    if not may_run_round(by, made):
        raise Forbidden(_("Rounds are opened by the reviewers and administrators of the awarding union."))
    if call.ladder.owner and not owner.path.startswith(call.ladder.owner.path):
        raise Refused(_("A round goes by a ladder of its own union or of a union above it."))
    if call.closes_on < call.opens_on:
        raise Refused(_("The last day can't come before the first."))
    if call.closes_on < timezone.localdate():
        raise Refused(_("The last day for candidates is over: please set a later one."))
    if AwardRound.objects.filter(owner=owner, name=name).exists():
        raise Refused(_("There is already a round called “%(name)s”.") % {"name": name})
    made.opens_on, made.closes_on, made.industrial = call.opens_on, call.closes_on, call.industrial
    made.save()
    return made


@transaction.atomic
def propose(
    by: User, award_round: AwardRound, rung: Rung, organization: Organization, *, person: str = "", statement: str = ""
) -> Candidacy:
    """Recommends an organisation, or a person of it, for a rung. Its conditions are looked at in the decision.

    Raises Forbidden, WrongState when the round is closed or this is not the time for candidates, Refused for who is a
    candidate or holds the title already.
    """
    award_round = locked_round(award_round.pk)
    union = recommending_union(by, award_round, organization)
    if union is None:
        raise Forbidden(_("Candidates are recommended by assessors and administrators of a union above them."))
    check_window(award_round)
    organization = locked_holder(organization)
    if rung.ladder_id != award_round.ladder_id:
        raise Refused(_("This title is not awarded in this round."))
    person = person_for(rung, person)
    check_free(rung, organization, person)
    if Candidacy.objects.filter(round=award_round, rung=rung, organization=organization, person=person).exists():
        raise Refused(_("%(holder)s is a candidate already.") % {"holder": person or organization.name})
    return Candidacy.objects.create(
        round=award_round,
        rung=rung,
        organization=organization,
        person=person,
        statement=said(statement, 4000),
        recommended_by_id=union,
        proposed_by=by,
        proposed_at=timezone.now(),
    )


@transaction.atomic
def close_round(by: User, award_round: AwardRound) -> AwardRound:
    """Ends a round for good. Raises Forbidden, WrongState when it is closed, Refused while candidates are undecided."""
    award_round = locked_round(award_round.pk)
    if not may_run_round(by, award_round):
        raise Forbidden(_("Rounds are closed by the reviewers and administrators of the awarding union."))
    waiting = award_round.candidacies.filter(state=CandidacyState.PROPOSED).count()
    if waiting:
        told = ngettext(
            "%(count)d candidate has not been decided on yet.",
            "%(count)d candidates have not been decided on yet.",
            waiting,
        )
        raise Refused(told % {"count": waiting})
    award_round.closed_at, award_round.closed_by = timezone.now(), by
    award_round.save(update_fields=("closed_at", "closed_by"))
    return award_round


def check_window(award_round: AwardRound) -> None:
    """That candidates can be proposed now. Raises WrongState with the day from or until which they can."""
    now = phase(award_round)
    if now == Phase.CLOSED:
        raise WrongState(_("The round “%(name)s” is closed.") % {"name": award_round.name})
    if now == Phase.COMING:
        raise WrongState(_("Candidates can be proposed from %(day)s on.") % {"day": award_round.opens_on.isoformat()})
    if now == Phase.DECIDING:
        raise WrongState(_("Candidates could be proposed until %(day)s.") % {"day": award_round.closes_on.isoformat()})
