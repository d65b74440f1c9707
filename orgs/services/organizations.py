"""Writers of the tree. Paths are written here and nowhere else."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict, Unpack
from uuid import uuid4

from django.db import transaction
from django.db.models import CharField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Length, LPad, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs import credit_code
from orgs.models import PATH_STEP, Change, Level, Organization, OrganizationKind, User
from orgs.names import clean_name, clean_text, sort_key
from orgs.permissions import may_manage, may_place
from orgs.queries import in_subtree
from orgs.services.base import TREE_LOCK, Refused, Thing, line, log, require, require_system, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

MAX_DEPTH = 20
BATCH = 2000
MAX_NAME, MAX_CONTACT, MAX_PHONE = 120, 60, 30
MAX_MEMBERS = 100_000_000
LEVELS = frozenset(Level.values)
FACTS = ("name", "kind", "level", "code", "members", "contact", "phone")


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


def lock_tree() -> None:
    wait_for(TREE_LOCK)


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
    drafts = {row: _draft(row) for row in rows}
    _refuse_repeated_codes([draft.code for draft in drafts.values() if draft.code])
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
    facts = _draft(NewOrganization(name, kind, level, None, code or "", members, **reach))
    if facts.name != current.name:
        _refuse_sibling_name(current.parent, facts.name)
    if facts.code and facts.code != current.code:
        _refuse_repeated_codes([facts.code])
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
    _refuse_sibling_name(parent, current.name)
    put_under(by, current, parent)
    return current


def put_under(by: User | None, current: Organization, parent: Organization | None) -> None:
    """Rewrite where a branch stands. The caller holds the tree's lock and has asked all but for the depth."""
    old_parent, old_path = current.parent, current.path
    new_path = (parent.path if parent else "") + _step(current.pk)
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
    return current


# --- What the writers ask first --------------------------------------------------------------------------------------


def fresh(organization: Organization) -> Organization:
    """The organisation as it stands now that nobody else can change the tree."""
    return Organization.objects.select_related("parent", "kind").get(pk=organization.pk)


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


def batches(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def _draft(row: NewOrganization) -> Organization:
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


def checked_name(typed: str) -> str:
    name = clean_name(typed)
    if not name:
        raise Refused(_("The name is missing."))
    if len(name) > MAX_NAME:
        raise Refused(
            _("The name “%(name)s…” is longer than %(limit)d characters.") % {"name": name[:20], "limit": MAX_NAME}
        )
    return name


def checked_code(typed: str) -> str:
    try:
        return credit_code.parse(typed)
    except credit_code.NotACodeError as error:
        raise Refused(code_sentence(typed, error.reason)) from error


def checked_contact(typed: str) -> str:
    contact = clean_name(typed)
    if len(contact) > MAX_CONTACT:
        raise Refused(
            _("The contact person “%(name)s…” is longer than %(limit)d characters.")
            % {"name": contact[:20], "limit": MAX_CONTACT}
        )
    return contact


def checked_contact_phone(typed: str) -> str:
    """As it is to be dialled, extension and second number included: digits, blanks and the signs between them."""
    phone = clean_text(typed)
    if phone and not re.fullmatch(r"(?=.*[0-9]{3})[0-9 +()、,;/*#—–转分机-]+", phone):
        raise Refused(_("“%(phone)s” is no phone number.") % {"phone": phone[:30]})
    if len(phone) > MAX_PHONE:
        raise Refused(
            _("The phone number “%(phone)s…” is longer than %(limit)d characters.")
            % {"phone": phone[:20], "limit": MAX_PHONE}
        )
    return phone


def code_sentence(typed: str, reason: credit_code.Reason) -> str:
    """Why what was typed is not a unified social credit code, for a person."""
    sentences = {
        credit_code.Reason.SPREADSHEET: _(
            "The credit code “%(code)s” was turned into a number by a spreadsheet and lost digits: "
            "format the column as text and type it again."
        ),
        credit_code.Reason.LENGTH: _("The credit code “%(code)s” does not have 18 characters."),
        credit_code.Reason.ALPHABET: _(
            "The credit code “%(code)s” has a character that no code has "
            "(only digits and capitals without I, O, S, V, Z)."
        ),
        credit_code.Reason.CHECK: _(
            "The credit code “%(code)s” is mistyped: its last character does not fit the others."
        ),
    }
    return sentences[reason] % {"code": typed[:40]}


def _refuse_repeated_codes(codes: list[str]) -> None:
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
        _refuse_sibling_name(None, name)
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


def _refuse_sibling_name(parent: Organization | None, name: str) -> None:
    taken = Organization.objects.filter(parent=parent, name=name).first()
    if taken:
        raise Refused(
            _("“%(name)s” already stands under “%(parent)s”.") % {"name": taken.name, "parent": parent.name}
            if parent
            else _("There is already a top organisation “%(name)s”.") % {"name": taken.name}
        )


def _refuse_depth(old_path: str, new_path: str) -> None:
    longest = Organization.objects.filter(in_subtree(old_path)).aggregate(longest=Max(Length("path")))["longest"]
    if longest - len(old_path) + len(new_path) > MAX_DEPTH * PATH_STEP:
        raise Refused(_("The tree would become deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})


def words(organization: Organization, field: str) -> object:
    """A field in words, for the log."""
    return organization.get_level_display() if field == "level" else getattr(organization, field)


# --- Paths -----------------------------------------------------------------------------------------------------------


def _step(key: int) -> str:
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
        draft.path = (draft.parent.path if draft.parent else "") + _step(draft.pk)
