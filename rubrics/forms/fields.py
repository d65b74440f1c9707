"""Fields for what documents print: wording that stays as it is, and numbers as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rubrics.scoring.numbers import NumberError, Reason, format_points, parse_number

CENT = Decimal("0.01")
NEGATIVE = re.compile(r"^\s*[-－−]")


class WordingField(forms.CharField):
    """A document's own words: not normalised, only without control characters (a Word line break would end an export).

    One line unless `lines`.
    """

    def __init__(self, *args: Any, lines: int = 0, **options: Any) -> None:
        if lines:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(*args, **options)
        self.lines = lines

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
        if not self.lines:
            text = text.replace("\n", " ")
        return (
            super().to_python("".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in text)) or ""
        )


class NumberField(forms.CharField):
    """A number as people type it (５．０, 90。5, 5分), with up to two decimals; None where it is left blank.

    signed  it may be below 0
    most    the highest that is taken
    """

    def __init__(self, *args: Any, signed: bool = False, most: Decimal = Decimal("9999.99"), **options: Any) -> None:
        attributes = {"inputmode": "text" if signed else "decimal", "autocomplete": "off", "size": "6"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(*args, **options)
        self.signed = signed
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        return format_points(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        typed = str(value or "")
        below = self.signed and NEGATIVE.match(typed)
        try:
            found = parse_number(NEGATIVE.sub("", typed) if below else typed, maximum=self.most, step=CENT)
        except NumberError as error:
            raise ValidationError(self._sentence(error)) from error
        if found is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return -found if found and below else found

    def _sentence(self, error: NumberError) -> str:
        told = {
            Reason.NEGATIVE: _("“%(text)s” is below 0."),
            Reason.TOO_LARGE: _("“%(text)s” is more than %(most)s."),
            Reason.OFF_STEP: _("“%(text)s” has more than two decimals."),
        }.get(error.reason, _("“%(text)s” is not a number."))
        return told % {"text": error.text, "most": format_points(self.most)}


class WithoutTag:
    """Crispy writes the fields only: the page has the form, its token and its buttons.

    LINES  fields that stand beside each other; the others follow in their order, one a line
    """

    fields: dict[str, forms.Field]
    LINES: tuple[tuple[str, ...], ...] = ()

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*self._lines())
        return helper

    def _lines(self) -> Iterator[Row | str]:
        beside = {name: line for line in self.LINES for name in line}
        for name in self.fields:
            line = [one for one in beside.get(name, (name,)) if one in self.fields]
            if len(line) == 1:
                yield name
            elif name == line[0]:
                yield Row(*(Column(one) for one in line))
