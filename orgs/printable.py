"""What people typed, as paper and workbooks can hold it."""

import re

SOFT_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Ends of lines of other programs: Word's soft break is \\x0b."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters, and what XML forbids: a workbook with one of them is refused as damaged."""


def printable(text: str) -> str:
    """Line ends are line feeds, control characters are gone."""
    return UNPRINTABLE.sub("", SOFT_BREAKS.sub("\n", text))
