"""What the frame of every page says of a person's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from assessments.models import Message

if TYPE_CHECKING:
    from typing import Any

    from django.template import Context

register = template.Library()

MOST = 99
"""So many are counted."""


@register.inclusion_tag("messages/_bell.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """How many messages the person has not read: one query on an index."""
    count = len(Message.objects.filter(to=context["user"], read_at=None).order_by().values_list("pk")[: MOST + 1])
    return {"count": count, "shown": f"{MOST}+" if count > MOST else str(count)}
