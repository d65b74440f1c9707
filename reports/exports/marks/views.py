"""The page on which all marks of a cycle are ordered."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.permissions import works_above_units
from assessments.queries import cycles_visible_to
from assessments.views.answers import Request, kept, refusals
from orgs.acting import chosen, narrowed
from orgs.downloads import file_name
from reports.exports import ordering
from reports.exports.marks.form import MarksForm
from reports.models import Export


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="reports:order_marks")
def order_marks(request: Request, pk: int) -> HttpResponse:
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    if not works_above_units(request.user, cycle):
        raise PermissionDenied
    form = MarksForm(narrowed(request), cycle, request.POST if request.method == "POST" else None)

    def order() -> Export:
        day = timezone.localdate().isoformat()
        name = file_name(cycle.name, *form.name_parts, _("All marks"), day)
        return ordering.order(request.user, form.spec, form.asked, name=name, seat=chosen(request))

    export = kept(form, order)
    if export:
        return redirect("reports:export", export.pk)
    return render(request, "reports/exports/order_marks.html", {"cycle": cycle, "form": form})
