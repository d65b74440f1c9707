"""Uploads stop growing at the largest size that any page takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class BoundedUploadHandler(FileUploadHandler):
    """Stands before the handlers that keep, and drops what is beyond the bound: memory and disk can't be filled.

    What is kept is still larger than allowed, so that the form refuses it in its own words.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_MAX_BYTES else None

    def file_complete(self, _file_size: int) -> UploadedFile | None:
        return None
