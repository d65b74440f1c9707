"""Workbooks as rows of text, read as a stream.

Not by a library: openpyxl takes half a minute for 100,000 rows; calamine takes 400 MB for them, reads #N/A as a blank,
and dies with the process where a cell stands far down on the right.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from orgs.files import archive, markup
from orgs.files.events import Rows, Texts, local
from orgs.files.refused import FileRefused

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterator

MAIN_PART = "xl/workbook.xml"
CHINESE_DATES = {*range(27, 37), *range(50, 59)}
"""Built-in formats 27-36 and 50-58 are dates in a Chinese installation."""


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool


@dataclass
class Workbook:
    """What the rows of all sheets need: names, shared texts, and which styles are dates."""

    archive: zipfile.ZipFile
    epoch: dt.datetime = WINDOWS_EPOCH
    sheets: list[Sheet] = field(default_factory=list)

    def __post_init__(self) -> None:
        found = self._relations()
        self._others = dict(found.values())

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
                self.epoch = MAC_EPOCH
            if name == "sheet":
                key = next((value for key, value in attributes.items() if local(key) == "id"), "")
                kind, target = found.get(key, ("", ""))
                if kind == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(Sheet(attributes.get("name", ""), target, hidden))

        self._each_element(MAIN_PART, start)

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
        """Rows that have cells, with their numbers, in the order of the sheet."""
        taken = Rows(self)
        parser = markup.new_parser()
        parser.StartElementHandler, parser.EndElementHandler = taken.start, taken.end
        parser.CharacterDataHandler = taken.text
        for _pause in markup.feed(parser, archive.part(self.archive, sheet.part)):
            yield from taken.ready
            taken.ready.clear()

    def shows_something(self, sheet: Sheet) -> bool:
        """Whether any cell holds more than blanks. What can't be read shows something, too: reading it says why."""
        try:
            return any(any(row) for _number, row in self.rows(sheet))
        except FileRefused:
            return True

    @cached_property
    def shared(self) -> list[str]:
        if "sharedStrings" not in self._others:
            return []
        taken = Texts()
        parser = markup.new_parser()
        parser.StartElementHandler, parser.EndElementHandler = taken.start, taken.end
        parser.CharacterDataHandler = taken.text
        markup.parse(parser, archive.part(self.archive, self._others["sharedStrings"]))
        return taken.ready

    @cached_property
    def dates(self) -> dict[str, bool]:
        """Styles that show a number as a date, by their index in the file; True: as a duration."""
        formats = {str(key): code for key, code in BUILTIN_FORMATS.items()}
        used: list[str] = []
        inside = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            if name in {"cellXfs", "cellStyleXfs", "dxfs"}:
                inside = name
            elif name == "numFmt" and inside != "dxfs":
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name == "xf" and inside == "cellXfs":
                used.append(attributes.get("numFmtId", "0"))

        if "styles" in self._others:
            self._each_element(self._others["styles"], start)
        chinese = {str(key) for key in CHINESE_DATES}
        return {
            str(style): bool(is_timedelta_format(formats.get(key)))
            for style, key in enumerate(used)
            if key in chinese or is_date_format(formats.get(key))
        }

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Key of a relation -> its kind and the part it leads to."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target

        self._each_element("xl/_rels/workbook.xml.rels", start)
        return found

    def _each_element(self, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parser = markup.new_parser()
        parser.StartElementHandler = lambda element, attributes: start(local(element), attributes)
        markup.parse(parser, archive.part(self.archive, name), markup.FEW_TAGS)
