"""What a total is worth as an award, in words: its band, and what a gate left of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.results import band_of, says_nothing
from rubrics.models import Rubric
from rubrics.scoring.rubric import Gate
from rubrics.scoring.totals import Total


def award(rubric: Rubric, total: Total) -> str:
    """'四星级', '四星级（未达标）', '一票否决'; nothing where nothing is marked or there is nothing to say."""
    if says_nothing(total):
        return ""
    if Gate.VETO in total.gates:
        return _("Vetoed")
    band = band_of(rubric, total)
    if Gate.REQUIRED not in total.gates:
        return band.name if band else ""
    return _("%(band)s (not qualified)") % {"band": band.name} if band else _("Not qualified")
