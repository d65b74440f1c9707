"""A cycle's rules of grading in words, and what stands against publishing its results."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import text
from assessments.grading.compute import Graded, graded
from assessments.models import Cycle, DayCount, ToleranceAsks
from assessments.workflow import State
from rubrics.scoring.numbers import format_points


def unresolved(cycle: Cycle) -> list[str]:
    """What stands against publishing, one sentence each; empty: nothing."""
    return against_publishing(graded(cycle))


def against_publishing(found: Graded) -> list[str]:
    told = []
    if not found.verdicts:
        told.append(_("There is no assessment in this cycle."))
    if unfinished := [
        v.assessment.name for v in found.verdicts if not v.final and v.assessment.state != State.WITHDRAWN
    ]:
        told.append(_("%(count)d assessments have no final result: %(names)s.") % listed(unfinished))
    for contest in found.cohort.contests.values():
        tied = [v.assessment.name for v in found.verdicts if v.key in contest.tied]
        if tied:
            said = {**listed(tied), "open": contest.open_seats}
            told.append(
                _("%(count)d organisations are equal at the last seats and %(open)d are left: %(names)s.") % said
            )
    if waiting := [v.assessment.name for v in found.verdicts if v.ruling and not v.ruling.confirmed]:
        told.append(_("%(count)d rulings wait for a second person: %(names)s.") % listed(waiting))
    if void := [v.assessment.name for v in found.verdicts if v.void]:
        told.append(
            _("%(count)d rulings no longer fit the results and have to be withdrawn: %(names)s.") % listed(void)
        )
    return told


def listed(names: Sequence[str]) -> dict[str, object]:
    return {"count": len(names), "names": text.listed(names)}


def rules_in_words(cycle: Cycle) -> list[str]:
    """The quota, the tolerances and the days, one sentence each."""
    return [_quota(cycle), *_tolerances(cycle), *_days(cycle)]


def _quota(cycle: Cycle) -> str:
    if cycle.quota_share is None:
        return _("The best band has no quota.")
    said = {"share": format_points(cycle.quota_share * 100), "base": cycle.get_quota_base_display()}
    if cycle.quota_per_kind:
        return _("The best band: at most %(share)s %% of “%(base)s”, for each kind by itself, rounded down.") % said
    return _("The best band: at most %(share)s %% of “%(base)s”, all kinds together, rounded down.") % said


def _tolerances(cycle: Cycle) -> list[str]:
    told = []
    if cycle.item_tolerance is not None:
        told.append(
            _("An item may differ from the stage before by up to %(points)s points.")
            % {"points": format_points(cycle.item_tolerance)}
        )
    if cycle.total_tolerance is not None:
        told.append(
            _("A total may differ from the stage before by up to %(points)s points.")
            % {"points": format_points(cycle.total_tolerance)}
        )
    if not told:
        return [_("There is no limit to how far stages differ.")]
    if cycle.tolerance_asks == ToleranceAsks.THIRD_OPINION:
        return [*told, _("Beyond that a third person has to give an opinion.")]
    return [*told, _("Beyond that a reason has to be given.")]


def _days(cycle: Cycle) -> list[str]:
    return [
        _("Public notice: %(days)s.") % {"days": days_in_words(cycle.notice_days, cycle.notice_count)},
        _("An objection is settled within %(days)s.")
        % {"days": days_in_words(cycle.recheck_days, cycle.recheck_count)},
    ]


def days_in_words(days: int, count: str) -> str:
    if count == DayCount.WORKING:
        return ngettext("%(days)d working day", "%(days)d working days", days) % {"days": days}
    return ngettext("%(days)d calendar day", "%(days)d calendar days", days) % {"days": days}
