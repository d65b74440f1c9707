"""What a cell may hold: how a value is written into it, and how it is read, or why it can't be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from orgs.printable import printable
from rubrics.scoring.numbers import NumberError, format_points, parse_number

LONGEST = 32_767
"""UTF-16 units that a cell holds."""

YES, NO = "是", "否"
SIGNS = ("-", "－", "−")  # what input methods write for a minus


class Refused(Exception):  # noqa: N818  # reads as what it is where it is raised
    """The workbook is not taken, or can't be written. Carries a sentence for each reason."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class Cell(Protocol):
    """Reading raises ValueError with a sentence."""

    def write(self, value: Any) -> str | Decimal | int | None: ...

    def read(self, raw: object) -> Any: ...


@dataclass(frozen=True, slots=True)
class Text:
    """Words, kept as they are. A number that the spreadsheet made of them is read as it shows it; a date is refused."""

    longest: int | None = None
    required: bool = False

    def write(self, value: str) -> str | None:
        return value or None

    def read(self, raw: object) -> str:
        text = plain(raw)
        if self.required and not text.strip():
            raise ValueError(_("This must be filled in."))
        if self.longest is not None and len(text) > self.longest:
            raise ValueError(_("At most %(most)d characters.") % {"most": self.longest})
        return text


@dataclass(frozen=True, slots=True)
class Number:
    """A number of at most so many decimals; blank is `blank`."""

    least: Decimal = Decimal(0)
    most: Decimal = Decimal("9999.99")
    places: int = 2
    blank: Decimal | None = None
    required: bool = False

    def write(self, value: Decimal | None) -> Decimal | None:
        return value

    def read(self, raw: object) -> Decimal | None:
        text = plain(raw).strip()
        if not text:
            if self.required:
                raise ValueError(_("This must be filled in."))
            return self.blank
        sign = -1 if text.startswith(SIGNS) else 1
        step = Decimal(1).scaleb(-self.places)
        try:
            value = parse_number(text[1:] if sign < 0 else text, maximum=None, step=step)
        except NumberError as error:
            raise ValueError(self._sentence(text)) from error
        if value is None or not self.least <= sign * value <= self.most:
            raise ValueError(self._sentence(text))
        return sign * value

    def _sentence(self, text: str) -> str:
        return _("“%(text)s” is not a number from %(least)s to %(most)s with at most %(places)d decimals.") % {
            "text": text[:30],
            "least": format_points(self.least),
            "most": format_points(self.most),
            "places": self.places,
        }


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; blank is None."""

    least: int = 0
    most: int = 32_767
    required: bool = False

    def write(self, value: int | None) -> int | None:
        return value

    def read(self, raw: object) -> int | None:
        text = plain(raw).strip()
        if not text and not self.required:
            return None
        if not text.isdecimal() or not self.least <= int(text[:9]) <= self.most or len(text) > 9:
            raise ValueError(
                _("“%(text)s” is not a whole number from %(least)d to %(most)d.")
                % {"text": text[:30], "least": self.least, "most": self.most}
            )
        return int(text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several words. `words` is by value; the value itself is read too. Blank is `blank`."""

    words: Mapping[Any, str]
    blank: str | None = None

    def write(self, value: str) -> str | None:
        return self.words[value] or None

    def read(self, raw: object) -> str:
        text = plain(raw).strip()
        if not text and self.blank is not None:
            return self.blank
        for value, word in self.words.items():
            if text and text in {value, word}:
                return value
        raise ValueError(
            _("“%(text)s” is none of: %(words)s.")
            % {"text": text[:30], "words": "、".join(word for word in self.words.values() if word)}
        )


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; blank is no."""

    def write(self, value: bool) -> str | None:  # the value of the cell
        return YES if value else None

    def read(self, raw: object) -> bool:
        text = plain(raw).strip()
        if text not in {YES, NO, "", "TRUE", "FALSE"}:
            raise ValueError(_("“%(text)s” is none of: %(words)s.") % {"text": text[:30], "words": f"{YES}、{NO}"})
        return text in {YES, "TRUE"}


def plain(raw: object) -> str:
    """What a cell holds as text. Raises ValueError for what a spreadsheet made of the words: a date, an error."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return f"{Decimal(f'{raw:.15g}'):f}"
    if isinstance(raw, str):
        return printable(raw)
    raise ValueError(_("The spreadsheet made a date of it. Set the cell to “text” and type it again."))
