"""What may be said of an organisation and its people: what was typed -> its one form, or a sentence that refuses it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from orgs import credit_code
from orgs.names import clean_name, clean_text
from orgs.services.base import Refused

MAX_NAME, MAX_CONTACT, MAX_PHONE = 120, 60, 30
MAX_MEMBERS = 100_000_000


def checked_name(typed: str, limit: int = MAX_NAME) -> str:
    name = clean_name(typed)
    if not name:
        raise Refused(_("The name is missing."))
    if len(name) > limit:
        raise Refused(
            _("The name “%(name)s…” is longer than %(limit)d characters.") % {"name": name[:20], "limit": limit}
        )
    return name


def checked_code(typed: str) -> str:
    try:
        return credit_code.parse(typed)
    except credit_code.NotACodeError as error:
        raise Refused(code_sentence(typed, error.reason)) from error


def code_sentence(typed: str, reason: credit_code.Reason) -> str:
    """Why what was typed is not a unified social credit code, for a person."""
    sentences = {
        credit_code.Reason.SPREADSHEET: _(
            "The credit code “%(code)s” was turned into a number by a spreadsheet and lost digits: "
            "format the column as text and type it again."
        ),
        credit_code.Reason.LENGTH: _("The credit code “%(code)s” does not have 18 characters."),
        credit_code.Reason.ALPHABET: _(
            "The credit code “%(code)s” has a character that no code has "
            "(only digits and capitals without I, O, S, V, Z)."
        ),
        credit_code.Reason.CHECK: _(
            "The credit code “%(code)s” is mistyped: its last character does not fit the others."
        ),
    }
    return sentences[reason] % {"code": typed[:40]}


def checked_contact(typed: str) -> str:
    contact = clean_name(typed)
    if len(contact) > MAX_CONTACT:
        raise Refused(
            _("The contact person “%(name)s…” is longer than %(limit)d characters.")
            % {"name": contact[:20], "limit": MAX_CONTACT}
        )
    return contact


def checked_contact_phone(typed: str) -> str:
    """As it is to be dialled, extension and second number included: digits, blanks and the signs between them."""
    phone = clean_text(typed)
    if phone and not re.fullmatch(r"(?=.*[0-9]{3})[0-9 +()、,;/*#—–转分机-]+", phone):
        raise Refused(_("“%(phone)s” is no phone number.") % {"phone": phone[:30]})
    if len(phone) > MAX_PHONE:
        raise Refused(
            _("The phone number “%(phone)s…” is longer than %(limit)d characters.")
            % {"phone": phone[:20], "limit": MAX_PHONE}
        )
    return phone
