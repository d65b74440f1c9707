"""Titles on the page of an organisation, which knows nothing of awards itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from assessments.models import Title

if TYPE_CHECKING:
    from typing import Any

    from orgs.models import Organization

register = template.Library()

SHOWN = 10


@register.inclusion_tag("awards/_titles_card.html")
def titles_card(organization: Organization) -> dict[str, Any]:
    """The titles that it holds, the newest first: one query."""
    held = Title.objects.filter(organization=organization, revoked_on=None).select_related("rung")
    return {"organization": organization, "titles": held[:SHOWN]}
