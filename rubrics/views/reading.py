"""Reading rubrics: issued papers for everyone who is logged in, drafts for who looks after them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from orgs.permissions import posts
from orgs.roles import Role
from orgs.views.fetch import Request
from rubrics import queries, services, table
from rubrics.rows import rows
from rubrics.views.versions import ways


@require_safe
def list_rubrics(request: Request) -> HttpResponse:
    context = {
        "documents": queries.documents(request.user),
        "drafts": queries.desk_of(request.user),
        "may_bring_in": any(post.role == Role.ADMIN for post in posts(request.user)),
    }
    return render(request, "rubrics/list.html", context)


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    rubric = get_object_or_404(queries.with_frame(request.user), pk=pk)
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
            **ways(request, rubric),
        },
    )
