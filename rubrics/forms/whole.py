"""What is typed about a rubric as a whole: its facts, and the lists that surround its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orgs.models import OrganizationKind
from rubrics.blueprint import FACTS, AudiencePlan, BandPlan, Blueprint, CapPlan, ColumnPlan
from rubrics.drafting import edits
from rubrics.forms.fields import NumberField, WithoutTag, WordingField
from rubrics.models import ColumnSource, NotApplicablePolicy

HUNDRED = Decimal(100)
SPARE = 3


class FactsForm(WithoutTag, forms.Form):
    LINES = (
        ("subtitle", "annex"),
        ("total_label", "printed_total"),
        ("step", "not_applicable_policy"),
        ("total_floor", "overlay_points"),
    )

    title = WordingField(label=_("title"), max_length=120)
    subtitle = WordingField(label=_("subtitle"), max_length=120, required=False)
    annex = WordingField(label=_("annex"), max_length=40, required=False)
    declared_total = NumberField(
        label=_("declared total"),
        required=False,
        help_text=_("What the document says the base points add up to. Blank: it says nothing."),
    )
    total_label = WordingField(label=_("label of the total row"), max_length=20, required=False)
    printed_total = WordingField(label=_("printed total"), max_length=10, required=False)
    step = NumberField(label=_("step"), help_text=_("The smallest difference between two marks."))
    not_applicable_policy = forms.ChoiceField(label=_("What does not apply"), choices=NotApplicablePolicy.choices)
    total_floor = NumberField(label=_("lowest total"), signed=True)
    overlay_points = NumberField(
        label=_("points that unions below may add"),
        required=False,
        help_text=_("Blank: they add nothing of their own."),
    )
    footnote = WordingField(label=_("note under the table"), lines=4, max_length=4000, required=False)

    def __init__(self, blueprint: Blueprint, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(blueprint, name) for name in FACTS})

    def clean_step(self) -> Decimal:
        step = Decimal(self.cleaned_data["step"])
        if step <= 0:
            raise forms.ValidationError(gettext("This must be more than 0."))
        return step

    def edit(self, blueprint: Blueprint) -> Blueprint:
        return edits.change_facts(blueprint, **self.cleaned_data)


class Rows:
    """A list of the rubric as a table of inputs: `headings`, and rows of bound fields with a few blank ones."""

    form: type[forms.Form]
    headings: tuple[Any, ...]
    spare = SPARE
    help = _("Empty rows are left out; to remove a row, empty it.")

    def __init__(self, blueprint: Blueprint, data: Any = None) -> None:
        self.blueprint = blueprint
        made = forms.formset_factory(self.form, extra=self.spare, max_num=200, absolute_max=200)
        self.rows = made(data, initial=self.initial(), prefix="row")
        for row in self.rows:
            _dress(row)
        self.errors: list[str] = []

    def initial(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        raise NotImplementedError

    def is_valid(self) -> bool:
        return bool(self.rows.is_valid())

    def add_error(self, _field: None, sentence: str) -> None:
        self.errors.append(sentence)

    def edit(self, blueprint: Blueprint) -> Blueprint:
        return self.change([row.cleaned_data for row in self.rows if row.cleaned_data], blueprint)


class AudienceRow(forms.Form):
    chosen = forms.BooleanField(label=_("assessed"), required=False)
    kind = forms.CharField(widget=forms.HiddenInput)
    label = WordingField(label=_("name in the document"), max_length=60, required=False)


class Audiences(Rows):
    """Every kind of organisation there is, ticked where the rubric addresses it."""

    form = AudienceRow
    headings = (_("assessed"), _("name in the document"))
    help = _("Tick whom the rubric is for, and name each as the document does.")
    spare = 0

    def initial(self) -> list[dict[str, Any]]:
        named = {one.kind: one.label for one in self.blueprint.audiences}
        kinds = dict(OrganizationKind.objects.values_list("code", "name"))
        every = {**{kind: label for kind, label in named.items() if kind not in kinds}, **kinds}
        return [{"chosen": kind in named, "kind": kind, "label": named.get(kind, name)} for kind, name in every.items()]

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        return edits.set_audiences(
            blueprint, [AudiencePlan(one["kind"], one["label"] or one["kind"]) for one in said if one.get("chosen")]
        )


class OfficeRow(forms.Form):
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    name = WordingField(label=_("name"), max_length=60, required=False)


class Offices(Rows):
    """The departments as the document names them; a name that is emptied goes from the rows too."""

    form = OfficeRow
    headings = (_("name"),)

    def initial(self) -> list[dict[str, Any]]:
        return [{"was": name, "name": name} for name in self.blueprint.offices]

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        names = {one["was"]: one["name"] for one in said if one.get("was")}
        return edits.set_offices(blueprint, names, [one["name"] for one in said if not one["was"] and one["name"]])


class ColumnRow(forms.Form):
    source = forms.ChoiceField(label=_("shows"), choices=[("", "—"), *ColumnSource.choices], required=False)
    heading = WordingField(label=_("heading"), max_length=40, required=False)
    width = forms.IntegerField(label=_("width (mm)"), min_value=5, max_value=300, required=False)
    position = forms.IntegerField(label=_("place"), min_value=1, max_value=99, required=False)
    added = forms.BooleanField(label=_("added by the software"), required=False)


class Columns(Rows):
    """The columns in printed order, score columns among them: they name the stages and say how many there are."""

    form = ColumnRow
    help = _("To remove a column, choose nothing for it to show. The score columns are the stages.")
    headings = (_("shows"), _("heading"), _("width (mm)"), _("place"), _("added by the software"))

    def initial(self) -> list[dict[str, Any]]:
        return [
            {"source": one.source, "heading": one.heading, "width": one.width, "added": one.added, "position": place}
            for place, one in enumerate(self.blueprint.columns, start=1)
        ]

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        ordered = sorted((one for one in said if one.get("source")), key=lambda one: one.get("position") or 99)
        return edits.set_columns(
            blueprint,
            [ColumnPlan(one["source"], one["heading"], one["width"] or 20, one["added"]) for one in ordered],
        )


class BandRow(forms.Form):
    name = WordingField(label=_("name"), max_length=20, required=False)
    lower = NumberField(label=_("from points"), required=False, signed=True)
    quota = NumberField(label=_("at most (%)"), required=False, most=HUNDRED)
    qualified = forms.BooleanField(label=_("lowest qualified"), required=False)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("name") and said.get("lower") is None and "lower" not in self.errors:
            self.add_error("lower", gettext("Say from how many points on."))
        return said


class Bands(Rows):
    """Bands by their points: the more points, the higher the rank. A quota is a share of the organisations."""

    form = BandRow
    headings = (_("name"), _("from points"), _("at most (%)"), _("lowest qualified"))

    def initial(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "lower": one.lower,
                "quota": None if one.quota is None else one.quota * HUNDRED,
                "qualified": one.rank == self.blueprint.qualified_rank,
            }
            for one in self.blueprint.bands
        ]

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        rising = sorted((one for one in said if one.get("name")), key=lambda one: one["lower"])
        bands = [
            BandPlan(rank, one["name"], one["lower"], one["quota"] / HUNDRED if one["quota"] else None)
            for rank, one in enumerate(rising, start=1)
        ]
        lowest = next((rank for rank, one in enumerate(rising, start=1) if one["qualified"]), None)
        return edits.set_bands(blueprint, bands, lowest)


class CapRow(forms.Form):
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    name = WordingField(label=_("name"), max_length=60, required=False)
    most = NumberField(label=_("at most"), required=False)
    least = NumberField(label=_("at least"), required=False, signed=True)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("name") and not self.errors and said.get("most") is None and said.get("least") is None:
            self.add_error(None, gettext("Say at most or at least how many points."))
        if (said.get("least") or 0) > 0:
            self.add_error("least", gettext("This is 0 or below, such as -5."))
        return said


class Caps(Rows):
    """What the bonuses and penalties of several rows may come to together; each row names its limit with its rule."""

    form = CapRow
    headings = (_("name"), _("at most"), _("at least"))

    def initial(self) -> list[dict[str, Any]]:
        return [
            {"was": one.name, "name": one.name, "most": one.most, "least": one.least} for one in self.blueprint.caps
        ]

    def change(self, said: list[dict[str, Any]], blueprint: Blueprint) -> Blueprint:
        caps = [CapPlan(one["name"], one["most"], one["least"]) for one in said if one.get("name")]
        return edits.set_caps(blueprint, caps, {one["was"]: one["name"] for one in said if one.get("was")})


LISTS: dict[str, type[Rows]] = {
    "audiences": Audiences,
    "offices": Offices,
    "columns": Columns,
    "bands": Bands,
    "caps": Caps,
}


def _dress(row: forms.Form) -> None:
    classes: dict[type[forms.Widget], str] = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
    for field in row.fields.values():
        css = next((css for kind, css in classes.items() if isinstance(field.widget, kind)), "form-control")
        field.widget.attrs |= {"class": css, "aria-label": str(field.label)}
