"""What people type about an objection: entering it, opening its recheck, settling it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.forms.cycles import date_input
from assessments.models import Assessment, Channel, Objection, ObjectionState
from assessments.services.objections import CONTACT, NAME, OUTCOME, STATEMENT, Entry
from assessments.workflow import UNIT_CHAIR
from orgs.models import Organization, User
from orgs.permissions import posts
from rubrics.rows import Row


class _ItemsForm(forms.Form):
    """A form beside a list of items to tick; the template writes the list."""

    items = forms.MultipleChoiceField(required=False)

    def __init__(self, lines: Iterable[Row], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["items"].choices = [(row.key, row.key) for row in lines]  # type: ignore[attr-defined]

    @property
    def own(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "items"]


class ObjectionForm(_ItemsForm):
    """By login: what, in whose name, and how the deciding union reaches the person."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("In whose name"), required=False, empty_label=_("In my own name")
    )
    statement = forms.CharField(
        label=_("What is objected to, and why"),
        max_length=STATEMENT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "The organisation and who assessed it read these words. Leave out everything that tells who objects."
        ),
    )
    contact = forms.CharField(
        label=_("How to reach the objector"),
        max_length=CONTACT,
        required=False,
        help_text=_("Only those who handle the objection see it."),
    )

    def __init__(self, user: User, assessment: Assessment, lines: Iterable[Row], data: Any = None) -> None:
        chaired = {post.organization_id for post in posts(user) if post.role in UNIT_CHAIR.roles}
        unions = Organization.objects.filter(pk__in=chaired, assessments__cycle=assessment.cycle_id)
        super().__init__(lines, data, initial={"contact": user.phone or "", "organization": unions.first()})
        self.fields["organization"].queryset = unions  # type: ignore[attr-defined]
        if not unions:
            del self.fields["organization"]

    @property
    def entry(self) -> Entry:
        """The objection, once the form is valid."""
        said = self.cleaned_data
        return Entry(said["statement"], said["items"], contact=said["contact"], organization=said.get("organization"))


class RegisterForm(_ItemsForm):
    """By the deciding union, for a person who came in, wrote or called."""

    channel = forms.ChoiceField(
        label=_("How it came in"), choices=[one for one in Channel.choices if one[0] != Channel.LOGIN]
    )
    received_on = forms.DateField(
        label=_("Day on which it came in"),
        widget=date_input(),
        help_text=_("It counts if that day lies in the notice, also when it is registered later."),
    )
    objector = forms.CharField(
        label=_("Who objects"),
        max_length=NAME,
        required=False,
        help_text=_(
            "Only those who handle the objection see name and contact. Leave both empty for who gives no name."
        ),
    )
    contact = forms.CharField(label=_("How to reach the objector"), max_length=CONTACT, required=False)
    statement = ObjectionForm.declared_fields["statement"]

    def __init__(self, lines: Iterable[Row], data: Any = None) -> None:
        super().__init__(lines, data, initial={"received_on": timezone.localdate()})

    @property
    def entry(self) -> Entry:
        """The objection, once the form is valid."""
        return Entry(**self.cleaned_data)


class RecheckForm(_ItemsForm):
    """The items to be marked again; those objected to are ticked."""

    def __init__(self, objection: Objection, lines: Iterable[Row], data: Any = None) -> None:
        named = list(objection.items.values_list("key", flat=True))
        super().__init__(lines, data, initial={"items": named})


class SettleForm(forms.Form):
    """How it ends, and what is told to everybody."""

    state = forms.ChoiceField(label=_("How it ends"), widget=forms.RadioSelect)
    outcome = forms.CharField(
        label=_("What came out, and why"),
        max_length=OUTCOME,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Everybody who sees the objection reads this. Leave out everything that tells who objected."),
    )

    def __init__(self, ends: Sequence[ObjectionState], data: Any = None) -> None:
        super().__init__(data, initial={"state": ends[0] if len(ends) == 1 else None})
        self.fields["state"].choices = [(end.value, end.label) for end in ends]  # type: ignore[attr-defined]
