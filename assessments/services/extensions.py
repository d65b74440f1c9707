"""The only writer of extensions: one organisation gets longer for one stage."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.deadlines import extended_days, last_day
from assessments.models import Assessment, Extension
from assessments.permissions import may_extend
from assessments.services import messages
from assessments.services.locking import locked
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from assessments.workflow import STAGE_ORDER, Stage, State, open_stage, stages_of
from orgs.models import User

REASON_LENGTH = 500


def stages_ahead(assessment: Assessment) -> tuple[Stage, ...]:
    """The stages with a deadline that have not ended: none once there is a result or the cycle is closed."""
    current = open_stage(State(assessment.state))
    if current is None or assessment.cycle.closed_at is not None:
        return ()
    begun = STAGE_ORDER.index(current)
    return tuple(stage for stage in stages_of(assessment.stages)[begun:] if last_day(assessment.cycle, stage))


@transaction.atomic
def extend(by: User, assessment: Assessment, stage: Stage, day: date, reason: str) -> Extension:
    """Gives one organisation a later last day for a stage. The newest counts, so a wrong one is put right by another.

    The day lies after the one that the cycle sets for everybody, so nobody ever gets less time, and not in the past.
    Who has to act is told. Raises Forbidden, WrongState when the stage has ended, Refused with what is wrong.
    """
    assessment = locked(assessment.pk)
    if not may_extend(by, assessment, stage):
        raise Forbidden(_("You may see this assessment but not give it a later deadline."))
    if stage not in stages_ahead(assessment):
        raise WrongState(
            _("This stage can't be given a later deadline any more: the assessment is now “%(state)s”.")
            % {"state": assessment.get_state_display()}
        )
    _check_day(assessment, stage, day)
    extension = Extension.objects.create(
        assessment=assessment,
        stage=stage,
        day=day,
        reason=said(reason, REASON_LENGTH, _("Please give the reason.")),
        by=by,
        at=timezone.now(),
    )
    messages.tell_extension(extension)
    return extension


def _check_day(assessment: Assessment, stage: Stage, day: date) -> None:
    common = last_day(assessment.cycle, stage)
    if common and day <= common:
        raise Refused(
            _("The deadline of everybody is %(day)s: please choose a later day.") % {"day": common.isoformat()}
        )
    if day < timezone.localdate():
        raise Refused(_("This day has passed: please choose a later one."))
    if extended_days(assessment.extensions.all()).get(stage) == day:
        raise Refused(_("The deadline is this day already."))
