"""What a file is, judged by its content; the name only has to agree."""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import IO, Any

import puremagic

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

LARGE, RATIO = 50 * 1024 * 1024, 100
"""Beyond 50 MB an office file that unpacks to more than a hundred times its size was made to choke whoever opens it."""

MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
"""All three are ZIP files; which one it is, the part inside says."""


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
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False
    names = {entry.filename for entry in entries}
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    packed, unpacked = (sum(getattr(entry, size) for entry in entries) for size in ("compress_size", "file_size"))
    return part in names and not macros and unpacked <= max(LARGE, packed * RATIO)
