"""The official report of a cycle: its words on a page, the whole as PDF and to edit in Word."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import publications
from assessments.models import Cycle, Snapshot
from assessments.permissions import may_decide
from assessments.services import WrongState
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals
from assessments.views.notices import followed_or_404
from reports.exports.official import REPORT
from reports.models import OfficialReport
from reports.official.forms import ReportForm
from reports.official.report import document, text_of
from reports.official.saving import save_report
from reports.official.serving import answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@refusals(back="reports:official")
def official_page(request: Request, pk: int) -> HttpResponse:
    """Who decides writes; who follows reads. Before the publication the page says what is missing."""
    cycle = followed_or_404(request, pk)
    decides = may_decide(request.user, cycle)
    if request.method == "POST" and not decides:
        raise PermissionDenied
    snapshot = publications.newest(cycle)
    context = {"cycle": cycle, "tabs": tabs(request.user, cycle, "notices:list"), "snapshot": snapshot}
    if snapshot is None:
        return render(request, "reports/official/page.html", context)
    saved = OfficialReport.objects.filter(snapshot=snapshot).select_related("saved_by").first()
    text = text_of(_whole(cycle, snapshot))
    version = saved.version if saved else 0
    typed = request.POST.copy() if request.method == "POST" else None
    form = ReportForm(typed, initial={**asdict(text), "version": version})
    if kept(form, lambda: save_report(request.user, snapshot, form.text, form.cleaned_data["version"])):
        messages.success(request, _("Saved. The files below have these words."))
        return redirect("reports:official", pk)
    if typed and form.non_field_errors():  # refused, and told why: sent once more it is meant
        typed["version"] = str(version)
    context |= {
        "saved": saved,
        "form": form if decides else None,
        "document": document(snapshot, text),
    }
    return render(request, "reports/official/page.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@refusals(back="reports:official")
def official_pdf(request: Request, pk: int) -> HttpResponseBase:
    return _file(request, pk, "pdf")


@require_safe
@never_cache
@refusals(back="reports:official")
def official_docx(request: Request, pk: int) -> HttpResponseBase:
    return _file(request, pk, "docx")


def _file(request: Request, pk: int, ending: str) -> HttpResponseBase:
    cycle = followed_or_404(request, pk)
    snapshot = publications.newest(cycle)
    if snapshot is None:
        raise WrongState(_("The results have not been published yet."))
    return answer(request, REPORT, snapshot, ending)


def _whole(cycle: Cycle, snapshot: Snapshot) -> Snapshot:
    """With the cycle that is at hand, its unions and its document."""
    snapshot.cycle = cycle
    return snapshot
