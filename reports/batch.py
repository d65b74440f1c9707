"""Many cards at once: each is laid out by itself, as a single one is, but they share what costs most beside that.

- The subsets of the fonts are made once, of what all the cards of a part use, and not once a card.
- Python's search for garbage waits until the part is written: it would go through all pages laid out so far, again and
  again, and find nothing.

The cards are written as one document and parted by pypdf, which copies the pages as they are.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import accumulate
from typing import Any

from django.utils import translation
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from reports.paper import ONE_AT_A_TIME
from reports.pdf import laid_out
from reports.tables import ScoreTable
from reports.tables.cards import LANGUAGE

TOGETHER = 20
"""Cards in one call, at most some hundred: each takes about 5 MB until all of them are written."""


def render_many(tables: Sequence[ScoreTable]) -> list[bytes]:
    """Each card as a file of its own, with the text, the pages and the metadata that `pdf.render` gives it."""
    with _together(tables) as documents:
        whole = PdfReader(BytesIO(_written(documents)))
        return [
            _part(whole, range(first, first + len(document.pages)), document.metadata.title)
            for first, document in zip(_firsts(documents), documents, strict=False)
        ]


def merged(tables: Sequence[ScoreTable]) -> tuple[bytes, list[int]]:
    """All cards in one file, each with page numbers of its own, and the page, counted from 0, where each begins."""
    with _together(tables) as documents:
        return _written(documents), _firsts(documents)[:-1]


@contextmanager
def _together(tables: Sequence[ScoreTable]) -> Iterator[list[Any]]:
    """The documents of the cards, laid out."""
    with ONE_AT_A_TIME, translation.override(LANGUAGE), _garbage_kept():
        documents = [laid_out(table) for table in tables]
        yield documents
        documents.clear()


def _written(documents: list[Any]) -> bytes:
    pages = [page for document in documents for page in document.pages]
    return bytes(documents[0].copy(pages).write_pdf())


def _firsts(documents: list[Any]) -> list[int]:
    return list(accumulate((len(document.pages) for document in documents), initial=0))


def _part(whole: PdfReader, pages: range, title: str) -> bytes:
    """Some pages as a file, fonts included, with the title of their own card."""
    writer = PdfWriter()
    for page in pages:
        writer.add_page(whole.pages[page])
    writer.metadata = {**(whole.metadata or {}), "/Title": title}
    writer.root_object[NameObject("/Lang")] = whole.root_object["/Lang"]
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Boxes of a page know each other, so nothing but the collector frees them: once, at the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()
