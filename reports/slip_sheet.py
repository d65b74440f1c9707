"""Slips of paper to be cut apart, two beside one another: what first passwords and voting codes are printed on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from orgs.services.base import batches
from reports.paper import printed
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = 2
"""Slips beside one another."""


def slip_sheet(template: str, stylesheet: str, cards: Sequence[Any], **context: Any) -> bytes:
    """The cards as a PDF. The template finds them in `rows`; `stylesheet` is a file of static/reports."""
    with translation.override(LANGUAGE):
        html = render_to_string(template, {"rows": list(batches(cards, ROW)), **context})
    return printed(html, stylesheet)
