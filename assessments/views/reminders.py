"""Deadlines of single organisations, and who has not submitted."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.deadlines import extended_days, last_day
from assessments.forms.reminders import ExtensionForm, UnsubmittedForm
from assessments.models import Cycle, Extension
from assessments.permissions import may_extend, may_remind
from assessments.queries import cycles_visible_to
from assessments.reminders.unsubmitted import Asked, counties, today_named, unsubmitted
from assessments.services.extensions import extend, stages_ahead
from assessments.services.refusals import WrongState
from assessments.tabs import tabs
from assessments.views.answers import Request, kept, refusals, visible_or_404
from assessments.workflow import Stage, stages_of
from orgs.acting import narrowed
from orgs.downloads import download, file_name


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def extension(request: Request, pk: int) -> HttpResponse:
    """Gives one organisation a later deadline for a stage that has not ended."""
    assessment = visible_or_404(request, pk)
    if not any(may_extend(request.user, assessment, stage) for stage in stages_of(assessment.stages)):
        raise PermissionDenied
    offered = tuple(stage for stage in stages_ahead(assessment) if may_extend(request.user, assessment, stage))
    if not offered:
        raise WrongState(_("No stage is left here that you could give a later deadline."))
    form = ExtensionForm(offered, request.POST if request.method == "POST" else None)

    def keep() -> Extension:
        said = form.cleaned_data
        return extend(request.user, assessment, Stage(said["stage"]), said["day"], said["reason"])

    given = kept(form, keep)
    if given:
        messages.success(request, _("The deadline is %(day)s now.") % {"day": given.day.isoformat()})
        return redirect("assessments:detail", pk)
    days = extended_days(assessment.extensions.all())
    now = [(stage.label, last_day(assessment.cycle, stage, days.get(stage))) for stage in offered]
    return render(request, "reminders/extension.html", {"assessment": assessment, "form": form, "now": now})


@require_safe
def unsubmitted_list(request: Request, pk: int) -> HttpResponse:
    """Who has not submitted, as text to be copied."""
    cycle, form, asked = _asked(request, pk)
    stages = [stage for stage in Stage if last_day(cycle, stage)]
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "reminders:list"),
        "found": unsubmitted(narrowed(request), cycle, asked),
        "asked": asked,
        "stages": stages,
        "branches": form.fields["branch"].queryset,  # type: ignore[attr-defined]
    }
    return render(request, "reminders/list.html", context)


@require_safe
def unsubmitted_file(request: Request, pk: int) -> HttpResponse:
    """All of them, for Windows' own editor: with a byte order mark and its line ends."""
    cycle, _form, asked = _asked(request, pk)
    text = unsubmitted(narrowed(request), cycle, asked, most=None).text
    content = text.replace("\n", "\r\n").encode("utf-8-sig")
    return download(content, file_name(_("not submitted"), *today_named(cycle, asked)), "txt")


def _asked(request: Request, pk: int) -> tuple[Cycle, UnsubmittedForm, Asked]:
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    if not may_remind(request.user, cycle):
        raise PermissionDenied
    form = UnsubmittedForm(counties(narrowed(request), cycle), request.GET)
    return cycle, form, form.asked
