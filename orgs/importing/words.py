"""What a cell says where only certain words may stand: compared as people read them, in every language."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from orgs.names import clean_text
from orgs.services.base import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise as StrPromise


def fold(name: str) -> str:
    """What two names have in common that differ in width, case or blanks alone; the same alone and within a path."""
    return clean_text(name).replace(" ", "").casefold()


def in_every_language(word: str | StrPromise) -> list[str]:
    """A list may have been made by somebody who sees the other language."""
    words = []
    for code, _language in settings.LANGUAGES:
        with override(code):
            words.append(str(word))
    return words


def unknown(said: str, typed: str, words: Sequence[str]) -> Refused:
    """What is wrong with a cell, and which of the words it probably means."""
    near = get_close_matches(typed, words, 1, cutoff=0.3)
    return Refused(said + " " + _("Nearest: “%(word)s”.") % {"word": near[0]} if near else said)
