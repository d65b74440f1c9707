"""A notice on paper and in Word, in the layout of official documents (GB/T 9704-2012)."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Notice, Snapshot
from assessments.views.answers import Request
from assessments.views.notices import followed_or_404
from reports.exports.official import NOTICE
from reports.official.serving import answer


@login_not_required
@require_safe
@never_cache
def notice_pdf(request: HttpRequest, key: str) -> HttpResponseBase:
    notice = get_object_or_404(Notice.objects.select_related("snapshot"), key=key)
    return answer(request, NOTICE, notice.snapshot, "pdf")


@require_safe
@never_cache
def notice_docx(request: Request, pk: int, number: int) -> HttpResponseBase:
    """The same to edit, for those who read how the cycle is decided."""
    cycle = followed_or_404(request, pk)
    published = Snapshot.objects.filter(notice__isnull=False)
    return answer(request, NOTICE, get_object_or_404(published, cycle=cycle, number=number), "docx")
