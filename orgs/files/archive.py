"""The ZIP container of .xlsx and .docx: what its directory says, and whether that is true."""

from __future__ import annotations

import copy
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from orgs.files.refused import FileRefused, damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGE, RATIO = 50 << 20, 100
"""Beyond 50 MB an office file that unpacks to more than a hundred times its size was made to choke whoever opens it."""

UNPACKED, MEMBERS = 256 << 20, 5_000
"""What a file to be read here may unpack to. A list of 200,000 rows and 12 columns needs half of it."""

ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)
"""All that zipfile raises for a damaged file."""


def directory(file: IO[Any]) -> list[zipfile.ZipInfo]:
    """The entries as the ZIP directory lists them. Raises FileRefused where there is none."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except BROKEN as error:
        raise damaged() from error


def is_bomb(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether the directory itself says that the file unpacks out of all proportion."""
    entries = list(entries)
    packed, unpacked = (sum(getattr(entry, size) for entry in entries) for size in ("compress_size", "file_size"))
    return unpacked > max(LARGE, packed * RATIO)


def has_macros(entries: Iterable[zipfile.ZipInfo]) -> bool:
    return any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries)


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The archive, once its directory promises that it unpacks within bounds; Part keeps it to the promise."""
    entries = directory(file)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise encrypted()
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or any(entry.compress_type not in METHODS for entry in entries):
        raise damaged()
    if is_bomb(entries) or len(entries) > MEMBERS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise FileRefused(
            _(
                "The file unpacks to far more than a table or document needs, and was not opened. "
                "Copy what is needed into a new file and upload that."
            )
        )
    file.seek(0)
    return zipfile.ZipFile(file)


def part(archive: zipfile.ZipFile, name: str) -> Part:
    """One member to read from. Raises FileRefused where it is missing."""
    try:
        return Part(archive, archive.getinfo(name))
    except KeyError as error:
        raise damaged() from error


def parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, Part]]:
    """Each member that holds something, by name."""
    return ((entry.filename, Part(archive, entry)) for entry in archive.infolist() if entry.file_size)


class Part:
    """A member's content, counted while it is read: a declared size that is not true is a trick or damage."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        self.left = entry.file_size
        unbounded = copy.copy(entry)
        unbounded.file_size = UNPACKED + 1  # zipfile would cut the content off at the declared size
        try:
            self.content = archive.open(unbounded)
        except BROKEN as error:
            raise damaged() from error

    def read(self, size: int) -> bytes:
        try:
            chunk = self.content.read(size)
        except BROKEN as error:
            raise damaged() from error
        self.left -= len(chunk)
        if self.left < 0 or (not chunk and self.left):
            raise damaged()
        return chunk


def encrypted() -> FileRefused:
    return FileRefused(
        _("The file is protected with a password. Open it, remove the password, save it, and upload it again.")
    )
