"""Printed text: what is wording, what is layout, and which number is meant."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys((0x3000, 0xA0, 9), 0x20)
_DIGITS = {code: narrow for code, narrow in _NARROW.items() if chr(narrow).isalnum() or chr(narrow) in "%.-+~"}
_BREAK = re.compile(r"\s*[\n\v\f\r\u2028]\s*")
_BLANKS = re.compile(r"[ \t\u2002-\u200b\u3000\ufeff]+")
LONGEST_LABEL = 200  # a longer text is no label, and searching it would take long
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_POINTS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)分?")
_NUMBER = r"(?P<points>[0-9]{1,4}(?:\.[0-9]{1,2})?)分"
_LABELS = (
    re.compile(rf"(?P<name>.+?)\s*[(\[][^()\[\]]*?{_NUMBER}[^()\[\]]*[)\]]", re.DOTALL),
    re.compile(rf"(?P<name>.+?)\s*(?:共|计|满分|[:：])?{_NUMBER}", re.DOTALL),
)


def narrow(text: str) -> str:
    """Full-width signs as half-width ones, character by character: positions stay the same."""
    return text.translate(_NARROW)


def digits(text: str) -> str:
    """Numbers, letters and signs of arithmetic half-width, punctuation as printed; positions stay the same."""
    return text.translate(_DIGITS)


def plain(text: str) -> str:
    """For comparing only: without blanks, in one width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def lines(text: str) -> tuple[str, ...]:
    """The printed lines that are not blank, each without the blanks around it."""
    return tuple(line for line in _BREAK.split(_CONTROL.sub("", text).strip()) if line)


def wording(text: str) -> str:
    """The document's own words in one line: line breaks and padding go, everything else stays verbatim."""
    joined = ""
    for line in lines(text):
        joined += (" " if joined and _latin(joined[-1]) and _latin(line[0]) else "") + line
    return _BLANKS.sub(lambda gap: _gap(joined, gap), joined).strip()


def _gap(text: str, gap: re.Match[str]) -> str:
    if gap.group() == " ":
        return " "
    around = text[gap.start() - 1 : gap.start()] + text[gap.end() : gap.end() + 1]
    return " " if all(map(_latin, around)) else ""


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def compact(text: str) -> str:
    """A heading, a department's name or a label, where no blank means anything."""
    return "".join(_CONTROL.sub("", text).replace("\ufeff", "").split())


def points_of(text: str) -> Decimal | None:
    """The points that a cell prints ('5', '５分', ' 0.5 '), None where it is anything else. Never 0, never negative."""
    match = _POINTS.fullmatch(plain(text))
    value = Decimal(match[1]) if match else Decimal(0)
    return value or None


def label_points(label: str) -> tuple[str, Decimal | None]:
    """A label and the number in it: '组织建设（18分）' -> ('组织建设', 18); ('加分项目', None) where it has none."""
    short = narrow(label) if len(label) <= LONGEST_LABEL else ""
    match = next(filter(None, (pattern.fullmatch(short) for pattern in _LABELS)), None)
    if match is None:
        return label, None
    return label[: match.end("name")], Decimal(match["points"]) or None


def common(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1, by the pairs of signs they share."""
    left, right = _pairs(one), _pairs(other)
    return len(left & right) / max(1, len(left | right))


def _pairs(text: str) -> frozenset[str]:
    squeezed = plain(text)
    return frozenset(squeezed[at : at + 2] for at in range(max(1, len(squeezed) - 1)))
