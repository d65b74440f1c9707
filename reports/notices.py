"""A notice on paper, in the layout of official documents (GB/T 9704-2012); its table is the annex.

What was published never changes, so the file is made once a day at most, however many people fetch it without a login.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from assessments import publications
from assessments.models import Notice
from orgs.downloads import download, file_name
from reports import fit
from reports.pdf import ONE_AT_A_TIME, NothingFetched
from reports.tables.cards import LANGUAGE

STYLESHEET = Path(settings.BASE_DIR) / "static" / "reports" / "notice.css"
WIDTH, TITLE = 156, 22
"""Millimetres of the type area, and points of the title."""

MOST_ROWS = 2000
"""Rows of the annex, which take some twelve seconds; what more there is everybody finds on the notice's page."""

DAY = 24 * 60 * 60
MADE_ONCE = Lock()


@login_not_required
@require_safe
def notice_pdf(request: HttpRequest, key: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.select_related("snapshot"), key=key)
    return download(file_of(notice), file_name(notice.title), "pdf")


def file_of(notice: Notice) -> bytes:
    """The notice as a PDF, made by one of those who ask for it at the same moment."""
    name = f"notice-{notice.key}"
    with MADE_ONCE:
        content: bytes | None = cache.get(name)
        if content is None:
            content = render(notice)
            cache.set(name, content, DAY)
    return content


def render(notice: Notice) -> bytes:
    """The notice as a PDF: the text with issuer, date and the place of the seal, then the annex."""
    with translation.override(LANGUAGE):
        return print_(context(notice))


def print_(said: dict[str, object]) -> bytes:
    """What `context` says, on paper."""
    with translation.override(LANGUAGE):
        html = render_to_string("reports/notice.html", said)
    with ONE_AT_A_TIME:
        fonts, css = _engine()
        document = HTML(string=html, url_fetcher=NothingFetched())
        return bytes(document.write_pdf(font_config=fonts, stylesheets=[css]))


def context(notice: Notice) -> dict[str, object]:
    """What the printed notice says."""
    rows = publications.published_rows(notice.snapshot)
    return {
        "notice": notice,
        "title": "\n".join(in_lines(notice.title, fit.room(WIDTH, TITLE))),
        "paragraphs": [line.strip() for line in notice.body.splitlines() if line.strip()],
        "window": publications.window_in_words(notice),
        "rows": rows[:MOST_ROWS],
        "left_out": max(rows.count() - MOST_ROWS, 0),
        "shown": publications.columns_of(notice.snapshot),
    }


def in_lines(title: str, room: int) -> list[str]:
    """A title in as few lines as it needs, about equally long; no number or Latin word is parted."""
    count = -(-len(title) // room)
    lines: list[str] = []
    while title:
        cut = -(-len(title) // (count - len(lines))) if len(lines) < count else len(title)
        while 1 < cut < len(title) and (title[cut - 1] + title[cut]).isascii():
            cut -= 1
        lines.append(title[:cut])
        title = title[cut:]
    return lines


@lru_cache(maxsize=1)
def _engine() -> tuple[FontConfiguration, CSS]:
    """Fonts and stylesheet, once in a process: else memory grows with every notice."""
    fonts = FontConfiguration()
    css = STYLESHEET.read_text(encoding="utf-8")
    return fonts, CSS(string=css, font_config=fonts, url_fetcher=NothingFetched())
