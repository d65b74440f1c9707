"""The decision on a candidate: awarded or not, with what was found then kept for good."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.awards.honours import places_left
from assessments.awards.merits import findings
from assessments.awards.permissions import may_decide_on
from assessments.models import Candidacy, CandidacyState, Title
from assessments.services import messages
from assessments.services.awards.base import check_free, locked_holder, locked_round
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User


@transaction.atomic
def award(by: User, candidacy: Candidacy) -> Title:
    """Gives the title. Raises Forbidden, WrongState when it was decided or the round is closed, Refused while a
    condition is not met, when all places of the rung are given, or when the title is held already.

    There is no exception to a condition: who disagrees with a finding corrects what it rests on.
    """
    candidacy = _undecided(by, candidacy)
    organization = locked_holder(candidacy.organization)
    check_free(candidacy.rung, organization, candidacy.person)
    _freeze_findings(candidacy)
    unmet = [one["asks"] for one in candidacy.findings if not one["met"]]
    if unmet:
        raise Refused(_("Not all conditions are met: %(conditions)s.") % {"conditions": "；".join(unmet)})
    _check_places(candidacy)
    _decide(by, candidacy, CandidacyState.AWARDED)
    return Title.objects.create(
        rung=candidacy.rung,
        organization=organization,
        person=candidacy.person,
        round=candidacy.round,
        awarded_on=timezone.localdate(),
        recorded_by=by,
    )


@transaction.atomic
def decline(by: User, candidacy: Candidacy, reason: str) -> Candidacy:
    """Does not give the title. Raises Forbidden, WrongState as `award` does, Refused without a reason."""
    candidacy = _undecided(by, candidacy)
    candidacy.reason = said(reason, 500, _("Please give the reason."))
    _freeze_findings(candidacy)
    _decide(by, candidacy, CandidacyState.DECLINED)
    return candidacy


def _undecided(by: User, candidacy: Candidacy) -> Candidacy:
    """The candidacy as it stands, with its round locked, so that two decisions queue up."""
    award_round = locked_round(candidacy.round_id)
    candidacy = Candidacy.objects.select_related("rung", "organization").get(pk=candidacy.pk)
    candidacy.round = award_round
    if not may_decide_on(by, candidacy):
        raise Forbidden(_("Candidates are decided on by the reviewers and administrators of the awarding union."))
    if candidacy.state != CandidacyState.PROPOSED:
        raise WrongState(_("It is decided already: “%(state)s”.") % {"state": candidacy.get_state_display()})
    return candidacy


def _check_places(candidacy: Candidacy) -> None:
    if places_left(candidacy) == 0:
        told = _("All %(limit)s places of “%(title)s” are given in this round.")
        raise Refused(told % {"limit": candidacy.rung.limit, "title": candidacy.rung.name})


def _freeze_findings(candidacy: Candidacy) -> None:
    """As they are now, in the site's language, whoever decides."""
    with translation.override(settings.LANGUAGE_CODE):
        [found] = findings([candidacy], candidacy.round.closes_on.year)
        candidacy.findings = [one.as_json() for one in found]


def _decide(by: User, candidacy: Candidacy, state: CandidacyState) -> None:
    candidacy.state, candidacy.decided_by, candidacy.decided_at = state, by, timezone.now()
    candidacy.save(update_fields=("state", "reason", "findings", "decided_by", "decided_at"))
    messages.tell_candidacy(candidacy)
