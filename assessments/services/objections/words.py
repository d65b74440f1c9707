"""What is typed about an objection: who objects, and words that everybody reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.services.refusals import Refused
from assessments.text import clean

STATEMENT, OUTCOME, NAME, CONTACT = 2000, 1000, 60, 120


def text_of(text: str, length: int) -> str:
    try:
        return clean(text, length)
    except ValueError as error:
        raise Refused(str(error)) from error


def words_for_all(text: str, length: int, missing: str, who: dict[str, Any]) -> str:
    """Words that everybody reads: there are some, and they do not say who objected."""
    text = text_of(text, length)
    if not text:
        raise Refused(missing)
    told = [who[name] for name in ("objector", "objector_contact") if len(who[name]) > 1 and who[name] in text]
    if told:
        raise Refused(_("Others read this: please leave “%(name)s” out of it.") % {"name": told[0]})
    return text
