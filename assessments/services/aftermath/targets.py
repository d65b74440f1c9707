"""How much of a branch has to be assessed by when."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import CoverageTarget
from assessments.services.refusals import Forbidden, Refused
from orgs.models import Organization, User
from orgs.permissions import may_manage


@transaction.atomic
def set_targets(by: User, union: Organization, percents: Mapping[int, Decimal]) -> None:
    """Puts these targets, per cent by year, in place of the union's. Raises Forbidden or Refused."""
    union = Organization.objects.select_for_update(of=("self",)).get(pk=union.pk)
    if not may_manage(by, union):
        raise Forbidden(_("Administrators of the union or of a union above it set its targets."))
    if any(not 0 < percent <= 100 or percent != round(percent, 2) for percent in percents.values()):
        raise Refused(_("A target is a percentage above 0 and up to 100, with at most two decimals."))
    in_order = [percents[year] for year in sorted(percents)]
    if in_order != sorted(in_order):
        raise Refused(_("A later target can't be lower: coverage counts from the first year on."))
    CoverageTarget.objects.filter(owner=union).delete()
    CoverageTarget.objects.bulk_create(
        CoverageTarget(owner=union, year=year, share=percent / 100) for year, percent in percents.items()
    )
