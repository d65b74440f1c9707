"""What people write in sentences, as every service takes it."""

from __future__ import annotations

from assessments.services.refusals import Refused
from assessments.text import clean


def said(text: str, length: int, missing: str = "") -> str:
    """What somebody wrote, cleaned. Raises Refused when it is too long, and, saying `missing`, if that is given, where
    they wrote nothing."""
    try:
        text = clean(text, length)
    except ValueError as error:
        raise Refused(str(error)) from error
    if missing and not text:
        raise Refused(missing)
    return text
