"""One certificate, and all of a cycle."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.views.answers import Request, refusals, visible_or_404
from assessments.views.notices import followed_or_404
from orgs.acting import chosen
from orgs.downloads import download, file_name
from reports.certificates.printing import awarded, certificates_of, final_results, render
from reports.exports import ordering
from reports.exports.certificates import SPEC

AT_ONCE = 50
"""Certificates that are made while the person waits; more are made by the workers."""


@require_safe
@never_cache
@refusals(back="assessments:detail")
def certificate(request: Request, pk: int) -> HttpResponse:
    """For everybody who reads the assessment."""
    assessment = visible_or_404(request, pk, ("cycle__owner",))
    snapshot = final_results(assessment.cycle)
    row = awarded(snapshot).filter(assessment=assessment).first()
    if row is None:
        raise Http404
    content = render(certificates_of(snapshot, [row], request.build_absolute_uri))
    return download(content, file_name(row.name, row.awarded, assessment.cycle.year), "pdf")


@require_POST
@refusals(back="notices:list")
def certificates(request: Request, pk: int) -> HttpResponse:
    """All of a cycle: a few at once, many by the workers."""
    cycle = followed_or_404(request, pk)
    snapshot = final_results(cycle)
    rows = list(awarded(snapshot)[: AT_ONCE + 1])
    name = file_name(cycle.name, _("Certificates"))
    if 0 < len(rows) <= AT_ONCE:
        return download(render(certificates_of(snapshot, rows, request.build_absolute_uri)), name, "pdf")
    asked = {"cycle": cycle.pk, "site": request.build_absolute_uri("/")}
    export = ordering.order(request.user, SPEC, asked, name=name, seat=chosen(request))
    return redirect("reports:export", export.pk)
