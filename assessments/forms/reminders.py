"""What people type about deadlines and reminders."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.cycles import date_input
from assessments.reminders.unsubmitted import Asked
from assessments.services.extensions import REASON_LENGTH
from assessments.workflow import Stage
from orgs.models import Organization


class ExtensionForm(forms.Form):
    """A later day for one of the stages that have not ended."""

    stage = forms.ChoiceField(label=_("Stage"))
    day = forms.DateField(label=_("New deadline"), widget=date_input())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisation reads it, and it is kept."),
    )

    def __init__(self, stages: tuple[Stage, ...], data: Any = None) -> None:
        super().__init__(data)
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in stages]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.label_suffix = ""


class UnsubmittedForm(forms.Form):
    """Whom the list of who has not submitted is asked for, read from the address. The template writes its fields."""

    stage = forms.ChoiceField(choices=Stage.choices, required=False)
    branch = forms.ModelChoiceField(Organization.objects.none(), required=False)
    overdue = forms.BooleanField(required=False)

    def __init__(self, branches: Any, data: Any) -> None:
        super().__init__(data)
        self.fields["branch"].queryset = branches  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """What was asked for; what is no answer is none."""
        self.is_valid()
        said = self.cleaned_data
        return Asked(Stage(said.get("stage") or Stage.SELF), said.get("branch"), bool(said.get("overdue")))


class AddressForm(forms.Form):
    """Where a person wants their messages sent, too."""

    email = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
