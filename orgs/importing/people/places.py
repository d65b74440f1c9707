"""Which organisation and which department a row means."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from orgs.importing.paths import folded_path, joined, last
from orgs.importing.words import fold
from orgs.models import Department, Organization, path_ids
from orgs.queries import ancestors, in_subtree, subtree
from orgs.services.base import BATCH, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

GUESSED_AMONG = 20_000
"""Names among which a near one is looked for: beyond, looking costs more than it helps."""


class Place(NamedTuple):
    """An organisation of the branch as it stands."""

    pk: int
    name: str
    code: str | None
    path: str
    closed_on: date | None


@dataclass(slots=True)
class Places:
    """The organisations of a branch under the names that a list may have for them.

    Each way to mean one is tried for itself, the surest first: as our export writes it, the credit code, the names from
    the head of the branch, those from the top, the last names of the way.
    """

    written: dict[str, Place] = field(default_factory=dict)
    by_code: dict[str, Place] = field(default_factory=dict)
    from_head: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    ways: dict[str, list[tuple[str, Place]]] = field(default_factory=lambda: defaultdict(list))
    departments: dict[int, list[Department]] = field(default_factory=lambda: defaultdict(list))
    names: list[str] = field(default_factory=list)
    known: dict[str, Place | Refused] = field(default_factory=dict)

    def find(self, typed: str) -> Place:
        """The organisation, or Refused."""
        if typed not in self.known:
            try:
                self.known[typed] = self._find(typed)
            except Refused as refusal:
                self.known[typed] = refusal
        found = self.known[typed]
        if isinstance(found, Refused):
            raise found
        return found

    def _find(self, typed: str) -> Place:
        if typed in self.written:
            return self.written[typed]
        if fold(typed).upper() in self.by_code:
            return self.by_code[fold(typed).upper()]
        way = folded_path(typed)
        there = [(whole, place) for whole, place in self.ways.get(last(way, 1), ()) if f"/{whole}".endswith(f"/{way}")]
        found = self.from_head.get(way) or [place for whole, place in there if whole == way]
        found = found or [place for _whole, place in there]
        found = [place for place in found if not place.closed_on] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                _("Several organisations are called “%(name)s”: write the names from above joined by /.")
                % {"name": typed[:60]}
            )
        raise Refused(self._near(typed))

    def _near(self, typed: str) -> str:
        said = _("No organisation of the branch is called “%(name)s”.") % {"name": typed[:60]}
        names = self.names if len(self.names) <= GUESSED_AMONG else []
        return f"{said} {_nearest(typed, names)}".strip()

    def department(self, place: Place, typed: str) -> Department:
        departments = self.departments.get(place.pk, [])
        for department in departments:
            if fold(typed) in {fold(name) for name in department.names}:
                return department
        said = _("“%(place)s” has no department “%(name)s”.") % {"place": place.name, "name": typed[:60]}
        raise Refused(f"{said} {_nearest(typed, [one.name for one in departments])}".strip())


def _nearest(typed: str, names: list[str]) -> str:
    near = get_close_matches(typed, names, 3, cutoff=0.5)
    return _("Near: %(names)s.") % {"names": "、".join(near)} if near else ""


def places_of(branch: Organization, wanted: Iterable[str]) -> Places:
    """Reads the branch once; keeps the ways of those organisations alone whose last name some row says."""
    above = [one.name for one in ancestors(branch)]
    ends = {last(folded_path(typed), 1) for typed in set(wanted)}
    known = Places()
    for place, way in _ways(branch):
        known.written[joined(way)] = place
        known.names.append(place.name)
        if place.code:
            known.by_code[place.code] = place
        key = folded_path(place.name)
        if last(key, 1) in ends:
            folded = "/".join(map(folded_path, way))
            known.from_head[folded].append(place)
            known.ways[last(key, 1)].append(("/".join([*map(folded_path, above), folded]), place))
    for department in Department.objects.filter(in_subtree(branch.path, "organization__path")):
        known.departments[department.organization_id].append(department)
    return known


def _ways(branch: Organization) -> Iterator[tuple[Place, list[str]]]:
    """Each organisation with the names from the head of the branch down to it."""
    head = len(path_ids(branch.path)) - 1
    names: list[str] = []
    rows = subtree(branch).order_by("path").values_list(*Place._fields)
    for place in map(Place._make, rows.iterator(BATCH)):
        names[len(path_ids(place.path)) - 1 - head :] = [place.name]
        yield place, list(names)
