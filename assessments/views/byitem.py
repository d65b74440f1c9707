"""One item of a cycle's rubric for all organisations that wait for the person: the list of items, and the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments import byitem, services
from assessments.byitem import Refusal
from assessments.controls import controls, lead
from assessments.fields import typed_fields
from assessments.models import Cycle
from assessments.queries import cycles_visible_to, visible_to
from assessments.services import MarksRefused, Refused, Typed
from assessments.tabs import tabs
from assessments.views.answers import CONFLICT, UNPROCESSABLE, Request
from assessments.workflow import Stage
from orgs.acting import narrowed
from rubrics.models import Rubric
from rubrics.rows import Row, headings, rows

PER_PAGE = 300
OK = 200
FIELD = re.compile(r"v-\d{1,9}", re.ASCII)
"""The version of a row's mark, by which a form names the row."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A plain save that was refused in part: which rows were posted, and by assessment what was refused."""

    posted: set[int]
    names: dict[int, str] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return CONFLICT if any(one.theirs for one in self.refused.values()) else UNPROCESSABLE


def _cycle_or_404(request: Request, pk: int) -> Cycle:
    """The cycle, for who marks in it."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    if not byitem.assesses_in(request.user, cycle):
        raise Http404
    return cycle


@require_safe
def index(request: Request, pk: int) -> HttpResponse:
    cycle = _cycle_or_404(request, pk)
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "assessments:items"),
        "entries": byitem.overview(narrowed(request), cycle),
    }
    return render(request, "byitem/list.html", context)


def asked_or_404(request: Request, pk: int, rubric: int, key: str) -> tuple[Cycle, Rubric, Row]:
    """The item of a rubric that the cycle uses."""
    cycle = _cycle_or_404(request, pk)
    found = get_object_or_404(Rubric.objects.filter(assessments__cycle=cycle).distinct(), pk=rubric)
    row = next((one for one in rows(found) if one.key == key), None)
    if row is None:
        raise Http404
    return cycle, found, row


@require_http_methods(["GET", "HEAD", "POST"])
def table(request: Request, pk: int, rubric: int, key: str) -> HttpResponse:
    cycle, found, row = asked_or_404(request, pk, rubric, key)
    if request.method == "POST":
        return _save_whole(request, cycle, found, row)
    return _shown(request, cycle, found, row)


def _shown(request: Request, cycle: Cycle, rubric: Rubric, row: Row, attempt: Attempt | None = None) -> HttpResponse:
    """The table; after a save that was refused in part, the rows that were posted."""
    reader = narrowed(request)
    column = byitem.column(reader, cycle, rubric, row)
    only = request.GET.get("only") == "blank"
    refused = attempt.refused if attempt else {}
    if attempt:
        _tell_gone(request, attempt, {one.pk for one in column.assessments})
        page = Paginator([one for one in column.assessments if one.pk in attempt.posted], len(attempt.posted)).page(1)
    else:
        wanted = [one for one in column.assessments if not only or one.pk in column.blank]
        page = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    lines = byitem.lines(reader, rubric, row, page)
    before, after = byitem.neighbours(reader, cycle, rubric, row)
    context = {
        "cycle": cycle,
        "rubric": rubric,
        "row": row,
        "told": [*lead(row), *(f"{one.label}：{one.rule}" for one in controls(row) if one.rule)],
        "total": len(column.assessments),
        "left": sum(not line.done and not line.locked for line in lines),
        "only": only,
        "page": page,
        "rows_html": byitem.render_lines(row, lines, refused),
        "heading": headings(rubric).get(Stage.ASSESS, Stage.ASSESS.label),
        "save_url": reverse("assessments:save_item", args=[0, Stage.ASSESS, row.key]),
        "refused": bool(refused),
        "before": before,
        "after": after,
    }
    return render(request, "byitem/table.html", context, status=attempt.status if attempt else OK)


def _tell_gone(request: Request, attempt: Attempt, waiting: set[int]) -> None:
    """What was refused for organisations that wait no longer: no row is left to say it in."""
    for pk, name in attempt.names.items():
        if pk in attempt.refused and pk not in waiting:
            messages.error(request, f"{name}：{attempt.refused[pk].sentence}")


def _save_whole(request: Request, cycle: Cycle, rubric: Rubric, row: Row) -> HttpResponse:
    """A plain save of every row on the page, each for itself: one that is refused takes none of the others along."""
    posted = {int(name[2:]) for name in request.POST if FIELD.fullmatch(name)}
    attempt, saved = Attempt(posted), 0
    for assessment in visible_to(request.user).filter(cycle=cycle, rubric=rubric, pk__in=posted):
        typed = typed_fields(request.POST, str(assessment.pk), [one.key for one in row.measures], row.key)
        try:
            saved += bool(services.save_marks(request.user, assessment, Stage.ASSESS, [typed]).contents)
        except Refused as refusal:
            attempt.names[assessment.pk] = assessment.name
            attempt.refused[assessment.pk] = _refusal(row, typed, refusal)
    if saved:
        told = ngettext("Saved: %(count)d organisation.", "Saved: %(count)d organisations.", saved)
        messages.success(request, told % {"count": saved})
    return _shown(request, cycle, rubric, row, attempt) if attempt.refused else redirect(request.get_full_path())


def _refusal(row: Row, typed: Typed, refusal: Refused) -> Refusal:
    if not isinstance(refusal, MarksRefused):
        return Refusal(typed, str(refusal))
    return Refusal(typed, refusal.errors.get(row.key, ""), refusal.conflicts.get(row.key))
