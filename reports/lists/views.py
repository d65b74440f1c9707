"""Each list as a file, asked for with the address of its page: the same rights, the same filters."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import objecting
from assessments.aftermath import consequences as aftermath
from assessments.aftermath import coverage as covering
from assessments.forms.cycles import FilterForm
from assessments.forms.grading import TableForm
from assessments.grading import graded
from assessments.listing import for_list, matching
from assessments.models import Cycle
from assessments.permissions import may_follow_decisions, may_read_coverage
from assessments.queries import cycles_visible_to
from assessments.views.answers import Request
from assessments.views.consequences import filtered
from orgs.acting import narrowed
from orgs.downloads import download_workbook, file_name
from orgs.queries import visible_to
from reports.lists import assessments, consequences, coverage, grading, objections
from reports.standings import workbook
from reports.standings.table import Table

BATCH = 500
"""Rows whose sheets are fetched at once."""


@require_safe
@never_cache
def assessments_xlsx(request: Request) -> FileResponse:
    """What the list of assessments finds, all of it."""
    form = FilterForm(request.GET, request.user)
    if not form.is_valid():
        raise Http404
    found = for_list(matching(narrowed(request), form.wanted)).iterator(chunk_size=BATCH)
    lines = assessments.lines(request.user, found)
    return as_file("", _("Assessments"), [(_("Assessments"), Table(assessments.COLUMNS, lines))])


@require_safe
@never_cache
def grading_xlsx(request: Request, pk: int) -> FileResponse:
    cycle = _cycle_or_404(request, pk)
    if not may_follow_decisions(request.user, cycle):
        raise PermissionDenied
    found = graded(cycle)
    rows = TableForm(found.verdicts, request.GET).matching(found.verdicts)
    return as_file(cycle.name, _("Grading"), [(_("Grading"), Table(grading.COLUMNS, grading.lines(rows)))])


@require_safe
@never_cache
def consequences_xlsx(request: Request, pk: int) -> FileResponse:
    cycle = _cycle_or_404(request, pk)
    rows = filtered(aftermath.of_cycle(request.user, cycle), request.GET.get("show", "")).iterator(chunk_size=BATCH)
    table = Table(consequences.COLUMNS, consequences.lines(rows))
    return as_file(cycle.name, _("Consequences"), [(_("Consequences"), table)])


@require_safe
@never_cache
def objections_xlsx(request: Request, pk: int) -> FileResponse:
    """Without who objected: the query leaves out the columns that would tell."""
    cycle = _cycle_or_404(request, pk)
    rows = objecting.listed(request.user, cycle, open_only="open" in request.GET).iterator(chunk_size=BATCH)
    table = Table(objections.COLUMNS, objections.lines(rows))
    return as_file(cycle.name, _("Objections"), [(_("Objections"), table)])


@require_safe
@never_cache
def coverage_xlsx(request: Request, pk: int) -> FileResponse:
    """Both tables of the page; who is not assessed yet is a list of its own."""
    union = get_object_or_404(visible_to(request.user), pk=pk)
    if not may_read_coverage(request.user, union):
        raise PermissionDenied
    return as_file(union.name, _("Coverage"), coverage.tables(covering.coverage_of(union)))


def _cycle_or_404(request: Request, pk: int) -> Cycle:
    return get_object_or_404(cycles_visible_to(request.user), pk=pk)


def as_file(whose: str, name: str, tables: Iterable[tuple[str, Table]]) -> FileResponse:
    name = file_name(whose, name, timezone.localdate().isoformat())
    return download_workbook(name, lambda file: workbook.write(file, workbook.as_of(whose), tables))
