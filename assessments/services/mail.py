"""E-mail for those who want it, on a site that has a mail server. The messages in the product never depend on it."""

from __future__ import annotations

import logging
from datetime import timedelta
from itertools import groupby
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from assessments.models import Message
from orgs.models import User

logger = logging.getLogger(__name__)

DAYS = 3
"""What could not be sent for so long is not news any more."""

AT_ONCE = 1000
"""Messages that one run looks at; the next one takes the others."""

OF_ONE_MAIL = (SMTPRecipientsRefused, SMTPResponseException)


def unsent() -> QuerySet[Message]:
    """What nobody has read yet, of people with an address."""
    since = timezone.now() - timedelta(days=DAYS)
    found = Message.objects.filter(mailed_at=None, read_at=None, at__gte=since, to__is_active=True)
    return found.exclude(to__email="").select_related("to").order_by("to", "pk")


def send() -> None:
    """One e-mail to each person with what they have not been sent.

    Each message is claimed before it is sent, so that two workers send none twice, and given back when the mail server
    refuses it: the next run tries again. A failure is logged and breaks nothing.
    """
    if not settings.EMAIL_FROM:
        return
    connection = get_connection()
    for _person, own in groupby(unsent()[:AT_ONCE], key=lambda message: message.to_id):
        claimed = [message for message in own if _claim(message)]
        if not claimed:
            continue
        try:
            _mail(claimed, connection).send()
        except OSError as error:  # all that smtplib raises is one
            logger.warning("E-mail to %s could not be sent: %s", claimed[0].to.username, error)
            Message.objects.filter(pk__in=[message.pk for message in claimed]).update(mailed_at=None)
            if not isinstance(error, OF_ONE_MAIL):
                return  # the server does not answer: it would not answer the others either


def _claim(message: Message) -> bool:
    return bool(Message.objects.filter(pk=message.pk, mailed_at=None).update(mailed_at=timezone.now()))


def _mail(told: list[Message], connection: BaseEmailBackend) -> EmailMessage:
    with override(settings.LANGUAGE_CODE):
        subject = ngettext("Kaoping: %(count)d message", "Kaoping: %(count)d messages", len(told)) % {
            "count": len(told)
        }
        end = _("Log in to Kaoping to read more. These e-mails can be ended there, under “Messages”.")
    body = "\n".join([*(f"· {message.text}" for message in told), "", end, ""])
    return EmailMessage(subject, body, settings.EMAIL_FROM, [told[0].to.email], connection=connection)


def change_address(user: User, address: str) -> None:
    """Where a person wants their messages sent, too; empty: nowhere."""
    User.objects.filter(pk=user.pk).update(email=address)
