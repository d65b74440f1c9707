"""What every writer of consequences and reports asks first."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Cycle
from assessments.permissions import may_decide
from assessments.services import locking
from assessments.services.refusals import Forbidden, Refused
from orgs.models import User


def locked_cycle(by: User, cycle: Cycle) -> Cycle:
    """The cycle with its row locked, so that two who decide at once queue up. Needs a transaction. Raises Forbidden."""
    cycle = locking.locked_cycle(cycle.pk)
    if not may_decide(by, cycle):
        raise Forbidden(_("This is decided by reviewers and administrators of the union that opened the cycle."))
    return cycle


def day_ahead(day: date | None) -> date:
    """A day by which something has to be done: today or later."""
    if day is None:
        raise Refused(_("Please set the day by which the make-up task has to be done."))
    if day < timezone.localdate():
        raise Refused(_("The day for the make-up task is over already: please set a later one."))
    return day
