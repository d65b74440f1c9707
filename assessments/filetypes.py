"""What a file is, judged by its content; the name only has to agree."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO, Any

import puremagic

from orgs.files import FileRefused, archive
from orgs.files.formats import MAIN_PART

SIGNATURE_LENGTH = 4096

# name's ending -> (endings by which the content may be recognised, media type it is kept and served as)
_OLE = (".doc", ".xls", ".ppt")  # one container for all old Office and WPS files
_JPEG = ((".jpg", ".jpeg", ".jfif", ".jpe"), "image/jpeg")
_HEIC = ((".heic", ".heif"), "image/heic")
_TIFF = ((".tif", ".tiff"), "image/tiff")
_OFFICE = "application/vnd.openxmlformats-officedocument."
ACCEPTED: dict[str, tuple[tuple[str, ...], str]] = {
    ".pdf": ((".pdf",), "application/pdf"),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": ((".png",), "image/png"),
    ".gif": ((".gif",), "image/gif"),
    ".bmp": ((".bmp",), "image/bmp"),
    ".webp": ((".webp",), "image/webp"),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".heic": _HEIC,
    ".heif": _HEIC,
    ".docx": ((".docx",), _OFFICE + "wordprocessingml.document"),
    ".xlsx": ((".xlsx",), _OFFICE + "spreadsheetml.sheet"),
    ".pptx": ((".pptx",), _OFFICE + "presentationml.presentation"),
    ".doc": (_OLE, "application/msword"),
    ".wps": (_OLE, "application/msword"),
    ".xls": (_OLE, "application/vnd.ms-excel"),
    ".et": (_OLE, "application/vnd.ms-excel"),
    ".ppt": (_OLE, "application/vnd.ms-powerpoint"),
    ".dps": (_OLE, "application/vnd.ms-powerpoint"),
}


def content_type_of(upload: IO[Any], name: str) -> str | None:
    """The media type under which an accepted file is kept and served; None for everything else."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in ACCEPTED:
        return None
    recognised, content_type = ACCEPTED[suffix]
    if not _endings(upload).intersection(recognised):
        return None
    if suffix in MAIN_PART and not _holds(upload, MAIN_PART[suffix]):
        return None
    return content_type


def _endings(upload: IO[Any]) -> set[str]:
    upload.seek(0)
    try:
        return {match.extension for match in puremagic.magic_string(upload.read(SIGNATURE_LENGTH))}
    except (puremagic.PureError, ValueError):
        return set()


def _holds(upload: IO[Any], part: str) -> bool:
    """Whether the ZIP directory lists the part, no macro project and no bomb. Nothing is unpacked."""
    try:
        entries = archive.directory(upload)
    except FileRefused:
        return False
    named = any(entry.filename == part for entry in entries)
    return named and not archive.has_macros(entries) and not archive.is_bomb(entries)
