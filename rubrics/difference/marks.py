"""Where two wordings differ, character by character; numbers and words of letters are taken whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rubrics.difference.compare import Kind

WORD = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+|.", re.DOTALL)
SENTENCE = re.compile(r"[^，。；\n]*[，。；\n]|[^，。；\n]+")
LONG = 1500
"""From so many characters on, wordings are compared clause by clause: the time grows with the square."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of characters: removed, added, or blank where both wordings have it."""

    kind: str
    text: str


def marks(old: str, new: str) -> tuple[Mark, ...]:
    """Both wordings in one line: without what was added it is the old one, without what was removed the new one."""
    token = WORD if max(len(old), len(new)) < LONG else SENTENCE
    return tuple(_marks(token.findall(old), token.findall(new)))


def _marks(before: list[str], after: list[str]) -> Iterator[Mark]:
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if kind == "equal":
            yield Mark("", removed)
            continue
        if removed:
            yield Mark(Kind.REMOVED, removed)
        if added:
            yield Mark(Kind.ADDED, added)
