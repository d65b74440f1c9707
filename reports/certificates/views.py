"""One certificate, and all of a cycle or of an award round."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.views.answers import Request, refusals, visible_or_404
from assessments.views.awards.base import organization_or_404, round_or_404
from assessments.views.notices import followed_or_404
from orgs.downloads import download, file_name
from reports.certificates import stars
from reports.certificates.printing import Batch, certificates_of, render
from reports.certificates.titles import Titles, certificate_of, certified
from reports.exports import ordering
from reports.exports.certificates import STARS, TITLES
from reports.exports.spec import Asked, ExportSpec
from reports.tables.cards import LANGUAGE

AT_ONCE = 50
"""Certificates that are made while the person waits; more are made by the workers."""


@require_safe
@never_cache
@refusals(back="assessments:detail")
def certificate(request: Request, pk: int) -> HttpResponse:
    """For everybody who reads the assessment."""
    assessment = visible_or_404(request, pk, ("cycle__owner",))
    batch = stars.final_results(assessment.cycle)
    row = batch.rows.filter(assessment=assessment).first()
    if row is None:
        raise Http404
    content = render(certificates_of(batch, [row], request.build_absolute_uri))
    return download(content, file_name(row.name, row.awarded, assessment.cycle.year), "pdf")


@require_safe
@never_cache
def title_certificate(request: Request, pk: int) -> HttpResponse:
    """For everybody who reads the titles of the organisation."""
    title = get_object_or_404(certified(), pk=pk)
    organization = organization_or_404(request, title.organization_id)
    with translation.override(LANGUAGE):
        content = render([certificate_of(title)])
    return download(content, file_name(organization.name, title.person, title.rung.name, title.awarded_on.year), "pdf")


@require_POST
@refusals(back="notices:list")
def certificates(request: Request, pk: int) -> HttpResponse:
    """All of a cycle."""
    cycle = followed_or_404(request, pk)
    return _all(request, cycle.name, stars.final_results(cycle), STARS, {"cycle": cycle.pk})


@require_POST
@refusals(back="awards:round")
def title_certificates(request: Request, pk: int) -> HttpResponse:
    """All of an award round, as far as its page shows the candidates."""
    award_round = round_or_404(request, pk)
    batch = Titles(award_round, request.user)
    return _all(request, award_round.name, batch, TITLES, {"round": award_round.pk})


def _all(request: Request, whose: str, batch: Batch, spec: ExportSpec, asked: Asked) -> HttpResponse:
    """A few at once, many by the workers: with all rights of the person, as their page has it."""
    rows = list(batch.rows[: AT_ONCE + 1])
    name = file_name(whose, _("Certificates"))
    if 0 < len(rows) <= AT_ONCE:
        return download(render(certificates_of(batch, rows, request.build_absolute_uri)), name, "pdf")
    asked = {**asked, "site": request.build_absolute_uri("/")}
    export = ordering.order(request.user, spec, asked, name=name, seat=None)
    return redirect("reports:export", export.pk)
