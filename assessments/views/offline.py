"""A sheet filled in without network: the workbook, a pasted column, and what either would change before it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import services
from assessments.fields import typed_in
from assessments.forms.offline import FilledInForm, PasteForm
from assessments.offline import layout
from assessments.offline.columns import MEANINGS, Items
from assessments.offline.difference import Difference, Fate, compare
from assessments.offline.filled import Filled, Unusable
from assessments.offline.pasting import Pasted, table, understand
from assessments.offline.reading import read
from assessments.offline.scope import scope
from assessments.offline.writing import write
from assessments.sentences import RECORD
from assessments.services import MarksRefused, Typed
from assessments.services.reach import open_sheet
from assessments.sheetpage import SheetPage
from assessments.views.answers import CONFLICT, UNPROCESSABLE, Request, refusals, stage_or_404, visible_or_404
from assessments.views.sheet import loaded
from orgs.downloads import download, file_name
from rubrics.rows import headings

OK = 200


def opened(request: Request, pk: int, stage: str) -> SheetPage:
    """The sheet, where it is open to the person; refuses as a save would."""
    assessment = visible_or_404(request, pk, also=())
    which = stage_or_404(assessment, stage)
    page = loaded(request, assessment, which)
    open_sheet(request.user, assessment, which)
    return page


@require_safe
@refusals(back="assessments:detail")
def workbook(request: Request, pk: int, stage: str) -> HttpResponse:
    """The sheet to be filled in without network; in Chinese, whatever the screen is."""
    with translation.override(RECORD):
        page = opened(request, pk, stage)
        content = write(page, timezone.now())
    name = file_name(page.assessment.name, _title(page), page.assessment.cycle.year, layout.NAME)
    return download(content, name, "xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def upload(request: Request, pk: int, stage: str) -> HttpResponse:
    """Where the workbook is fetched, and brought back: then it shows what it would change."""
    page = opened(request, pk, stage)
    form = FilledInForm(request.POST or None, request.FILES or None)
    refused: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            filled = read(form.cleaned_data["file"], layout.identity(page.assessment, page.stage), scope(page))
        except Unusable as error:
            refused = error.sentences
        else:
            return _previewed(request, page, compare(request.user, page, filled))
    context = {**_context(page), "form": form, "refused": refused}
    return render(request, "offline/upload.html", context, status=UNPROCESSABLE if refused else OK)


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="assessments:detail")
def paste(request: Request, pk: int, stage: str) -> HttpResponse:
    """Where copied lines are pasted: then it shows beside each item what it would become."""
    page = opened(request, pk, stage)
    asked = scope(page)
    form = PasteForm(asked, request.POST or None)
    context = {**_context(page), "form": form}
    if not form.is_valid():
        return render(request, "offline/paste.html", context)
    try:
        block = table(form.cleaned_data["text"])
    except Unusable as error:
        return render(request, "offline/paste.html", {**context, "refused": error.sentences}, status=UNPROCESSABLE)
    found = understand(block, Items(asked), form.meanings(), form.cleaned_data["start"])
    difference = compare(request.user, page, found.filled)
    context |= {
        "pasted": found,
        "lines": _beside(found, difference),
        "columns": columns_of(found),
        "meanings": MEANINGS,
    }
    return _previewed(request, page, difference, context)


@require_POST
@refusals(back="assessments:detail")
def confirm(request: Request, pk: int, stage: str) -> HttpResponse:
    """Saves what the preview showed. What others entered is replaced only where the person ticked their own."""
    page = opened(request, pk, stage)
    sent = typed_in(request.POST, page.shown)
    mine = set(request.POST.getlist("mine"))
    held = set(request.POST.getlist("overtaken")) - mine
    wanted = [_replacing(request, one) if one.key in mine else one for one in sent if one.key not in held]
    try:
        saved = services.save_marks(request.user, page.assessment, page.stage, wanted)
    except MarksRefused as refusal:
        difference = compare(request.user, page, Filled(tuple(sent)))
        status = CONFLICT if refusal.conflicts else UNPROCESSABLE
        return _previewed(request, page, difference, {"refused": True}, status)
    count = len(saved.contents)
    messages.success(request, ngettext("Saved: %(count)d item.", "Saved: %(count)d items.", count) % {"count": count})
    return redirect("assessments:sheet", page.assessment.pk, page.stage)


def _replacing(request: Request, typed: Typed) -> Typed:
    """As typed by somebody who has seen the mark that it replaces."""
    seen = request.POST.get(f"now-{typed.key}", "")
    return replace(typed, version=int(seen)) if seen.isascii() and seen.isdigit() and len(seen) < 10 else typed


def _previewed(
    request: Request,
    page: SheetPage,
    difference: Difference,
    more: dict[str, object] | None = None,
    status: int = OK,
) -> HttpResponse:
    groups = {str(fate): difference.of(fate) for fate in Fate}
    staying = len(groups[Fate.SAME]) + len(groups[Fate.KEPT])
    context = {**_context(page), "difference": difference, "groups": groups, "staying": staying, **(more or {})}
    return render(request, "offline/preview.html", context, status=status)


def _context(page: SheetPage) -> dict[str, object]:
    heading, place = _title(page), [page.assessment.pk, page.stage]
    return {
        "assessment": page.assessment,
        "stage": page.stage,
        "heading": heading,
        "subtitle": f"{page.assessment.rubric.title} · {heading}",
        "back_url": reverse("assessments:sheet", args=place),
        "paste_url": reverse("assessments:paste", args=place),
        "save_url": reverse("assessments:offline_confirm", args=place),
    }


def _title(page: SheetPage) -> str:
    return headings(page.assessment.rubric).get(page.stage, str(page.stage.label))


def _beside(found: Pasted, difference: Difference) -> list[dict[str, object]]:
    """Each pasted line with what becomes of its item."""
    entries = {entry.row.key: entry for entry in difference.entries if entry.row}
    return [{"line": line, "entry": entries.get(line.key)} for line in found.lines]


def columns_of(found: Pasted) -> list[dict[str, object]]:
    """Each column with its meaning and the first of its cells that says something."""
    cells: Iterable[tuple[str, ...]] = zip(*(line.cells for line in found.lines), strict=True)
    samples = [next((cell for cell in column if cell), "") for column in cells]
    return [{"meaning": meaning, "sample": sample} for meaning, sample in zip(found.meanings, samples, strict=False)]
