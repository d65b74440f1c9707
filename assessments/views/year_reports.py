"""The yearly reports that subordinate unions hand in about a cycle."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import calendars
from assessments.aftermath.consequences import reports_visible_to
from assessments.aftermath.figures import figures_of, in_lines, reporting_unions
from assessments.deadlines import in_words, is_late
from assessments.forms.aftermath import AskForm, PaperForm, ReasonForm, ReportForm
from assessments.models import Cycle, YearReport
from assessments.permissions import may_decide, may_follow_decisions, may_write_year_report
from assessments.services import Refused
from assessments.services import aftermath as services
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals
from assessments.views.consequences import cycle_or_404
from orgs.models import User
from orgs.paging import page_of


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = cycle_or_404(request, pk)
    return _list(request, cycle, AskForm(cycle))


@require_POST
@refusals(back="year_reports:list")
def ask(request: Request, pk: int) -> HttpResponse:
    cycle = cycle_or_404(request, pk)
    form = AskForm(cycle, request.POST)
    asked = kept(form, lambda: services.ask_for_reports(request.user, cycle, **form.cleaned_data))
    if asked is None:
        return _list(request, cycle, form)
    _day, warning = calendars.day_of(form.cleaned_data["year"], form.cleaned_data["words"])
    told = ngettext("%(count)d union is newly asked.", "%(count)d unions are newly asked.", asked)
    messages.success(request, f"{told % {'count': asked}} {warning}".strip())
    return redirect("year_reports:list", pk)


def _list(request: Request, cycle: Cycle, form: AskForm) -> HttpResponse:
    found = reports_visible_to(request.user).filter(cycle=cycle).select_related("organization", "handed_in_by")
    decides = may_decide(request.user, cycle)
    page = page_of(found.order_by("organization__path"), request.GET.get("page"))
    missing = found.filter(handed_in_at=None).order_by("organization__path")
    follows = may_follow_decisions(request.user, cycle)
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "year_reports:list"),
        "page": page,
        "lines": [(one, is_late(one.due_on) and not one.handed_in_at, in_words(one.due_on)) for one in page],
        "deadline": page.object_list[0] if page.object_list else None,
        "missing": list(missing.values_list("organization__name", flat=True)[:500]) if follows else [],
        "follows": follows,
        "form": form if decides else None,
        "unions": reporting_unions(cycle).count() if decides else 0,
    }
    return render(request, "year_reports/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="year_reports:detail")
def detail(request: Request, pk: int) -> HttpResponse:
    """Read; written and handed in by the reporting union while it is open."""
    report = report_or_404(request, pk)
    form = ReportForm(request.POST if request.method == "POST" else None, initial={"text": report.text})
    act = services.hand_in_report if "hand_in" in request.POST else services.save_report
    if kept(form, lambda: act(request.user, report, form.cleaned_data["text"])):
        told = _("The report is handed in.") if "hand_in" in request.POST else _("Saved. It is not handed in yet.")
        messages.success(request, told)
        return redirect("year_reports:detail", pk)
    decides = may_decide(request.user, report.cycle)
    context = {
        **_said(report),
        "form": form if may_write_year_report(request.user, report) and not report.handed_in_at else None,
        "paper": PaperForm() if decides and report.handed_in_at and not report.paper_on else None,
        "handing_back": ReasonForm(),
        "late": is_late(report.due_on) and not report.handed_in_at,
        "words": "" if report.handed_in_at else in_words(report.due_on),
    }
    return render(request, "year_reports/detail.html", context, status=422 if form.errors else 200)


@require_safe
def print_page(request: Request, pk: int) -> HttpResponse:
    """The report with its figures and a place for the stamp, for the browser's own printing."""
    report = report_or_404(request, pk)
    return render(request, "year_reports/print.html", {**_said(report), "text": text_for(request.user, report)})


@require_POST
@refusals(back="year_reports:detail")
def hand_back(request: Request, pk: int) -> HttpResponse:
    services.hand_report_back(request.user, report_or_404(request, pk), request.POST.get("reason", ""))
    messages.success(request, _("The report is handed back."))
    return redirect("year_reports:detail", pk)


@require_POST
@refusals(back="year_reports:detail")
def received(request: Request, pk: int) -> HttpResponse:
    report, form = report_or_404(request, pk), PaperForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Please give the day like 2026-12-31; nothing was changed."))
    services.receive_paper(request.user, report, form.cleaned_data["day"])
    messages.success(request, _("The stamped paper is noted."))
    return redirect("year_reports:detail", pk)


def _said(report: YearReport) -> dict[str, object]:
    """What the report says; the figures of the moment until it is handed in."""
    figures = report.figures if report.handed_in_at else figures_of(report.cycle, report.organization)
    return {"report": report, "cycle": report.cycle, "union": report.organization, "lines": in_lines(figures)}


def text_for(user: User, report: YearReport) -> str:
    """What the person reads of it: before it is handed in only who writes it sees the text."""
    return report.text if report.handed_in_at or may_write_year_report(user, report) else ""


def report_or_404(request: Request, pk: int) -> YearReport:
    parts = ("cycle__owner", "organization", "handed_in_by", "paper_by", "asked_by")
    return get_object_or_404(reports_visible_to(request.user).select_related(*parts), pk=pk)
