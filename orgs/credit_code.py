"""Unified social credit codes (GB 32100-2015): what was typed -> the code, or why it is none. Pure functions."""

from __future__ import annotations

import re
from enum import Enum
from unicodedata import normalize

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V, Z: a character's place is its value."""

LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


SPREADSHEET = re.compile(r"'.*|[0-9]+(\.[0-9]*)?E\+?[0-9]+|[0-9]+\.[0-9]*|[0-9]{15}000")
"""A leading apostrophe, 9.15E+17, 1.0, or fifteen digits and noughts: what Excel makes of a column of codes."""


class Reason(Enum):
    """Why a text is not a code."""

    SPREADSHEET = "a spreadsheet turned it into a number"
    LENGTH = "not 18 characters"
    ALPHABET = "a character that no code has"
    CHECK = "wrong check character"


class NotACodeError(ValueError):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def parse(typed: str) -> str:
    """The code in capitals without blanks; '' where nothing was typed. Raises NotACodeError."""
    text = "".join(normalize("NFKC", typed).split()).upper()
    if not text:
        return ""
    if reason := _fault(text):
        raise NotACodeError(Reason.SPREADSHEET if SPREADSHEET.fullmatch(text) else reason)
    return text


def _fault(text: str) -> Reason | None:
    if len(text) != LENGTH:
        return Reason.LENGTH
    if not set(text) <= set(ALPHABET):
        return Reason.ALPHABET
    return None if check_character(text[:-1]) == text[-1] else Reason.CHECK


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % len(ALPHABET)]
