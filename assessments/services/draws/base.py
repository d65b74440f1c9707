"""What every writer of draws asks first."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.draws.drawing import one_line
from assessments.models import Cycle, Draw, DrawPurpose, DrawState
from assessments.permissions import may_decide
from assessments.services import words
from assessments.services.refusals import Forbidden, WrongState
from orgs.models import User

TOO_LATE = {
    DrawPurpose.SPOT_CHECK: gettext_lazy(
        "The cycle was closed meanwhile, and with it its spot checks. What is drawn now is a revisit."
    ),
    DrawPurpose.REVISIT: gettext_lazy(
        "The cycle is open again for a correction of its results. Go on with the revisit when it is closed."
    ),
}


def locked_cycle(pk: int) -> Cycle:
    """The cycle with its row locked, so that draws of one cycle, and its closing, queue up. Needs a transaction."""
    found = Cycle.objects.select_related("owner")
    return found.select_for_update(of=("self",), no_key=True).get(pk=pk)


def deciding(by: User, cycle: Cycle) -> Cycle:
    """The cycle, locked, if the person draws in it."""
    cycle = locked_cycle(cycle.pk)
    if not by.is_active or not may_decide(by, cycle):
        raise Forbidden(_("Reviewers and administrators of the deciding union draw."))
    return cycle


def purpose_in(cycle: Cycle) -> DrawPurpose:
    """What is drawn in a cycle: a spot check while it is open, a revisit when it is closed."""
    return DrawPurpose.SPOT_CHECK if cycle.closed_at is None else DrawPurpose.REVISIT


def held_by(by: User, draw: Draw, state: DrawState) -> Draw:
    """The draw, with its cycle locked, if the person draws and it stands in that state."""
    cycle = deciding(by, draw.cycle)
    draw = Draw.objects.get(pk=draw.pk)
    draw.cycle = cycle
    if draw.state != state:
        raise WrongState(
            _("This can't be done any more: the draw is now “%(state)s”.") % {"state": draw.get_state_display()}
        )
    require_purpose(draw)
    return draw


def require_purpose(draw: Draw) -> None:
    """Refuses where the draw's cycle, as it is locked, has been closed or opened since the seed was said."""
    if draw.purpose != purpose_in(draw.cycle):
        raise WrongState(str(TOO_LATE[DrawPurpose(draw.purpose)]))


def said(text: str, length: int, refusal: str) -> str:
    """What somebody typed, as one line; raises Refused where nothing is left or it is too long."""
    return one_line(words.said(text, length, refusal))
