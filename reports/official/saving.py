"""Keeps what somebody wrote for an official report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Snapshot
from assessments.permissions import may_decide
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.locking import locked_cycle
from assessments.services.words import said
from reports.models import OfficialReport

if TYPE_CHECKING:
    from orgs.models import User
    from reports.official.report import Text

SHORT, OPENING, CLOSING = 120, 4000, 8000


@transaction.atomic
def save_report(by: User, snapshot: Snapshot, text: Text, version: int) -> OfficialReport:
    """Keeps the words of the report on these results. `version`: of what the person saw, 0 if nothing was saved yet.

    Raises Forbidden, WrongState where the results were published again meanwhile, Refused.
    """
    cycle = locked_cycle(snapshot.cycle_id)
    if not may_decide(by, cycle):
        raise Forbidden(_("This is decided by reviewers and administrators of the union that opened the cycle."))
    if Snapshot.objects.filter(cycle=cycle, number__gt=snapshot.number).exists():
        raise WrongState(_("The results were published again meanwhile. Please open the report anew."))
    found = OfficialReport.objects.filter(snapshot=snapshot).select_related("saved_by").first()
    if found and found.version != version:
        raise Refused(
            _("%(who)s saved this report meanwhile. What you typed stands below; save again to keep yours instead.")
            % {"who": found.saved_by}
        )
    report = found or OfficialReport(snapshot=snapshot, version=0)
    report.title = said(text.title, SHORT, _("Please give the title."))
    report.addressee = said(text.addressee, SHORT)
    report.opening, report.closing = said(text.opening, OPENING), said(text.closing, CLOSING)
    report.issuer = said(text.issuer, SHORT, _("Please say who signs."))
    report.day = text.day
    report.version += 1
    report.saved_by, report.saved_at = by, timezone.now()
    report.save()
    return report
