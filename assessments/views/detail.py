"""One assessment: how it stands, how its sums came about, and what the person may do next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments import objecting, services, standing
from assessments.aftermath.consequences import told_to
from assessments.grading import explained
from assessments.models import Evidence, MarkRevision
from assessments.permissions import may_extend, may_read_item, may_write, open_moves, readable_stages
from assessments.queries import visible_to
from assessments.results import contradicts_declared_total
from assessments.services.extensions import stages_ahead
from assessments.views.answers import Request, refusals, row_or_404, stage_or_404, visible_or_404
from assessments.workflow import WRITERS, Stage, State
from orgs.models import Department
from orgs.permissions import oversees
from rubrics.rows import headings


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    assessment = visible_or_404(request, pk)
    sheets = {Stage(sheet.stage): sheet for sheet in assessment.sheets.all()}
    shown = standing.columns(assessment, sheets, readable_stages(request.user, assessment))
    writes = may_write(request.user, assessment)
    extensions = list(assessment.extensions.select_related("by"))
    result = explained(request.user, assessment)
    context = {
        "assessment": assessment,
        "way": standing.way(assessment, sheets, extensions),
        "columns": shown,
        "lines": standing.lines(shown),
        "contradicts": contradicts_declared_total(assessment.rubric),
        "banded": any(column.band for column in shown),
        "open_stage": WRITERS[State(assessment.state)].stage if writes else "",
        "moves": [
            {"label": move.action.label, "url": reverse(f"assessments:{move.action}", args=[pk])}
            for move in open_moves(request.user, assessment)
        ],
        "duties": standing.duties(request.user, assessment),
        "objections": objecting.card(request.user, assessment) if result.get("published") else None,
        "consequences": told_to(assessment),
        "steps": standing.log(assessment),
        **result,
        "extensions": extensions,
        "may_extend": any(may_extend(request.user, assessment, stage) for stage in stages_ahead(assessment)),
    }
    return render(request, "assessments/detail.html", context)


@require_safe
def item_history(request: Request, pk: int, stage: str, key: str) -> HttpResponse:
    """Every save of one item's mark at one stage, and the files that were added and taken away."""
    assessment = visible_or_404(request, pk)
    which, row = stage_or_404(assessment, stage), row_or_404(assessment, key)
    if not may_read_item(request.user, assessment, which, row):
        raise PermissionDenied
    of_item = {"sheet__assessment": assessment, "sheet__stage": which, "item": row.pk}
    context = {
        "assessment": assessment,
        "stage": which,
        "heading": headings(assessment.rubric).get(which) or which.label,
        "row": row,
        "sayings": standing.sayings(MarkRevision.objects.filter(**of_item).select_related("by").order_by("-version")),
        "files": Evidence.objects.filter(**of_item).select_related("uploaded_by", "removed_by"),
        "opens_removed": oversees(request.user, assessment.path),
    }
    return render(request, "assessments/item_history.html", context)


@require_POST
@refusals(back="assessments:detail")
def sign_off(request: Request, pk: int, department: int) -> HttpResponse:
    assessment = get_object_or_404(visible_to(request.user), pk=pk)
    signing = _department_or_404(assessment.assessor_id, department)
    services.sign_off(request.user, assessment, signing)
    messages.success(request, _("Signed off for %(department)s.") % {"department": signing.name})
    return redirect("assessments:detail", pk)


@require_POST
@refusals(back="assessments:detail")
def take_back(request: Request, pk: int, department: int) -> HttpResponse:
    assessment = get_object_or_404(visible_to(request.user), pk=pk)
    signing = _department_or_404(assessment.assessor_id, department)
    services.take_back(request.user, assessment, signing)
    messages.success(request, _("The sign-off of %(department)s was taken back.") % {"department": signing.name})
    return redirect("assessments:detail", pk)


def _department_or_404(organization: int, pk: int) -> Department:
    department = Department.objects.filter(organization=organization, pk=pk).first()
    if department is None:
        raise Http404
    return department
