"""Files that a page hands out, under names that every system takes.

Always as downloads: the content policy of the site would keep a browser's own viewer from opening them.
"""

from __future__ import annotations

import re
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from collections.abc import Callable

PART_LENGTH = 100
UNFIT = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')
"""What some system refuses in a file name."""

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def file_name(*parts: object) -> str:
    """某街道总工会_沈阳市六好街道（乡镇）工会考核标准_2026: parts of which nothing is left are passed over."""
    name = "_".join(cleaned[:PART_LENGTH] for part in parts if (cleaned := UNFIT.sub(" ", str(part)).strip()))
    return name.strip(". ")


def download(content: bytes, name: str, ending: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{name}.{ending}"),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=TYPES[ending], headers=headers)


def download_workbook(name: str, write: Callable[[IO[bytes]], None]) -> FileResponse:
    """What `write` puts into the file it is given: on disk, as lists may be long."""
    file = TemporaryFile()  # noqa: SIM115  # the response closes it
    write(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{file_name(name)}.xlsx", content_type=TYPES["xlsx"])
