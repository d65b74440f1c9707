"""One PDF of all cards, with a bookmark for each county and organisation.

A part is a zip of its cards as PDF and what the bookmarks say. Joining reads one part at a time and writes its objects
on under new numbers: memory holds the parts' fonts and pages one after the other, whatever their number.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from assessments.models import Cycle
from reports import batch
from reports.exports.cards.reading import cards

if TYPE_CHECKING:
    from orgs.models import User
    from reports.exports.spec import Asked, Paths

PAGES, WORDS = "cards.pdf", "bookmarks.json"
Kids = list[tuple[str, IndirectObject]]


def make(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    made = cards(user, asked, part)
    content, firsts = batch.merged([card.table for card in made])
    marks = [(card.county, card.table.organization, first) for card, first in zip(made, firsts, strict=True)]
    with ZipFile(path, "w") as archive:
        archive.writestr(PAGES, content)
        archive.writestr(WORDS, json.dumps(marks))


def join(asked: Asked, paths: Paths, path: Path) -> None:
    title = Cycle.objects.values_list("name", flat=True).get(pk=asked["cycle"])
    with path.open("wb") as file:
        pdf = _Pdf(file)
        root = pdf.number()
        trees: list[IndirectObject] = []
        counties: dict[str, Kids] = {}
        count = 0
        for part in paths:
            with ZipFile(part) as archive:
                reader, marks = PdfReader(BytesIO(archive.read(PAGES))), json.loads(archive.read(WORDS))
            pages = _carried(reader, pdf, root)
            for county, organization, first in marks:
                counties.setdefault(county, []).append((organization, pages[first]))
            trees.append(pages[-1])
            count += len(pages) - 1
        pdf.write(root, _named(Type="/Pages", Kids=ArrayObject(trees), Count=NumberObject(count)))
        catalog = _named(Type="/Catalog", Pages=root, PageMode="/UseOutlines", Lang=TextStringObject("zh-CN"))
        catalog[NameObject("/Outlines")] = _outlines(pdf, counties)
        pdf.close(pdf.add(catalog), pdf.add(_named(Title=TextStringObject(title))))


class _Pdf:
    """A PDF written object by object; nothing but their places is remembered."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.places: list[int] = []
        file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def number(self) -> IndirectObject:
        """A number for an object that is written later."""
        self.places.append(0)
        return IndirectObject(len(self.places), 0, None)

    def write(self, number: IndirectObject, thing: PdfObject) -> None:
        self.places[number.idnum - 1] = self.file.tell()
        self.file.write(b"%d 0 obj\n" % number.idnum)
        thing.write_to_stream(self.file)
        self.file.write(b"\nendobj\n")

    def add(self, thing: PdfObject) -> IndirectObject:
        number = self.number()
        self.write(number, thing)
        return number

    def close(self, catalog: IndirectObject, info: IndirectObject) -> None:
        start, size = self.file.tell(), len(self.places) + 1
        self.file.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
        self.file.writelines(b"%010d 00000 n \n" % place for place in self.places)
        self.file.write(b"trailer\n")
        _named(Size=NumberObject(size), Root=catalog, Info=info).write_to_stream(self.file)
        self.file.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


def _carried(reader: PdfReader, pdf: _Pdf, root: IndirectObject) -> list[IndirectObject]:
    """Writes a part's pages with all they use; returns their new numbers and, last, that of the tree they hang in."""
    known: dict[int, IndirectObject] = {}
    waiting: deque[IndirectObject] = deque()

    def carried(value: Any) -> Any:
        if isinstance(value, IndirectObject):
            if value.idnum not in known:
                known[value.idnum] = pdf.number()
                waiting.append(value)
            return known[value.idnum]
        if isinstance(value, ArrayObject):
            return ArrayObject(carried(one) for one in list.__iter__(value))
        if isinstance(value, DictionaryObject):
            for key in value:
                value[NameObject(key)] = carried(value.raw_get(key))
        return value

    tree = reader.root_object.raw_get("/Pages")
    pages = [page.indirect_reference for page in reader.pages]
    numbers = [carried(one) for one in (*pages, tree)]
    while waiting:
        old = waiting.popleft()
        thing = carried(reader.get_object(old))
        if old.idnum == tree.idnum:
            thing[NameObject("/Parent")] = root
        pdf.write(known[old.idnum], thing)
    return numbers


def _outlines(pdf: _Pdf, counties: dict[str, Kids]) -> IndirectObject:
    """Counties, closed where there are several, and in each its organisations."""
    outlines, entries = pdf.number(), [(name, pdf.number(), kids) for name, kids in counties.items()]
    closed = -1 if len(counties) > 1 else 1
    for place, (name, own, kids) in enumerate(entries):
        row = [pdf.number() for _kid in kids]
        for number, (organization, page) in enumerate(kids):
            pdf.write(row[number], _entry(organization, own, page, row, number))
        entry = _entry(name, outlines, kids[0][1], [one for _name, one, _kids in entries], place)
        entry.update(_named(First=row[0], Last=row[-1], Count=NumberObject(closed * len(row))))
        pdf.write(own, entry)
    shown = len(entries) + (len(entries[0][2]) if closed > 0 else 0)
    pdf.write(outlines, _named(Type="/Outlines", First=entries[0][1], Last=entries[-1][1], Count=NumberObject(shown)))
    return outlines


def _entry(
    title: str, parent: IndirectObject, page: IndirectObject, row: list[IndirectObject], place: int
) -> DictionaryObject:
    """A bookmark in the `place` of its row."""
    to = ArrayObject([page, NameObject("/Fit")])
    entry = _named(Title=TextStringObject(title), Parent=parent, Dest=to)
    if place:
        entry[NameObject("/Prev")] = row[place - 1]
    if place + 1 < len(row):
        entry[NameObject("/Next")] = row[place + 1]
    return entry


def _named(**values: Any) -> DictionaryObject:
    """A dictionary of PDF; a text is a name in it."""
    return DictionaryObject(
        {NameObject(f"/{key}"): NameObject(value) if type(value) is str else value for key, value in values.items()}
    )
