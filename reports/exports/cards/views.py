"""The page on which a batch of scorecards is ordered."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.queries import cycles_visible_to
from assessments.tabs import tabs
from assessments.views.answers import Request, refusals
from orgs import background
from orgs.acting import chosen, narrowed
from orgs.downloads import file_name
from reports.exports import ordering
from reports.exports.cards import MERGED, PDFS, SPECS
from reports.exports.cards.forms import CardsForm
from reports.exports.cards.reading import MOST, found

if TYPE_CHECKING:
    from assessments.models import Cycle
    from reports.exports.spec import ExportSpec

SECONDS = {PDFS.kind: 0.6, MERGED.kind: 0.5}
"""Of one worker for a card, on a slow machine."""
WORKBOOK_SECONDS = 0.2


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals(back="reports:cards")
def order_cards(request: Request, pk: int) -> HttpResponse:
    """Says how many cards it would be; the POST has one of the files made."""
    cycle = get_object_or_404(cycles_visible_to(request.user), pk=pk)
    posted = request.method == "POST"
    form = CardsForm(narrowed(request), cycle, request.POST if posted else request.GET)
    if posted:
        spec = next((one for one in SPECS if one.kind == request.POST.get("file")), None)
        if spec is None:
            raise Http404
        name = _name(cycle, form)
        return redirect(
            "reports:export", ordering.order(request.user, spec, form.asked, name=name, seat=chosen(request)).pk
        )
    count = found(narrowed(request), form.asked).order_by().count()
    context = {
        "cycle": cycle,
        "tabs": tabs(request.user, cycle, "reports:cards"),
        "form": form,
        "count": count,
        "most": MOST,
        "files": [(one.kind, minutes(one, count)) for one in SPECS],
        "chosen": [(name, value) for name in form.fields if (value := request.GET.get(name))],
    }
    return render(request, "reports/exports/cards.html", context)


def minutes(spec: ExportSpec, count: int) -> int:
    """About how long the workers take for so many cards when they have nothing else to do."""
    return ceil(count * SECONDS.get(spec.kind, WORKBOOK_SECONDS) / max(background.workers(), 1) / 60)


def _name(cycle: Cycle, form: CardsForm) -> str:
    form.is_valid()
    said = (form.cleaned_data.get(name) for name in ("branch", "kind"))
    return file_name(cycle.name, _("Scorecards"), *(one.name for one in said if one))
