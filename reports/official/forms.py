"""What a person writes of an official report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.cycles import date_input
from reports.official.report import Text
from reports.official.saving import CLOSING, OPENING, SHORT


class ReportForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=SHORT)
    addressee = forms.CharField(
        label=_("To"),
        max_length=SHORT,
        required=False,
        help_text=_("The superior union; empty: the report names nobody."),
    )
    opening = forms.CharField(
        label=_("Opening"), max_length=OPENING, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    closing = forms.CharField(
        label=_("Next steps and ending"),
        max_length=CLOSING,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Each line becomes a paragraph. The last section of the report; empty: there is none."),
    )
    issuer = forms.CharField(label=_("Signed by"), max_length=SHORT)
    day = forms.DateField(label=_("Date of the document"), widget=date_input())
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def text(self) -> Text:
        names = ("title", "addressee", "opening", "closing", "issuer", "day")
        return Text(**{name: self.cleaned_data[name] for name in names})
