"""The writer of a whole list of organisations: new ones, changed ones and moved ones, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat, Length, LPad
from django.utils.translation import gettext as _

from orgs.models import PATH_STEP, Change, Organization, OrganizationKind, path_ids
from orgs.names import sort_key
from orgs.permissions import may_manage, may_place
from orgs.queries import in_subtree
from orgs.services import affiliation
from orgs.services.base import BATCH, Refused, batches, line, lock_tree, require
from orgs.services.creating import MAX_DEPTH, NewOrganization, bulk_create_organizations, open_parents
from orgs.services.organizations import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from orgs.models import User

NO_NAME = "\x01"
"""Begins the name of an organisation between two names: no name that anybody types begins like this."""


Led = Mapping["int | NewOrganization", "int | NewOrganization | None"]
"""Second superiors of organisations, both by key or as a new one of the same list."""


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
    by: User | None,
    new: Sequence[NewOrganization],
    changed: Sequence[ChangedOrganization],
    tell: Callable[[int], None] = lambda _written: None,
    led: Led | None = None,
) -> list[Organization]:
    """Create, change and move, all or none, with a line of the log for each field; returns the new organisations.

    led  the second superiors that the list gives, changes or, with None, takes away; organisations that stand already
         by their keys

    The rows say how the tree stands afterwards: names and codes may change places, a new organisation may become the
    superior of an old one. Needs the rights that the single services ask for. `tell` hears how many are written.
    """
    lock_tree()
    open_parents(by, {change.parent for change in changed if isinstance(change.parent, int)})
    second = led or {}
    survey = _survey(by, changed, second)
    had = affiliation.let_go(by, [one for one in second if isinstance(one, int)])
    parked = _make_room(survey, new)
    made = dict(zip(new, bulk_create_organizations(by, new, tell), strict=True))
    for done, batch in enumerate(batches(changed)):
        tell(len(new) + done * BATCH)
        _write(batch, parked, made)
    _lay_paths(list(survey.moved.values()))
    affiliation.lead(by, {_key_of(one, made): _key_of(union, made) for one, union in second.items()}, had)
    if survey.moved or second:
        affiliation.refuse_any_upside_down()
    _log_moves(by, survey.old_parents)
    return list(made.values())


# --- Before anything is written --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Survey:
    """What the changes leave and what they want: places (superior, name) and codes; and what moves, by key."""

    left_names: dict[tuple[object, str], int] = field(default_factory=dict)
    left_codes: dict[str, int] = field(default_factory=dict)
    wanted_names: set[tuple[object, str]] = field(default_factory=set)
    wanted_codes: set[str] = field(default_factory=set)
    moved: dict[int, str] = field(default_factory=dict)
    old_parents: dict[int, str] = field(default_factory=dict)


def _survey(by: User | None, changed: Sequence[ChangedOrganization], led: Led) -> _Survey:
    """Ask for the right to each change and write its log, moves excepted: their place is known when all is written."""
    survey = _Survey()
    kinds = OrganizationKind.objects.in_bulk()
    for batch in batches(changed):
        lines: list[Change] = []
        for change, current in _with_current(batch):
            _require(by, change, current)
            _refuse_second_parent(change, current, led)
            lines += _lines(by, change, current, kinds)
            _note(survey, change, current)
        Change.objects.bulk_create(lines, batch_size=BATCH)
    return survey


def _with_current(batch: Sequence[ChangedOrganization]) -> Iterator[tuple[ChangedOrganization, Organization]]:
    current = Organization.objects.select_related("kind", "parent").in_bulk([change.key for change in batch])
    return ((change, current[change.key]) for change in batch)


def _require(by: User | None, change: ChangedOrganization, current: Organization) -> None:
    require(by, may_manage, current)
    if change.parent is not None or change.facts.keys() & {"kind", "level"}:
        require(by, may_place, current)
    if current.closed_on:
        raise Refused(_("“%(name)s” is closed: reopen it first.") % {"name": current.name})


def _refuse_second_parent(change: ChangedOrganization, current: Organization, led: Led) -> None:
    union = current.industrial_union_id
    if union and change.parent == union and change.key not in led:
        raise Refused(
            _("“%(name)s” can't move under its industrial union: take that away first.") % {"name": current.name}
        )


def _lines(
    by: User | None, change: ChangedOrganization, current: Organization, kinds: dict[int, OrganizationKind]
) -> Iterator[Change]:
    after = Organization(name=current.name)
    for name, value in change.facts.items():
        setattr(after, name, kinds[value] if name == "kind" else value)
        if words(current, name) != words(after, name):
            yield line(by, current, name, words(current, name), words(after, name))


def _note(survey: _Survey, change: ChangedOrganization, current: Organization) -> None:
    if change.parent is not None or "name" in change.facts:
        parent = current.parent_id if change.parent is None else change.parent
        survey.left_names[current.parent_id, current.name] = current.pk
        survey.wanted_names.add((parent, change.facts.get("name", current.name)))
    if change.parent is not None:
        survey.moved[current.pk] = current.path
        survey.old_parents[current.pk] = current.parent.name if current.parent else ""
    if "code" in change.facts:
        survey.left_codes[current.code or ""] = current.pk
        survey.wanted_codes.add(change.facts["code"] or "")


def _make_room(survey: _Survey, new: Sequence[NewOrganization]) -> dict[int, str]:
    """Take names and codes that others want off those who leave them. Returns the names taken, by key."""
    wanted_names = survey.wanted_names | {
        (row.parent.pk if isinstance(row.parent, Organization) else row.parent, row.name) for row in new
    }
    wanted_codes = survey.wanted_codes | {row.code for row in new}
    parked = {survey.left_names[place]: place[1] for place in survey.left_names.keys() & wanted_names}
    for keys in batches(sorted(parked)):
        Organization.objects.filter(pk__in=keys).update(name=Concat(Value(NO_NAME), Cast("pk", CharField())))
    for keys in batches([survey.left_codes[code] for code in survey.left_codes.keys() & wanted_codes]):
        Organization.objects.filter(pk__in=keys).update(code=None)
    return parked


def _key_of(one: int | NewOrganization | None, made: dict[NewOrganization, Organization]) -> int:
    """0 for none."""
    return made[one].pk if isinstance(one, NewOrganization) else one or 0


# --- Writing ---------------------------------------------------------------------------------------------------------


def _write(
    batch: Sequence[ChangedOrganization], parked: dict[int, str], made: dict[NewOrganization, Organization]
) -> None:
    """One upsert for the batch: a tenth of the time of as many updates."""
    current = Organization.objects.in_bulk([change.key for change in batch])
    fields = {"name"} if any(change.key in parked for change in batch) else set()
    for change in batch:
        organization = current[change.key]
        organization.name = parked.get(change.key, organization.name)
        for name, value in change.facts.items():
            column = "kind_id" if name == "kind" else name
            setattr(organization, column, value)
            fields.add(name)
        if "name" in change.facts:
            organization.sort_key = change.sort_key or sort_key(organization.name)
            fields.add("sort_key")
        if change.parent is not None:
            parent = made[change.parent].pk if isinstance(change.parent, NewOrganization) else change.parent
            organization.parent_id = parent
            fields.add("parent")
    if fields:
        Organization.objects.bulk_create(
            current.values(), update_conflicts=True, unique_fields=["pk"], update_fields=sorted(fields)
        )


def _lay_paths(moved: list[str]) -> None:
    """Give everything at and under the old paths the path of its parent and its own key, a level at a time."""
    if not moved:
        return
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(path_ids(min(moved)), path_ids(max(moved)), strict=False))
    region = min(moved)[: sum(1 for _pair in shared) * PATH_STEP]
    step = LPad(Cast("pk", CharField()), PATH_STEP, Value("0"))
    astray = Organization.objects.filter(in_subtree(region) if region else Q(), parent__isnull=False).exclude(
        path=Concat(F("parent__path"), step)
    )
    above = Organization.objects.filter(pk=OuterRef("parent_id")).values("path")
    for _level in range(MAX_DEPTH + 1):
        room = astray.annotate(above=Length("parent__path")).filter(above__lt=MAX_DEPTH * PATH_STEP)
        keys = list(room.values_list("pk", flat=True))
        if not keys:
            break
        for batch in batches(keys):
            Organization.objects.filter(pk__in=batch).update(path=Concat(Subquery(above), step))
    if astray.exists():
        raise Refused(_("The tree would become deeper than %(depth)d levels.") % {"depth": MAX_DEPTH})


def _log_moves(by: User | None, old_parents: dict[int, str]) -> None:
    """A line for each move, at the place to which it led."""
    for keys in batches(sorted(old_parents)):
        moved = Organization.objects.select_related("parent").filter(pk__in=keys)
        Change.objects.bulk_create(line(by, one, "parent", old_parents[one.pk], one.parent) for one in moved)
