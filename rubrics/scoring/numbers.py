"""The one number parser: what a person typed -> Decimal, or a reason why not.

Only the characters that an input method or a spreadsheet writes for a digit or a sign are mapped, by the table below.
Unicode normalisation (NFKC) is deliberately not used: it also makes a 2 of ② and a 1 of ½, and nobody who wrote those
meant a mark. Nothing is rounded or clamped: what is off the step or above the maximum is refused; the person decides.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial

LONGEST = 32  # characters, without the blanks around them
LARGEST = Decimal(999_999_999_999)  # ceiling of a count that has no maximum; keeps every later sum exact

_NARROW = str.maketrans("０１２３４５６７８９．。｡，－−％", "0123456789...,--%")


class Reason(StrEnum):
    """Why a number was refused. A blank is not refused: it is no number yet."""

    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    NEGATIVE = "negative"  # -0 too: no mark carries a sign
    TOO_LARGE = "too_large"
    NOT_WHOLE = "not_whole"  # off a step of 1
    OFF_STEP = "off_step"


class NumberError(ValueError):
    """What was typed can't be taken; holds what a sentence to the person needs."""

    def __init__(self, reason: Reason, *, text: str, maximum: Decimal, step: Decimal) -> None:
        super().__init__(f"{text[:LONGEST]!r} is refused: {reason}")
        self.reason = reason
        self.text = text
        self.maximum = maximum
        self.step = step


def parse_number(
    text: str, *, maximum: Decimal | None, step: Decimal, units: tuple[str, ...] = ("分",)
) -> Decimal | None:
    """The number that `text` says, None if it is blank. Raises NumberError. (domain.md 4 item 2, trust.md fact 5)

    maximum  the highest value allowed; None for a count, which alone may be typed in thousands (1,000 or 1，000)
    step     the value must be a whole multiple of it
    units    what may stand once behind the number, with or without a blank: 5分, 5 分

    Takes ５．０分, 90。5, 5.00 and, as spreadsheets do, .5 for a half. Refuses 5. because more may be meant to follow.
    """
    limit = LARGEST if maximum is None else maximum
    refusal = partial(NumberError, text=text, maximum=limit, step=step)
    typed = text.strip()
    if not typed:
        return None
    if len(typed) > LONGEST:
        raise refusal(Reason.TOO_LONG)
    match = _grammar(units).fullmatch(typed.translate(_NARROW))
    if match is None or (maximum is not None and "," in match["number"]):
        raise refusal(Reason.NOT_A_NUMBER)
    value = Decimal(match["number"].replace(",", ""))
    reason = fault(value, maximum=limit, step=step)
    if reason is not None:
        raise refusal(reason)
    return value


@lru_cache
def _grammar(units: tuple[str, ...]) -> re.Pattern[str]:
    suffixes = "|".join(re.escape(unit.translate(_NARROW)) for unit in units)
    whole = "[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+|(?=[.])"
    return re.compile(rf"(?P<number>-?(?:{whole})(?:[.][0-9]+)?)(?:\s*(?:{suffixes}))?")


def fault(value: Decimal, *, maximum: Decimal, step: Decimal) -> Reason | None:
    """What forbids `value` as a mark or a count, None if nothing does. (trust.md invariant 1)"""
    if not value.is_finite():
        return Reason.NOT_A_NUMBER
    if value.is_signed():
        return Reason.NEGATIVE
    if value > maximum:
        return Reason.TOO_LARGE
    if value % step:
        return Reason.NOT_WHOLE if step == 1 else Reason.OFF_STEP
    return None


def format_points(value: Decimal | None) -> str:
    """Points as people write them: '' for None, '0', '90', '89.5'; no exponent, no trailing zeros."""
    if value is None:
        return ""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
