"""Word to who ordered a file that it is there, or that it is not coming.

Whoever is still looking at its page has read that as soon as the page says it; for all others the bell rings.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.reminders.reminding import Note
from assessments.services import messages
from reports.models import ExportState

if TYPE_CHECKING:
    from orgs.models import User
    from reports.models import Export

WORTH_A_MAIL = timedelta(minutes=1)
"""Who has waited longer has probably left the page; for others the next mail is soon enough, if they are not there."""


def tell(export: Export) -> None:
    """Of an export that is ready or has failed; once each, in the transaction that says so.

    What is made for all who read a page is told there, to whoever asks.
    """
    if export.by_id is None:
        return
    if export.state == ExportState.DONE:
        text = _("“%(name)s” is ready. You can fetch it under “My files”.")
    else:
        text = _("“%(name)s” could not be made. Its page says why.")
    url = reverse("reports:export", args=[export.pk])
    messages.write([(export.by_id, Note(_occasion(export), text % {"name": export.name}, url))])
    if timezone.now() - export.at > WORTH_A_MAIL:
        messages.send_later()


def seen(by: User, export: Export) -> None:
    """They know by now."""
    messages.read_about(by, _occasion(export))


def _occasion(export: Export) -> str:
    return f"export {export.pk} {export.state}"
