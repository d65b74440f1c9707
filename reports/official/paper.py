"""A `Document` -> PDF, by WeasyPrint: GB/T 9704-2012 on A4, fonts embedded, nothing fetched."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from orgs.printable import printable
from reports.official.values import Document
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.tables.cards import LANGUAGE

STYLESHEET = Path(settings.BASE_DIR) / "static" / "reports" / "official.css"


def render(document: Document) -> bytes:
    with translation.override(LANGUAGE):
        html = printable(render_to_string("reports/official/document.html", {"document": document}))
    with ONE_AT_A_TIME:
        fonts, css = _engine()
        own = CSS(string=_widths(document), url_fetcher=NothingFetched())
        page = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(page.write_pdf(font_config=fonts, stylesheets=[css, own]))


def _widths(document: Document) -> str:
    found = {column.mark: column.width for column in document.columns}
    return "".join(f".{mark} {{ width: {width:.2f}mm }}" for mark, width in found.items())


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every document."""
    fonts = FontConfiguration()
    css = STYLESHEET.read_text(encoding="utf-8")
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())
