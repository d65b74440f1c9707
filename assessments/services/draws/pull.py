"""Names are drawn, and drawn anew where one can't be reviewed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.draws.drawing import Member, Pot, canonical, digest_of
from assessments.draws.population import members_of
from assessments.draws.reviewing import untouched
from assessments.models import Assessment, Draw, DrawMember, DrawRound, DrawState
from assessments.services.calling_up import call_up
from assessments.services.draws.base import held_by, said
from assessments.services.locking import locked
from assessments.services.moves import move
from assessments.services.refusals import Refused, WrongState
from assessments.text import listed
from assessments.workflow import Action, State, Warrant
from orgs.models import User
from orgs.services.base import batches


@transaction.atomic
def draw_names(by: User, draw: Draw) -> DrawRound:
    """Draws the smallest ranks of each stratum and calls their assessments up for review: all of them or none.

    Raises Forbidden, also where the person fills in sheets for one that is drawn, WrongState when names were drawn
    already or one drawn is under way again, Refused when the stored population is not the frozen one.
    """
    draw = held_by(by, draw, DrawState.FROZEN)
    pulled = DrawRound.objects.create(draw=draw, number=1, at=timezone.now(), by=by)
    _take(by, pulled, _pot(draw).first(draw.share))
    draw.state = DrawState.DRAWN
    draw.save(update_fields=("state",))
    return pulled


@transaction.atomic
def redraw(by: User, draw: Draw, dropped: Collection[int], reason: str) -> DrawRound:
    """Lets drawn members go, by their keys, and draws the next ranks of their strata in their place.

    Where a stratum has nobody left the seat stays empty. The reason is printed and kept with the assessment. Raises
    Forbidden, WrongState before names were drawn or when a review of one of them has begun, Refused without a reason
    or for members that are not drawn now.
    """
    draw = held_by(by, draw, DrawState.DRAWN)
    why = said(reason, 500, _("Please give the reason."))
    members = list(draw.members.filter(pk__in=dropped, drawn_in__isnull=False, dropped_in=None).order_by("assessment"))
    if not members or len(members) != len(set(dropped)):
        raise Refused(_("Choose names that are drawn and not replaced yet."))
    _check_untouched(members)
    drawn = set(draw.members.filter(drawn_in__isnull=False).values_list("key", flat=True))
    instead = _pot(draw).replacements(drawn, {one.key for one in members})
    pulled = DrawRound.objects.create(draw=draw, number=draw.rounds.count() + 1, at=timezone.now(), by=by, reason=why)
    DrawMember.objects.filter(pk__in=dropped).update(dropped_in=pulled)
    for one in members:
        move(by, one.assessment, Action.RELEASE, reason=why, warrant=Warrant.DRAW)
    _take(by, pulled, instead)
    return pulled


def _pot(draw: Draw) -> Pot:
    members = members_of(draw)
    if digest_of(canonical(members)) != draw.digest:
        raise Refused(_("The stored population is not the one that was frozen: nothing is drawn from it."))
    return Pot.of(members, draw.digest, draw.seed)


def _take(by: User, pulled: DrawRound, chosen: Sequence[Member]) -> None:
    keys: list[int] = []
    for batch in batches([one.key for one in chosen]):
        members = DrawMember.objects.filter(draw=pulled.draw, key__in=batch)
        keys += members.values_list("assessment", flat=True)
        members.update(drawn_in=pulled)
    busy: list[str] = []
    for some in batches(sorted(keys)):
        moved_on = Assessment.objects.filter(pk__in=some).exclude(state=State.FINAL)
        busy += moved_on.order_by("pk").values_list("name", flat=True)
    if busy:
        raise WrongState(
            _("Drawn, but under way again since the population was frozen: %(names)s. Draw when they are final.")
            % {"names": listed(busy)}
        )
    with translation.override(settings.LANGUAGE_CODE):
        reason = f"{pulled.draw.get_purpose_display()} {pulled.draw.number}"
    call_up(by, keys, reason)


def _check_untouched(members: Sequence[DrawMember]) -> None:
    """Refuses where a review has begun; the assessments stay locked, so that none begins meanwhile."""
    for one in members:
        one.assessment = locked(one.assessment_id)
    free = untouched([one.assessment for one in members])
    if begun := [one.name for one in members if one.assessment_id not in free]:
        raise WrongState(
            _("The review of these has begun, so they can't be replaced any more: %(names)s.")
            % {"names": listed(begun)}
        )
