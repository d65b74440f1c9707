"""What every edit of a draft shares: finding a row, putting the rows together again, and refusing nonsense."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from itertools import groupby
from typing import Concatenate, ParamSpec

from django.utils.translation import gettext as _

from orgs.services.base import Refused
from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan
from rubrics.drafting.wellformed import KEY_LENGTH, fault

P = ParamSpec("P")


def edit(change: Callable[Concatenate[Blueprint, P], Blueprint]) -> Callable[Concatenate[Blueprint, P], Blueprint]:
    """Decorates a pure change of a draft: refuses a result that can't be stored, or that touches what is inherited."""

    @wraps(change)
    def checked(blueprint: Blueprint, /, *args: P.args, **kwargs: P.kwargs) -> Blueprint:
        after = change(blueprint, *args, **kwargs)
        check(blueprint, after)
        return after

    return checked


def check(before: Blueprint, after: Blueprint) -> None:
    """Refuse a draft that touches what is inherited, or that can't be stored."""
    inherited = tuple(section for section in before.sections if section.inherited)
    kept = after.sections[: len(inherited)]
    if kept != inherited or any(section.inherited for section in after.sections[len(inherited) :]):
        raise Refused(_("This comes from the superior union's rubric and stays as it is there."))
    reason = fault(after)
    if reason:
        raise Refused(reason)


@dataclass(frozen=True, slots=True)
class Line:
    """One row with where it stands. `group` numbers the groups of the rubric, printed or not, from 0."""

    section: int
    group: int
    item: ItemPlan


def lines_of(blueprint: Blueprint) -> list[Line]:
    """All rows in document order; sections count from 0."""
    places = [(number, group) for number, section in enumerate(blueprint.sections) for group in section.groups]
    return [Line(number, place, item) for place, (number, group) in enumerate(places) for item in group.items]


def with_lines(blueprint: Blueprint, lines: Iterable[Line]) -> Blueprint:
    """The draft with these rows in its sections and groups; a group that lost its last row is gone."""
    printed = [group for section in blueprint.sections for group in section.groups]
    rows: dict[int, list[Line]] = {number: [] for number in range(len(blueprint.sections))}
    for line in lines:
        rows[line.section].append(line)
    sections = tuple(
        replace(section, groups=tuple(_groups(printed, rows[number])))
        for number, section in enumerate(blueprint.sections)
    )
    return replace(blueprint, sections=sections)


def _groups(printed: list[GroupPlan], lines: list[Line]) -> list[GroupPlan]:
    return joined(
        replace(printed[number], items=tuple(line.item for line in run))
        for number, run in groupby(lines, lambda line: line.group)
    )


def joined(groups: Iterable[GroupPlan]) -> list[GroupPlan]:
    """Neighbours without printed points are one run of rows; empty groups are none."""
    found: list[GroupPlan] = []
    for group in groups:
        if not group.items:
            continue
        if found and group.points is None and found[-1].points is None:
            found[-1] = replace(found[-1], items=found[-1].items + group.items)
        else:
            found.append(group if group.points is not None else replace(group, label=""))
    return found


def place_of(lines: list[Line], key: str) -> int:
    """Where the row of that key stands; refuses where there is none."""
    for place, line in enumerate(lines):
        if line.item.key == key:
            return place
    raise Refused(_("There is no item %(key)s in this draft any more.") % {"key": key})


def section_at(blueprint: Blueprint, number: int) -> SectionPlan:
    """The section of that number, from 0; refuses where there is none."""
    if not 0 <= number < len(blueprint.sections):
        raise Refused(_("There is no such section in this draft any more."))
    return blueprint.sections[number]


def with_item(blueprint: Blueprint, key: str, item: ItemPlan) -> Blueprint:
    lines = lines_of(blueprint)
    place = place_of(lines, key)
    lines[place] = replace(lines[place], item=item)
    return with_lines(blueprint, lines)


def item_of(blueprint: Blueprint, key: str) -> ItemPlan:
    lines = lines_of(blueprint)
    return lines[place_of(lines, key)].item


def with_section(blueprint: Blueprint, number: int, *sections: SectionPlan) -> Blueprint:
    """The draft with these sections in the place of one."""
    section_at(blueprint, number)
    return replace(blueprint, sections=(*blueprint.sections[:number], *sections, *blueprint.sections[number + 1 :]))


def every_item(blueprint: Blueprint, change: Callable[[ItemPlan], ItemPlan]) -> Blueprint:
    return with_lines(blueprint, [replace(line, item=change(line.item)) for line in lines_of(blueprint)])


def fresh_key(blueprint: Blueprint, near: str) -> str:
    """A key that no row has, close to a neighbour's: after '2-3' comes '2-3a'."""
    taken = {item.key for item in blueprint.items}
    stem = near.rstrip("abcdefghijklmnopqrstuvwxyz")[: KEY_LENGTH - 3] or "1"
    tails = [*"abcdefghijklmnopqrstuvwxyz", *(f"z{number}" for number in range(1, 100))]
    free = [key for key in (stem, *(stem + tail for tail in tails)) if key not in taken]
    if not free:
        raise Refused(_("No more rows fit here."))
    return free[0]
