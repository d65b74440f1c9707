"""Rulings on single awards: one person proposes with a reason, another confirms."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.grading import Graded, Verdict, graded
from assessments.models import Assessment, Cycle, Ruling, RulingKind
from assessments.permissions import may_rule
from assessments.services import locking
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User

REASON_LENGTH = 500


@transaction.atomic
def propose_ruling(by: User, assessment: Assessment, kind: RulingKind, rank: int | None, reason: str) -> Ruling:
    """Proposes what an organisation is awarded instead of what the rules give it. It counts when it is confirmed.

    rank  the band of an OVERRIDE; the others follow from the result
    Raises Forbidden, WrongState when the cycle is closed or there is no final result, Refused where the ruling does not
    fit the result, another one stands, or the reason is missing.
    """
    cycle = locked_cycle(assessment.cycle_id)
    assessment = _ruled_by(by, assessment.pk, cycle)
    found = graded(cycle)
    verdict = _verdict(found, assessment)
    if verdict.ruling:
        raise Refused(_("A ruling stands on this organisation already. Withdraw it first."))
    kind = RulingKind(kind)
    _check_fit(found, verdict, kind, rank)
    return Ruling.objects.create(
        assessment=assessment,
        kind=kind,
        rank={RulingKind.SEAT: verdict.band_rank, RulingKind.OVERRIDE: rank, RulingKind.VETO: None}[kind],
        reason=said(reason, REASON_LENGTH, _("Please give the reason.")),
        proposed_by=by,
        proposed_at=timezone.now(),
    )


@transaction.atomic
def confirm_ruling(by: User, ruling: Ruling) -> Ruling:
    """Lets a proposed ruling count. Raises Forbidden for who proposed it, WrongState when it has gone or is confirmed,
    Refused where it no longer fits the result."""
    ruling, cycle = _standing(by, ruling)
    if ruling.confirmed_at:
        raise WrongState(_("This ruling is confirmed already."))
    if ruling.proposed_by_id == by.pk:
        raise Forbidden(_("You proposed this ruling: another person has to confirm it."))
    found = graded(cycle)
    _check_fit(found, _verdict(found, ruling.assessment), RulingKind(ruling.kind), ruling.rank)
    ruling.confirmed_by, ruling.confirmed_at = by, timezone.now()
    ruling.save(update_fields=("confirmed_by", "confirmed_at"))
    return ruling


@transaction.atomic
def withdraw_ruling(by: User, ruling: Ruling) -> Ruling:
    """Takes a ruling back, proposed or confirmed; it stays on record. Raises Forbidden or WrongState."""
    ruling, _cycle = _standing(by, ruling)
    ruling.withdrawn_by, ruling.withdrawn_at = by, timezone.now()
    ruling.save(update_fields=("withdrawn_by", "withdrawn_at"))
    return ruling


def locked_cycle(pk: int) -> Cycle:
    """The cycle with its row locked: whoever rules on its awards queues up. Raises WrongState when it is closed."""
    cycle = locking.locked_cycle(pk)
    if cycle.closed_at:
        raise WrongState(_("The cycle is closed: its results don't change any more."))
    return cycle


def _ruled_by(by: User, pk: int, cycle: Cycle) -> Assessment:
    assessment = Assessment.objects.get(pk=pk)
    assessment.cycle = cycle
    if not may_rule(by, assessment):
        raise Forbidden(
            _("Reviewers and administrators of the deciding union rule on grades, not on their own union's.")
        )
    return assessment


def _standing(by: User, ruling: Ruling) -> tuple[Ruling, Cycle]:
    cycle = locked_cycle(ruling.assessment.cycle_id)
    ruling = Ruling.objects.get(pk=ruling.pk)
    ruling.assessment = _ruled_by(by, ruling.assessment_id, cycle)
    if ruling.withdrawn_at:
        raise WrongState(_("This ruling has been withdrawn."))
    return ruling, cycle


def _verdict(found: Graded, assessment: Assessment) -> Verdict:
    return next(one for one in found.verdicts if one.assessment.pk == assessment.pk)


def _check_fit(found: Graded, verdict: Verdict, kind: RulingKind, rank: int | None) -> None:
    if not verdict.final:
        raise WrongState(_("There is no final result yet."))
    if verdict.scale is None:
        raise Refused(_("The rubric knows no bands, so there is nothing to rule on."))
    match kind:
        case RulingKind.SEAT:
            _check_seat(found, verdict)
        case RulingKind.OVERRIDE:
            _check_override(verdict, rank)
        case RulingKind.VETO if verdict.awarded_rank is None:
            raise Refused(_("It is awarded no band as it is."))


def _check_seat(found: Graded, verdict: Verdict) -> None:
    contest = verdict.contest
    if contest is None or not verdict.tied:
        raise Refused(_("It is not among those that are equal at the last seat."))
    asked = sum(
        one.tied and one.contest is contest and one is not verdict and one.ruling is not None
        and one.ruling.kind == RulingKind.SEAT
        for one in found.verdicts
    )  # fmt: skip
    if asked >= contest.open_seats:
        raise Refused(_("Every open seat is proposed for somebody already. Withdraw one of those proposals first."))


def _check_override(verdict: Verdict, rank: int | None) -> None:
    if not verdict.named(rank):
        raise Refused(_("Please choose a band of the rubric."))
    if verdict.band_rank is None or (rank or 0) > verdict.band_rank:
        raise Refused(
            _("Nothing above what the points are worth can be awarded: %(band)s.")
            % {"band": verdict.band or _("no band")}
        )
    if rank == verdict.awarded_rank and not verdict.tied:
        raise Refused(_("It is awarded %(band)s as it is.") % {"band": verdict.awarded})
