"""Organisations that come into being: one, or a list of thousands, with the paths that their places give them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from uuid import uuid4

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from django.utils.translation import gettext as _

from orgs.models import PATH_STEP, Change, Level, Organization, OrganizationKind, User
from orgs.names import sort_key
from orgs.permissions import may_manage
from orgs.services.base import BATCH, Refused, batches, line, lock_tree, require, require_system
from orgs.services.facts import checked_code, checked_contact, checked_contact_phone, checked_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

MAX_DEPTH = 20
LEVELS = frozenset(Level.values)


class Contact(TypedDict, total=False):
    """Who answers for an organisation, and where."""

    contact: str
    phone: str


@dataclass(frozen=True, slots=True, eq=False)
class NewOrganization:
    """A row of a list to be created. Its parent is an organisation, another row of the list, or none for a root.

    sort_key  where it was made beforehand: pinyin is half the price of an organisation
    """

    name: str
    kind: OrganizationKind
    level: str
    parent: Organization | NewOrganization | None = None
    code: str = ""
    members: int | None = None
    contact: str = ""
    phone: str = ""
    sort_key: str = ""


@transaction.atomic
def create_organization(
    by: User | None,
    parent: Organization | None,
    name: str,
    kind: OrganizationKind,
    level: str,
    code: str | None = "",
    members: int | None = None,
    **contact: Unpack[Contact],
) -> Organization:
    """Create one organisation under `parent`, or a root, which only the system administrator and commands may."""
    row = NewOrganization(name, kind, level, parent, code or "", members, **contact)
    return bulk_create_organizations(by, [row])[0]


@transaction.atomic
def bulk_create_organizations(
    by: User | None, rows: Sequence[NewOrganization], tell: Callable[[int], None] = lambda _written: None
) -> list[Organization]:
    """Create all rows or none, and return the organisations in their order; some 7,000 a second.

    Writes level by level: an insert for each batch, then an UPDATE that gives it its paths, which need the keys.
    `tell` hears now and then how many are written.
    """
    lock_tree()
    parents = _fresh_parents(by, rows)
    drafts = {row: draft(row) for row in rows}
    refuse_repeated_codes([draft.code for draft in drafts.values() if draft.code])
    _refuse_repeated_names(drafts, parents)
    written = 0
    for level in _levels(rows):
        for some in batches(level):
            _insert([drafts[row] for row in some], [_parent_of(row, drafts, parents) for row in some])
            written += len(some)
            tell(written)
    created = [drafts[row] for row in rows]
    Change.objects.bulk_create((line(by, made, "created", "", made.name) for made in created), batch_size=BATCH)
    return created


# --- What the writers ask first ---------------------------------------------------------------------------------------


def _fresh_parents(by: User | None, rows: Iterable[NewOrganization]) -> dict[int, Organization]:
    """The parents that exist, by key, in a query for each batch of them."""
    keys = set()
    for row in rows:
        if row.parent is None:
            require_system(by)
        elif isinstance(row.parent, Organization):
            keys.add(row.parent.pk)
    return open_parents(by, keys)


def open_parents(by: User | None, keys: Collection[int]) -> dict[int, Organization]:
    """Organisations under which the person may put others, by key, as they stand now; refuses if one is closed."""
    parents: dict[int, Organization] = {}
    for batch in batches(sorted(keys)):
        parents |= Organization.objects.in_bulk(batch)
    for parent in parents.values():
        require(by, may_manage, parent)
        if parent.closed_on:
            raise Refused(_("“%(name)s” is closed: nothing can come under it.") % {"name": parent.name})
    return parents


def refuse_repeated_codes(codes: list[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise Refused(_("The credit code %(code)s stands twice in the list.") % {"code": code})
        seen.add(code)
    for batch in batches(codes):
        taken = Organization.objects.filter(code__in=batch).first()
        if taken:
            raise Refused(
                _("The credit code %(code)s belongs to “%(name)s”.") % {"code": taken.code, "name": taken.name}
            )


def _refuse_repeated_names(drafts: dict[NewOrganization, Organization], parents: dict[int, Organization]) -> None:
    names: dict[Any, set[str]] = defaultdict(set)
    for row, draft in drafts.items():
        siblings = names[row.parent if row.parent is None or isinstance(row.parent, NewOrganization) else row.parent.pk]
        if draft.name in siblings:
            raise Refused(_("“%(name)s” stands twice under the same superior.") % {"name": draft.name})
        siblings.add(draft.name)
    for name in names.get(None, ()):
        refuse_sibling_name(None, name)
    for batch in batches(sorted(parents)):
        _refuse_names_under(parents, {key: names[key] for key in batch if key in names})


def _refuse_names_under(parents: dict[int, Organization], wanted: dict[int, set[str]]) -> None:
    standing = Organization.objects.filter(parent__in=wanted)
    if sum(map(len, wanted.values())) <= BATCH:
        standing = standing.filter(name__in=set().union(*wanted.values()))
    for key, name in standing.values_list("parent_id", "name").iterator():
        if key is not None and name in wanted[key]:
            raise Refused(
                _("“%(name)s” already stands under “%(parent)s”.") % {"name": name, "parent": parents[key].name}
            )


def refuse_sibling_name(parent: Organization | None, name: str) -> None:
    taken = Organization.objects.filter(parent=parent, name=name).first()
    if taken:
        raise Refused(
            _("“%(name)s” already stands under “%(parent)s”.") % {"name": taken.name, "parent": parent.name}
            if parent
            else _("There is already a top organisation “%(name)s”.") % {"name": taken.name}
        )


# --- What is written --------------------------------------------------------------------------------------------------


def draft(row: NewOrganization) -> Organization:
    """The row as an unsaved organisation, its texts in their one form."""
    name = checked_name(row.name)
    if row.level not in LEVELS:
        raise Refused(_("“%(level)s” is no level.") % {"level": row.level})
    return Organization(
        name=name,
        sort_key=row.sort_key or sort_key(name),
        kind=row.kind,
        level=row.level,
        code=checked_code(row.code) or None,
        members=row.members,
        contact=checked_contact(row.contact),
        phone=checked_contact_phone(row.phone),
    )


def path_step(key: int) -> str:
    return str(key).zfill(PATH_STEP)


def _levels(rows: Iterable[NewOrganization]) -> list[list[NewOrganization]]:
    """The rows by how far they stand below what exists, so that each level finds its parents written."""
    depths: dict[NewOrganization, int] = {}
    levels: list[list[NewOrganization]] = []
    for row in rows:
        chain = [row]
        while isinstance(chain[-1].parent, NewOrganization) and chain[-1].parent not in depths:
            chain.append(chain[-1].parent)
        for link in reversed(chain):
            depths[link] = depths[link.parent] + 1 if isinstance(link.parent, NewOrganization) else 0
        while len(levels) <= depths[row]:
            levels.append([])
        levels[depths[row]].append(row)
    return levels


def _parent_of(
    row: NewOrganization, drafts: dict[NewOrganization, Organization], parents: dict[int, Organization]
) -> Organization | None:
    if isinstance(row.parent, NewOrganization):
        return drafts[row.parent]
    return parents[row.parent.pk] if row.parent else None


def _insert(drafts: list[Organization], parents: list[Organization | None]) -> None:
    for draft, parent in zip(drafts, parents, strict=True):
        if parent and len(parent.path) >= MAX_DEPTH * PATH_STEP:
            raise Refused(_("The tree would become deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})
        draft.parent = parent
        draft.path = f"new-{uuid4().hex}"  # unique until the key is known
    Organization.objects.bulk_create(drafts, batch_size=BATCH)
    above = Organization.objects.filter(pk=OuterRef("parent_id")).values("path")
    Organization.objects.filter(
        pk__gte=min(draft.pk for draft in drafts), pk__lte=max(draft.pk for draft in drafts), path__startswith="new-"
    ).update(path=Concat(Coalesce(Subquery(above), Value("")), LPad(Cast("pk", CharField()), PATH_STEP, Value("0"))))
    for draft in drafts:
        draft.path = (draft.parent.path if draft.parent else "") + path_step(draft.pk)
