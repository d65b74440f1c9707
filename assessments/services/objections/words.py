"""What is typed about an objection: who objects, and words that everybody reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.refusals import Refused
from assessments.services.words import said

STATEMENT, OUTCOME, NAME, CONTACT = 2000, 1000, 60, 120


def secrets_of(who: Mapping[str, Any], assessment: Assessment) -> list[str]:
    """What must not stand in them: name, contact, and the union that objects, unless it is to its own result."""
    union = who["organization"]
    other = union.name if union and union.pk != assessment.organization_id else ""
    return [word for word in (who["objector"], who["objector_contact"], other) if len(word) > 1]


def words_for_all(text: str, length: int, missing: str, secrets: Iterable[str]) -> str:
    """Words that everybody reads: there are some, and they do not say who objected."""
    text = said(text, length, missing)
    told = [secret for secret in secrets if secret in text]
    if told:
        raise Refused(_("Others read this: please leave “%(name)s” out of it.") % {"name": told[0]})
    return text
