"""What people type about awards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.awards.honours import held_since, ladders_visible_to, years_before
from assessments.awards.permissions import may_open_rounds
from assessments.forms.cycles import date_input
from assessments.models import Holder, Ladder, Rung, Title
from assessments.services.awards import Call, Earlier
from assessments.services.awards.base import PERSON_LENGTH
from assessments.workflow import DECIDERS
from orgs.forms import AddressFilter
from orgs.models import Organization, User
from orgs.permissions import posts
from orgs.queries import named

MOST_YEARS = 50


class RoundForm(forms.Form):
    """A round of awards that is opened."""

    ladder = forms.ModelChoiceField(Ladder.objects.none(), label=_("Award ladder"), empty_label=None)
    owner = forms.ModelChoiceField(Organization.objects.none(), label=_("Awarding union"), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=120)
    opens_on = forms.DateField(label=_("First day for candidates"), widget=date_input())
    closes_on = forms.DateField(
        label=_("Last day for candidates"),
        widget=date_input(),
        help_text=_("Its year is the one that conditions on years in a row look back from."),
    )
    industrial = forms.BooleanField(
        label=_("Industrial unions recommend, too"),
        required=False,
        help_text=_(
            "An organisation with two superiors may then be recommended by its industrial union as well; that union "
            "follows the candidate. Otherwise only unions above it in the tree recommend it."
        ),
    )

    def __init__(self, user: User, data: Any = None, owner: int | None = None) -> None:
        super().__init__(data, initial={"owner": owner, "opens_on": timezone.localdate()})
        own = {post.seat_id for post in posts(user) if post.role in DECIDERS.roles} if may_open_rounds(user) else ()
        self.fields["owner"].queryset = Organization.objects.filter(pk__in=own)  # type: ignore[attr-defined]
        self.fields["ladder"].queryset = ladders_visible_to(user)  # type: ignore[attr-defined]

    @property
    def call(self) -> Call:
        """The round, once the form is valid."""
        return Call(**self.cleaned_data)


def person_field() -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("award", "Person"),
        max_length=PERSON_LENGTH,
        required=False,
        help_text=_("Only for a title that a person holds."),
    )


class CandidateForm(forms.Form):
    """A candidate whose organisation is chosen already. A ladder of organisations asks for no person."""

    rung = forms.ModelChoiceField(Rung.objects.none(), label=pgettext_lazy("award", "Title"), empty_label=None)
    person = person_field()
    statement = forms.CharField(
        label=_("Why it is recommended"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, ladder: Ladder, data: Any = None) -> None:
        super().__init__(data)
        rungs = Rung.objects.filter(ladder=ladder).order_by("-position")
        self.fields["rung"].queryset = rungs  # type: ignore[attr-defined]
        if not rungs.filter(holder=Holder.PERSON).exists():
            del self.fields["person"]

    @property
    def said(self) -> dict[str, Any]:
        """What `propose` is told, once the form is valid."""
        return {"person": "", **self.cleaned_data}


class RungChoice(forms.ModelChoiceField):
    """Titles of several ladders: one of another ladder may have the same name."""

    def label_from_instance(self, rung: Any) -> str:
        return f"{rung.name} · {rung.ladder.name}" if rung.name != rung.ladder.name else rung.name


class EarlierForm(forms.Form):
    """A title that was awarded before."""

    rung = RungChoice(Rung.objects.none(), label=pgettext_lazy("award", "Title"), empty_label=_("Please choose"))
    person = person_field()
    awarded_on = forms.DateField(label=_("Awarded on"), widget=date_input())
    evidence = forms.CharField(
        label=pgettext_lazy("award", "Document"),
        max_length=300,
        help_text=_("Name and number of the document that awarded it."),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.fields["rung"].queryset = rungs_for(user)  # type: ignore[attr-defined]

    @property
    def earlier(self) -> Earlier:
        """The title, once the form is valid."""
        return Earlier(**self.cleaned_data)


class TitleFilter(AddressFilter):
    """The filters of the list of titles, read from the address. The template writes its fields itself."""

    HELD, REVOKED = "held", "revoked"

    q = forms.CharField(required=False, max_length=60)
    rung = RungChoice(Rung.objects.none(), required=False, empty_label=_("All titles"))
    years = forms.IntegerField(required=False, min_value=0, max_value=MOST_YEARS)
    state = forms.ChoiceField(
        required=False, choices=[("", _("Held and revoked")), (HELD, _("Held")), (REVOKED, _("Revoked"))]
    )

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data)
        self.fields["rung"].queryset = rungs_for(user)  # type: ignore[attr-defined]

    def matching(self, titles: QuerySet[Title]) -> QuerySet[Title]:
        """Those that are asked for, the oldest first; all of them where what was asked can't be read."""
        wanted = self.wanted
        if wanted.get("q"):
            names = Organization.objects.filter(named(wanted["q"]))
            titles = titles.filter(Q(organization__in=names.values("pk")) | Q(person__contains=wanted["q"].strip()))
        if wanted.get("rung"):
            titles = titles.filter(rung=wanted["rung"])
        if wanted.get("years") is not None:
            titles = held_since(titles, years_before(timezone.localdate(), wanted["years"]))
        if wanted.get("state"):
            titles = titles.filter(revoked_on__isnull=wanted["state"] == TitleFilter.HELD)
        return titles.order_by("awarded_on", "pk")


def rungs_for(user: User) -> Any:
    found = Rung.objects.filter(ladder__in=ladders_visible_to(user).values("pk"))
    return found.select_related("ladder").order_by("ladder__slug", "position")
