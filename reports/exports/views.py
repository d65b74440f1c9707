"""One's own files: how far they are, and fetching them. An export has one address; only who ordered it sees it."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.views.answers import Request, refusals
from orgs import background
from orgs.paging import page_of
from reports.exports import files, ordering, telling
from reports.exports.progress import progress_of, words_of
from reports.exports.registry import SPECS
from reports.models import Export

PER_PAGE = 20


@require_safe
def exports(request: Request) -> HttpResponse:
    """All of them, the newest first."""
    page = page_of(Export.objects.filter(by=request.user), request.GET.get("page"), PER_PAGE)
    rows = [(one, _label(one)) for one in page]
    return render(request, "reports/exports/list.html", {"page": page, "rows": rows})


@require_safe
@never_cache
def export(request: Request, pk: int) -> HttpResponse:
    """How far it is, or how it ended."""
    one = own_or_404(request, pk)
    label = _label(one)
    if one.active:
        progress = progress_of(one)
        context = {"export": one, "label": label, "progress": progress, "words": words_of(one, progress)}
        return render(request, "reports/exports/running.html", {**context, "alive": background.alive()})
    telling.seen(request.user, one)
    return render(request, "reports/exports/ended.html", {"export": one, "label": label})


@require_safe
@never_cache
def export_progress(request: Request, pk: int) -> HttpResponse:
    """For static/progress.js: when it ends, the page is loaded anew."""
    one = own_or_404(request, pk)
    progress = progress_of(one)
    words = words_of(one, progress)
    return JsonResponse({"running": one.active, "done": progress.done, "total": progress.total, "words": words})


@require_safe
@never_cache
@refusals(back="reports:export")
def export_file(request: Request, pk: int) -> FileResponse:
    one = own_or_404(request, pk)
    ordering.require_file(one)
    telling.seen(request.user, one)
    return files.response(one)


@require_POST
@refusals(back="reports:export")
def cancel_export(request: Request, pk: int) -> HttpResponse:
    ordering.cancel(request.user, own_or_404(request, pk))
    messages.success(request, _("The work was stopped. You can go on with it until tomorrow."))
    return redirect("reports:export", pk)


@require_POST
@refusals(back="reports:export")
def resume_export(request: Request, pk: int) -> HttpResponse:
    ordering.again(request.user, own_or_404(request, pk))
    return redirect("reports:export", pk)


@require_POST
@refusals(back="reports:export")
def delete_export(request: Request, pk: int) -> HttpResponse:
    one = own_or_404(request, pk)
    ordering.delete(request.user, one)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": one.name})
    return redirect("reports:exports")


def own_or_404(request: Request, pk: int) -> Export:
    return get_object_or_404(Export.objects.select_related("seat"), pk=pk, by=request.user)


def _label(one: Export) -> str:
    """What it is; nothing where the software does not know the kind any more."""
    spec = SPECS.get(one.kind)
    return str(spec.label) if spec else ""
