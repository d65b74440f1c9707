"""A `Document` -> PDF, by WeasyPrint: GB/T 9704-2012 on A4, fonts embedded, nothing fetched."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils import translation

from orgs.printable import printable
from reports.official.values import Document
from reports.paper import printed
from reports.tables.cards import LANGUAGE


def render(document: Document) -> bytes:
    with translation.override(LANGUAGE):
        html = printable(render_to_string("reports/official/document.html", {"document": document}))
    return printed(html, "official.css", _widths(document))


def _widths(document: Document) -> str:
    found = {column.mark: column.width for column in document.columns}
    return "".join(f".{mark} {{ width: {width:.2f}mm }}" for mark, width in found.items())
