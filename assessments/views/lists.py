from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.forms.cycles import FilterForm
from assessments.listing import count_up_to_limit, for_list, list_rows, matching, rows_html
from assessments.models import Assessment
from assessments.views.answers import Request
from assessments.workflow import State
from orgs.acting import narrowed
from orgs.paging import page_of


@require_safe
def index(request: Request) -> HttpResponse:
    """The assessments that the person may see, as whom they act for, filtered by what the address says."""
    form = FilterForm(request.GET, request.user)
    found = matching(narrowed(request), form.wanted) if form.is_valid() else Assessment.objects.none()
    page = page_of(for_list(found), request.GET.get("page"))
    count = str(len(page)) if page.number == 1 and not page.has_next else count_up_to_limit(found)
    rows = list_rows(request.user, page)
    context = {
        "form": form,
        "wanted": form.wanted if form.is_valid() else None,
        "states": State.choices,
        "offers": [(branch.name, f"?{_with_branch(request, branch.pk)}") for branch in form.offered],
        "page": page,
        "rows": rows,
        "rows_html": rows_html(rows),
        "count": count,
    }
    return render(request, "assessments/list.html", context)


def _with_branch(request: Request, pk: int) -> str:
    """The address's filters with this branch in place of the name that fitted several."""
    kept = {key: value for key, value in request.GET.items() if key not in {"within", "page"} and value}
    return urlencode({**kept, "branch": pk})
