"""WeasyPrint with what our printed pages need of it and no more: nothing fetched, and no styles but ours."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

BASE = Path(settings.BASE_DIR) / "static" / "reports" / "paper.css"


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
    return CSS(string=BASE.read_text(encoding="utf-8"), url_fetcher=NothingFetched())
