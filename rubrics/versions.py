"""Where new drafts come from when there is a rubric already: the next version, a copy, an overlay.

Each service is one transaction, asks for the right of `by` again, leaves the rubric it starts from as it is, and
refuses with a sentence. Running cycles never notice: they keep the version they froze.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from orgs.models import PATH_STEP, Organization, User
from orgs.services.base import Refused, require, wait_for_owner
from rubrics import overlays
from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, read, write
from rubrics.drafting.change import change
from rubrics.drafting.codec import digest
from rubrics.drafting.edits.base import check
from rubrics.drafting.history import What
from rubrics.models import Document, Rubric
from rubrics.permissions import may_create, may_look_after, may_read

TITLE_LENGTH = 120


def new_document(owner: Organization, title: str) -> Document:
    """A document of a union; its code means nothing and is never used again."""
    return Document.objects.create(slug=f"d-{uuid4().hex[:16]}", title=title, issuer=owner.name[:60], owner=owner)


def new_draft(document: Document, blueprint: Blueprint, based_on: Rubric | None = None, **fields: object) -> Rubric:
    """The first version of a rubric of its own, after the others of the document."""
    last = document.rubrics.order_by("-position").first()
    rubric = Rubric.objects.create(
        document=document,
        code=f"r-{uuid4().hex[:16]}",
        position=last.position + 1 if last else 1,
        title=blueprint.title,
        based_on=based_on,
        **fields,
    )
    write(blueprint, rubric)
    return rubric


# --- The next version ------------------------------------------------------------------------------------------------


def versions_of(rubric: Rubric) -> list[Rubric]:
    """All versions, drafts too, newest first: for who may see them, ask `queries.visible_to`."""
    return list(Rubric.objects.filter(code=rubric.code).order_by("-version"))


def open_draft(rubric: Rubric) -> Rubric | None:
    """The draft that is being made of the same rubric; there is never more than one."""
    return Rubric.objects.filter(code=rubric.code, published_at=None).first()


@transaction.atomic
def next_version(by: User, rubric: Rubric) -> Rubric:
    """A draft that says what the rubric says, under the next free version number, in the same document.

    Refused where a draft of it is open already, or where it came with the software: that is copied.
    """
    if rubric.document.owner is None:
        raise Refused(_("This rubric came with the software. Copy it, and change the copy."))
    require(by, may_look_after, rubric.document)
    newest = _locked_versions(rubric)[0]
    if newest.published_at is None:
        raise Refused(_("There is already a draft of the next version; go on with that one."))
    draft = Rubric.objects.create(
        document=rubric.document,
        code=rubric.code,
        version=newest.version + 1,
        position=rubric.position,
        title=rubric.title,
        based_on=rubric,
        overlays=rubric.overlays,
    )
    write(read(rubric), draft)
    return draft


def _locked_versions(rubric: Rubric) -> list[Rubric]:
    """Newest first, held until the transaction ends: of two people who ask at once, the second meets a draft."""
    Document.objects.select_for_update(of=("self",)).get(pk=rubric.document_id)
    return versions_of(rubric)


# --- A copy ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def copy(by: User, rubric: Rubric, owner: Organization, title: str, document: Document | None = None) -> Rubric:
    """A draft of `owner` that says what the rubric says under another title, free to be changed everywhere.

    document  one of the owner's, to stand beside its other rubrics; None: a new one of the same title
    """
    _require_reader(by, rubric)
    require(by, may_create, owner)
    title = title.strip()
    if not title:
        raise Refused(_("The copy needs a title."))
    if document is not None and document.owner_id != owner.pk:
        raise Refused(_("The document belongs to another union."))
    blueprint = set_free(replace(read(rubric), title=title, annex=""))
    return new_draft(document or new_document(owner, title), blueprint, rubric)


def _require_reader(by: User, rubric: Rubric) -> None:
    require(by, may_read, rubric)


def set_free(blueprint: Blueprint) -> Blueprint:
    """A rubric of its own: nothing of it comes from a superior's rubric, or from an uploaded file."""
    sections = tuple(replace(section, inherited=False) for section in blueprint.sections)
    return _each_item(replace(blueprint, sections=sections), lambda item: replace(item, source_ref=""))


