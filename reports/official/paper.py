"""A `Document` -> PDF, by WeasyPrint: GB/T 9704-2012 on A4, fonts embedded, nothing fetched.

A long one is laid out part by part, without page numbers, as nobody knows yet how many pages come before; `joined` puts
the parts together and the numbers below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from orgs.printable import printable
from reports.official.values import Document, Part, whole
from reports.paper import printed
from reports.tables.cards import LANGUAGE

STYLE = "official.css"
UNNUMBERED = "@page :right { @bottom-right { content: none } } @page :left { @bottom-left { content: none } }"
TOGETHER = 100
"""Empty pages that are numbered at once. An even number: the next ones begin on the right again."""
EMPTY = "div { break-after: page; font-size: 1pt; line-height: 1pt } div:last-child { break-after: auto }"
DRAWN = b"q /PageNumber Do Q\n"


def render(document: Document) -> bytes:
    return _laid_out(whole(document), "")


def render_part(part: Part) -> bytes:
    return _laid_out(part, UNNUMBERED)


def joined(paths: Sequence[Path], path: Path, title: str) -> None:
    """One file of the parts' pages, numbered through."""
    numbers = _numbers()
    with PdfWriter() as book:
        for part in paths:
            for page in PdfReader(part).pages:
                _number(book, book.add_page(page), next(numbers))
        book.add_metadata({"/Title": title})
        book.root_object[NameObject("/Lang")] = TextStringObject("zh-CN")
        book.write(path)


def _laid_out(part: Part, more: str) -> bytes:
    context = {"document": part.document, "text": part.text, "annexes": part.annexes}
    with translation.override(LANGUAGE):
        html = printable(render_to_string("reports/official/document.html", context))
    return printed(html, STYLE, _widths(part.document) + more)


def _widths(document: Document) -> str:
    found = {column.mark: column.width for column in document.columns}
    return "".join(f".{mark} {{ width: {width:.2f}mm }}" for mark, width in found.items())


def _numbers() -> Iterator[PageObject]:
    """Empty pages with the numbers 1, 2, 3 … as the style sheet has them."""
    html = f"<html lang=zh-CN><body>{'<div>&#8203;</div>' * TOGETHER}</body></html>"
    for before in count(0, TOGETHER):
        begin = f"@page :first {{ counter-reset: page {before} }}" if before else ""
        yield from PdfReader(BytesIO(printed(html, STYLE, EMPTY + begin))).pages


def _number(book: PdfWriter, page: PageObject, number: PageObject) -> None:
    """Draws the number under what stands on the page, whose own drawing need not be read for it."""
    form, draw = DecodedStreamObject(), DecodedStreamObject()
    form.set_data(number.get_contents().get_data())  # type: ignore[union-attr]  # it has a number
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    form[NameObject("/BBox")] = ArrayObject(number.mediabox)
    form[NameObject("/Resources")] = number["/Resources"].clone(book)
    draw.set_data(DRAWN)
    resources = _copy(page["/Resources"])  # WeasyPrint has one for all pages
    drawings = _copy(resources.get("/XObject", {}))
    drawings[NameObject("/PageNumber")] = book._add_object(form.flate_encode())
    resources[NameObject("/XObject")] = drawings
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = ArrayObject([book._add_object(draw), page.raw_get("/Contents")])


def _copy(dictionary: Any) -> DictionaryObject:
    return DictionaryObject(dictionary.items())
