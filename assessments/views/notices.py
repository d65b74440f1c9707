"""A cycle's results on public notice: prepared, published, compared, and the cycle closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import calendars, publications
from assessments.forms.notices import NoticeForm, rests, window_of
from assessments.models import Cycle, Notice, Snapshot
from assessments.objecting import no_notice
from assessments.permissions import may_decide, may_follow_decisions, may_object
from assessments.queries import cycles_visible_to
from assessments.services import publishing
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals
from orgs.paging import page_of

PER_PAGE = 100
PREVIEWED = 20
"""Rows of the table that the preview shows."""


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = followed_or_404(request, pk)
    snapshots = list(_with_notice(cycle))
    decides = may_decide(request.user, cycle)
    context = {
        **_frame(request, cycle),
        "snapshots": [(one, publications.window_in_words(one.notice), *_stands(one.notice)) for one in snapshots],
        "newest": snapshots[0] if snapshots else None,
        "decides": decides,
        "against": publications.against_closing(cycle) if decides and snapshots and not cycle.closed_at else [],
    }
    return render(request, "notices/list.html", context)


@require_safe
def detail(request: Request, pk: int, number: int) -> HttpResponse:
    cycle = followed_or_404(request, pk)
    snapshot = get_object_or_404(_with_notice(cycle), number=number)
    named = request.GET.get("q", "").strip()[:60]
    rows = snapshot.rows.order_by("pk")
    stands, words = _stands(snapshot.notice)
    context = {
        **_frame(request, cycle),
        "snapshot": snapshot,
        "notice": snapshot.notice,
        "stands": stands,
        "window": publications.window_in_words(snapshot.notice),
        "words": words,
        "shown": publications.columns_of(snapshot),
        "page": page_of(rows.filter(name__icontains=named) if named else rows, request.GET.get("page"), PER_PAGE),
        "named": named,
        "awards": _awards(snapshot),
        "broken": publications.broken(snapshot),
        "objecting": may_object(request.user) and not no_notice(cycle),
        "newer": Snapshot.objects.filter(cycle=cycle, number__gt=number).order_by("-number").first(),
    }
    return render(request, "notices/detail.html", context)


@require_safe
def changes(request: Request, pk: int, number: int) -> HttpResponse:
    cycle = followed_or_404(request, pk)
    snapshot = get_object_or_404(_with_notice(cycle), number=number)
    before = get_object_or_404(_with_notice(cycle), number=number - 1)
    found = publications.changes(before, snapshot)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {**_frame(request, cycle), "snapshot": snapshot, "before": before, "page": page, "count": len(found)}
    return render(request, "notices/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="notices:list")
def prepare(request: Request, pk: int) -> HttpResponse:
    """Asks for the words, then shows all of it with its days, and publishes only what was shown."""
    cycle = followed_or_404(request, pk)
    if not may_decide(request.user, cycle):
        raise PermissionDenied
    before = publications.newest(cycle)
    form = NoticeForm(cycle, before, request.POST if request.method == "POST" else None)
    form.initial["reason"] = request.GET.get("reason", "")[:500]  # a revocation leads here with its own
    if not form.is_valid() or "change" in request.POST:
        return _words(request, cycle, form)
    if "publish" not in request.POST:
        return _preview(request, cycle, form, before)
    seen = request.POST.get("seen", "")
    notice = kept(form, lambda: publishing.publish(request.user, cycle, **form.cleaned_data, seen=seen))
    if notice is None:
        return _words(request, cycle, form)
    messages.success(request, _("The results are on public notice."))
    return redirect("notices:detail", pk, notice.snapshot.number)


@require_POST
@refusals(back="notices:list")
def close(request: Request, pk: int) -> HttpResponse:
    publishing.close_cycle(request.user, followed_or_404(request, pk))
    messages.success(request, _("The cycle is closed. Its results are final."))
    return redirect("notices:list", pk)


def _words(request: Request, cycle: Cycle, form: NoticeForm) -> HttpResponse:
    context = {
        **_frame(request, cycle),
        "form": form,
        "against": publications.against_publishing(cycle),
        "window": publications.window_in_words(window_of(cycle, form.initial["starts_on"])),
    }
    return render(request, "notices/prepare.html", context)


def _preview(request: Request, cycle: Cycle, form: NoticeForm, before: Snapshot | None) -> HttpResponse:
    """The notice as it would be published now."""
    said = form.cleaned_data
    window = window_of(cycle, said["starts_on"])
    rows = publications.rows_of(cycle)
    with_result = [row for row in rows if row.points is not None]
    doubts = (calendars.doubt(window.starts_on, window.ends_on, window.count), rests(window.ends_on))
    context = {
        **_frame(request, cycle),
        "form": form,
        "against": publications.against_publishing(cycle),
        "window": publications.window_in_words(window),
        "issuer": window.issuer,
        "said": said,
        "doubts": [doubt for doubt in doubts if doubt],
        "rows": with_result[:PREVIEWED],
        "count": len(with_result),
        "without": len(rows) - len(with_result),
        "more": len(with_result) > PREVIEWED,
        "shown": publications.columns(with_result),
        "before": before,
        "seen": publications.fingerprint(rows),
    }
    return render(request, "notices/preview.html", context)


def _frame(request: Request, cycle: Cycle) -> dict[str, Any]:
    return {"cycle": cycle, "tabs": tabs(request.user, cycle, "notices:list")}


def _stands(notice: Notice) -> tuple[publications.Window, str]:
    return publications.window(notice), publications.left_in_words(notice)


def _with_notice(cycle: Cycle) -> Any:
    return Snapshot.objects.filter(cycle=cycle).select_related("notice", "by").order_by("-number")


def _awards(snapshot: Snapshot) -> list[tuple[str, int]]:
    """How many have each award, the best first; the rest have none."""
    found = snapshot.rows.filter(points__isnull=False).order_by("-awarded_rank")
    return list(found.values_list("awarded").annotate(Count("pk")))


def followed_or_404(request: Request, pk: int) -> Cycle:
    """The cycle, for those who read how it is decided; 403 for who only takes part in it."""
    parts = ("owner", "branch", "document", "closed_by")
    cycle = get_object_or_404(cycles_visible_to(request.user).select_related(*parts), pk=pk)
    if not may_follow_decisions(request.user, cycle):
        raise PermissionDenied
    return cycle
