"""总结上报: the deciding union asks for reports, its subordinate unions hand them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.aftermath.figures import figures_of, reporting_unions
from assessments.calendars import day_of
from assessments.models import Cycle, YearReport
from assessments.permissions import YEAR_REPORTERS, may_decide, may_write_year_report
from assessments.reminders.reminding import Note, in_site_language
from assessments.services import messages
from assessments.services.aftermath.base import locked_cycle
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import User

TEXT_LENGTH = 20_000


@transaction.atomic
def ask_for_reports(by: User, cycle: Cycle, words: str, year: int) -> int:
    """Asks each union directly under the deciding one that has organisations in the cycle; how many are newly asked.

    words, year   the deadline as the document prints it ("2月30日") in which year; the day that it means is kept beside
    Who was asked before keeps what they wrote, and has the new deadline if they have not handed in. Raises Forbidden
    or Refused.
    """
    cycle = locked_cycle(by, cycle)
    words = said(words, 30, _("Please say by when."))
    try:
        day, _warning = day_of(year, words)
    except ValueError as error:
        raise Refused(str(error)) from error
    unions = list(reporting_unions(cycle))
    if not unions:
        raise Refused(_("No union directly under yours has organisations in this cycle."))
    cycle.reports.filter(handed_in_at=None).update(due_words=words, due_on=day)
    known = set(cycle.reports.values_list("organization", flat=True))
    terms = {"due_words": words, "due_on": day, "asked_by": by, "asked_at": timezone.now()}
    fresh = [YearReport(cycle=cycle, organization=union, **terms) for union in unions if union.pk not in known]
    made = YearReport.objects.bulk_create(fresh)
    _tell(made)
    return len(made)


def _tell(reports: Sequence[YearReport]) -> None:
    """Of new requests those who may write the reports."""
    people = messages.people_of([one.organization_id for one in reports], YEAR_REPORTERS)
    messages.write((person, asked(one)) for one in reports for person in people.get(one.organization_id, ()))
    messages.send_later()


@in_site_language
def asked(report: YearReport) -> Note:
    text = _("%(owner)s asks %(union)s for the yearly report on “%(cycle)s”, by %(day)s.") % {
        "owner": report.cycle.owner.name,
        "union": report.organization.name,
        "cycle": report.cycle.name,
        "day": report.due_on.isoformat(),
    }
    return Note(f"year-report-{report.pk}", text[:500], reverse("year_reports:detail", args=[report.pk]))


@transaction.atomic
def save_report(by: User, report: YearReport, text: str) -> YearReport:
    """Keeps the text of a report that is not handed in. Raises Forbidden, WrongState or Refused."""
    report = _open(by, report)
    report.text = said(text, TEXT_LENGTH)
    report.save(update_fields=("text",))
    return report


@transaction.atomic
def hand_in_report(by: User, report: YearReport, text: str) -> YearReport:
    """Hands a report in with the figures as they stand now; neither changes any more. Raises as `save_report` does."""
    report = _open(by, report)
    report.text = said(text, TEXT_LENGTH, _("Please write the report before you hand it in."))
    report.figures = figures_of(report.cycle, report.organization)
    report.handed_in_by, report.handed_in_at, report.returned_for = by, timezone.now(), ""
    report.save(update_fields=("text", "figures", "handed_in_by", "handed_in_at", "returned_for"))
    return report


@transaction.atomic
def hand_report_back(by: User, report: YearReport, reason: str) -> YearReport:
    """Opens a report again that was handed in, with the reason. Raises Forbidden, WrongState or Refused."""
    report = _handed_in(by, report)
    if report.paper_on:
        raise WrongState(_("The stamped paper of this report has been received: it can't be handed back any more."))
    report.returned_for = said(reason, 500, _("Please give the reason."))
    report.handed_in_by = report.handed_in_at = None
    report.figures = {}
    report.save(update_fields=("returned_for", "handed_in_by", "handed_in_at", "figures"))
    return report


@transaction.atomic
def receive_paper(by: User, report: YearReport, day: date) -> YearReport:
    """Notes on which day the stamped paper came. Raises Forbidden, WrongState or Refused."""
    report = _handed_in(by, report)
    if report.paper_on:
        raise WrongState(_("The stamped paper of this report is noted already."))
    if not timezone.localdate(report.asked_at) <= day <= timezone.localdate():
        raise Refused(_("The paper came between the day on which the report was asked for and today."))
    report.paper_on, report.paper_by = day, by
    report.save(update_fields=("paper_on", "paper_by"))
    return report


def _locked(report: YearReport) -> YearReport:
    found = YearReport.objects.select_related("cycle__owner", "organization")
    return found.select_for_update(of=("self",)).get(pk=report.pk)


def _open(by: User, report: YearReport) -> YearReport:
    report = _locked(report)
    if not may_write_year_report(by, report):
        raise Forbidden(_("Administrators and assessors of the reporting union write its report."))
    if report.handed_in_at:
        raise WrongState(_("This report has been handed in and can't be changed any more."))
    return report


def _handed_in(by: User, report: YearReport) -> YearReport:
    report = _locked(report)
    if not may_decide(by, report.cycle):
        raise Forbidden(_("This is decided by reviewers and administrators of the union that opened the cycle."))
    if not report.handed_in_at:
        raise WrongState(_("This report has not been handed in."))
    return report