def _each_item(blueprint: Blueprint, made: Callable[[ItemPlan], ItemPlan]) -> Blueprint:
    def of_group(group: GroupPlan) -> GroupPlan:
        return replace(group, items=tuple(map(made, group.items)))

    sections = tuple(replace(section, groups=tuple(map(of_group, section.groups))) for section in blueprint.sections)
    return replace(blueprint, sections=sections)


# --- An overlay ------------------------------------------------------------------------------------------------------


def may_overlay(rubric: Rubric, owner: Organization) -> bool:
    """Whether the rubric leaves points to that union: it is published, and the union lies below its owner."""
    above = rubric.document.owner
    below = above is None or owner.path[:-PATH_STEP].startswith(above.path)
    return rubric.published_at is not None and rubric.overlay_points is not None and below


@transaction.atomic
def overlay(by: User, rubric: Rubric, owner: Organization, document: Document | None = None) -> Rubric:
    """A draft of a lower union: the rubric's sections as they are, and room for sections of its own after them.

    Refused where the rubric leaves no points to it, or where the union has an overlay of it already.
    """
    require(by, may_create, owner)
    if not may_overlay(rubric, owner):
        raise Refused(_("This rubric leaves no points to %(union)s for items of its own.") % {"union": owner})
    if document is not None and document.owner_id != owner.pk:
        raise Refused(_("The document belongs to another union."))
    wait_for_owner(owner)
    if _has_overlay(owner, rubric):
        raise Refused(_("%(union)s already has a rubric that builds upon this one.") % {"union": owner})
    suffix = f"（{owner}）"
    title = f"{str(rubric)[: TITLE_LENGTH - len(suffix)]}{suffix}"[:TITLE_LENGTH]
    base = read(rubric)
    blueprint = overlays.with_totals(overlays.begin(base), base)
    return new_draft(document or new_document(owner, title), blueprint, rubric, overlays=rubric)


def _has_overlay(owner: Organization, rubric: Rubric) -> bool:
    return Rubric.objects.filter(overlays__code=rubric.code, document__owner=owner).exists()


def newer_base(rubric: Rubric) -> Rubric | None:
    """The newest published version of what an overlay builds upon, where that is newer than its own."""
    if rubric.overlays is None:
        return None
    newer = Rubric.objects.filter(
        code=rubric.overlays.code, version__gt=rubric.overlays.version, published_at__isnull=False
    )
    return newer.order_by("-version").first()


@transaction.atomic
def rebase(by: User, rubric: Rubric) -> Rubric:
    """The overlay on the newest version of its base, own sections kept: in the draft itself, or in the next version."""
    base = newer_base(rubric)
    if base is None or rubric.overlays is None:
        raise Refused(_("There is no newer version of what this rubric builds upon."))
    draft = rubric if rubric.published_at is None else next_version(by, rubric)
    old, new = read(rubric.overlays), read(base)
    change(by, draft, digest(read(draft)), lambda mine: overlays.rebase(mine, old, new), What.REBASE)
    draft.edits.update(before=None)  # taking an earlier change back would bring the old base back
    Rubric.objects.filter(pk=draft.pk).update(overlays=base)
    return Rubric.objects.select_related("document__owner", "overlays").get(pk=draft.pk)


# --- A workbook ------------------------------------------------------------------------------------------------------


def take_over(by: User, rubric: Rubric, seen: str, blueprint: Blueprint) -> None:
    """Make a draft say what a workbook says; rows whose keys stay, stay beside their originals.

    seen  the digest of the draft that the person compared it with
    Raises Conflict, Refused where it can't be stored or touches what is inherited, PermissionDenied.
    """

    def replaced(before: Blueprint) -> Blueprint:
        refs = {item.key: item.source_ref for item in before.items}
        after = _each_item(blueprint, lambda item: replace(item, source_ref=refs.get(item.key, "")))
        check(before, after)
        return after

    change(by, rubric, seen, replaced, What.WORKBOOK)
