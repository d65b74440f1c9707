"""The one way in which this package says no."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileRefused(Exception):  # noqa: N818  # reads as what it is where it is raised
    """The file is not taken. Carries one translated sentence: what the file is, and what to do."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


def damaged() -> FileRefused:
    return FileRefused(
        _("The file is damaged and can't be read. Open it in WPS or Office, save it again, and upload that file.")
    )


@contextmanager
def reading() -> Iterator[None]:
    """Around openpyxl or python-docx on a `guarded` file: whatever they raise means that the file is damaged.

    They answer nonsense inside a well-formed package with any exception there is.
    """
    try:
        yield
    except FileRefused:
        raise
    except Exception as error:
        raise damaged() from error
