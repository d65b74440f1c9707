"""Cards as files: one assessment, filled with what the reader may see, and the blank form of any rubric."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.permissions import readable_stages
from assessments.queries import visible_to
from orgs.downloads import download, file_name
from reports import excel, pdf
from reports.tables import ScoreTable, form, scorecard
from rubrics.queries import visible_to as rubrics_visible_to


@require_safe
@never_cache
def scorecard_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(_scorecard(request, pk))


@require_safe
@never_cache
def scorecard_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    return _xlsx(_scorecard(request, pk))


@require_safe
@never_cache
def form_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _pdf(_form(request, pk))


@require_safe
@never_cache
def form_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    return _xlsx(_form(request, pk))


def _scorecard(request: HttpRequest, pk: int) -> ScoreTable:
    visible = visible_to(request.user).select_related("cycle", "kind", "rubric__document")
    assessment = get_object_or_404(visible, pk=pk)
    return scorecard(assessment, readable_stages(request.user, assessment))


def _form(request: HttpRequest, pk: int) -> ScoreTable:
    """Who may read a rubric may print it. A draft without columns has no form yet."""
    table = form(get_object_or_404(rubrics_visible_to(request.user).select_related("document"), pk=pk))
    if not table.widths:
        raise Http404
    return table


def _pdf(table: ScoreTable) -> HttpResponse:
    return download(pdf.render(table), _name(table), "pdf")


def _xlsx(table: ScoreTable) -> HttpResponse:
    return download(excel.render(table), _name(table), "xlsx")


def _name(table: ScoreTable) -> str:
    return file_name(table.organization, table.title + table.subtitle, table.year or "")
