"""What people type about a ballot. The voting page has plain fields of its own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.appraisal import fed_by_ballots
from assessments.forms.cycles import date_input
from assessments.models import Assessment, Ballot, BallotOption, BallotScoring, Purpose, Subject, Voters
from assessments.services.ballots import Answer, Draft
from assessments.services.ballots.prepare import MOST_OPTIONS, MOST_VOTERS
from orgs.models import Organization

WEEKS = 2
"""How long a new ballot is open if nobody says otherwise."""


class BallotForm(forms.Form):
    """A ballot that is being prepared. The answers are fields beside the form's own, in `answers`."""

    purpose = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=Purpose.choices)
    item = forms.ChoiceField(
        label=gettext_lazy("Item"),
        required=False,
        help_text=gettext_lazy("Only where the ballot gives an item its points; the rubric says who is asked then."),
    )
    electorate = forms.ChoiceField(label=gettext_lazy("Who is asked"), choices=Voters.choices)
    subject = forms.ChoiceField(
        label=gettext_lazy("About whom"),
        choices=Subject.choices,
        initial=Subject.UNION,
        help_text=gettext_lazy("Members' votes on the union and on its chair count towards awards, each for itself."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=60)
    question = forms.CharField(label=gettext_lazy("Question"), max_length=300)
    roster = forms.IntegerField(label=gettext_lazy("Number entitled to vote"), min_value=1, max_value=MOST_VOTERS)
    minimum = forms.IntegerField(
        label=gettext_lazy("Minimum returned"),
        min_value=1,
        max_value=MOST_VOTERS,
        help_text=gettext_lazy("With fewer votes and papers the ballot does not count."),
    )
    listed = forms.CharField(
        label=gettext_lazy("Organisations with a vote"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line; only where subordinate unions or their chairs are asked."),
    )
    threshold = forms.DecimalField(
        label=gettext_lazy("Threshold (%)"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2
    )
    scoring = forms.ChoiceField(label=gettext_lazy("Points of the item"), choices=BallotScoring.choices)
    last_day = forms.DateField(label=gettext_lazy("Last day of voting"), widget=date_input())

    def __init__(self, assessment: Assessment, ballot: Ballot | None = None, data: Any = None) -> None:
        super().__init__(data, initial=_said(ballot) if ballot else _usual(assessment))
        rows = fed_by_ballots(assessment)
        if not rows:
            self.fields["purpose"].choices = [one for one in Purpose.choices if one[0] != Purpose.ITEM]  # type: ignore[attr-defined]
        items = [(row.key, f"{row.key} {row.text[:40]} · {Voters(row.electorate).label}") for row in rows]
        self.fields["item"].choices = [("", "—"), *items]  # type: ignore[attr-defined]
        options = list(ballot.options.all()) if ballot else _usual_options()
        for place in range(MOST_OPTIONS):
            known = options[place] if place < len(options) else None
            number = place + 1
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Answer %(number)s") % {"number": number},
                required=False,
                max_length=20,
                initial=known.label if known else "",
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )
            self.fields[f"satisfied_{number}"] = forms.BooleanField(
                label=_("counts as satisfied"),
                required=False,
                initial=known.satisfied if known else False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    @property
    def own(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    @property
    def answers(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"answer_{number}"], self[f"satisfied_{number}"]) for number in range(1, MOST_OPTIONS + 1)]

    @property
    def draft(self) -> Draft:
        """The ballot, once the form is valid."""
        said = self.cleaned_data
        answers = (
            Answer(said[f"answer_{number}"], said[f"satisfied_{number}"]) for number in range(1, MOST_OPTIONS + 1)
        )
        return Draft(**{name: said[name] for name in self.base_fields}, answers=tuple(answers))


def _said(ballot: Ballot) -> dict[str, Any]:
    names = ("purpose", "electorate", "subject", "title", "question", "roster", "minimum", "listed", "threshold")
    said = {name: getattr(ballot, name) for name in (*names, "scoring", "last_day")}
    return {**said, "item": ballot.item.key if ballot.item else ""}


def _usual(assessment: Assessment) -> dict[str, Any]:
    below = Organization.objects.filter(parent=assessment.organization_id, closed_on=None).order_by("path")
    return {
        "purpose": Purpose.ITEM if fed_by_ballots(assessment) else Purpose.GATE,
        "title": _("Democratic appraisal"),
        "question": _("How satisfied are you with the work of %(unit)s?") % {"unit": assessment.name},
        "listed": "\n".join(below.values_list("name", flat=True)),
        "threshold": Decimal(85),
        "last_day": timezone.localdate() + timedelta(weeks=WEEKS),
    }


def _usual_options() -> list[BallotOption]:
    usual = ((_("Satisfied"), True), (_("Mostly satisfied"), True), (_("Dissatisfied"), False))
    return [BallotOption(label=label, satisfied=satisfied) for label, satisfied in usual]


class PapersForm(forms.Form):
    """What one person counted: a number for each answer, and for the spoilt papers."""

    def __init__(self, options: list[BallotOption], data: Any = None) -> None:
        super().__init__(data)
        self.positions = [option.position for option in options]
        for option in options:
            self.fields[f"votes_{option.position}"] = forms.IntegerField(
                label=option.label, min_value=0, max_value=MOST_VOTERS
            )
        self.fields["spoilt"] = forms.IntegerField(
            label=_("Spoilt papers"),
            min_value=0,
            max_value=MOST_VOTERS,
            help_text=_("Returned, but blank or not clear: they count as returned and for no answer."),
        )

    @property
    def votes(self) -> list[int]:
        """By the options' order, once the form is valid."""
        return [self.cleaned_data[f"votes_{position}"] for position in self.positions]
