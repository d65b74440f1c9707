"""What people type about a draw."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import DrawMember
from assessments.services.draws import Terms

HUNDRED = Decimal(100)


class SeedForm(forms.Form):
    """The terms of a draw and its seed."""

    share = forms.DecimalField(
        label=_("Share (%)"),
        min_value=Decimal("0.01"),
        max_value=HUNDRED,
        max_digits=5,
        decimal_places=2,
        initial=Decimal(10),
        help_text=_("Of each stratum that can be drawn; each gives at least one."),
    )
    by_kind = forms.BooleanField(label=_("By kind"), required=False, initial=True)
    by_county = forms.BooleanField(label=_("By county"), required=False, initial=True)
    by_band = forms.BooleanField(label=_("By star"), required=False)
    seed = forms.CharField(
        label=_("Seed"),
        max_length=200,
        help_text=_(
            "Numbers or words that nobody of you could choose alone, such as the winning numbers of a lottery on a day "
            "that was agreed on, or figures that several persons say in turn."
        ),
    )
    seed_source = forms.CharField(
        label=_("Where the seed comes from"),
        max_length=200,
        help_text=_(
            "So that anyone can look it up: which lottery of which day, or who said which figure in which meeting."
        ),
    )

    @property
    def terms(self) -> Terms:
        """What was said, once the form is valid."""
        said = self.cleaned_data
        names = ("seed", "seed_source", "by_kind", "by_county", "by_band")
        return Terms(share=said["share"] / HUNDRED, **{name: said[name] for name in names})


class RedrawForm(forms.Form):
    """Which drawn names are replaced, and why."""

    members = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Tick at least one of the names.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It is printed in the record, and the organisation reads it in its log."),
    )

    def __init__(self, members: Iterable[DrawMember], data: Any = None) -> None:
        super().__init__(data)
        self.fields["members"].choices = [(one.pk, one.name) for one in members]  # type: ignore[attr-defined]

    @property
    def dropped(self) -> list[int]:
        """Keys of the names to replace, once the form is valid."""
        return list(self.cleaned_data["members"])

    @property
    def ticked(self) -> set[str]:
        return set(self["members"].value() or ())
