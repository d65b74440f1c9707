"""The form field through which tables and documents come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from orgs.files.formats import ENDINGS, Format, identify
from orgs.files.refused import FileRefused

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.core.files.uploadedfile import UploadedFile


class TableFileField(forms.FileField):
    """A file of one of the formats that it accepts; the cleaned file says which: `file.format`. Else a form error.

    The browser is asked to offer only such files, but nothing relies on it.
    """

    def __init__(self, *, accept: Collection[Format] = (Format.XLSX, Format.CSV), **more: Any) -> None:
        self.accept = tuple(accept)
        super().__init__(allow_empty_file=True, **more)  # what an empty file is, identify() says

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        endings = ",".join(ending for found in self.accept for ending in ENDINGS[found])
        return super().widget_attrs(widget) | {"accept": endings}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile | None = super().clean(data, initial)
        if data and file is not None:
            try:
                file.format = identify(file, file.name or "", self.accept)  # type: ignore[attr-defined]
            except FileRefused as refused:
                raise ValidationError(refused.sentence, code="refused") from refused
        return file
