"""What a third person says of a mark that is far from the stage before."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Opinion
from assessments.permissions import may_give_opinion
from assessments.services.locking import locked
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from assessments.tolerance import TOTAL, has_marked, standing
from assessments.workflow import Stage, State, open_stage
from orgs.models import User
from rubrics.rows import rows

TEXT_LENGTH = 500


@transaction.atomic
def give_opinion(by: User, assessment: Assessment, key: str, *, agrees: bool, text: str) -> Opinion:
    """Keeps a third person's opinion on an item's mark, or with the key TOTAL on the total, of the open sheet.

    Who ends the stage may give one too, as long as they have marked nothing on the sheet. Raises WrongState where no
    such stage is open, Forbidden, Refused where the marks are not too far apart or the opinion has no words.
    """
    assessment = locked(assessment.pk)
    stage = open_stage(State(assessment.state))
    if stage is None or stage == Stage.SELF:
        raise WrongState(_("No assessment or review is under way."))
    if not may_give_opinion(by, assessment):
        raise Forbidden(_("Only assessors or reviewers of the union whose turn it is give an opinion."))
    if has_marked(by, assessment, stage):
        raise Forbidden(_("You have marked this sheet: a third person has to give the opinion."))
    if key not in {one.gap.key for one in standing(assessment, stage)}:
        raise Refused(_("This is not too far from the stage before."))
    text = said(text, TEXT_LENGTH, _("Please say in a sentence what you found."))
    sheet = assessment.sheets.get(stage=stage)
    item = None if key == TOTAL else next(row.pk for row in rows(assessment.rubric) if row.key == key)
    return Opinion.objects.create(sheet=sheet, item_id=item, agrees=agrees, text=text, by=by, at=timezone.now())
