"""The scoring page: read, saved item by item as one goes, or saved whole without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assessments import services, sheetpage
from assessments.deadlines import own_day
from assessments.fields import typed_fields, typed_in
from assessments.figures import formula, worth
from assessments.models import Assessment
from assessments.permissions import marked_departments, open_moves
from assessments.services import MarksRefused, Refused
from assessments.views.answers import (
    CONFLICT,
    UNPROCESSABLE,
    Request,
    refusals,
    row_or_404,
    stage_or_404,
    visible_or_404,
)
from assessments.workflow import Stage
from rubrics.rows import Row, headings
from rubrics.scoring.numbers import format_points


def loaded(request: Request, assessment: Assessment, stage: Stage) -> sheetpage.SheetPage:
    page = sheetpage.load(request.user, assessment, stage)
    if page is None:
        raise PermissionDenied
    return page


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def sheet(request: Request, pk: int, stage: str) -> HttpResponse:
    assessment = visible_or_404(request, pk, also=())
    page = loaded(request, assessment, stage_or_404(assessment, stage))
    if request.method == "POST":
        return _save_whole(request, page)
    return _shown(request, page)


def _shown(request: Request, page: sheetpage.SheetPage, status: int = 200, **refused: Any) -> HttpResponse:
    context = {
        "page": page,
        "assessment": page.assessment,
        "sections": sheetpage.render_grid(page, **refused),
        "sums": page.sums,
        "heading": headings(page.assessment.rubric).get(page.stage, page.stage.label),
        "moves": open_moves(request.user, page.assessment) if page.editable else (),
        "deadline": own_day(page.assessment, page.stage) if page.editable else None,
        "refused": bool(refused),
    }
    return render(request, "assessments/sheet.html", context, status=status)


def _save_whole(request: Request, page: sheetpage.SheetPage) -> HttpResponse:
    """A plain save of every field on the page; what is refused stands in the fields again."""
    typed = typed_in(request.POST, page.shown)
    try:
        saved = services.save_marks(request.user, page.assessment, page.stage, typed)
    except MarksRefused as refusal:
        status = CONFLICT if refusal.conflicts else UNPROCESSABLE
        return _shown(
            request,
            page,
            status,
            typed={one.key: one for one in typed},
            errors=refusal.errors,
            conflicts=refusal.conflicts,
        )
    for sentence in _attach_all(request, page):
        messages.error(request, sentence)
    count = len(saved.contents)
    messages.success(request, ngettext("Saved: %(count)d item.", "Saved: %(count)d items.", count) % {"count": count})
    if "remove" in request.POST:
        _remove(request, page)
    return redirect("assessments:sheet", page.assessment.pk, page.stage)


def _attach_all(request: Request, page: sheetpage.SheetPage) -> list[str]:
    """Keeps the files chosen beside any item. The sentences of those that can't be taken."""
    refused = []
    for row in page.shown:
        for upload in request.FILES.getlist(f"f-{row.key}"):
            try:
                services.attach(request.user, page.assessment, page.stage, row.key, upload)
            except Refused as refusal:
                refused.append(f"{row.key}: {refusal}")
    return refused


def _remove(request: Request, page: sheetpage.SheetPage) -> None:
    wanted = request.POST["remove"]
    for found in page.evidence.values():
        for one in found:
            if str(one.pk) == wanted:
                services.remove(request.user, one)
                messages.success(request, _("Removed: %(name)s") % {"name": one.name})


@require_POST
@refusals(back="assessments:detail")
def save_item(request: Request, pk: int, stage: str, key: str) -> HttpResponse:
    """Saves one item.

    200 with the new version and sums, 422 with a sentence, 409 with both values or because the sheet is closed, 403.
    """
    if stage not in Stage.values or f"v-{key}" not in request.POST:
        raise Http404
    prefix = f"c-{key}-"
    measures = [name.removeprefix(prefix) for name in request.POST if name.startswith(prefix)]
    try:
        saved = services.save_marks(
            request.user, Assessment(pk=pk), Stage(stage), [typed_fields(request.POST, key, measures, key)]
        )
    except MarksRefused as refusal:
        return _refused(row_or_404(visible_or_404(request, pk), key), refusal)
    except (Assessment.DoesNotExist, Refused):
        visible_or_404(request, pk)  # asked only now: the service has said no, and a stranger must not learn why
        raise
    return JsonResponse(_saved_item(request, saved, key))


def _saved_item(request: Request, saved: services.Saved, key: str) -> dict[str, object]:
    score = next(score for score in saved.total.items if score.item.key == key)
    assessment = saved.sheet.assessment
    departments = marked_departments(request.user, assessment)
    shown = sheetpage.rows_of(assessment, departments)
    return {
        "version": saved.versions.get(key, 0),
        "state": sheetpage.item_state(score),
        "worth": worth(score),
        "formula": formula(score),
        "others": _others(saved, key),
        "sums": sheetpage.summary(assessment, saved.sheet, shown, saved.total, departments),
    }


def _others(saved: services.Saved, key: str) -> dict[str, str]:
    """What stands by now in the fields of an item that several departments score."""
    content = saved.contents.get(key)
    offices = {measure.key for measure in saved.total.rubric.by_key[key].measures if measure.office}
    return {one: format_points(content.counts.get(one)) for one in offices} if content else {}


def _refused(row: Row, refusal: MarksRefused) -> JsonResponse:
    if row.key not in refusal.conflicts:
        return JsonResponse({"error": refusal.errors[row.key]}, status=UNPROCESSABLE)
    theirs = refusal.conflicts[row.key]
    content = theirs.content
    return JsonResponse(
        {
            "conflict": sheetpage.in_short(row, content),
            "by": sheetpage.names_of([theirs])[theirs.saved_by],
            "at": sheetpage.clock(theirs),
            "version": theirs.version,
            "theirs": {
                "points": format_points(content.points),
                "counts": {key: format_points(value) for key, value in content.counts.items()},
                "not_applicable": content.not_applicable,
                "reason": content.reason,
                "remark": content.remark,
            },
        },
        status=CONFLICT,
    )


@require_POST
@refusals(back="assessments:detail")
def adopt(request: Request, pk: int, stage: str) -> HttpResponse:
    """Takes over the earlier stage's marks where one's own are still blank."""
    assessment = visible_or_404(request, pk)
    which = stage_or_404(assessment, stage)
    count = len(services.adopt_marks(request.user, assessment, which).contents)
    messages.success(
        request, ngettext("Taken over: %(count)d mark.", "Taken over: %(count)d marks.", count) % {"count": count}
    )
    return redirect("assessments:sheet", assessment.pk, which)
