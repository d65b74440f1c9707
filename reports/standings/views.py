"""Ranking and statistics of a cycle, on screen, as workbook and on paper, all from the same rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from assessments.tabs import tabs
from assessments.views.answers import Request
from orgs.downloads import download, download_workbook, file_name
from orgs.paging import page_of
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.standings import losses, ranking, stages, totals, workbook
from reports.standings.scope import Scope, scope_of
from reports.standings.table import Part, Table
from reports.tables.cards import LANGUAGE

STYLESHEET = Path(settings.BASE_DIR) / "static" / "reports" / "statistics.css"
BATCH = 2000


@require_safe
@never_cache
def ranking_page(request: Request, pk: int) -> HttpResponse:
    scope, order = scope_of(request, pk), _order(request)
    page = page_of(ranking.ranked(scope, order), request.GET.get("page"))
    context = {
        **_frame(request, scope, "reports:ranking"),
        "page": page,
        "rows": Table(ranking.COLUMNS, ranking.lines(scope, page)).rows(),
        "headings": [_heading(column, order) for column in ranking.COLUMNS],
        "order": order,
    }
    return render(request, "reports/standings/ranking.html", context)


@require_safe
@never_cache
def ranking_xlsx(request: Request, pk: int) -> FileResponse:
    """All rows that the page shows by and by, in its order."""
    scope = scope_of(request, pk)
    rows = ranking.ranked(scope, _order(request)).iterator(chunk_size=BATCH)
    table = Table(ranking.COLUMNS, ranking.lines(scope, rows))
    name = _("Ranking: %(kind)s") % {"kind": scope.kind.kind.name if scope.kind else ""}
    return _workbook(scope, _("Ranking"), [(name, table)])


@require_safe
@never_cache
def statistics_page(request: Request, pk: int) -> HttpResponse:
    return _page(request, pk, "statistics", _statistics)


@require_safe
@never_cache
def statistics_xlsx(request: Request, pk: int) -> FileResponse:
    scope = scope_of(request, pk)
    return _workbook(scope, _("Statistics"), _tables(_statistics(scope)))


@require_safe
@never_cache
def statistics_pdf(request: Request, pk: int) -> HttpResponse:
    return _pdf(request, pk, _statistics)


@require_safe
@never_cache
def losses_page(request: Request, pk: int) -> HttpResponse:
    return _page(request, pk, "losses", losses.parts)


@require_safe
@never_cache
def losses_xlsx(request: Request, pk: int) -> FileResponse:
    scope = scope_of(request, pk)
    return _workbook(scope, _("What is lost"), _tables(losses.parts(scope)))


@require_safe
@never_cache
def losses_pdf(request: Request, pk: int) -> HttpResponse:
    return _pdf(request, pk, losses.parts)


def _statistics(scope: Scope) -> list[Part]:
    return [*totals.parts(scope), *stages.parts(scope)]


def _page(request: Request, pk: int, name: str, parts: Callable[[Scope], list[Part]]) -> HttpResponse:
    scope = scope_of(request, pk)
    files = [(f"reports:{name}_xlsx", "Excel"), (f"reports:{name}_pdf", "PDF")]
    context = {**_frame(request, scope, "reports:statistics"), "parts": parts(scope), "name": name, "files": files}
    return render(request, "reports/standings/statistics.html", context)


def _frame(request: Request, scope: Scope, route: str) -> dict[str, Any]:
    return {
        "cycle": scope.cycle,
        "scope": scope,
        "tabs": tabs(request.user, scope.cycle, route),
        "count": scope.found.count(),
        "all": scope.everybody.count(),
    }


def _order(request: Request) -> str:
    typed = request.GET.get("sort", "")
    return typed if typed in ranking.ORDERS else "place"


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


def _tables(parts: list[Part]) -> list[tuple[str, Table]]:
    return [(part.title, part.table) for part in parts]


def _workbook(scope: Scope, name: str, tables: list[tuple[str, Table]]) -> FileResponse:
    return download_workbook(
        file_name(scope.cycle.name, name, timezone.localdate().isoformat()),
        lambda file: workbook.write(file, _dated(scope), tables),
    )


def _dated(scope: Scope) -> str:
    today = timezone.localdate().isoformat()
    return _("%(scope)s; as of %(day)s") % {"scope": scope.words, "day": today}


def _pdf(request: Request, pk: int, parts: Callable[[Scope], list[Part]]) -> HttpResponse:
    scope = scope_of(request, pk)
    with translation.override(LANGUAGE):
        context = {"parts": parts(scope), "cycle": scope.cycle, "words": _dated(scope)}
        html = render_to_string("reports/standings/print.html", context)
        name = file_name(scope.cycle.name, _("Statistics"), timezone.localdate().isoformat())
    with ONE_AT_A_TIME:
        fonts, css = _engine()
        document = HTML(string=html, url_fetcher=NothingFetched())
        content = bytes(document.write_pdf(font_config=fonts, stylesheets=[css]))
    return download(content, name, "pdf")


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every file."""
    fonts = FontConfiguration()
    css = STYLESHEET.read_text(encoding="utf-8")
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())
