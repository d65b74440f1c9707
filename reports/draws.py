"""The record of a draw on paper: all that is needed to recompute it, with lines to sign."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from assessments.draws import drawn
from assessments.models import DrawState
from assessments.views.answers import Request
from assessments.views.draws import followed_or_404
from orgs.downloads import download, file_name
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from assessments.models import Draw

STYLESHEET = Path(settings.BASE_DIR) / "static" / "reports" / "draw.css"
WHOLE = 1000
"""Names up to which the record prints the whole population; a longer one stands in its file, which the digest is of."""


@require_safe
def draw_record(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    if draw.state == DrawState.SEEDED:
        return redirect("draws:population", pk)
    return download(render(draw), file_name(draw.cycle.name, draw.get_purpose_display(), draw.number), "pdf")


def render(draw: Draw) -> bytes:
    """The record as a PDF: the official look, in Chinese, whatever the reader's screen speaks."""
    with ONE_AT_A_TIME, translation.override(LANGUAGE):
        html = render_to_string("reports/draw_record.html", contents(draw))
        fonts, stylesheet = _engine()
        document = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(document.write_pdf(font_config=fonts, stylesheets=[stylesheet]))


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


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every print."""
    fonts = FontConfiguration()
    page = _("Page %(page)s of %(pages)s") % {"page": '" counter(page) "', "pages": '" counter(pages) "'}
    footer = f'@page {{ @bottom-center {{ content: "{page}" }} }}'
    css = STYLESHEET.read_text(encoding="utf-8") + footer
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())
