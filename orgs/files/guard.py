"""Files that somebody else opens whole, with openpyxl or python-docx: small enough, and nothing in them that grows."""

from __future__ import annotations

import re
from typing import IO

from django.utils.translation import gettext as _

from orgs.files import archive, markup
from orgs.files.events import column_of, local
from orgs.files.refused import FileRefused, damaged

ELEMENTS = 600_000
"""What a document of several hundred pages has; a tree of them takes some 300 MB."""
DEPTH = 200
CELLS = 500_000
"""Cells of one sheet between the first and the one furthest down on the right, and of merged ranges together."""
SPAN = 500
"""Columns that a cell of a Word table spans at most. Word itself ends at 63."""

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_SPANS = {"gridSpan", "gridBefore", "gridAfter"}


def guarded(file: IO[bytes]) -> IO[bytes]:
    """The same file at its start, once it is known that its tree fits into memory.

    For .xlsx and .docx. A cell at XFD1048576, a merged range over a whole sheet or a span of a thousand million columns
    is small in the file and endless in the library. Open it inside `with reading():`. Raises FileRefused.
    """
    with archive.opened(file) as package:
        walk = _Walk()
        for name, part in archive.parts(package):
            if name.endswith((".xml", ".rels")):
                walk.through(part)
            else:
                while part.read(markup.CHUNK):
                    pass
    file.seek(0)
    return file


class _Walk:
    """Counts what all parts hold together, and how far each sheet reaches."""

    def __init__(self) -> None:
        self.elements = self.merged = self.depth = self.down = self.right = 0

    def through(self, part: archive.Part) -> None:
        self.depth = self.down = self.right = 0
        parser = markup.new_parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        markup.parse(parser, part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > ELEMENTS or self.depth > DEPTH:
            raise markup.too_much()
        name = local(name)
        if name == "c" and "r" in attributes:
            self._reach(attributes["r"])
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name in _SPANS:
            self._span(attributes)

    def _end(self, _name: str) -> None:
        self.depth -= 1

    def _reach(self, address: str) -> None:
        self.right = max(self.right, column_of(address) + 1)
        self.down = max(self.down, int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
        if self.right * self.down > CELLS:
            raise FileRefused(
                _("A sheet reaches down to cell %(cell)s. Delete the rows and columns that hold nothing.")
                % {"cell": address}
            )

    def _merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found is None:
            raise damaged()
        left, top, right, bottom = found.groups()
        width = column_of(f"{right or left}1") - column_of(f"{left}1") + 1
        self.merged += max(width, 1) * max(int(bottom or top) - int(top) + 1, 1)
        if self.merged > CELLS:
            raise FileRefused(
                _("The cells %(cells)s are merged into one. Undo that, and upload the file again.")
                % {"cells": reference}
            )

    def _span(self, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if local(key) == "val" and not (
                value.isascii() and value.isdigit() and len(value) < 5 and int(value) <= SPAN
            ):
                raise damaged()
