"""A draw before its population is frozen: its terms and seed, and who is left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.draws.population import candidates, population
from assessments.models import Assessment, Cycle, Draw, DrawMember, DrawState
from assessments.services.draws.base import deciding, held_by, purpose_in, said
from assessments.services.refusals import Refused, WrongState
from orgs.models import User

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is said before a draw. `share` of each stratum: 0.1 is 10 %."""

    share: Decimal
    seed: str
    seed_source: str
    by_kind: bool = True
    by_county: bool = True
    by_band: bool = False


@transaction.atomic
def fix_seed(by: User, cycle: Cycle, terms: Terms) -> Draw:
    """Says the seed of a new draw and all its terms; none of them changes any more.

    In an open cycle it is a spot check, in a closed one a revisit of what was published. Raises Forbidden, WrongState
    in a closed cycle that has published nothing, Refused with what is wrong.
    """
    cycle = deciding(by, cycle)
    if not 0 < terms.share <= 1 or terms.share != terms.share.quantize(PLACES):
        raise Refused(_("The share is a percentage above 0 and up to 100, with two decimals at most."))
    seed = said(terms.seed, 200, _("Please say the seed."))
    source = said(terms.seed_source, 200, _("Please say where the seed comes from, so that anyone can look it up."))
    purpose = purpose_in(cycle)
    if not candidates(cycle, purpose).exists():
        raise WrongState(_("There is nobody to draw from yet: no assessment of this cycle has a final result."))
    return Draw.objects.create(
        cycle=cycle,
        number=_next_number(cycle),
        purpose=purpose,
        by_kind=terms.by_kind,
        by_county=terms.by_county,
        by_band=terms.by_band,
        share=terms.share,
        seed=seed,
        seed_source=source,
        seeded_at=timezone.now(),
        seeded_by=by,
    )


def _next_number(cycle: Cycle) -> int:
    last = cycle.draws.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@transaction.atomic
def exclude(by: User, draw: Draw, assessment: Assessment, reason: str) -> DrawMember:
    """Leaves one organisation out of the draw, with a reason that is printed. Again: the reason is replaced.

    Raises Forbidden, WrongState once the population is frozen, Refused without a reason or if it can't be drawn anyhow.
    """
    draw = held_by(by, draw, DrawState.SEEDED)
    why = said(reason, 300, _("Please give the reason."))
    found = population(draw, candidates(draw.cycle, draw.purpose).filter(pk=assessment.pk))
    if not found:
        raise Refused(_("“%(name)s” is not among those that can be drawn now.") % {"name": assessment.name})
    (one,) = found
    told = {"key": one.key, "name": one.name, "stratum": one.stratum, "excluded_for": why}
    return DrawMember.objects.update_or_create(draw=draw, assessment_id=one.assessment, defaults=told)[0]


@transaction.atomic
def include(by: User, draw: Draw, assessment: Assessment) -> None:
    """Takes an organisation back that was left out. Raises Forbidden or WrongState."""
    draw = held_by(by, draw, DrawState.SEEDED)
    draw.members.filter(assessment=assessment).delete()
