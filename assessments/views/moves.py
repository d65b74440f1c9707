"""The moves of the workflow table: each says what it will do, asks what it needs, and is made by the service."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import services, turning
from assessments.forms.cycles import MoveForm
from assessments.permissions import may_move
from assessments.rechecking import being_rechecked
from assessments.services import WrongState
from assessments.views.answers import Request, kept, refusals, visible_or_404
from assessments.workflow import Action, State, find_move
from rubrics.rows import rows


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def make(request: Request, pk: int, action: Action) -> HttpResponse:
    assessment = visible_or_404(request, pk)
    closed = assessment.cycle.closed_at is not None
    rechecked = being_rechecked(assessment)
    edge = find_move(State(assessment.state), action, assessment.stages, closed=closed, rechecked=rechecked)
    if edge is None or edge.warrant:
        raise WrongState(turning.too_late(assessment, rechecked=rechecked))
    if not may_move(request.user, assessment, edge):
        raise PermissionDenied(_("You may see this assessment but not take this step."))
    lines = tuple(row for row in rows(assessment.rubric) if row.applies(assessment.kind.code))
    apart = turning.apart(assessment, edge)
    explains = any(one.of_total and one.needs_reason for one in apart)
    form = MoveForm(edge, lines, request.POST if request.method == "POST" else None, explains=explains)
    moved = kept(form, lambda: services.move(request.user, assessment, action, **form.cleaned_data))
    if moved:
        messages.success(request, turning.told_after(moved, action))
        return redirect("assessments:detail", pk)
    context = turning.context(request.user, assessment, edge, lines)
    told = turning.apart_lines(assessment, edge, apart)
    context |= {"apart": told, "blocked": any(one.blocks for one in told)}
    context |= {"form": form, "back_url": reverse("assessments:detail", args=[pk])}
    return render(request, "assessments/move.html", context)
