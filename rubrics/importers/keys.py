"""The keys of items, by which people name them: as the shipped rubrics have them (models.Item)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan
from rubrics.importers.text import plain


def keyed(blueprint: Blueprint) -> Blueprint:
    """With every item's key set: group and place where groups are printed ('4-2'), the printed number where it runs
    through the rubric ('12'), else section and place ('2-3')."""
    numbers = [_number(item) for item in blueprint.items]
    printed = [number for number in numbers if number]
    grouped = any(group.points is not None for section in blueprint.sections for group in section.groups)
    running = len(set(printed)) == len(printed) and len(printed) * 10 >= len(numbers) * 9
    pointed = 0
    sections = []
    taken: set[str] = set()
    for at, section in enumerate(blueprint.sections, start=1):
        groups = []
        below = 0
        for group in section.groups:
            pointed += group.points is not None
            keys = _grouped(group, pointed, at, below) if grouped else _single(group, at, below, running=running)
            items = []
            for item, key in zip(group.items, keys, strict=True):
                free = _free(key, taken)
                taken.add(free)
                items.append(replace(item, key=free))
            below += len(items)
            groups.append(replace(group, items=tuple(items)))
        sections.append(replace(section, groups=tuple(groups)))
    return replace(blueprint, sections=tuple(sections))


def _grouped(group: GroupPlan, pointed: int, section: int, below: int) -> Iterator[str]:
    for at, _item in enumerate(group.items, start=1):
        yield f"{pointed}-{at}" if group.points is not None else f"{section}.{below + at}"


def _single(group: GroupPlan, section: int, below: int, *, running: bool) -> Iterator[str]:
    for at, item in enumerate(group.items, start=1):
        yield (running and _number(item)) or f"{section}-{below + at}"


def _number(item: ItemPlan) -> str:
    found = re.fullmatch(r"[(]?([0-9]{1,3})[).、.]?", plain(item.number))
    return found[1] if found else ""


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "'"
    return key
