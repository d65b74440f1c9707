"""Notices for everybody: no login, no cookie, nothing but what the notice itself says."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments import publications
from assessments.models import Notice
from orgs.paging import page_of

PER_PAGE = 100
NOTICES = 20
MINUTE = 60
"""How long a page may be kept on the way: a newer notice shows on the old one soon enough."""


@login_not_required
@cache_control(public=True, max_age=MINUTE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The notices that count, those that run first."""
    found = publications.newest_notices().order_by("-ends_on", "-pk")
    page = page_of(found, request.GET.get("page"), NOTICES)
    lines = [(notice, publications.window(notice), publications.left_in_words(notice)) for notice in page]
    return render(request, "notices/public_list.html", {"page": page, "lines": lines})


@login_not_required
@cache_control(public=True, max_age=MINUTE)
@require_safe
def notice(request: HttpRequest, key: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.select_related("snapshot"), key=key)
    newest = publications.newest_notices().get(snapshot__cycle=notice.snapshot.cycle_id)
    named = request.GET.get("q", "").strip()[:60]
    rows = publications.published_rows(notice.snapshot)
    page = page_of(rows.filter(name__icontains=named) if named else rows, request.GET.get("page"), PER_PAGE)
    context = {
        "notice": notice,
        "newer": newest if newest.pk != notice.pk else None,
        "stands": publications.window(notice),
        "window": publications.window_in_words(notice),
        "words": publications.left_in_words(notice),
        "page": page,
        "named": named,
        "searchable": bool(named) or page.has_next or page.has_previous,
        "shown": publications.columns_of(notice.snapshot),
    }
    return render(request, "notices/public.html", context)
