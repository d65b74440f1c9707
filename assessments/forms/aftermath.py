"""What people type about consequences, make-up tasks, targets of coverage and yearly reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.forms.cycles import date_input
from assessments.models import Cycle
from assessments.services.aftermath.reports import TEXT_LENGTH
from rubrics.scoring.numbers import format_points

WEEKS = 8
"""How long an organisation has for making up, if nobody says otherwise."""

TARGET_ROWS = 6


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def in_weeks() -> Any:
    return timezone.localdate() + timedelta(weeks=WEEKS)


class DecideForm(forms.Form):
    """What is done with all ticked lines."""

    due_on = forms.DateField(label=_("Make-up task until"), required=False, widget=date_input(), initial=in_weeks)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)


class TaskForm(forms.Form):
    """A make-up task as it is confirmed."""

    task = forms.CharField(label=_("What has to be made up"), max_length=2000, widget=area(8))
    due_on = forms.DateField(label=_("Until"), widget=date_input(), initial=in_weeks)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)


class DoneForm(forms.Form):
    text = forms.CharField(label=_("What was done"), max_length=2000, widget=area(6))


class InspectForm(forms.Form):
    passed = forms.ChoiceField(
        label=_("Result of the inspection"),
        choices=(("yes", _("Passed")), ("no", _("Not passed: set the task again"))),
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(label=_("Finding"), max_length=1000, widget=area(4))
    due_on = forms.DateField(
        label=_("New day, if it did not pass"), required=False, widget=date_input(), initial=in_weeks
    )


class TargetsForm(forms.Form):
    """A line for each year: what share of the branch has to be assessed by its end."""

    def __init__(self, shares: Mapping[int, Decimal], data: Any = None) -> None:
        super().__init__(data)
        known = sorted(shares.items())
        for place in range(max(TARGET_ROWS, len(known) + 1)):
            year, share = known[place] if place < len(known) else (None, None)
            self.fields[f"year_{place}"] = forms.IntegerField(
                label=_("Year"), required=False, min_value=2000, max_value=2100, initial=year
            )
            self.fields[f"percent_{place}"] = forms.DecimalField(
                label=_("Target (%)"),
                required=False,
                min_value=Decimal("0.01"),
                max_value=100,
                decimal_places=2,
                initial=format_points(share * 100) if share else None,
            )
            for name in (f"year_{place}", f"percent_{place}"):
                self.fields[name].widget.attrs["class"] = "form-control"

    @property
    def lines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"year_{place}"], self[f"percent_{place}"]) for place in range(len(self.fields) // 2)]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        pairs = [(said.get(f"year_{place}"), said.get(f"percent_{place}")) for place in range(len(self.fields) // 2)]
        whole = [(year, percent) for year, percent in pairs if year is not None or percent is not None]
        if any(year is None or percent is None for year, percent in whole):
            raise ValidationError(gettext("A line needs a year and a percentage."))
        if len({year for year, _percent in whole}) < len(whole):
            raise ValidationError(gettext("A year is there twice."))
        return {"percents": dict(whole)}

    @property
    def percents(self) -> dict[int, Decimal]:
        percents: dict[int, Decimal] = self.cleaned_data["percents"]
        return percents


class AskForm(forms.Form):
    """By when the subordinate unions report, in the words of the document."""

    words = forms.CharField(
        label=_("Deadline as the document prints it"),
        max_length=30,
        initial="2月30日",
        help_text=_("For example 2月30日."),
    )
    year = forms.IntegerField(label=_("In the year"), min_value=2000, max_value=2100)

    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        super().__init__(data, initial={"year": cycle.year + 1})


class ReportForm(forms.Form):
    """The text may be saved empty; handing in asks for one."""

    text = forms.CharField(
        label=_("What was done, what was found, what comes next"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=area(16),
    )


class PaperForm(forms.Form):
    day = forms.DateField(label=_("Stamped paper received on"), widget=date_input(), initial=timezone.localdate)
