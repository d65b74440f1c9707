"""What people type about a notice, and what is proposed to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.calendars import is_workday, last_day
from assessments.forms.cycles import date_input
from assessments.models import Cycle, Notice, Snapshot


class NoticeForm(forms.Form):
    """A notice that is being prepared. With an earlier snapshot it also asks why there is another one."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("The days of the notice, where to object, and the table stand below it by themselves."),
    )
    contact = forms.CharField(
        label=gettext_lazy("Where to object"),
        max_length=300,
        help_text=gettext_lazy("Office, telephone, address: everybody reads it."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=date_input(),
        help_text=gettext_lazy(
            "Day 1 of the notice. Usually the day after it is published, so that each day is whole."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why the results are published again"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Everybody reads it, so it names nobody who objected."),
    )

    def __init__(self, cycle: Cycle, before: Snapshot | None, data: Any = None) -> None:
        super().__init__(data, initial=proposed(cycle, before))
        if before is None:
            del self.fields["reason"]


def proposed(cycle: Cycle, before: Snapshot | None) -> dict[str, Any]:
    """What a notice usually says, in the site's language; after an earlier one with its contact."""
    with translation.override(settings.LANGUAGE_CODE):
        said = {"cycle": cycle.name, "issuer": cycle.owner.name, "document": cycle.document.title, "year": cycle.year}
        title = _("Notice of the results of %(cycle)s")
        body = _(
            "In accordance with “%(document)s”, %(issuer)s has completed %(cycle)s. The results are hereby put on "
            "public notice.\nDuring the notice any union or person who disagrees with a result may object, under their "
            "own name or by telephone, letter or visit. Objections are examined, and whoever objects stays unnamed."
        )
        if before:
            title = _("Notice of the corrected results of %(cycle)s")
            body = _(
                "After the results of %(cycle)s were on public notice, objections were examined and the results "
                "corrected. The corrected results are hereby put on public notice again and replace the earlier ones."
            )
        return {
            "title": (title % said)[:120],
            "body": body % said,
            "contact": before.notice.contact if before else "",
            "starts_on": timezone.localdate() + timedelta(days=1),
        }


def window_of(cycle: Cycle, first: date) -> Notice:
    """A notice of the cycle with this first day, as far as its days go; it is not stored."""
    days, count = cycle.notice_days, cycle.notice_count
    return Notice(
        starts_on=first, ends_on=last_day(first, days, count), days=days, count=count, issuer=cycle.owner.name
    )


def rests(day: date) -> str:
    """A sentence where a last day is one on which offices are closed; else empty."""
    if is_workday(day):
        return ""
    return _("The last day is a day off: whoever wants to come in person finds the office closed.")
