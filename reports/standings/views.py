"""Ranking and statistics of a cycle, on screen, as workbook and on paper, all from the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.tabs import tabs
from assessments.views.answers import Request
from orgs.downloads import download, download_workbook, file_name
from orgs.paging import page_of
from reports.paper import printed
from reports.standings import workbook
from reports.standings.ranking import ORDERS, Ranking, subjects
from reports.standings.scope import Scope, scope_of
from reports.standings.table import Line, Part, Table, body
from reports.standings.topics import FIRST, TOPICS, Topic
from reports.tables.cards import LANGUAGE

BATCH = 2000
PAPER = 1000
"""Rows of a ranking on paper; a longer one is a workbook."""


@require_safe
@never_cache
def ranking_page(request: Request, pk: int) -> HttpResponse:
    scope = scope_of(request, pk)
    context = _frame(request, scope, "reports:ranking")
    if table := _ranking(request, scope):
        page = page_of(table.rows, request.GET.get("page"))
        rows = Table(table.columns, table.lines(page)).rows()
        context |= {
            "page": page,
            "rows": rows,
            "body": body(rows),
            "headings": [_heading(column, table.order) for column in table.columns],
            "order": table.order,
            "subject": table.subject,
            "subjects": list(table.subjects.values()),
            "fits": scope.count <= PAPER,
        }
    return render(request, "reports/standings/ranking.html", context)


@require_safe
@never_cache
def ranking_xlsx(request: Request, pk: int) -> FileResponse:
    """All rows that the page shows by and by, in its order."""
    scope = scope_of(request, pk)
    table = _ranking(request, scope)
    tables = [(_title(table), Table(table.columns, table.lines(_every(table))))] if table else []
    return _workbook(scope, _("Ranking"), tables)


@require_safe
@never_cache
def ranking_pdf(request: Request, pk: int) -> HttpResponse:
    """The same on paper, if it is not too long for it."""
    scope = scope_of(request, pk)
    table = _ranking(request, scope)
    rows = list(table.rows[: PAPER + 1]) if table else []
    if len(rows) > PAPER:
        told = _("This ranking has more than %(most)s rows: please take the workbook.")
        messages.info(request, told % {"most": PAPER})
        return redirect(f"{reverse('reports:ranking', args=[pk])}?{request.GET.urlencode()}")
    with translation.override(LANGUAGE):
        note = _("Equal points share a rank.")
        lines = tuple(Line(line.cells) for line in table.lines(rows)) if table else ()  # paper has no links
        parts = [Part(_title(table), note, table.columns, lines, shown=PAPER)] if table else []
        return _pdf(scope, _("Ranking"), parts)


@require_safe
@never_cache
def statistics(request: Request, pk: int) -> HttpResponse:
    return _page(request, pk, FIRST)


@require_safe
@never_cache
def topic(request: Request, pk: int, word: str) -> HttpResponse:
    return _page(request, pk, _topic(word))


@require_safe
@never_cache
def topic_xlsx(request: Request, pk: int, word: str) -> FileResponse:
    scope, asked = scope_of(request, pk), _topic(word)
    return _workbook(scope, str(asked.label), [(part.title, part.table) for part in asked.parts(scope)])


@require_safe
@never_cache
def topic_pdf(request: Request, pk: int, word: str) -> HttpResponse:
    scope, asked = scope_of(request, pk), _topic(word)
    with translation.override(LANGUAGE):
        return _pdf(scope, str(asked.label), asked.parts(scope))


def _topic(word: str) -> Topic:
    if word not in TOPICS:
        raise Http404
    return TOPICS[word]


def _page(request: Request, pk: int, asked: Topic) -> HttpResponse:
    scope = scope_of(request, pk)
    context = {
        **_frame(request, scope, "reports:statistics"),
        "parts": asked.parts(scope),
        "topic": asked,
        "topics": TOPICS.values(),
        "word": asked.word,
    }
    return render(request, "reports/standings/statistics.html", context)


def _ranking(request: Request, scope: Scope) -> Ranking | None:
    """By what and in which order the address asks; None where the cycle has no kind with a rubric."""
    if scope.kind is None:
        return None
    every = subjects(scope.kind)
    typed = request.GET.get("sort", "")
    subject = every.get(request.GET.get("by", ""), every[""])
    return Ranking(scope, scope.kind, every, subject, typed if typed in ORDERS else "place")


def _every(table: Ranking) -> Iterator[Any]:
    return table.rows.iterator(chunk_size=BATCH)


def _title(table: Ranking | None) -> str:
    if table is None:
        return _("Ranking")
    said = {"kind": table.kind.kind.name, "subject": table.subject.label}
    return (_("Ranking: %(kind)s, %(subject)s") if table.subject.word else _("Ranking: %(kind)s")) % said


def _frame(request: Request, scope: Scope, route: str) -> dict[str, Any]:
    return {
        "cycle": scope.cycle,
        "scope": scope,
        "tabs": tabs(request.user, scope.cycle, route),
        "count": scope.count,
        "all": scope.all,
    }


def _heading(column: Any, order: str) -> dict[str, Any]:
    """A heading with the order that a click on it asks for: a second click turns it round."""
    up = order == column.sort
    current = "ascending" if up else "descending" if order == f"-{column.sort}" else ""
    return {
        "label": column.label,
        "number": column.number,
        "sort": column.sort and (f"-{column.sort}" if up else column.sort),
        "current": current if column.sort else "",
    }


def _workbook(scope: Scope, name: str, tables: list[tuple[str, Table]]) -> FileResponse:
    return download_workbook(
        file_name(scope.cycle.name, name, timezone.localdate().isoformat()),
        lambda file: workbook.write(file, _dated(scope), tables),
    )


def _dated(scope: Scope) -> str:
    today = timezone.localdate().isoformat()
    return _("%(scope)s; as of %(day)s") % {"scope": scope.words, "day": today}


def _pdf(scope: Scope, name: str, parts: list[Part]) -> HttpResponse:
    """In the language of paper, which the caller has chosen before it made the parts."""
    context = {"parts": parts, "cycle": scope.cycle, "words": _dated(scope), "name": name}
    html = render_to_string("reports/standings/print.html", context)
    name = file_name(scope.cycle.name, name, timezone.localdate().isoformat())
    return download(printed(html, "statistics.css"), name, "pdf")
