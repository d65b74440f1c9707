"""Import through django-import-export in the admin, by the same door."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX

from orgs.files.guard import guarded
from orgs.files.refused import FileRefused, reading

if TYPE_CHECKING:
    from django.forms import Form


class GuardedXLSX(XLSX):
    def create_dataset(self, in_stream: bytes) -> Any:
        with reading():
            return super().create_dataset(guarded(BytesIO(in_stream)).read())


class GuardedImportMixin(ImportExportMixin):
    """An admin that takes workbooks which are safe to open, and says in the form what is wrong with others."""

    formats = [GuardedXLSX, CSV]

    def add_data_read_fail_error_to_form(self, form: Form, error: Exception) -> Any:
        if isinstance(error, FileRefused):
            return form.add_error("import_file", error.sentence)
        return super().add_data_read_fail_error_to_form(form, error)
