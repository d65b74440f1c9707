"""Evidence files: added, read and taken away behind the rights of their sheet."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import services
from assessments.grid import evidence_entry
from assessments.models import Assessment, Evidence
from assessments.models.evidence import StoredFile
from assessments.permissions import may_read_item
from assessments.queries import visible_to
from assessments.services import Forbidden, Refused, WrongState
from assessments.views.answers import Request, refusals, refused, row_or_404, stage_or_404, visible_or_404, wants_json
from assessments.workflow import Stage
from orgs.permissions import oversees
from rubrics.rows import rows


@require_POST
@refusals(back="assessments:detail")
def attach(request: Request, pk: int, stage: str, key: str) -> HttpResponse:
    """Keeps the files of the field `files`; each that can't be taken is told by a sentence of its own."""
    assessment = visible_or_404(request, pk)
    which, row = stage_or_404(assessment, stage), row_or_404(assessment, key)
    errors = []
    for upload in request.FILES.getlist("files"):
        error = _keep(request, assessment, which, key, upload)
        if error:
            errors.append(error)
    if wants_json(request):
        return JsonResponse(_answer(assessment, which, row.pk) | {"errors": errors})
    for error in errors:
        messages.error(request, error)
    return _to_item(assessment.pk, which, key)


def _keep(request: Request, assessment: Assessment, stage: Stage, key: str, upload: UploadedFile) -> str:
    try:
        services.attach(request.user, assessment, stage, key, upload)
    except (WrongState, Forbidden):
        raise
    except Refused as refusal:
        return str(refusal)
    return ""


def _answer(assessment: Assessment, stage: Stage, item: int) -> dict[str, object]:
    """The item's files as the grid lists them."""
    files = Evidence.objects.filter(sheet__assessment=assessment, sheet__stage=stage, item=item, removed_at=None)
    now = date_format(localtime(), "H:i:s")
    return {
        "html": "".join(evidence_entry(one, removable=True) for one in files),
        "proofs": {str(one.pk): one.name for one in files},
        "saved": _("Saved at %(time)s") % {"time": now},
    }


def _to_item(pk: int, stage: Stage, key: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('assessments:sheet', args=[pk, stage])}#item-{key}")


@never_cache
@require_safe
def download(request: Request, pk: int) -> FileResponse:
    """The file as an attachment; removed ones are for who reads the log."""
    evidence = _readable_or_404(request, pk)
    if evidence.removed_at and not oversees(request.user, evidence.sheet.assessment.path):
        raise Http404
    return attachment(evidence)


def attachment(kept: StoredFile) -> FileResponse:
    """A stored file as an attachment that a browser neither guesses at nor runs."""
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    evidence = _readable_or_404(request, pk)
    assessment, stage = evidence.sheet.assessment, Stage(evidence.sheet.stage)
    try:
        services.remove(request.user, evidence)
    except Refused as refusal:
        return refused(request, refusal, reverse("assessments:detail", args=[assessment.pk]))
    if wants_json(request):
        return JsonResponse(_answer(assessment, stage, evidence.item_id))
    messages.success(request, _("Removed: %(name)s") % {"name": evidence.name})
    return _to_item(assessment.pk, stage, evidence.item.key)


def _readable_or_404(request: Request, pk: int) -> Evidence:
    """A file of an assessment that the person may see; 403 where they may not read its item."""
    files = Evidence.objects.select_related("sheet__assessment__rubric", "item")
    evidence = get_object_or_404(files.filter(sheet__assessment__in=visible_to(request.user)), pk=pk)
    assessment = evidence.sheet.assessment
    row = next(row for row in rows(assessment.rubric) if row.pk == evidence.item_id)
    if not may_read_item(request.user, assessment, Stage(evidence.sheet.stage), row):
        raise PermissionDenied
    return evidence
