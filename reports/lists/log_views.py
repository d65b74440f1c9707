"""Logs of changes as files, for who reads their pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.queries import cycles_visible_to
from assessments.views.answers import Request, refusals
from orgs.downloads import file_name
from orgs.forms import LogFilter
from orgs.permissions import oversees
from orgs.queries import changes_in, visible_to
from reports.exports import logs as exported
from reports.exports import ordering
from reports.lists import logs
from reports.lists.views import as_file
from reports.standings.table import Table

AT_ONCE = 20_000
"""Lines that are written while the person waits, in two or three seconds; more are written by the workers."""


@require_safe
@never_cache
def cycle_changes_xlsx(request: Request, pk: int) -> FileResponse:
    """Everything that was changed; the cycle's page shows the newest."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    table = Table(logs.CYCLE, logs.of_cycle(cycle.changes.all()))
    return as_file(cycle.name, _("Log of changes"), [(_("Log of changes"), table)])


@require_POST
@refusals(back="orgs:changes")
def changes_xlsx(request: Request, pk: int) -> HttpResponseBase:
    """The log of a branch, with the filters of its page, which stand in the address."""
    organization = get_object_or_404(visible_to(request.user), pk=pk)
    if not oversees(request.user, organization.path):
        raise PermissionDenied
    typed = {name: request.GET.get(name, "") for name in LogFilter.base_fields}
    form = LogFilter(typed)
    if not form.is_valid():
        raise Http404
    asked, name = {"organization": pk, "filters": typed}, _("Log of changes")
    found = form.matching(changes_in(organization))
    if found.values("pk")[AT_ONCE : AT_ONCE + 1]:
        title = file_name(organization.name, name, timezone.localdate().isoformat())
        export = ordering.order(request.user, exported.SPEC, asked, name=title, seat=None)
        return redirect("reports:export", export.pk)
    return as_file(organization.name, name, [(name, Table(logs.BRANCH, logs.of_branch(found)))])
