"""What comes of a rubric: its next version, a copy, an overlay, a workbook, and what differs between two."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs.downloads import download, file_name
from orgs.keys import key_of
from orgs.services.base import Refused
from orgs.views.fetch import Request, allow
from rubrics import exchange, queries, versions
from rubrics.blueprint import Blueprint, read
from rubrics.difference import compare
from rubrics.difference.words import areas
from rubrics.drafting.change import Conflict
from rubrics.drafting.codec import digest, dump, load
from rubrics.forms.versions import CopyForm, OverlayForm, WorkbookForm
from rubrics.models import Rubric
from rubrics.permissions import may_create_somewhere, may_edit, may_look_after
from rubrics.views.fetch import UNPROCESSABLE, on_draft, to_draft

SALT = "rubrics.workbook"
HOUR = 3600


def _fetch(request: Request, pk: int) -> Rubric:
    found = queries.visible_to(request.user).select_related("document__owner", "based_on", "overlays")
    return get_object_or_404(found, pk=pk)


# --- New drafts ------------------------------------------------------------------------------------------------------


@require_POST
def next_version(request: Request, pk: int) -> HttpResponse:
    """A draft of the next version; where there is one already, that one."""
    rubric = _fetch(request, pk)
    allow(may_look_after(request.user, rubric.document))
    try:
        draft = versions.next_version(request.user, rubric)
    except Refused as refusal:
        messages.info(request, refusal.sentence)
        found = versions.open_draft(rubric)
        return to_draft(found) if found else redirect("rubrics:detail", pk)
    messages.success(
        request, _("Version %(version)d is a draft now; nothing else has changed.") % {"version": draft.version}
    )
    return to_draft(draft)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: Request, pk: int) -> HttpResponse:
    rubric = _fetch(request, pk)
    allow(may_create_somewhere(request.user))
    posted = request.method == "POST"
    form = CopyForm(request.user, rubric, request.POST if posted else None)
    if form.is_valid():
        try:
            draft = versions.copy(request.user, rubric, form.owner, form.cleaned_data["title"], form.document)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The copy is a draft that you can change as you like."))
            return to_draft(draft)
    return _form_page(request, "rubrics/copy.html", {"rubric": rubric, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def overlay(request: Request, pk: int) -> HttpResponse:
    """Own items of a lower union beside the rubric's, where the rubric leaves points to it."""
    rubric = _fetch(request, pk)
    posted = request.method == "POST"
    form = OverlayForm(request.user, rubric, request.POST if posted else None)
    allow(bool(form.unions))
    if form.is_valid():
        try:
            draft = versions.overlay(request.user, rubric, form.owner, form.document)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The superior's items are in the draft; add your own after them."))
            return to_draft(draft)
    return _form_page(request, "rubrics/overlay.html", {"rubric": rubric, "form": form})


@require_POST
def rebase(request: Request, pk: int) -> HttpResponse:
    """The newer version of what an overlay builds upon, own items kept."""
    rubric = _fetch(request, pk)
    allow(may_look_after(request.user, rubric.document))
    try:
        draft = versions.rebase(request.user, rubric)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("rubrics:detail", pk)
    messages.success(request, _("The draft builds upon the newer version now; your own items are still there."))
    return to_draft(draft)


def _form_page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=UNPROCESSABLE if request.method == "POST" else 200)


# --- Two rubrics beside each other -----------------------------------------------------------------------------------


@require_safe
def difference(request: Request, pk: int) -> HttpResponse:
    """What changed from another version, by default the one that this one was made from."""
    rubric = _fetch(request, pk)
    others = list(queries.comparable(request.user, rubric))
    old = next((one for one in others if one.pk == rubric.based_on_id), others[0] if others else None)
    if typed := request.GET.get("old", ""):
        old = get_object_or_404(queries.visible_to(request.user), pk=key_of(typed))
    context = {"rubric": rubric, "old": old, "others": others}
    return render(request, "rubrics/difference.html", context | (_compared(read(old), read(rubric)) if old else {}))


def _compared(old: Blueprint, new: Blueprint) -> dict[str, Any]:
    found = compare(old, new)
    kinds = {one.kind: one.label for one in (*old.audiences, *new.audiences)}
    return {"found": found, "areas": areas(found, kinds), "counts": {str(k): n for k, n in found.counts.items()}}


# --- Workbooks -------------------------------------------------------------------------------------------------------


@require_safe
def export(request: Request, pk: int) -> HttpResponse:
    """The rubric as a workbook that can be edited and brought in again."""
    rubric = _fetch(request, pk)
    try:
        content = exchange.write(read(rubric))
    except exchange.Refused as refusal:
        messages.error(request, " ".join(refusal.sentences))
        return redirect("rubrics:detail", pk)
    return download(content, file_name(rubric, rubric.version), "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@on_draft
def replace(request: Request, rubric: Rubric) -> HttpResponse:
    """A workbook takes the place of the draft: uploaded, compared with it, confirmed."""
    if "workbook" in request.POST:
        return _confirmed(request, rubric)
    posted = request.method == "POST"
    form = WorkbookForm(request.POST, request.FILES) if posted else WorkbookForm()
    refused: list[str] = []
    if form.is_valid():
        try:
            found = exchange.read(BytesIO(form.cleaned_data["file"].read()))
        except exchange.Refused as refusal:
            refused = refusal.sentences
        else:
            return _preview(request, rubric, found)
    return _form_page(request, "rubrics/replace.html", {"rubric": rubric, "form": form, "refused": refused})


def _preview(request: Request, rubric: Rubric, found: Blueprint) -> HttpResponse:
    """What would change. The workbook travels with the page, signed, so nothing is kept of what is not confirmed."""
    now = read(rubric)
    context = {
        "rubric": rubric,
        "seen": digest(now),
        "workbook": signing.dumps(dump(found), salt=SALT, compress=True),
        **_compared(now, found),
    }
    return render(request, "rubrics/replace_preview.html", context)


def _confirmed(request: Request, rubric: Rubric) -> HttpResponse:
    try:
        found = load(signing.loads(request.POST["workbook"], salt=SALT, max_age=HOUR))
        versions.take_over(request.user, rubric, request.POST.get("seen", ""), found)
    except signing.BadSignature:
        messages.error(request, _("That took too long. Please upload the workbook once more."))
        return redirect("rubrics:replace", rubric.pk)
    except Conflict:
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("rubrics:replace", rubric.pk)
    messages.success(request, _("The draft says what the workbook says."))
    return to_draft(rubric)


def ways(request: Request, rubric: Rubric) -> dict[str, Any]:
    """Which of these the person may do with a rubric, for its page."""
    looks_after = may_look_after(request.user, rubric.document)
    draft = versions.open_draft(rubric) if looks_after else None
    return {
        "may_edit": may_edit(request.user, rubric),
        "may_copy": may_create_somewhere(request.user),
        "may_overlay": rubric.overlay_points is not None and bool(OverlayForm(request.user, rubric).unions),
        "may_continue": looks_after and draft is None,
        "next_draft": draft if draft != rubric else None,
        "newer_base": versions.newer_base(rubric) if looks_after else None,
        "versions": list(queries.versions_of(request.user, rubric)),
        "is_comparable": queries.comparable(request.user, rubric).exists(),
    }
