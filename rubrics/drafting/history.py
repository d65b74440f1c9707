"""Who changed what of a draft, and how it was before, so that the last changes can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from rubrics.drafting.codec import digest, dump
from rubrics.models import Doubt, Edit, Rubric

if TYPE_CHECKING:
    from orgs.models import User
    from rubrics.blueprint import Blueprint

KEPT = 30
"""So many changes can be taken back; who made the earlier ones stays known."""


class What(StrEnum):
    """What was done, in words that a translation catalogue knows."""

    FACTS = gettext_noop("changed the title and the rules for the whole")
    ITEM = gettext_noop("changed an item")
    INSERT = gettext_noop("inserted an item")
    REMOVE = gettext_noop("removed an item")
    MOVE = gettext_noop("moved an item")
    SPLIT = gettext_noop("split an item in two")
    MERGE = gettext_noop("merged two items")
    RULE = gettext_noop("set the rule of an item")
    SECTION = gettext_noop("changed a section")
    INSERT_SECTION = gettext_noop("inserted a section")
    REMOVE_SECTION = gettext_noop("removed a section")
    MOVE_SECTION = gettext_noop("moved a section")
    GROUP = gettext_noop("changed the groups")
    AUDIENCES = gettext_noop("changed who is assessed")
    OFFICES = gettext_noop("changed the departments")
    COLUMNS = gettext_noop("changed the columns")
    BANDS = gettext_noop("changed the bands")
    CAPS = gettext_noop("changed the common limits")
    DOUBT = gettext_noop("settled a doubt")
    WORKBOOK = gettext_noop("took a workbook over")
    REBASE = gettext_noop("took over the newer version of the superior's rubric")


def keep(by: User, rubric: Rubric, what: What, place: str, before: dict[str, Any]) -> None:
    """Log a change; the oldest of those that could be taken back no longer can."""
    Edit.objects.create(rubric=rubric, made_by=by, what=what.name.lower(), place=place[:60], before=before)
    undoable = rubric.edits.exclude(before__isnull=True).order_by("-pk").values_list("pk", flat=True)
    rubric.edits.filter(pk__in=list(undoable[KEPT:])).update(before=None)


def state(before: Blueprint, after: Blueprint, doubts: Iterable[Doubt]) -> dict[str, Any]:
    """The draft and its doubts before a change. `made` tells whether the change is still the last one."""
    return {
        "blueprint": dump(before),
        "doubts": [[doubt.pk, doubt.item.key if doubt.item else "", doubt.chosen] for doubt in doubts],
        "made": digest(after),
    }
