"""Numbers as people write them, in the templates of every app."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import template

from rubrics.scoring.numbers import format_points
from rubrics.table import Heading

register = template.Library()


@register.filter
def points(value: Decimal | None) -> str:
    """Points without trailing zeros; nothing for None, which is not zero."""
    return format_points(value)


@register.filter
def percent(share: Decimal) -> str:
    return format_points(share * 100)


@register.filter
def columns_but_one(headings: Iterable[Heading]) -> int:
    """How many columns the label of a total row spans, beside the one of the total."""
    return sum(heading.columns for heading in headings) - 1
