"""Cards as files: one assessment, filled with what the reader may see, and the blank form of any rubric."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.permissions import readable_stages
from assessments.queries import visible_to
from reports import excel, pdf
from reports.tables import ScoreTable, form, scorecard
from rubrics.queries import visible_to as rubrics_visible_to

NAME_LENGTH = 100
UNFIT = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')
"""What some system refuses in a file name."""


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
    return _file(table, "pdf", "application/pdf", pdf.render)


def _xlsx(table: ScoreTable) -> HttpResponse:
    return _file(table, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", excel.render)


def _file(table: ScoreTable, suffix: str, content_type: str, render: Callable[[ScoreTable], bytes]) -> HttpResponse:
    """Always a download: the content policy of the site would keep a browser's own viewer from opening it."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{file_name(table)}.{suffix}"),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(render(table), content_type=content_type, headers=headers)


def file_name(table: ScoreTable) -> str:
    """某街道总工会_沈阳市六好街道（乡镇）工会考核标准_2026"""
    return cleaned_name(table.organization, table.title + table.subtitle, str(table.year or ""))


def cleaned_name(*parts: str) -> str:
    """A file's name of these parts, without what some system refuses."""
    name = "_".join(cleaned[:NAME_LENGTH] for part in parts if (cleaned := UNFIT.sub(" ", part).strip()))
    return name.strip(". ")
