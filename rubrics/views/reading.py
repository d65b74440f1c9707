"""Reading rubrics. Everyone who is logged in may read all of them: they are issued documents."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from rubrics import queries, services, table
from rubrics.rows import rows


@require_safe
def list_rubrics(request: HttpRequest) -> HttpResponse:
    return render(request, "rubrics/list.html", {"documents": queries.documents()})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    rubric = get_object_or_404(queries.with_frame(), pk=pk)
    items = rows(rubric)
    return render(
        request,
        "rubrics/detail.html",
        {
            "rubric": rubric,
            "headings": table.headings(rubric.columns.all()),
            "score_columns": table.score_columns(rubric.columns.all()),
            "lines": table.lines(rubric, items),
            "checks": services.checks(rubric, items),
        },
    )
