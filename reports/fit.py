"""How Chinese text goes into a narrow cell: full-width characters, all as wide as the type is high."""

from __future__ import annotations

import re
import unicodedata

POINT = 25.4 / 72
"""Millimetres."""

DIGIT = 0.57
"""Width of a bold digit, in ems."""

CHINESE = re.compile(r"[\u3400-\u9fff]+")


def balanced(text: str, room: int) -> str:
    """Chinese text in lines of at most `room` characters, parted evenly and, most words having two, at even places.

    党委政府重视支持好 in a room of six: 党委政府 / 重视支持好.
    """
    return "\n".join(_balanced(line, room) for line in text.split("\n"))


def _balanced(line: str, room: int) -> str:
    if room < 1 or len(line) <= room or not CHINESE.fullmatch(line):
        return line
    if room <= 2 and len(line) > 2 * room:
        return "\n".join(line)  # written downwards, as in a narrow merged cell
    parts = []
    while line:
        lines_left = -(-len(line) // room)
        share = 2 * int(len(line) / lines_left / 2 + 0.5)  # the nearest even number
        # the rest must fit into the other lines
        take = max(min(share, room), len(line) - room * (lines_left - 1))
        parts.append(line[:take])
        line = line[take:]
    return "\n".join(parts)


def room(width: float, size: float) -> int:
    """How many full-width characters of `size` points stand in a line of `width` millimetres."""
    return int(width / (size * POINT))


def number_size(length: int, width: float, size: float, smallest: float) -> float:
    """The type size, at most `size`, at which a number of that many characters stands in one line."""
    return max(smallest, min(size, width / (length * DIGIT * POINT))) if length else size


def em_width(text: str) -> float:
    """How wide a text is, in ems: a Chinese character one, a digit or Latin letter a half."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)
