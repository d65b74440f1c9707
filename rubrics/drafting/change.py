"""Carrying an edit out on the stored draft, taking the last one back, and settling a doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.services.base import Refused, require
from rubrics.blueprint import Blueprint, read, write
from rubrics.drafting import history
from rubrics.drafting.codec import digest, load
from rubrics.drafting.edits.base import check
from rubrics.drafting.history import What
from rubrics.importers import doubts as importers
from rubrics.models import Doubt, Edit, Rubric
from rubrics.permissions import may_edit

if TYPE_CHECKING:
    from orgs.models import User

GONE = "row_gone"
"""How a doubt is closed whose row a person removed."""


class Conflict(Refused):
    """The draft is not as the person saw it: changed by somebody else, published, or gone."""


@transaction.atomic
def change(
    by: User,
    rubric: Rubric,
    seen: str,
    edit: Callable[[Blueprint], Blueprint],
    what: What,
    place: str = "",
) -> Blueprint:
    """Make the draft what `edit` makes of it, and log that.

    seen   the digest of the draft that the person saw
    place  the row or section that is changed, for the log
    Doubts stay with their rows: with the row of their key, else of their place in the file; those of a row that is
    gone are closed. Raises Conflict, Refused, PermissionDenied.
    """
    draft = locked(by, rubric)
    before = read(draft)
    check_seen(before, seen)
    after = edit(before)
    _store(by, draft, before, after, (what, place))
    return after


@transaction.atomic
def settle(by: User, doubt: Doubt, option: str, seen: str) -> Blueprint:
    """Settle a doubt with one of its options. Raises Conflict where it is settled already, or the draft has changed."""
    draft = locked(by, doubt.rubric)
    doubt = draft.doubts.select_related("item").get(pk=doubt.pk)
    if doubt.chosen:
        raise Conflict(_("Somebody has settled this doubt already."))
    before = read(draft)
    check_seen(before, seen)
    try:
        after = importers.apply(before, as_value(doubt), importers.Option(option))
    except ValueError as error:
        raise Refused(_("Choose one of the ways that are offered.")) from error
    except importers.StaleDoubtError as error:
        raise Refused(
            _("The rows have changed so much that this can't be done any more. Edit them by hand.")
        ) from error
    check(before, after)
    place = doubt.item.key if doubt.item else ""
    _store(by, draft, before, after, (What.DOUBT, place), doubt)
    Doubt.objects.filter(pk=doubt.pk).update(chosen=option, settled_at=timezone.now(), settled_by=by)
    return after


@transaction.atomic
def undo(by: User, rubric: Rubric, seen: str) -> Edit:
    """Take the last change back, with the doubts that it settled. Gives what was taken back."""
    draft = locked(by, rubric)
    now = read(draft)
    check_seen(now, seen)
    last = draft.edits.last()
    if last is None or last.before is None:
        raise Refused(_("There is no change left that could be taken back."))
    if digest(now) != last.before["made"]:
        raise Refused(_("The draft was replaced as a whole since then, so that this change can't be taken back."))
    keys = {pk: key for pk, key, _chosen in last.before["doubts"]}
    open_then = [pk for pk, _key, chosen in last.before["doubts"] if not chosen]
    _put(draft, load(last.before["blueprint"]), keys)
    draft.doubts.filter(pk__in=open_then).update(chosen="", settled_at=None, settled_by=None)
    last.delete()
    return last


def locked(by: User, rubric: Rubric) -> Rubric:
    """The draft as nobody else can change it now. Raises Conflict where it is none any more."""
    found = Rubric.objects.select_for_update(of=("self",)).select_related("document__owner").filter(pk=rubric.pk)
    draft = found.first()
    if draft is None:
        raise Conflict(_("Somebody has deleted this draft."))
    if draft.published_at is not None:
        raise already_published()
    require(by, may_edit, draft)
    return draft


def already_published() -> Conflict:
    return Conflict(_("This rubric is published, so it can't be changed any more. Make a new version of it."))


def as_value(doubt: Doubt) -> importers.Doubt:
    """A stored doubt as the importer knows it."""
    return importers.Doubt(
        importers.Code(doubt.code),
        doubt.item.source_ref if doubt.item else "",
        doubt.facts,
        tuple(map(importers.Option, doubt.options)),
    )


def check_seen(blueprint: Blueprint, seen: str) -> None:
    """Raises Conflict unless the person saw the draft as it stands; `seen` is the digest of what they saw."""
    if digest(blueprint) != seen:
        raise Conflict(
            _("Somebody else has changed this draft since you opened it. Nothing of yours was saved; look at it anew.")
        )


def _store(
    by: User,
    draft: Rubric,
    before: Blueprint,
    after: Blueprint,
    log: tuple[What, str],
    settled: Doubt | None = None,
) -> None:
    """Write the draft unless nothing changed, log it, and close the doubts of rows that are gone."""
    if settled is None and digest(before) == digest(after):
        return
    doubts = list(draft.doubts.select_related("item"))
    links = {doubt.pk: _heir(before, after, doubt.item.key) if doubt.item else "" for doubt in doubts}
    lost = [doubt.pk for doubt in doubts if doubt.item and not links[doubt.pk] and not doubt.chosen]
    kept = history.state(before, after, doubts)
    _put(draft, after, links)
    draft.doubts.filter(pk__in=lost).update(chosen=GONE, settled_at=timezone.now(), settled_by=by)
    history.keep(by, draft, *log, kept)


def _put(draft: Rubric, blueprint: Blueprint, links: Mapping[int, str]) -> None:
    """Write the draft; its doubts (by primary key) are about the rows of these keys."""
    draft.doubts.update(item=None)  # else they would go with the rows that are written anew
    write(blueprint, draft)
    items = dict(draft.items.values_list("key", "pk"))
    linked = [Doubt(pk=pk, item_id=items[key]) for pk, key in links.items() if key in items]
    Doubt.objects.bulk_update(linked, ["item"])


def _heir(before: Blueprint, after: Blueprint, key: str) -> str:
    """The row of `after` that is the row of that key: by its place in the file, else by key, else by its wording.

    The key alone would not do: settling a doubt may give every row another.
    """
    row = next(item for item in before.items if item.key == key)
    same = [item.key for item in after.items if row.source_ref and item.source_ref == row.source_ref]
    if not same and not row.source_ref:
        same = [item.key for item in after.items if item.key == key]
    if not same:
        same = [item.key for item in after.items if row.text and row.text in item.text]
    return key if key in same else next(iter(same), "")
