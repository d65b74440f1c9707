"""How a sheet that was filled in elsewhere comes in: as a file, or as lines that were copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.offline.columns import MEANINGS, Meaning
from assessments.offline.scope import Asked
from orgs.files import Format
from orgs.files.fields import TableFileField
from rubrics.forms.fields import WithoutTag

LONGEST_PASTE = 1_000_000
START_WORDS = 24
"""Characters of an item's wording in the list of items."""


class FilledInForm(WithoutTag, forms.Form):
    file = TableFileField(
        accept=(Format.XLSX,),
        label=_("Filled-in workbook"),
        help_text=_("The .xlsx file that you downloaded from this page and filled in."),
    )


class PasteForm(WithoutTag, forms.Form):
    """A copied block, and from which item on it goes where no column names the items."""

    text = forms.CharField(
        label=_("Copied lines"),
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "spellcheck": "false", "class": "form-control"}),
        help_text=_("Mark the cells in WPS or Excel, copy them, click here and press Ctrl+V."),
    )
    start = forms.ChoiceField(
        label=_("The first line is for"),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("The lines after it follow in order. Where a column names what each line is for, it decides."),
        required=False,
    )

    def __init__(self, asked: Sequence[Asked], data: Any = None) -> None:
        super().__init__(data)
        self.fields["start"].choices = [(one.row.key, _named(one)) for one in asked]  # type: ignore[attr-defined]

    def meanings(self) -> tuple[Meaning, ...]:
        """What the person says of the columns; empty: nothing yet."""
        said = self.data.getlist("column") if hasattr(self.data, "getlist") else []
        known = {str(meaning) for meaning in MEANINGS}
        return tuple(Meaning(one) for one in said) if said and set(said) <= known else ()


def _named(one: Asked) -> str:
    text = " ".join(one.row.text.split())
    if text == one.row.key:  # an organisation
        return text
    return f"{one.row.key} {text[:START_WORDS]}{'…' if len(text) > START_WORDS else ''}"
