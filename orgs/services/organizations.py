"""Writers of the tree: what becomes of one organisation that stands already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import PATH_STEP, Organization
from orgs.permissions import may_manage, may_place
from orgs.queries import in_subtree
from orgs.services import affiliation
from orgs.services.base import Refused, lock_tree, log, require, require_system
from orgs.services.creating import (
    MAX_DEPTH,
    Contact,
    NewOrganization,
    draft,
    open_parents,
    path_step,
    refuse_repeated_codes,
    refuse_sibling_name,
)

if TYPE_CHECKING:
    from orgs.models import OrganizationKind, User

FACTS = ("name", "kind", "level", "code", "members", "contact", "phone")


@transaction.atomic
def edit_organization(
    by: User | None,
    organization: Organization,
    name: str,
    kind: OrganizationKind,
    level: str,
    code: str | None = "",
    members: int | None = None,
    **contact: Unpack[Contact],
) -> Organization:
    """Set the facts of one organisation; who to contact stays where it isn't given.

    Kind and level are for administrators above it: they decide its rubric.
    """
    lock_tree()
    current = fresh(organization)
    require(by, may_manage, current)
    if (kind, level) != (current.kind, current.level):
        require(by, may_place, current)
    reach: Contact = {"contact": current.contact, "phone": current.phone, **contact}
    facts = draft(NewOrganization(name, kind, level, None, code or "", members, **reach))
    if facts.name != current.name:
        refuse_sibling_name(current.parent, facts.name)
    if facts.code and facts.code != current.code:
        refuse_repeated_codes([facts.code])
    changes: dict[str, tuple[object, object]] = {}
    for field in FACTS:
        changes[field] = (words(current, field), words(facts, field))
        setattr(current, field, getattr(facts, field))
    current.sort_key = facts.sort_key
    current.save(update_fields=[*FACTS, "sort_key"])
    log(by, current, changes)
    return current


@transaction.atomic
def move_organization(by: User | None, organization: Organization, new_parent: Organization | None) -> Organization:
    """Put the organisation with all below it under another parent: one UPDATE rewrites the paths of the branch.

    Needs the right over both parents. Running assessments don't move: they keep the path that they froze.
    """
    lock_tree()
    current = fresh(organization)
    require(by, may_place, current)
    parent = open_parents(by, [new_parent.pk])[new_parent.pk] if new_parent else None
    if parent is None:
        require_system(by)
    if parent == current.parent:
        return current
    if parent and parent.path.startswith(current.path):
        raise Refused(_("“%(name)s” can't be moved below itself.") % {"name": current.name})
    refuse_sibling_name(parent, current.name)
    put_under(by, current, parent)
    return current


def put_under(by: User | None, current: Organization, parent: Organization | None) -> None:
    """Rewrite where a branch stands. The caller holds the tree's lock and has asked all but for the depth."""
    affiliation.refuse_upside_down(current, parent)
    affiliation.leave_parent(by, current, parent)
    old_parent, old_path = current.parent, current.path
    new_path = (parent.path if parent else "") + path_step(current.pk)
    _refuse_depth(old_path, new_path)
    Organization.objects.filter(pk=current.pk).update(parent=parent)
    Organization.objects.filter(in_subtree(old_path)).update(
        path=Concat(Value(new_path), Substr("path", len(old_path) + 1))
    )
    current.parent, current.path = parent, new_path
    log(by, current, {"parent": (old_parent, parent)})


@transaction.atomic
def close_organization(by: User | None, organization: Organization) -> Organization:
    """Close it from today on: it stays readable, its posts give no rights, and nothing new comes under it."""
    lock_tree()
    current = fresh(organization)
    require(by, may_place, current)
    if current.closed_on:
        return current
    below = current.children.filter(closed_on=None).count()
    if below:
        raise Refused(
            ngettext(
                "It still has %(count)d subordinate organisation. Close or move it first.",
                "It still has %(count)d subordinate organisations. Close or move them first.",
                below,
            )
            % {"count": below}
        )
    affiliation.refuse_left_behind(current)
    current.closed_on = timezone.localdate()
    current.save(update_fields=["closed_on"])
    log(by, current, {"closed_on": (None, current.closed_on)})
    return current


@transaction.atomic
def reopen_organization(by: User | None, organization: Organization) -> Organization:
    lock_tree()
    current = fresh(organization)
    require(by, may_place, current)
    if current.merged_into:
        raise Refused(_("It was merged into “%(name)s” and stays closed.") % {"name": current.merged_into.name})
    if current.parent and current.parent.closed_on:
        raise Refused(_("Its superior union is closed: reopen that first."))
    was, current.closed_on = current.closed_on, None
    current.save(update_fields=["closed_on"])
    log(by, current, {"closed_on": (was, None)})
    affiliation.outlived(by, current)
    return current


# --- What the writers ask first --------------------------------------------------------------------------------------


def fresh(organization: Organization) -> Organization:
    """The organisation as it stands now that nobody else can change the tree."""
    return Organization.objects.select_related("parent", "kind").get(pk=organization.pk)


def _refuse_depth(old_path: str, new_path: str) -> None:
    longest = Organization.objects.filter(in_subtree(old_path)).aggregate(longest=Max(Length("path")))["longest"]
    if longest - len(old_path) + len(new_path) > MAX_DEPTH * PATH_STEP:
        raise Refused(_("The tree would become deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})


def words(organization: Organization, field: str) -> object:
    """A field in words, for the log."""
    return organization.get_level_display() if field == "level" else getattr(organization, field)


# --- Paths -----------------------------------------------------------------------------------------------------------
