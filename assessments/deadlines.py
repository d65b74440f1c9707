"""Deadlines in words. A deadline is a day in Asia/Shanghai that counts to its last second."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Cycle
from assessments.workflow import WRITERS, Stage, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assessments.models import Assessment

FIELD: dict[Stage, str] = {
    Stage.SELF: "self_deadline",
    Stage.ASSESS: "assess_deadline",
    Stage.REVIEW: "review_deadline",
}


def deadline(cycle: Cycle, state: State | str) -> date | None:
    """The last day of the stage that is open in a state; None where none is open or none is set."""
    writer = WRITERS.get(State(state))
    return getattr(cycle, FIELD[writer.stage]) if writer else None


def is_late(day: date | None, today: date | None = None) -> bool:
    return day is not None and day < (today or timezone.localdate())


def in_words(day: date | None, today: date | None = None) -> str:
    """'3 days left', 'due today', '2 days overdue'; empty for None."""
    if day is None:
        return ""
    left = (day - (today or timezone.localdate())).days
    if left == 0:
        return _("due today")
    if left > 0:
        return ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}


def overdue(assessments: QuerySet[Assessment], today: date | None = None) -> QuerySet[Assessment]:
    """Those whose open stage should have ended. Late cycles are found first, for the index by cycle and state."""
    day, late = today or timezone.localdate(), Q(pk__in=())
    for state, writer in WRITERS.items():
        late |= Q(state=state, cycle__in=Cycle.objects.filter(**{f"{FIELD[writer.stage]}__lt": day}).values("pk"))
    return assessments.filter(late)
