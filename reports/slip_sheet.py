"""Slips of paper to be cut apart, two beside one another: what first passwords and voting codes are printed on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from orgs.services.base import batches
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLESHEETS = Path(settings.BASE_DIR) / "static" / "reports"
ROW = 2
"""Slips beside one another."""


def slip_sheet(template: str, stylesheet: str, cards: Sequence[Any], **context: Any) -> bytes:
    """The cards as a PDF. The template finds them in `rows`; `stylesheet` is a file of static/reports."""
    with translation.override(LANGUAGE):
        html = render_to_string(template, {"rows": list(batches(cards, ROW)), **context})
    with ONE_AT_A_TIME:
        fonts, css = _engine(stylesheet)
        document = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(document.write_pdf(font_config=fonts, stylesheets=[css]))


@lru_cache(maxsize=8)
def _engine(stylesheet: str) -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every print."""
    fonts = FontConfiguration()
    css = (STYLESHEETS / stylesheet).read_text(encoding="utf-8")
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())
