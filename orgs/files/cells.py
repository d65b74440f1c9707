"""What stands in a cell, as text in one form."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel

from orgs.files.refused import FileRefused, damaged

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""

DIGITS = 15
"""Significant digits that a workbook keeps of a number; what a longer one lost can't be told from what it kept."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def tidy(text: str, row: int) -> str:
    """Without control characters (a space each) and blanks around it; line ends are line feeds."""
    if len(text) > LONGEST:
        raise FileRefused(
            _("Row %(row)s: a cell holds more than %(limit)s characters.") % {"row": row, "limit": LONGEST}
        )
    if text.isprintable():  # the usual: nothing to look for
        return text.strip()
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def unescaped(text: str) -> str:
    """Text of a workbook, where _x000B_ stands for a character that XML can't hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def number(typed: str) -> str:
    """A number as a person would write it: '3', '0.3'; beyond 15 digits as the spreadsheet shows it, 8.1E+17.

    So a code that the spreadsheet took for a number never looks like a code.
    """
    if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS:
        return typed.lstrip("0") or "0"
    try:
        value = float(typed)
    except ValueError as error:
        raise damaged() from error
    text = f"{value:.{DIGITS}g}"
    if "n" in text:  # nan and inf: no spreadsheet writes them
        raise damaged()
    if abs(value) >= 10**DIGITS or 0 < abs(value) < 10**-DIGITS:
        return f"{Decimal(text):E}"
    return f"{Decimal(text) + 0:f}"  # + 0: no minus before nought


def moment(typed: str, epoch: dt.datetime, *, is_duration: bool) -> str:
    """A date in ISO form, with the time where there is one."""
    try:
        value = from_excel(float(typed), epoch, timedelta=is_duration) if not typed.startswith("-") else None
    except (ValueError, OverflowError):
        value = None
    if value is None:
        return number(typed)  # what no calendar has: shown as the number that it is
    if isinstance(value, dt.timedelta):
        return _duration(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds") if isinstance(value, dt.datetime) else value.isoformat("seconds")


def _duration(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"
