"""The population of a draw is frozen: in the request where that is quick, by a worker where it is large.

Either way it is one transaction, under the lock of the cycle: whoever is killed when, the population stands whole with
its digest, or not at all.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.draws.drawing import Member, canonical, digest_of, rank_of
from assessments.draws.population import candidates, population
from assessments.models import Draw, DrawMember, DrawState
from assessments.services.draws.base import deciding, held_by, locked_cycle, require_purpose
from assessments.services.refusals import Refused
from orgs import background
from orgs.models import User
from orgs.services.base import batches

AT_ONCE = 5000
"""Organisations that are frozen in half a second of CPU."""


@transaction.atomic
def freeze_population(by: User, draw: Draw) -> Draw:
    """Writes down everybody who can be drawn, those left out included, with digest and ranks; for good.

    More than AT_ONCE are written down by a worker, as they stand then. Until then the draw is FREEZING and refuses all
    else; if it can't be done, it is SEEDED again, and `unfrozen_for` says why. Raises Forbidden, WrongState when it is
    frozen already or being frozen, Refused when nobody is left to draw from.
    """
    draw = held_by(by, draw, DrawState.SEEDED)
    draw.state, draw.frozen_by, draw.unfrozen_for = DrawState.FREEZING, by, ""
    if candidates(draw.cycle, draw.purpose).count() <= AT_ONCE:
        return _freeze(by, draw)
    draw.save(update_fields=("state", "frozen_by", "unfrozen_for"))
    progress_of(draw).forget()
    jobs = "assessments.services.draws.freezing"
    background.run(f"{jobs}.freeze", draw.pk, name=f"freeze draw {draw.pk}", failed=f"{jobs}.failed")
    draw.refresh_from_db()
    return draw


@transaction.atomic
def stop_freezing(by: User, draw: Draw) -> Draw:
    """Back to a draw whose seed is said, for those who need not wait for the workers.

    Waits for a worker that is at it. Raises Forbidden, or WrongState when it is frozen by then.
    """
    draw = held_by(by, draw, DrawState.FREEZING)
    _give_up(draw, "")
    return draw


def progress_of(draw: Draw) -> background.Progress:
    return background.Progress(f"draw-{draw.pk}")


# --- What a worker does -----------------------------------------------------------------------------------------------


@transaction.atomic
def freeze(pk: int) -> None:
    """Does nothing unless the draw waits for it: it may be handed out twice, or after somebody stopped it."""
    draw = _waiting(pk)
    if draw is None or draw.frozen_by is None:
        return
    try:
        with transaction.atomic():
            _freeze(draw.frozen_by, draw)
    except Refused as refused:
        _give_up(draw, str(refused))


@transaction.atomic
def failed(pk: int) -> None:
    """The job raised what nobody foresaw, took too long, or was given up."""
    draw = _waiting(pk)
    if draw is not None:
        _give_up(
            draw,
            _("Something went wrong on the server; nothing was frozen. Try again, or tell whoever runs the server."),
        )


def _waiting(pk: int) -> Draw | None:
    """The draw, with its cycle locked, if it is to be frozen."""
    found = Draw.objects.filter(pk=pk).first()
    if found is None:
        return None
    cycle = locked_cycle(found.cycle_id)
    draw = Draw.objects.select_related("frozen_by").get(pk=pk)
    draw.cycle = cycle
    return draw if draw.state == DrawState.FREEZING else None


def _freeze(by: User, draw: Draw) -> Draw:
    """`draw` is held, and waits for it. The right of who has it frozen is asked again. Raises Refused."""
    deciding(by, draw.cycle)
    require_purpose(draw)
    reasons = dict(draw.members.values_list("assessment", "excluded_for"))
    found = population(draw)
    if all(one.assessment in reasons for one in found):
        raise Refused(_("Nobody is left to draw from."))
    members = {one.assessment: Member(one.stratum, one.key, one.name, one.assessment in reasons) for one in found}
    draw.digest = digest_of(canonical(members.values()))
    draw.members.all().delete()
    _write_down(draw, members, reasons)
    draw.state, draw.frozen_at = DrawState.FROZEN, timezone.now()
    draw.save(update_fields=("digest", "state", "frozen_at", "frozen_by", "unfrozen_for"))
    return draw


def _write_down(draw: Draw, members: dict[int, Member], reasons: dict[int, str]) -> None:
    progress, done = progress_of(draw), 0
    for batch in batches(list(members)):
        DrawMember.objects.bulk_create(
            DrawMember(
                draw_id=draw.pk,
                assessment_id=pk,
                key=members[pk].key,
                name=members[pk].name,
                stratum=members[pk].stratum,
                excluded_for=reasons.get(pk, ""),
                rank=rank_of(draw.digest, draw.seed, members[pk]),
            )
            for pk in batch
        )
        done += len(batch)
        progress.report(done, len(members))


def _give_up(draw: Draw, sentence: str) -> None:
    draw.state, draw.frozen_by, draw.unfrozen_for = DrawState.SEEDED, None, sentence
    draw.save(update_fields=("state", "frozen_by", "unfrozen_for"))
