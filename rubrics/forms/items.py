"""What is typed about a row, a section, a group."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan
from rubrics.drafting import edits
from rubrics.drafting.wellformed import KEY, KEY_LENGTH
from rubrics.forms.fields import NumberField, WithoutTag, WordingField

BREAK = re.compile(r"(?<=[；;。\n])")
NAMES = re.compile(r"[、，,;；\n]+")


class ItemForm(WithoutTag, forms.Form):
    """The words of a row, its points, and to whom it applies. How the points come about has a page of its own."""

    text = WordingField(label=_("wording"), lines=4, max_length=4000)
    number = WordingField(label=_("printed number"), max_length=8, required=False)
    points = NumberField(label=_("points"))
    printed_points = WordingField(label=_("printed points"), max_length=20, required=False)
    basis = WordingField(label=_("evidence basis"), max_length=4000, lines=2, required=False)
    offices = WordingField(
        label=_("responsible departments"),
        max_length=300,
        required=False,
        help_text=_("Several with 、 between them, the leading one first."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("applies to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: to all."),
    )
    threshold = WordingField(
        label=_("threshold"),
        max_length=120,
        required=False,
        help_text=_("The condition in numbers, copied out of the wording; it is marked there."),
    )
    subject = WordingField(label=_("assessed organisations and departments"), max_length=120, required=False)
    note = WordingField(label=_("our note"), max_length=200, required=False)
    key = WordingField(
        label=_("key"), max_length=KEY_LENGTH, help_text=_("Unique in the rubric, for people to refer to.")
    )

    LINES = (("number", "points", "printed_points"), ("note", "key"))
    OWN = ("number", "text", "printed_points", "basis", "threshold", "subject", "note", "key")

    def __init__(self, blueprint: Blueprint, item: ItemPlan, data: Any = None) -> None:
        initial = {name: getattr(item, name) for name in (*self.OWN, "points")}
        super().__init__(data, initial=initial | {"kinds": sorted(item.kinds), "offices": "、".join(item.offices)})
        self.blueprint, self.item = blueprint, item
        self.fields["kinds"].choices = [(one.kind, one.label) for one in blueprint.audiences]  # type: ignore[attr-defined]
        if not blueprint.audiences:
            del self.fields["kinds"]
        if item.points is None:
            del self.fields["points"]
        if not item.subject and "subject" not in {column.source for column in blueprint.columns}:
            del self.fields["subject"]

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not KEY.fullmatch(key):
            raise forms.ValidationError(gettext("Letters, digits, points and hyphens only."))
        if key != self.item.key and key in {item.key for item in self.blueprint.items}:
            raise forms.ValidationError(gettext("Another item has this key."))
        return key

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("threshold") and said["threshold"] not in said.get("text", ""):
            self.add_error("threshold", gettext("These words do not stand in the wording."))
        return said

    def edit(self, blueprint: Blueprint) -> Blueprint:
        """The draft with what was typed, once the form is valid."""
        said = dict(self.cleaned_data)
        kinds, offices = said.pop("kinds", sorted(self.item.kinds)), names(said.pop("offices"))
        changed = edits.change_item(blueprint, self.item.key, **said)
        return edits.change_duties(changed, said["key"], kinds=kinds, offices=offices)


def names(typed: str) -> list[str]:
    """Names with Chinese or Western commas or enumeration signs between them."""
    return [name.strip() for name in NAMES.split(typed) if name.strip()]


class SplitForm(WithoutTag, forms.Form):
    """A row's wording in two parts, with their points."""

    first = WordingField(label=_("Wording of the first"), lines=4, max_length=4000)
    first_points = NumberField(label=_("Points of the first"))
    second = WordingField(label=_("Wording of the second"), lines=4, max_length=4000)
    second_points = NumberField(label=_("Points of the second"))

    def __init__(self, item: ItemPlan, data: Any = None) -> None:
        first, second = halves(item.text)
        super().__init__(data, initial={"first": first, "second": second})
        self.item = item

    def edit(self, blueprint: Blueprint) -> Blueprint:
        said = self.cleaned_data
        parts, points = (said["first"], said["second"]), (said["first_points"], said["second_points"])
        return edits.split_item(blueprint, self.item.key, parts, points)


def halves(text: str) -> tuple[str, str]:
    """The text cut behind the stop nearest to its middle; whole where it has none inside."""
    places = [match.start() for match in BREAK.finditer(text) if 0 < match.start() < len(text)]
    place = min(places, key=lambda place: abs(place - len(text) // 2), default=len(text))
    return text[:place].strip(), text[place:].strip()


class SectionForm(WithoutTag, forms.Form):
    name = WordingField(label=_("name"), max_length=60)
    label = WordingField(
        label=_("printed label"), max_length=80, lines=2, required=False, help_text=_("The cell as it is printed.")
    )
    points = NumberField(label=_("printed points"), required=False)
    part = WordingField(
        label=_("part"), max_length=60, required=False, help_text=_("The printed cell that spans several sections.")
    )

    def __init__(self, number: int, section: SectionPlan, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(section, name) for name in ("name", "label", "points", "part")})
        self.number = number

    def edit(self, blueprint: Blueprint) -> Blueprint:
        return edits.change_section(blueprint, self.number, **self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("label"):
            self.cleaned_data["label"] = self.cleaned_data.get("name", "")
        return self.cleaned_data


class GroupForm(WithoutTag, forms.Form):
    """From a row on, to which row one printed cell of points holds, and what it says."""

    last = forms.ChoiceField(label=_("to item"))
    points = NumberField(label=_("group points"))
    label = WordingField(label=_("printed points"), max_length=20, required=False)

    def __init__(self, section: SectionPlan, group: GroupPlan, key: str, data: Any = None) -> None:
        keys = [item.key for item in section.items]
        following = section.items[keys.index(key) :]
        last = group.items[-1].key if group.points is not None else key
        super().__init__(data, initial={"last": last, "points": group.points, "label": group.label})
        self.fields["last"].choices = [  # type: ignore[attr-defined]
            (item.key, f"{item.key} {item.text[:20]}") for item in following
        ]
        self.key = key

    def edit(self, blueprint: Blueprint) -> Blueprint:
        said = self.cleaned_data
        return edits.group_items(blueprint, self.key, said["last"], said["points"], said["label"])
