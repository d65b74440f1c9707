"""Lists on their way in. An upload has one address, which shows whatever comes next; only who uploaded it sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orgs import background
from orgs.acting import chosen
from orgs.downloads import download_workbook
from orgs.files import FileRefused
from orgs.forms import UploadForm
from orgs.importing import steps
from orgs.importing.organizations.export import export_rows
from orgs.importing.organizations.fields import FIELDS
from orgs.importing.reading import raw_rows, see
from orgs.importing.registry import SPECS
from orgs.importing.workbook import csv_lines, write_list, write_template, write_wrong_rows
from orgs.models import Outcome, Upload, UploadState
from orgs.paging import page_of
from orgs.permissions import may_manage, may_manage_people
from orgs.services import Refused
from orgs.views.fetch import Request, allow, fetch_organization

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import FileResponse, HttpResponse
    from django.http.response import HttpResponseBase

    from orgs.importing.reading import Sight
    from orgs.importing.spec import ListSpec
    from orgs.models import UploadRow, User

TABS = (Outcome.WRONG, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)


@require_safe
def uploads(request: Request) -> HttpResponse:
    """One's own lists, the newest first."""
    allow(may_manage_people(request.user))
    rows = own(request.user).exclude(state=UploadState.DISCARDED).select_related("branch")
    return render(request, "orgs/upload_list.html", {"page": page_of(rows, request.GET.get("page"))})


