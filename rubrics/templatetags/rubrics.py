"""Numbers as people write them, in the templates of every app."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.urls import reverse

from rubrics.drafting.checklist import Entry
from rubrics.models import Rubric
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


@register.simple_tag
def place_of(rubric: Rubric, entry: Entry) -> str:
    """The address where a line of the checklist is put right."""
    draft = reverse("rubrics:draft", args=[rubric.pk])
    match entry.part:
        case "item":
            return f"{draft}#item-{entry.name}"
        case "section":
            return reverse("rubrics:draft_section", args=[rubric.pk, int(entry.name)])
        case "facts":
            return reverse("rubrics:draft_facts", args=[rubric.pk])
        case "audiences" | "columns" | "bands":
            return reverse("rubrics:draft_list", args=[rubric.pk, entry.part])
    return draft
