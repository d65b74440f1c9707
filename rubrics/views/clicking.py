"""The single clicks of the editor: moving, inserting, removing, merging, taking back, settling a doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from orgs.services.base import Refused
from orgs.views.fetch import Request
from rubrics.blueprint import Blueprint, read
from rubrics.drafting import edits
from rubrics.drafting.change import Conflict, change, settle, undo
from rubrics.drafting.history import What
from rubrics.models import Rubric
from rubrics.views.fetch import on_draft, to_draft

Said = Mapping[str, str]
DIGITS = 4


class Click(NamedTuple):
    what: What
    edit: Callable[[Blueprint, Said], Blueprint]


CLICKS: dict[str, Click] = {
    "up": Click(What.MOVE, lambda draft, said: edits.shift_item(draft, said["key"], -1)),
    "down": Click(What.MOVE, lambda draft, said: edits.shift_item(draft, said["key"], 1)),
    "before": Click(What.MOVE, lambda draft, said: edits.move_item(draft, said["key"], said["before"])),
    "end": Click(What.MOVE, lambda draft, said: edits.move_item_to_end(draft, said["key"], _number(said))),
    "insert": Click(What.INSERT, lambda draft, said: edits.insert_item(draft, _number(said), said["key"])),
    "remove": Click(What.REMOVE, lambda draft, said: edits.remove_item(draft, said["key"])),
    "merge": Click(What.MERGE, lambda draft, said: edits.merge_items(draft, said["key"])),
    "ungroup": Click(What.GROUP, lambda draft, said: edits.ungroup(draft, said["key"])),
    "section_up": Click(What.MOVE_SECTION, lambda draft, said: edits.shift_section(draft, _number(said), -1)),
    "section_down": Click(What.MOVE_SECTION, lambda draft, said: edits.shift_section(draft, _number(said), 1)),
    "section_remove": Click(What.REMOVE_SECTION, lambda draft, said: edits.remove_section(draft, _number(said))),
    "section_insert": Click(
        What.INSERT_SECTION, lambda draft, said: edits.insert_section(draft, _number(said), _("New section"))
    ),
}
"""What a button does to the row `key` or the section `section` (from 0) that its form names."""


@require_POST
@on_draft
def click(request: Request, rubric: Rubric) -> HttpResponse:
    """One of CLICKS. What was inserted is opened, to be filled in."""
    said = request.POST.dict()
    found = CLICKS.get(said.get("op", ""))
    if found is None:
        raise Http404
    said = {"key": "", "before": "", "section": "", **said}
    before = {item.key for item in read(rubric).items}
    try:
        after = change(
            request.user, rubric, said.get("seen", ""), lambda now: found.edit(now, said), found.what, said["key"]
        )
    except Conflict:
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return to_draft(rubric, _anchor(said))
    if found.what == What.INSERT:
        return redirect(
            "rubrics:draft_item", rubric.pk, next(item.key for item in after.items if item.key not in before)
        )
    if found.what == What.INSERT_SECTION:
        return redirect("rubrics:draft_section", rubric.pk, _number(said))
    return to_draft(rubric, _anchor(said))


@require_POST
@on_draft
def take_back(request: Request, rubric: Rubric) -> HttpResponse:
    try:
        undone = undo(request.user, rubric, request.POST.get("seen", ""))
    except Conflict:
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return to_draft(rubric)
    messages.success(request, _("Taken back: %(what)s.") % {"what": _(What[undone.what.upper()])})
    return to_draft(rubric, f"item-{undone.place}" if undone.place else "")


@require_POST
@on_draft
def settle_doubt(request: Request, rubric: Rubric, doubt: int) -> HttpResponse:
    found = get_object_or_404(rubric.doubts.select_related("rubric", "item"), pk=doubt)
    try:
        settle(request.user, found, request.POST.get("option", ""), request.POST.get("seen", ""))
    except Conflict:
        raise
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    row = rubric.items.filter(doubts=found.pk).first()
    return to_draft(rubric, f"item-{row.key}" if row else "")


def _number(said: Said) -> int:
    """A section's number; -1, which no section has, for what is none."""
    typed = said["section"]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= DIGITS else -1


def _anchor(said: Said) -> str:
    if said["key"]:
        return f"item-{said['key']}"
    return f"section-{_number(said) + 1}" if said["section"] else ""
