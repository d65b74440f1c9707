"""Titles: recorded from before, and revoked."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.awards.honours import titles_visible_to
from assessments.awards.permissions import may_record_title
from assessments.forms.awards import EarlierForm
from assessments.services import Refused, awards
from assessments.views.answers import Request, kept, refusals, refused
from assessments.views.awards.base import organization_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="awards:organization")
def record(request: Request, pk: int) -> HttpResponse:
    organization = organization_or_404(request, pk)
    if not may_record_title(request.user, organization):
        raise PermissionDenied(_("Titles are recorded by administrators of a union above the organisation."))
    form = EarlierForm(request.user, request.POST if request.method == "POST" else None)
    if kept(form, lambda: awards.record_title(request.user, organization, form.earlier)):
        messages.success(request, _("The title is recorded."))
        return redirect("awards:organization", pk)
    return render(request, "awards/record.html", {"form": form, "organization": organization})


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    title = get_object_or_404(titles_visible_to(request.user), pk=pk)
    back = reverse("awards:organization", args=[title.organization_id])
    try:
        awards.revoke_title(request.user, title, request.POST.get("reason", ""))
    except Refused as refusal:
        return refused(request, refusal, back)
    messages.success(request, _("The title is revoked from today on."))
    return redirect(back)
