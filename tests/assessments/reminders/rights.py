"""What the test of rights asks the pages of reminders and messages for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assessments.models import Message
from assessments.services.messages import tell
from tests.factories import Cast


def reminder_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    return {
        "reminders:list": lambda: {"pk": people.cycle.pk},
        "reminders:file": lambda: {"pk": people.cycle.pk},
        "inbox:follow": lambda: {"pk": message_of(people).pk},
    }


def message_of(people: Cast) -> Message:
    """One that the clerk was told."""
    tell([people.clerk.pk], "rights", "请尽快上报", "/")
    return Message.objects.get(to=people.clerk, occasion="rights")
