"""A zip with a folder for each county. What lies in it is packed already and only stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from django.utils import timezone

from reports import batch, excel
from reports.exports.cards.reading import Card, cards

if TYPE_CHECKING:
    from orgs.models import User
    from reports.exports.spec import Asked, Paths

READABLE = 0o644 << 16


def make_pdfs(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    made = cards(user, asked, part)
    contents = batch.render_many([card.table for card in made])
    _pack(path, zip(made, contents, strict=True), "pdf")


def make_workbooks(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    _pack(path, ((card, excel.render(card.table)) for card in cards(user, asked, part)), "xlsx")


def join(_asked: Asked, paths: Paths, path: Path) -> None:
    """Copies the members as they are, one at a time. Where a name is taken, the later one gets a number."""
    taken: set[str] = set()
    with ZipFile(path, "w") as whole:
        for part in paths:
            with ZipFile(part) as archive:
                for member in archive.infolist():
                    _number, _slash, name = member.filename.partition("/")
                    named = _entry(_free(name, taken), member.date_time, member.file_size)
                    with archive.open(member) as source, whole.open(named, "w") as target:
                        copyfileobj(source, target)


def _pack(path: Path, made: Iterable[tuple[Card, bytes]], ending: str) -> None:
    """A part: each card in a folder of its own number, as names may be equal until they are joined."""
    now = timezone.localtime().timetuple()[:6]
    with ZipFile(path, "w") as archive:
        for number, (card, content) in enumerate(made):
            archive.writestr(_entry(f"{number}/{card.county}/{card.name}.{ending}", now, len(content)), content)


def _entry(name: str, time: tuple[int, ...], size: int) -> ZipInfo:
    """zipfile marks names beyond ASCII as UTF-8, so that Explorer and WPS show them on any Windows."""
    entry = ZipInfo(name, time)  # type: ignore[arg-type]
    entry.file_size, entry.external_attr = size, READABLE
    return entry


def _free(name: str, taken: set[str]) -> str:
    """The name, or with " (2)" before its ending; Windows takes capital and small letters for the same."""
    stem, _dot, ending = name.rpartition(".")
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}).{ending}"
    taken.add(free.casefold())
    return free
