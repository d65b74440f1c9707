"""What stands on a certificate, whatever it is for, and how it is printed: A4 across, to be sealed and hung up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import segno
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation

from reports.paper import printed
from reports.tables.cards import LANGUAGE

LONG, VERY_LONG = 22, 44
"""Characters of a name from which on it is set smaller."""

WIDE, VERY_WIDE = 12, 24
"""The same of what is awarded, which is set larger."""

MUCH = 65
"""Characters of the text that stand in two lines: as many as there is room for beside stars."""

Address = Callable[[str], str]
"""The whole address of a path of this site."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`heading` is its own name, `honour` what is awarded to whom `name` addresses, and `text` says by whom and when.

    stars    drawn above the honour where it is called after them
    address  of the public page that says the same, with a picture of it; empty where there is none
    """

    heading: str
    serial: str
    name: str
    text: str
    honour: str
    issuer: str
    day: str
    stars: int = 0
    address: str = ""

    @property
    def drawn(self) -> range:
        return range(self.stars)

    @property
    def size(self) -> str:
        return _size(self.name, LONG, VERY_LONG)

    @property
    def honour_size(self) -> str:
        return _size(self.honour, WIDE, VERY_WIDE)

    @property
    def tight(self) -> bool:
        """Whether so much is to be said that all of it is set smaller."""
        room = 1 if self.stars else 2
        return len(self.name) > VERY_LONG * room or len(self.text) > MUCH * room


class Batch(Protocol):
    """All that one cycle or one round gives certificates for.

    rows          whom they are for, in the order of the file
    certificates  of some of these rows, in their order, in the language that is spoken now
    """

    @property
    def rows(self) -> QuerySet[Any]: ...

    def certificates(self, rows: Iterable[Any], address: Address) -> list[Certificate]: ...


def certificates_of(batch: Batch, rows: Iterable[Any], address: Address) -> list[Certificate]:
    """In the language of paper."""
    with translation.override(LANGUAGE):
        return batch.certificates(rows, address)


def render(found: Sequence[Certificate]) -> bytes:
    """A page each."""
    pictures = {address: _picture(address) for address in {one.address for one in found} if address}
    pages = [(one, pictures.get(one.address, "")) for one in found]
    with translation.override(LANGUAGE):
        html = render_to_string("reports/certificate.html", {"pages": pages})
    return printed(html, "certificate.css")


def _picture(address: str) -> str:
    """What leads a phone there."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=0)


def _size(text: str, long: int, very_long: int) -> str:
    return "very-long" if len(text) > very_long else "long" if len(text) > long else ""
