"""How far unions have come with their plan of assessing everybody over the years."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.aftermath import coverage
from assessments.forms.aftermath import TargetsForm
from assessments.models import CoverageTarget
from assessments.permissions import may_read_coverage
from assessments.services import aftermath as services
from assessments.views.answers import Request, done, refusals
from orgs.downloads import download_workbook, file_name
from orgs.importing.spec import Field
from orgs.importing.workbook import write_list
from orgs.models import Organization
from orgs.paging import page_of
from orgs.permissions import may_manage
from orgs.queries import tops, visible_to

COLUMNS = (
    Field("name", gettext_lazy("Name"), width=40),
    Field("superior", gettext_lazy("Superior union"), width=32),
    Field("kind", gettext_lazy("Kind"), width=20),
    Field("contact", gettext_lazy("Contact person")),
    Field("phone", gettext_lazy("Contact phone")),
)


@require_safe
def home(request: Request) -> HttpResponse:
    """The unions whose coverage the person reads: straight to the page where it is one."""
    unions = [one for one in tops(request.user).order_by("path") if may_read_coverage(request.user, one)]
    if len(unions) == 1:
        return redirect("coverage:detail", unions[0].pk)
    return render(request, "coverage/home.html", {"unions": unions})


@require_safe
def detail(request: Request, pk: int) -> HttpResponse:
    union = _union_or_404(request, pk)
    found = coverage.coverage_of(union)
    context = {
        "union": union,
        "coverage": found,
        "years": [one.year for one in found.together.years],
        "page": page_of(_shown(union), request.GET.get("page")),
        "may_set": may_manage(request.user, union),
        "this_year": timezone.localdate().year,
    }
    return render(request, "coverage/detail.html", context)


@require_safe
def export(request: Request, pk: int) -> FileResponse:
    """Who is not covered yet, as a workbook."""
    union = _union_or_404(request, pk)

    def rows() -> Iterator[list[str]]:
        for one in _shown(union).iterator(chunk_size=2000):
            superior = one.parent.name if one.parent else ""
            yield [one.name, superior, one.kind.name, one.contact, one.phone]

    name = file_name(union.name, _("Not assessed yet"), timezone.localdate().isoformat())
    return download_workbook(name, lambda file: write_list(file, COLUMNS, rows()))


@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="coverage:detail")
def targets(request: Request, pk: int) -> HttpResponse:
    union = _union_or_404(request, pk)
    if not may_manage(request.user, union):
        raise PermissionDenied
    now = dict(CoverageTarget.objects.filter(owner=union).values_list("year", "share"))
    form = TargetsForm(now, request.POST if request.method == "POST" else None)
    if done(form, lambda: services.set_targets(request.user, union, form.percents)):
        messages.success(request, _("The targets are set."))
        return redirect("coverage:detail", pk)
    return render(request, "coverage/targets.html", {"union": union, "form": form})


def _shown(union: Organization) -> QuerySet[Organization]:
    return coverage.not_covered(union).select_related("kind", "parent")


def _union_or_404(request: Request, pk: int) -> Organization:
    union = get_object_or_404(visible_to(request.user), pk=pk)
    if not may_read_coverage(request.user, union):
        raise PermissionDenied
    return union
