"""Deadlines: the one place that knows how long an organisation has, and says it in words.

A deadline is a day in Asia/Shanghai that counts to its last second. The cycle sets one for each stage; an extension
gives one organisation a later one, of which the newest counts.
Where the cycle's own day is moved beyond it, that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, DateField, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Cycle, Extension
from assessments.workflow import WRITERS, Stage, State

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

FIELD: dict[Stage, str] = {
    Stage.SELF: "self_deadline",
    Stage.ASSESS: "assess_deadline",
    Stage.REVIEW: "review_deadline",
}


def last_day(cycle: Cycle, stage: Stage, extended_to: date | None = None) -> date | None:
    """The last day of a stage for an organisation whose newest extension leads to `extended_to`; None: no deadline."""
    day: date | None = getattr(cycle, FIELD[stage])
    return max(day, extended_to) if day and extended_to else day


def deadline(cycle: Cycle, state: State | str, extended_to: date | None = None) -> date | None:
    """The last day of the stage that is open in a state; None where none is open or none is set."""
    writer = WRITERS.get(State(state))
    return last_day(cycle, writer.stage, extended_to) if writer else None


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


def own_day(assessment: Assessment, stage: Stage) -> date | None:
    """The last day that one organisation has for a stage. One query."""
    return last_day(assessment.cycle, stage, extended_days(assessment.extensions.all()).get(stage))


# --- In the database ---


def extended(stage: Stage) -> Subquery:
    """The day of an assessment's newest extension of a stage; NULL without one. One look at an index for each row."""
    given = Extension.objects.filter(assessment=OuterRef("pk"), stage=stage)
    return Subquery(given.order_by("-pk").values("day")[:1])


def extended_now() -> Case:
    """The same for the stage that is open: what `deadline` wants to know of an assessment."""
    return Case(
        *(When(state=state, then=extended(writer.stage)) for state, writer in WRITERS.items()),
        output_field=DateField(),
    )


def effective(stage: Stage) -> Combinable:
    """The last day of a stage of an assessment, as `last_day` reckons it."""
    common = F(f"cycle__{FIELD[stage]}")
    return Greatest(common, Coalesce(extended(stage), common))


def overdue(assessments: QuerySet[Assessment], today: date | None = None) -> QuerySet[Assessment]:
    """Those whose open stage should have ended.

    Late cycles are found first, for the index by cycle and state; only what is late by its cycle's day is asked for an
    extension.
    """
    day, late = today or timezone.localdate(), Q(pk__in=())
    for state, writer in WRITERS.items():
        late |= Q(state=state, cycle__in=Cycle.objects.filter(**{f"{FIELD[writer.stage]}__lt": day}).values("pk"))
    never = Value(date.min, output_field=DateField())
    return assessments.filter(late).alias(extended_to=Coalesce(extended_now(), never)).filter(extended_to__lt=day)


def standing_extensions() -> QuerySet[Extension]:
    """The extensions that count: the newest for each assessment and stage."""
    newer = Extension.objects.filter(assessment=OuterRef("assessment"), stage=OuterRef("stage"), pk__gt=OuterRef("pk"))
    return Extension.objects.filter(~Exists(newer)).order_by()


def extended_days(extensions: Iterable[Extension]) -> dict[Stage, date]:
    """The day that counts for each stage that has one. `extensions`: an assessment's, the newest first."""
    return {Stage(one.stage): one.day for one in reversed(list(extensions))}


def longest(assessments: QuerySet[Assessment]) -> Mapping[Stage, tuple[int, date]]:
    """By stage: how many of these have an extension, and the latest day among them."""
    found = standing_extensions().filter(assessment__in=assessments.order_by().values("pk"))
    counted = found.values_list("stage").annotate(Count("pk"), Max("day"))
    return {Stage(stage): (count, day) for stage, count, day in counted}
