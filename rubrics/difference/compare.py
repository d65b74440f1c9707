"""Two blueprints -> what changed from the one to the other. Nothing is found if and only if they are equal."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rubrics.blueprint import FACTS, Blueprint, GroupPlan, ItemPlan, MeasurePlan
from rubrics.difference.pairing import Pairs, homes_of, out_of_order, pair_items, pair_sections

NOT_COMPARED = frozenset({"source_ref", "measures", "tiers", "groups", "items"})
"""Fields that are parts with changes of their own, or that say where a row came from."""


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Change:
    """A part that was added, removed or changed. `moved`: it stands elsewhere among those that stayed.

    kind  MOVED where nothing else changed
    """

    kind: Kind
    old: Any
    new: Any
    fields: tuple[FieldChange, ...] = ()
    parts: tuple[Change, ...] = ()
    moved: bool = False

    @property
    def plan(self) -> Any:
        """The part as it is now, or was."""
        return self.old if self.kind == Kind.REMOVED else self.new


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A row's change, and the names of the sections where it stood and stands."""

    change: Change
    old_section: str
    new_section: str


@dataclass(frozen=True, slots=True)
class GroupChange:
    """Rows that share a cell of points otherwise than before; `old` are the groups that they came from."""

    old: tuple[GroupPlan, ...]
    new: GroupPlan


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, in the order of the new rubric; what was removed stands where it was."""

    facts: tuple[FieldChange, ...]
    columns: tuple[Change, ...]
    bands: tuple[Change, ...]
    audiences: tuple[Change, ...]
    offices: tuple[Change, ...]
    caps: tuple[Change, ...]
    sections: tuple[Change, ...]
    groups: tuple[GroupChange, ...]
    items: tuple[ItemChange, ...]
    old_points: Decimal
    new_points: Decimal
    old_count: int
    new_count: int

    def __bool__(self) -> bool:
        return any(
            (
                *(self.facts, self.columns, self.bands, self.audiences, self.offices, self.caps),
                *(self.sections, self.groups, self.items),
            )
        )

    @property
    def counts(self) -> dict[Kind, int]:
        """How many rows were added, removed, changed, only moved."""
        kinds = [item.change.kind for item in self.items]
        return {kind: kinds.count(kind) for kind in Kind}


def compare(old: Blueprint, new: Blueprint) -> Difference:
    """What changed. Rows are told apart by wording and key, so a renumbered row is the same row.

    From either side as many rows are changed and moved, and those added here are those removed there.
    """
    mine, others = tuple(old.items), tuple(new.items)
    items = pair_items(mine, others)
    sections = pair_sections(old.sections, new.sections, items)
    return Difference(
        facts=_fields(old, new, FACTS),
        columns=_keyed(old.columns, new.columns, lambda one: one.source),
        bands=_keyed(old.bands, new.bands, lambda one: one.rank),
        audiences=_keyed(old.audiences, new.audiences, lambda one: one.kind),
        offices=_keyed(old.offices, new.offices, lambda one: one),
        caps=_keyed(old.caps, new.caps, lambda one: one.name),
        sections=_changes(old.sections, new.sections, sections, out_of_order(sections)),
        groups=_groups(old, new, items),
        items=_items(old, new, items, sections),
        old_points=old.points,
        new_points=new.points,
        old_count=len(mine),
        new_count=len(others),
    )


def _fields(old: Any, new: Any, names: Sequence[str]) -> tuple[FieldChange, ...]:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(FieldChange(name, before, after) for name, before, after in pairs if before != after)


def _keyed(old: Sequence[Any], new: Sequence[Any], key: Callable[[Any], Hashable]) -> tuple[Change, ...]:
    """Changes of parts that have a key of their own."""
    places = {key(one): j for j, one in enumerate(new)}
    pairs = {i: places[key(one)] for i, one in enumerate(old) if key(one) in places}
    return _changes(old, new, pairs, out_of_order(pairs))


def _changes(old: Sequence[Any], new: Sequence[Any], pairs: Pairs, moved: frozenset[int]) -> tuple[Change, ...]:
    return tuple(change for change, _i, _j in _walk(old, new, pairs, moved))


Step = tuple[Change, int | None, int | None]


def _walk(
    old: Sequence[Any],
    new: Sequence[Any],
    pairs: Pairs,
    moved: frozenset[int],
    anchors: Mapping[int, int] | None = None,
) -> Iterator[Step]:
    """Each change with its old and new position.

    anchors  old positions where a part begins that now begins behind these new ones
    """
    back = {j: i for i, j in pairs.items()}
    gone = _gone(len(old), pairs, len(new), anchors or {})
    for j in range(-1, len(new)):
        if j >= 0:
            found = _paired(old, new, back, moved, j)
            if found:
                yield found
        for i in gone.get(j, ()):
            yield Change(Kind.REMOVED, old[i], None), i, None


def _paired(old: Sequence[Any], new: Sequence[Any], back: Pairs, moved: frozenset[int], j: int) -> Step | None:
    if j not in back:
        return Change(Kind.ADDED, None, new[j]), None, j
    i = back[j]
    change = _change(old[i], new[j], i in moved)
    return (change, i, j) if change else None


def _gone(count: int, pairs: Pairs, places: int, anchors: Mapping[int, int]) -> dict[int, list[int]]:
    """Removed positions by the new position that they stood behind; -1 before all, the last behind all."""
    found: dict[int, list[int]] = {}
    behind = -1
    for i in range(count):
        behind = anchors.get(i, behind)
        if i in pairs:
            behind = pairs[i]
        else:
            found.setdefault(min(behind, places - 1), []).append(i)
    return found


def _change(old: Any, new: Any, moved: bool) -> Change | None:
    changed = _fields(old, new, _names(old))
    parts = _parts(old, new)
    if not (changed or parts or moved):
        return None
    return Change(Kind.CHANGED if changed or parts else Kind.MOVED, old, new, changed, parts, moved)


def _names(plan: Any) -> tuple[str, ...]:
    """The fields that are compared one by one; a bare name has none, it is its own key."""
    return () if isinstance(plan, str) else tuple(one.name for one in fields(plan) if one.name not in NOT_COMPARED)


def _parts(old: Any, new: Any) -> tuple[Change, ...]:
    if isinstance(old, ItemPlan):
        return _keyed(old.measures, new.measures, lambda one: one.key)
    if isinstance(old, MeasurePlan):
        return _keyed(old.tiers, new.tiers, lambda one: one.bound)
    return ()


# --- Rows ------------------------------------------------------------------------------------------------------------


def _items(old: Blueprint, new: Blueprint, pairs: Pairs, sections: Pairs) -> tuple[ItemChange, ...]:
    """A row that stands in another section has moved; of the others, those that left their order in it.

    Rows do not move where their whole section did: that is told of the section.
    """
    homes, places = homes_of(old.sections), homes_of(new.sections)
    stayed = {
        home: {i: j for i, j in pairs.items() if homes[i] == home and places[j] == place}
        for home, place in sections.items()
    }
    moved = frozenset(pairs).difference(*stayed.values()).union(*map(out_of_order, stayed.values()))
    anchors = {homes.index(home): places.index(place) - 1 for home, place in sections.items()}
    return tuple(
        ItemChange(
            change,
            "" if i is None else old.sections[homes[i]].name,
            "" if j is None else new.sections[places[j]].name,
        )
        for change, i, j in _walk(tuple(old.items), tuple(new.items), pairs, moved, anchors)
    )


def _groups(old: Blueprint, new: Blueprint, pairs: Pairs) -> tuple[GroupChange, ...]:
    """Groups whose cell or whose surviving rows are others; a row that came or went is told among the rows."""
    before, after = _grouped(old), _grouped(new)
    back = {j: i for i, j in pairs.items()}
    found = []
    for group, rows in after:
        survivors = {back[j] for j in rows if j in back}
        origins = [(one, {i for i in places if i in pairs}) for one, places in before if survivors & set(places)]
        same = [survivors] == [places for _one, places in origins] and _cell(origins[0][0]) == _cell(group)
        shared = group.points is not None or any(one.points is not None for one, _places in origins)
        if survivors and shared and not same:
            found.append(GroupChange(tuple(one for one, _places in origins), group))
    return tuple(found)


def _cell(group: GroupPlan) -> tuple[Decimal | None, str]:
    return group.points, group.label


def _grouped(blueprint: Blueprint) -> list[tuple[GroupPlan, range]]:
    """The groups with the positions of their rows."""
    found, start = [], 0
    for section in blueprint.sections:
        for group in section.groups:
            found.append((group, range(start, start + len(group.items))))
            start += len(group.items)
    return found
