"""What the forms have in common with which files of a cycle are ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.reminders.unsubmitted import counties
from orgs.models import Organization

if TYPE_CHECKING:
    from assessments.models import Cycle
    from orgs.models import User


class OrderForm(forms.Form):
    """All of a cycle that the person sees, or one branch of it."""

    branch = forms.ModelChoiceField(
        Organization.objects.none(), label=_("Branch"), required=False, empty_label=_("All branches")
    )

    def __init__(self, user: User, cycle: Cycle, data: Any = None) -> None:
        super().__init__(data)
        self.cycle = cycle
        self.fields["branch"].queryset = counties(user, cycle)  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
