"""Text that people type or paste."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _


def clean(text: str, length: int) -> str:
    """Without control characters (a Word line break pasted into a remark would end an Excel export) and trimmed.

    Raises ValueError with a sentence when it is longer than `length`: nothing a person wrote is cut silently.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    kept = "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in lines).strip()
    if len(kept) > length:
        raise ValueError(_("Too long: at most %(length)d characters.") % {"length": length})
    return kept


def listed(names: Sequence[str], most: int = 10, by: str = "、") -> str:
    """The first of them, with '…' where there are more."""
    return by.join(names[:most]) + ("…" if len(names) > most else "")