@require_http_methods(["GET", "POST"])
def upload(request: Request, kind: str) -> HttpResponse:
    """Choose the file and the branch that its rows lie in."""
    spec = _spec(kind)
    allow(may_manage_people(request.user))
    branch = request.GET.get("branch") or str(chosen(request) or "")
    form = UploadForm(request.user, branch, request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = steps.receive(request.user, kind, form.cleaned_data["branch"], file, file.format)
        except (Refused, FileRefused) as refused:
            form.add_error("file", refused.sentence)
        else:
            return redirect("orgs:upload_page", made.pk)
    return render(request, "orgs/upload.html", {"form": form, "spec": spec})


@require_safe
def upload_page(request: Request, pk: int) -> HttpResponse:
    """What comes next: columns, progress, preview, or how it ended."""
    one = _fetch(request, pk)
    pages = {UploadState.MATCHING: _columns, UploadState.CHECKED: _preview}
    if one.state in steps.RUNNING:
        context = {"upload": one, "progress": _progress(one), "alive": background.alive()}
        return render(request, "orgs/upload_running.html", context)
    if one.state in pages:
        return pages[UploadState(one.state)](request, one)
    ways = SPECS[one.kind].ways(one) if one.state == UploadState.DONE else ()
    return render(request, "orgs/upload_ended.html", {"upload": one, "figures": _figures(one), "ways": ways})


@require_POST
def match_upload(request: Request, pk: int) -> HttpResponse:
    one = _fetch(request, pk)
    table, row = request.POST.get("table", ""), _number(request.POST.get("row"))
    back = f"{reverse('orgs:upload_page', args=[pk])}?{urlencode({'table': table, 'row': row})}"

    def step() -> None:
        sight = see(one, SPECS[one.kind], table, row)
        columns = [request.POST.get(f"column-{place}", "") for place in range(len(sight.look.headings))]
        steps.match(request.user, one, sight, columns)

    return _step(request, one, step, back)


@require_POST
def rematch_upload(request: Request, pk: int) -> HttpResponse:
    one = _fetch(request, pk)
    return _step(request, one, lambda: steps.match_again(request.user, one))


@require_POST
def recheck_upload(request: Request, pk: int) -> HttpResponse:
    one = _fetch(request, pk)
    return _step(request, one, lambda: steps.check_again(request.user, one))


@require_POST
def confirm_upload(request: Request, pk: int) -> HttpResponse:
    one = _fetch(request, pk)
    return _step(request, one, lambda: steps.confirm(request.user, one))


@require_POST
def discard_upload(request: Request, pk: int) -> HttpResponse:
    one = _fetch(request, pk)

    def step() -> None:
        steps.discard(request.user, one)
        messages.success(request, _("“%(name)s” was discarded. Nothing of it was written.") % {"name": one.name})

    return _step(request, one, step, reverse("orgs:uploads"))


@require_safe
def upload_progress(request: Request, pk: int) -> HttpResponse:
    """How far the running step is, for static/progress.js: when it ends, the page is loaded anew."""
    one = _fetch(request, pk)
    return JsonResponse({"running": one.state in steps.RUNNING, **_progress(one)})


@require_safe
def wrong_rows(request: Request, pk: int) -> FileResponse:
    """The wrong rows as they stand in the file, each with its reasons."""
    one = _fetch(request, pk)
    if one.state != UploadState.CHECKED:
        raise Http404
    spec = SPECS[one.kind]
    found = one.rows.filter(outcome=Outcome.WRONG).values_list("number", "problems")
    reasons = {number: " ".join(_sentences(spec, problems)) for number, problems in found}
    rows = raw_rows(one, set(reasons))
    headings = next(rows)[1]
    wrong = ((cells, reasons[number]) for number, cells in rows)
    return download_workbook(_("Wrong rows"), lambda file: write_wrong_rows(file, headings, wrong))


@require_safe
def template(request: Request, kind: str) -> FileResponse:
    spec = _spec(kind)
    allow(may_manage_people(request.user))
    return download_workbook(_("Template"), lambda file: write_template(file, spec))


@require_safe
def export(request: Request, pk: int, ending: str) -> HttpResponseBase:
    """The open organisations of a branch as a list that imports back unchanged."""
    branch = fetch_organization(request, pk)
    allow(may_manage(request.user, branch))
    if ending == "csv":
        lines = (line.encode() for line in csv_lines(FIELDS, export_rows(branch)))
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="organizations-{branch.pk}.csv"'
        return answer
    return download_workbook(branch.name, lambda file: write_list(file, FIELDS, export_rows(branch)))


# --- Pages of one upload ---------------------------------------------------------------------------------------------


def _columns(request: Request, one: Upload) -> HttpResponse:
    spec = SPECS[one.kind]
    try:
        sight = see(one, spec, request.GET.get("table", ""), _number(request.GET.get("row")))
    except FileRefused as refused:
        return render(request, "orgs/upload_unreadable.html", {"upload": one, "sentence": refused.sentence})
    context = {"upload": one, "spec": spec, "sight": sight, "columns": _matched(one, sight)}
    return render(request, "orgs/upload_columns.html", context)


def _matched(one: Upload, sight: Sight) -> list[dict[str, object]]:
    """Each heading with the first values below it and the field that is preselected."""
    same = (one.table, one.header_row) == (sight.table, sight.look.row) and len(one.columns) == len(sight.columns)
    chosen = one.columns if same else sight.columns
    return [
        {"place": place, "heading": heading, "samples": sight.look.column(place), "chosen": chosen[place]}
        for place, heading in enumerate(sight.look.headings)
    ]


def _preview(request: Request, one: Upload) -> HttpResponse:
    figures = one.figures
    first = next((outcome for outcome in TABS if figures.get(outcome)), Outcome.NEW)
    shown = request.GET.get("show")
    shown = shown if shown in Outcome.values else first.value
    spec = SPECS[one.kind]
    page = page_of(one.rows.filter(outcome=shown), request.GET.get("page"))
    context = {
        "upload": one,
        "figures": _figures(one),
        "shown": shown,
        "page": page,
        "rows": [_shown(spec, row) for row in page],
        "writable": not figures.get(Outcome.WRONG) and (figures.get(Outcome.NEW) or figures.get(Outcome.CHANGED)),
    }
    return render(request, "orgs/upload_preview.html", context)


def _shown(spec: ListSpec, row: UploadRow) -> dict[str, object]:
    return {
        "number": row.number,
        "title": row.title,
        "sentences": _sentences(spec, row.problems),
        "changes": [(_label(spec, name), old, new) for name, old, new in row.changes],
    }


def _sentences(spec: ListSpec, problems: list[tuple[str, str]]) -> list[str]:
    return [f"{_label(spec, name)}：{sentence}" if name else sentence for name, sentence in problems]


def _label(spec: ListSpec, name: str) -> str:
    return str(spec.named(name).label)


def _figures(one: Upload) -> list[tuple[str, str, int]]:
    return [(outcome.value, str(outcome.label), one.figures.get(outcome, 0)) for outcome in TABS]


def _progress(one: Upload) -> dict[str, object]:
    """`done` of `total`; a total of 0 means that nobody knows yet."""
    done, total = steps.progress_of(one).read() or (0, one.total if one.state == UploadState.WRITING else 0)
    words = _("%(done)d of %(total)d rows") if total else _("%(done)d rows read")
    return {"done": done, "total": total, "words": words % {"done": done, "total": total}}


# --- How these views begin and end -----------------------------------------------------------------------------------


def own(user: User) -> QuerySet[Upload]:
    return Upload.objects.filter(by=user)


def _fetch(request: Request, pk: int) -> Upload:
    one = get_object_or_404(own(request.user).select_related("branch", "by"), pk=pk)
    one.by = request.user
    return one


def _spec(kind: str) -> ListSpec:
    if kind not in SPECS:
        raise Http404
    return SPECS[kind]


def _step(request: Request, one: Upload, step: Callable[[], None], back: str = "") -> HttpResponse:
    """Take a step of an upload; a refusal is said where the person comes back to."""
    here = reverse("orgs:upload_page", args=[one.pk])
    try:
        step()
    except (Refused, FileRefused) as refused:
        messages.error(request, refused.sentence)
        return redirect(back or here)
    return redirect(here)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
