"""Dual leadership (双重领导): the industrial union that an organisation has beside its territorial superior."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import PATH_STEP, Change, Level, Organization, path_ids
from orgs.permissions import may_place
from orgs.queries import in_subtree
from orgs.services.base import BATCH, Refused, batches, line, lock_tree, log, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from orgs.models import User

SHOWN = 5


def industrial_unions(by: User | None, near: Organization) -> QuerySet[Organization]:
    """Open unions of the level Industry that this person may choose as a second superior: those of the same tree."""
    found = Organization.objects.filter(level=Level.INDUSTRY, closed_on=None)
    return found if by is None or by.is_superuser else found.filter(in_subtree(near.path[:PATH_STEP]))


def fitting(by: User | None, organization: Organization) -> QuerySet[Organization]:
    """Those that may become the second superior of this organisation."""
    return (
        industrial_unions(by, organization)
        .exclude(in_subtree(organization.path))
        .exclude(pk__in=[organization.parent_id or 0, organization.industrial_union_id or 0])
    )


@transaction.atomic
def set_industrial_union(by: User | None, organization: Organization, union: Organization | None) -> Organization:
    """Give the organisation this industrial union, another one, or, with None, none any more.

    Needs the right to place the organisation. Running assessments keep the superiors that they froze.
    """
    lock_tree()
    current = Organization.objects.select_related("parent", "industrial_union").get(pk=organization.pk)
    require(by, may_place, current)
    if current.closed_on:
        raise Refused(_("“%(name)s” is closed: reopen it first.") % {"name": current.name})
    if union is not None and union.pk != current.industrial_union_id:
        union = Organization.objects.get(pk=union.pk)
        refuse_unfit(current, union)
        _require_near(by, current, union)
    change(by, current, union)
    return current


def refuse_unfit(organization: Organization, union: Organization) -> None:
    """Say why this union can't be the industrial union of the organisation, if it can't."""
    if fault := unfit(organization, union):
        raise Refused(fault)
    if union.closed_on:
        raise Refused(_("“%(name)s” is closed: nothing can come under it.") % {"name": union.name})
    if union.level != Level.INDUSTRY:
        raise Refused(
            _("“%(name)s” is no industrial union: its level is %(level)s.")
            % {"name": union.name, "level": union.get_level_display()}
        )


def unfit(organization: Organization, union: Organization) -> str:
    """Why the places of the two forbid it; empty if they don't."""
    if union.pk == organization.pk:
        return _("“%(name)s” can't be its own industrial union.") % {"name": union.name}
    if union.pk == organization.parent_id:
        return _("“%(union)s” is the superior union of “%(name)s” already.") % {
            "union": union.name,
            "name": organization.name,
        }
    if union.path.startswith(organization.path):
        return _("“%(union)s” stands below “%(name)s” and can't be its industrial union.") % {
            "union": union.name,
            "name": organization.name,
        }
    return ""


def change(by: User | None, organization: Organization, union: Organization | None) -> None:
    """Write it and its line of the log. The caller holds the tree's lock and has asked everything."""
    was = organization.industrial_union
    organization.industrial_union = union
    organization.save(update_fields=["industrial_union"])
    log(by, organization, {"industrial_union": (was, union)})


# --- Of many at once -------------------------------------------------------------------------------------------------


def let_go(by: User | None, keys: Sequence[int]) -> dict[int, str]:
    """Take their industrial unions off these organisations, before they and their superiors change places.

    Returns what they were called, by key. Needs the right to place each.
    """
    had: dict[int, str] = {}
    for some in batches(keys):
        found = Organization.objects.select_related("industrial_union").in_bulk(some)
        for one in found.values():
            require(by, may_place, one)
            had[one.pk] = one.industrial_union.name if one.industrial_union else ""
        Organization.objects.filter(pk__in=some).update(industrial_union=None)
    return had


def lead(by: User | None, led: Mapping[int, int], had: Mapping[int, str]) -> None:
    """Give organisations, which have none now, these industrial unions, by keys; 0 for none. One update for a union."""
    wanted = sorted(set(led.values()) - {0})
    unions = {key: union for some in batches(wanted) for key, union in Organization.objects.in_bulk(some).items()}
    by_union: dict[int, list[int]] = defaultdict(list)
    lines: list[Change] = []
    for some in batches(sorted(led)):
        for one in Organization.objects.in_bulk(some).values():
            union = unions.get(led[one.pk])
            if union:
                require(by, may_place, one)
                refuse_unfit(one, union)
                _require_near(by, one, union)
                by_union[union.pk].append(one.pk)
            if had.get(one.pk, "") != (union.name if union else ""):
                lines.append(line(by, one, "industrial_union", had.get(one.pk, ""), union))
    for key, affiliates in by_union.items():
        for some in batches(affiliates):
            Organization.objects.filter(pk__in=some).update(industrial_union=key)
    Change.objects.bulk_create(lines, batch_size=BATCH)


def _require_near(by: User | None, one: Organization, union: Organization) -> None:
    if by is not None and not by.is_superuser and union.path[:PATH_STEP] != one.path[:PATH_STEP]:
        raise PermissionDenied


# --- What becomes of it when the tree changes ------------------------------------------------------------------------


def leave_parent(by: User | None, organization: Organization, parent: Organization | None) -> None:
    """Whose industrial union becomes its superior has one superior from now on."""
    if parent and organization.industrial_union_id == parent.pk:
        change(by, organization, None)


def refuse_upside_down(branch: Organization, parent: Organization | None) -> None:
    """No organisation may come to stand above its own industrial union."""
    if parent is None:
        return
    above = Organization.objects.filter(
        in_subtree(branch.path, "industrial_union__path"), pk__in=path_ids(parent.path)
    ).select_related("industrial_union")
    for one in above[:1]:
        raise Refused(_upside_down(one))


def refuse_any_upside_down() -> None:
    """The same for the whole forest, after many changes at once."""
    below = Organization.objects.filter(
        industrial_union__isnull=False, path=Substr("industrial_union__path", 1, Length("path"))
    )
    for one in below.filter(~Q(industrial_union=F("pk"))).select_related("industrial_union")[:1]:
        raise Refused(_upside_down(one))


def _upside_down(one: Organization) -> str:
    return _("“%(union)s” is the industrial union of “%(name)s” and can't stand below it.") % {
        "union": one.industrial_union.name if one.industrial_union else "",
        "name": one.name,
    }


def refuse_left_behind(union: Organization) -> None:
    """A union can't close while organisations have it as their industrial union: name them."""
    left = union.affiliates.filter(closed_on=None).order_by("sort_key", "pk")
    count = left.count()
    if count:
        names = "”、“".join(left.values_list("name", flat=True)[:SHOWN])
        raise Refused(
            ngettext(
                "It is the industrial union of %(count)d organisation: “%(names)s”. Give it another one first.",
                "It is the industrial union of %(count)d organisations: “%(names)s”. Give them another one first.",
                count,
            )
            % {"count": count, "names": names + ("…" if count > SHOWN else "")}
        )


def hand_affiliates_over(by: User | None, union: Organization, heir: Organization) -> None:
    """When a union is merged, its heir takes its place; where that one is a superior already, or stands below, none."""
    for one in union.affiliates.select_related("industrial_union"):
        change(by, one, None if unfit(one, heir) else heir)


def outlived(by: User | None, organization: Organization) -> None:
    """Whoever reopens finds no industrial union that closed meanwhile."""
    if organization.industrial_union and organization.industrial_union.closed_on:
        change(by, organization, None)
