"""Where an export lies on the disk: a folder of its own, with the parts and, in the end, the whole.

A file is written under a name that nobody knows and renamed into its place, whole: nobody ever reads half of one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse

from orgs.downloads import TYPES
from reports.models import Export, ExportPart

ONLY_OURS = 0o700
WHOLE = "whole"


def root() -> Path:
    return Path(default_storage.path("exports"))


def folder(export: Export) -> Path:
    return root() / export.key.hex


def whole(export: Export) -> Path:
    return folder(export) / WHOLE


def place(part: ExportPart) -> Path:
    return folder(part.export) / f"{part.number:06}"


@contextmanager
def draft(export: Export) -> Iterator[Path]:
    """A path to write to. What is still there at the end goes away, unless `settle` has renamed it."""
    own = folder(export)
    for each in (own.parent, own):
        each.mkdir(ONLY_OURS, parents=True, exist_ok=True)
    path = own / f"{uuid4().hex}.tmp"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have it on the disk, for the service alone, before the database says that it is there."""
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def settle(path: Path, target: Path) -> None:
    """The one step by which a file comes to be there."""
    path.replace(target)


def response(export: Export) -> FileResponse:
    """The whole, as a download."""
    kind = TYPES.get(export.ending, "application/octet-stream")
    file = whole(export).open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{export.name}.{export.ending}", content_type=kind)


def forget(export: Export, *, but_whole: bool = False) -> None:
    """Delete the folder, or all that lies in it beside the whole. Done again, it does no harm."""
    if not but_whole:
        rmtree(folder(export), ignore_errors=True)
        return
    for path in folder(export).glob("*"):
        if path.name != WHOLE:
            path.unlink(missing_ok=True)


def keys() -> Iterator[UUID]:
    """Of all folders that there are."""
    for path in root().glob("*"):
        with suppress(ValueError):
            yield UUID(hex=path.name)
