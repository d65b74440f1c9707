"""The file of an upload -> its headings, its rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext as _

from orgs.files import FileRefused, Format, open_table, tables
from orgs.importing.matching import Look, heading_key, look, propose
from orgs.importing.spec import ListRow
from orgs.models import KnownHeader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orgs.importing.spec import ListSpec
    from orgs.models import Upload


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a file before its rows are read. `columns` is our proposal: a field or '' for each heading."""

    tables: tuple[str, ...]
    table: str
    look: Look
    columns: tuple[str, ...]


@contextmanager
def opened(upload: Upload) -> Iterator[IO[bytes]]:
    with upload.file.open("rb") as file:
        yield file


def see(upload: Upload, spec: ListSpec, table: str = "", row: int = 0) -> Sight:
    """Look at the sheet and heading row that were asked for, else at the sheet with most known headings."""
    with opened(upload) as file:
        format_ = Format(upload.format)
        names = tables(file, format_)
        wanted = [table] if table in names else names
        looks = [(name, look(_rows(upload, file, name), spec.fields, row)) for name in wanted]
    known = dict(KnownHeader.objects.filter(user=upload.by, kind=upload.kind).values_list("heading", "field"))
    seen = [
        Sight(tuple(names), name, found, tuple(propose(found.headings, spec.fields, known)))
        for name, found in looks
        if found
    ]
    if not seen:
        raise FileRefused(_("The table is empty."))
    return max(seen, key=lambda sight: len([*filter(None, sight.columns)]))


def listed(upload: Upload) -> Iterator[ListRow]:
    """The rows below the headings, as they were matched. Rows that repeat the headings, and rows without any text in a
    matched column, are passed over.
    """
    matched = [(place, name) for place, name in enumerate(upload.columns) if name]
    headings: list[str] | None = None
    shared: dict[str, str] = {}
    with opened(upload) as file:
        for number, cells in _rows(upload, file, upload.table):
            if number <= upload.header_row:
                headings = cells if number == upload.header_row else headings
                continue
            texts = {name: cells[place] if place < len(cells) else "" for place, name in matched}
            if cells == headings or not any(texts.values()):
                continue
            yield ListRow(number, {name: shared.setdefault(text, text) for name, text in texts.items()})


def raw_rows(upload: Upload, numbers: set[int]) -> Iterator[tuple[int, list[str]]]:
    """The heading row and the rows of these numbers, as they stand in the file."""
    with opened(upload) as file:
        for number, cells in _rows(upload, file, upload.table):
            if number == upload.header_row or number in numbers:
                yield number, cells


def remember(upload: Upload, headings: Sequence[str], columns: Sequence[str]) -> None:
    """Keep what the person said each heading means, in place of what they said before."""
    said = {heading_key(heading)[:120]: name for heading, name in zip(headings, columns, strict=True)}
    said.pop("", None)
    KnownHeader.objects.filter(user=upload.by, kind=upload.kind, heading__in=said).delete()
    KnownHeader.objects.bulk_create(
        KnownHeader(user=upload.by, kind=upload.kind, heading=heading, field=name) for heading, name in said.items()
    )


def _rows(upload: Upload, file: IO[bytes], table: str) -> Iterator[tuple[int, list[str]]]:
    return open_table(file, Format(upload.format), table=table, encoding=upload.encoding)
