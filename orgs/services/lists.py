"""The writer of a whole list of organisations: new ones, changed ones and moved ones, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os.path import commonprefix
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Length, LPad
from django.utils.translation import gettext as _

from orgs.models import PATH_STEP, Change, Organization, OrganizationKind
from orgs.permissions import may_manage, may_place
from orgs.queries import in_subtree
from orgs.services import organizations
from orgs.services.base import Refused, line, require
from orgs.services.organizations import (
    BATCH,
    MAX_DEPTH,
    NewOrganization,
    batches,
    bulk_create_organizations,
    open_parents,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from orgs.models import User


@dataclass(frozen=True, slots=True, eq=False)
class ChangedOrganization:
    """What becomes of one organisation.

    facts   new values of some of FACTS, in the one form that `bulk_create_organizations` gives them; kind as its key
    parent  its new superior: the key of an organisation, or a new one of the same list; None: it stays where it is
    """

    key: int
    facts: Mapping[str, Any]
    parent: int | NewOrganization | None = None
    sort_key: str = ""


@transaction.atomic
def write_organizations(
    by: User | None, new: Sequence[NewOrganization], changed: Sequence[ChangedOrganization]
) -> list[Organization]:
    """Create, change and move, all or none, with a line of the log for each field; returns the new organisations.

    The rows say how the tree stands afterwards: names and codes may change places, a new organisation may become the
    superior of an old one. Needs the rights that the single services ask for.
    """
    organizations.lock_tree()
    moves = [change for change in changed if change.parent is not None]
    open_parents(by, {change.parent for change in moves if isinstance(change.parent, int)})
    parked, old_parents = _make_room(by, new, changed)
    made = dict(zip(new, bulk_create_organizations(by, new), strict=True))
    for batch in batches(changed):
        _write(batch, parked, made)
    _lay_paths([path for path, _name in old_parents.values()])
    _log_moves(by, {key: name for key, (_path, name) in old_parents.items()})
    return list(made.values())


# --- Before anything is written --------------------------------------------------------------------------------------


def _make_room(
    by: User | None, new: Sequence[NewOrganization], changed: Sequence[ChangedOrganization]
) -> tuple[dict[int, str], dict[int, tuple[str, str]]]:
    """Ask for the rights, write the log of all but moves, and take names and codes that others want off their holders.

    Returns the names that were taken, and the old path and superior's name of what moves, all by key.
    """
    wanted_names = {(_key(row.parent), row.name) for row in new}
    wanted_codes = {row.code for row in new if row.code}
    left_names: dict[tuple[object, str], int] = {}
    left_codes: dict[str, int] = {}
    moved: dict[int, tuple[str, str]] = {}
    kinds = OrganizationKind.objects.in_bulk()
    for change, current in _with_current(changed):
        _require(by, change, current)
        _log_facts(by, change, current, kinds)
        if change.parent is not None:
            moved[current.pk] = (current.path, current.parent.name if current.parent else "")
        if change.parent is not None or "name" in change.facts:
            left_names[current.parent_id, current.name] = current.pk
            parent = current.parent_id if change.parent is None else _key(change.parent)
            wanted_names.add((parent, change.facts.get("name", current.name)))
        if "code" in change.facts:
            left_codes[current.code or ""] = current.pk
            wanted_codes.add(change.facts["code"] or "")
    parked = {left_names[place]: place[1] for place in left_names.keys() & wanted_names}
    for keys in batches(sorted(parked)):
        Organization.objects.filter(pk__in=keys).update(name=Concat(Value("\x00"), Cast("pk", CharField())))
    for keys in batches([left_codes[code] for code in left_codes.keys() & wanted_codes]):
        Organization.objects.filter(pk__in=keys).update(code=None)
    return parked, moved


def _key(parent: Organization | NewOrganization | int | None) -> object:
    return parent.pk if isinstance(parent, Organization) else parent


def _with_current(changed: Sequence[ChangedOrganization]) -> Iterator[tuple[ChangedOrganization, Organization]]:
    for batch in batches(changed):
        current = Organization.objects.select_related("kind", "parent").in_bulk([change.key for change in batch])
        yield from ((change, current[change.key]) for change in batch)


def _require(by: User | None, change: ChangedOrganization, current: Organization) -> None:
    require(by, may_manage, current)
    if change.parent is not None or change.facts.keys() & {"kind", "level"}:
        require(by, may_place, current)
    if current.closed_on:
        raise Refused(_("“%(name)s” is closed: reopen it first.") % {"name": current.name})


def _log_facts(
    by: User | None, change: ChangedOrganization, current: Organization, kinds: dict[int, OrganizationKind]
) -> None:
    after = Organization(name=current.name)
    for field, value in change.facts.items():
        setattr(after, field, kinds[value] if field == "kind" else value)
    Change.objects.bulk_create(
        line(by, current, field, words(current, field), words(after, field)) for field in change.facts
    )
