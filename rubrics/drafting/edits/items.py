"""Edits of rows: what they say, where they stand, one made of two and two of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from orgs.services.base import Refused
from rubrics.blueprint import Blueprint, ItemPlan
from rubrics.drafting.edits.base import (
    Line,
    edit,
    fresh_key,
    item_of,
    lines_of,
    place_of,
    section_at,
    with_item,
    with_lines,
)
from rubrics.models import BaseRule, BonusRule
from rubrics.scoring.numbers import format_points


@edit
def change_item(blueprint: Blueprint, key: str, /, **facts: Any) -> Blueprint:
    """Wording, number, printed points, basis, note: any of an item's own texts; `key` renames it.

    A threshold that the new wording does not contain any more is gone.
    """
    item = replace(item_of(blueprint, key), **facts)
    return with_item(blueprint, key, _with_threshold(item, item.threshold))


@edit
def change_duties(blueprint: Blueprint, key: str, *, kinds: Iterable[str], offices: Iterable[str]) -> Blueprint:
    """Which kinds a row applies to (all of them is none in particular), and which departments answer for it."""
    every = {one.kind for one in blueprint.audiences}
    chosen = frozenset(kinds)
    named = tuple(dict.fromkeys(offices))
    more = tuple(name for name in named if name not in blueprint.offices)
    item = replace(item_of(blueprint, key), kinds=frozenset() if chosen == every else chosen, offices=named)
    return with_item(replace(blueprint, offices=blueprint.offices + more), key, item)


@edit
def insert_item(blueprint: Blueprint, section: int, after: str, item: ItemPlan | None = None) -> Blueprint:
    """A row after another one, in its group; with `after` empty, first in the section."""
    plan = section_at(blueprint, section)
    lines = lines_of(blueprint)
    near = after or plan.items[0].key
    place = place_of(lines, near)
    new = item or blank(fresh_key(blueprint, near), blueprint.step)
    return with_lines(blueprint, _inserted(lines, place + bool(after), replace(lines[place], item=new)))


def blank(key: str, step: Decimal) -> ItemPlan:
    """A row that says nothing yet: a wording is asked for before publishing."""
    return ItemPlan(key, "", max(step, Decimal(1)))


@edit
def remove_item(blueprint: Blueprint, key: str) -> Blueprint:
    lines = lines_of(blueprint)
    del lines[place_of(lines, key)]
    return with_lines(blueprint, lines)


@edit
def move_item(blueprint: Blueprint, key: str, before: str) -> Blueprint:
    """In front of another row, into that row's group and section."""
    if key == before:
        return blueprint
    lines = lines_of(blueprint)
    line = lines.pop(place_of(lines, key))
    place = place_of(lines, before)
    return with_lines(blueprint, _inserted(lines, place, replace(lines[place], item=line.item)))


@edit
def move_item_to_end(blueprint: Blueprint, key: str, section: int) -> Blueprint:
    """Behind the last row of a section, into that row's group."""
    section_at(blueprint, section)
    lines = lines_of(blueprint)
    line = lines.pop(place_of(lines, key))
    last = next((place for place in reversed(range(len(lines))) if lines[place].section == section), None)
    if last is None:
        return blueprint  # it is the only one there
    return with_lines(blueprint, _inserted(lines, last + 1, replace(lines[last], item=line.item)))


@edit
def shift_item(blueprint: Blueprint, key: str, by: int) -> Blueprint:
    """One place up (-1) or down (1): past a neighbour of its group, else over the border into the next group."""
    lines = lines_of(blueprint)
    place = place_of(lines, key)
    if not 0 <= place + by < len(lines):
        return blueprint
    line, other = lines[place], lines[place + by]
    if (line.section, line.group) == (other.section, other.group):
        lines[place], lines[place + by] = other, line
    else:
        lines[place] = replace(other, item=line.item)
    return with_lines(blueprint, lines)


@edit
def split_item(blueprint: Blueprint, key: str, parts: tuple[str, str], points: tuple[Decimal, Decimal]) -> Blueprint:
    """Two rows of one. The rule and what it counts stay with the first; the second is judged by a person."""
    lines = lines_of(blueprint)
    place = place_of(lines, key)
    whole = lines[place].item
    if not all(part.strip() for part in parts):
        raise Refused(_("Both rows need a wording."))
    first = replace(whole, text=parts[0], points=points[0], printed_points=_printed(points[0]))
    second = ItemPlan(
        key=fresh_key(blueprint, key),
        text=parts[1],
        points=points[1],
        printed_points=_printed(points[1]),
        basis=whole.basis,
        subject=whole.subject,
        kinds=whole.kinds,
        offices=whole.offices,
        source_ref=whole.source_ref,
    )
    lines[place : place + 1] = [
        replace(lines[place], item=_with_threshold(item, whole.threshold)) for item in (first, second)
    ]
    return with_lines(blueprint, lines)


@edit
def merge_items(blueprint: Blueprint, key: str) -> Blueprint:
    """The row and the next one of its section as one: wordings in a row, points added."""
    lines = lines_of(blueprint)
    place = place_of(lines, key)
    first, second = lines[place], _next_in_section(lines, place)
    if second.item.measures or second.item.gate or second.item.bonus_rule != BonusRule.NONE:
        raise Refused(
            _("Item %(key)s has a rule of its own, which would be lost. Set it to “judged” first.")
            % {"key": second.item.key}
        )
    lines[place : place + 2] = [replace(first, item=_merged(first.item, second.item))]
    return with_lines(blueprint, lines)


def next_key(blueprint: Blueprint, key: str) -> str:
    """The row that `merge_items` would add to this one; empty: there is none in its section."""
    lines = lines_of(blueprint)
    place = place_of(lines, key)
    following = lines[place + 1 : place + 2]
    return following[0].item.key if following and following[0].section == lines[place].section else ""


def _next_in_section(lines: list[Line], place: int) -> Line:
    if place + 1 >= len(lines) or lines[place + 1].section != lines[place].section:
        raise Refused(_("It is the last row of its section: there is none to merge it with."))
    return lines[place + 1]


def _merged(first: ItemPlan, second: ItemPlan) -> ItemPlan:
    points = (first.points or Decimal(0)) + (second.points or Decimal(0)) or None
    printed = (first.printed_points, second.printed_points)
    return replace(
        first,
        text=first.text + second.text,
        points=points,
        rule=first.rule if first.points is not None or points is None else BaseRule.JUDGED.value,
        printed_points=_printed(points) if all(printed) else printed[0] or printed[1],
        basis=first.basis or second.basis,
        threshold=first.threshold or second.threshold,
        kinds=first.kinds | second.kinds if first.kinds and second.kinds else frozenset(),
        offices=tuple(dict.fromkeys(first.offices + second.offices)),
    )


def _inserted(lines: list[Line], place: int, line: Line) -> list[Line]:
    return [*lines[:place], line, *lines[place:]]


def _printed(points: Decimal | None) -> str:
    return f"{format_points(points)}分" if points is not None else ""


def _with_threshold(item: ItemPlan, threshold: str) -> ItemPlan:
    return replace(item, threshold=threshold if threshold in item.text else "")
