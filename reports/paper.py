"""WeasyPrint with what our printed pages need of it and no more: nothing fetched, fonts embedded, one at a time."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

STYLESHEETS = Path(settings.BASE_DIR) / "static" / "reports"

ONE_AT_A_TIME = Lock()
"""Held while something is laid out: Pango's font map is shared and not made for threads."""


class NothingFetched(URLFetcher):
    """Lets a document use what it carries itself (data:) and nothing else: no file, no host, no redirect."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


class Paper(HTML):
    """A document under `paper.css` alone: a seventh less to lay out.

    WeasyPrint asks `_ua_stylesheets` for the sheet of all documents. Where it should ask no more, its own sheet comes
    back and only the time is lost: a test has both print the same.
    """

    def __init__(self, string: str) -> None:
        super().__init__(string=string, url_fetcher=NothingFetched())

    def _ua_stylesheets(self, _forms: bool = False) -> list[CSS]:
        return [_base()]


@lru_cache(maxsize=1)
def _base() -> CSS:
    return CSS(string=(STYLESHEETS / "paper.css").read_text(encoding="utf-8"), url_fetcher=NothingFetched())


def printed(html: str, stylesheet: str, more: str = "") -> bytes:
    """A document as a PDF. `stylesheet` is a file of static/reports; `more` are rules of this document alone."""
    with ONE_AT_A_TIME:
        fonts, css = engine(stylesheet)
        sheets = [css, CSS(string=more, url_fetcher=NothingFetched())] if more else [css]
        document = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(document.write_pdf(font_config=fonts, stylesheets=sheets))


@lru_cache(maxsize=16)
def engine(stylesheet: str, more: str = "") -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every file."""
    fonts = FontConfiguration()
    css = (STYLESHEETS / stylesheet).read_text(encoding="utf-8") + more
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())


def numbered() -> str:
    """A rule for "page n of m" below each page, in the language that is spoken now."""
    page = _("Page %(page)s of %(pages)s") % {"page": '" counter(page) "', "pages": '" counter(pages) "'}
    return f'@page {{ @bottom-center {{ content: "{page}" }} }}'
