"""Edits of sections and of groups: the printed cells that hold several rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from orgs.services.base import Refused
from rubrics.blueprint import Blueprint, GroupPlan, SectionPlan
from rubrics.drafting.edits.base import edit, fresh_key, joined, lines_of, place_of, section_at, with_section
from rubrics.drafting.edits.items import blank


@edit
def change_section(blueprint: Blueprint, number: int, **facts: Any) -> Blueprint:
    """Name, printed label, printed points, part. Sections count from 0."""
    return with_section(blueprint, number, replace(section_at(blueprint, number), **facts))


@edit
def insert_section(blueprint: Blueprint, number: int, name: str) -> Blueprint:
    """A section before the one of that number (or last), with one blank row to begin with."""
    if not 0 <= number <= len(blueprint.sections):
        raise Refused(_("There is no such section in this draft any more."))
    row = blank(fresh_key(blueprint, f"{number + 1}-1"), blueprint.step)
    section = SectionPlan(name=name, label=name, groups=(GroupPlan((row,)),))
    return replace(blueprint, sections=(*blueprint.sections[:number], section, *blueprint.sections[number:]))


@edit
def remove_section(blueprint: Blueprint, number: int) -> Blueprint:
    """With all its rows."""
    return with_section(blueprint, number)


@edit
def shift_section(blueprint: Blueprint, number: int, by: int) -> Blueprint:
    """One place up (-1) or down (1), past its neighbour."""
    section_at(blueprint, number)
    if not 0 <= number + by < len(blueprint.sections):
        return blueprint
    sections = list(blueprint.sections)
    sections[number], sections[number + by] = sections[number + by], sections[number]
    return replace(blueprint, sections=tuple(sections))


@edit
def group_items(blueprint: Blueprint, first: str, last: str, points: Decimal, label: str) -> Blueprint:
    """The rows from one to another of the same section share a printed cell of points from now on."""
    lines = lines_of(blueprint)
    start, end = place_of(lines, first), place_of(lines, last)
    if start > end or lines[start].section != lines[end].section:
        raise Refused(_("A group is made of rows that follow each other in one section."))
    number = lines[start].section
    section = section_at(blueprint, number)
    keys = [item.key for item in section.items]
    start, end = keys.index(first), keys.index(last) + 1
    groups = [
        *_cut(section.groups, 0, start),
        GroupPlan(section.items[start:end], points, label),
        *_cut(section.groups, end, len(keys)),
    ]
    return with_section(blueprint, number, replace(section, groups=tuple(joined(groups))))


@edit
def ungroup(blueprint: Blueprint, key: str) -> Blueprint:
    """The group of that row loses its printed cell; its rows stay where they are."""
    lines = lines_of(blueprint)
    number = lines[place_of(lines, key)].section
    section = section_at(blueprint, number)
    groups = joined(
        GroupPlan(group.items) if key in {item.key for item in group.items} else group for group in section.groups
    )
    return with_section(blueprint, number, replace(section, groups=tuple(groups)))


def _cut(groups: tuple[GroupPlan, ...], start: int, end: int) -> list[GroupPlan]:
    """The groups as far as their rows stand between two places of the section."""
    found, place = [], 0
    for group in groups:
        items = group.items[max(0, start - place) : max(0, end - place)]
        place += len(group.items)
        found.append(replace(group, items=items))
    return found
