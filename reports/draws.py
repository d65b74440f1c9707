"""The record of a draw on paper: all that is needed to recompute it, with lines to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from assessments.draws import drawn
from assessments.views.answers import Request
from assessments.views.draws import followed_or_404
from orgs.downloads import download, file_name
from reports.paper import numbered, printed
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from assessments.models import Draw

WHOLE = 1000
"""Names up to which the record prints the whole population; a longer one stands in its file, which the digest is of."""


@require_safe
def draw_record(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    if not draw.frozen:
        return redirect("draws:population", pk)
    return download(render(draw), file_name(draw.cycle.name, draw.get_purpose_display(), draw.number), "pdf")


def render(draw: Draw) -> bytes:
    """The record as a PDF: the official look, in Chinese, whatever the reader's screen speaks."""
    with translation.override(LANGUAGE):
        html = render_to_string("reports/draw_record.html", contents(draw))
        return printed(html, "draw.css", numbered())


def contents(draw: Draw) -> dict[str, object]:
    """What the record says: the same as the page, with all names."""
    numbers = drawn.figures([draw])[draw.pk]
    return {
        "draw": draw,
        "cycle": draw.cycle,
        "numbers": numbers,
        "layers": drawn.layers(draw),
        "rounds": draw.rounds.select_related("by"),
        "names": drawn.drawn_now(draw),
        "replaced": drawn.replaced(draw).order_by("dropped_in__number", "stratum", "rank"),
        "left_out": drawn.left_out(draw),
        "population": draw.members.order_by("stratum", "rank") if numbers.population <= WHOLE else None,
        "printed_at": timezone.localtime(),
    }
