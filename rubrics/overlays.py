"""A lower union's own items beside a superior's rubric: pure functions on blueprints.

An overlay carries all sections of its base unchanged (`inherited`), and after them sections of its own, worth at most
the points that the base leaves to unions below. Its declared total is the base's and the points of its own items, so
base 100 and 8 own points read 108; so does a printed total row. Bands stay where the base has them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from rubrics.blueprint import FACTS, Blueprint, ItemPlan, SectionPlan
from rubrics.blueprint.plans import ZERO
from rubrics.models import BonusRule
from rubrics.scoring.numbers import format_points

Part = TypeVar("Part")

KEY_LENGTH = 12


def begin(base: Blueprint) -> Blueprint:
    """An overlay without items of its own yet; it leaves nothing to unions further below."""
    return replace(base, sections=inherited(base), overlay_points=None)


def inherited(base: Blueprint) -> tuple[SectionPlan, ...]:
    """The base's sections as its overlays carry them."""
    return tuple(replace(section, inherited=True) for section in base.sections)


def is_faithful(overlay: Blueprint, base: Blueprint) -> bool:
    """Whether it says word for word what its base says, and what it adds stands after that."""
    count = len(base.sections)
    return overlay.sections[:count] == inherited(base) and not any(one.inherited for one in overlay.sections[count:])


def own_sections(overlay: Blueprint) -> tuple[SectionPlan, ...]:
    return tuple(section for section in overlay.sections if not section.inherited)


def own_points(overlay: Blueprint) -> Decimal:
    """Base points of its own items: what they add to the declared total."""
    return sum((item.points for item in _own_items(overlay) if item.points), ZERO)


def most_added(overlay: Blueprint) -> Decimal | None:
    """The most that its own items can give, bonuses included; None: one of them has no upper limit.

    Bonuses that count towards a common limit together give no more than it.
    """
    alone: list[Decimal | None] = []
    common: dict[str, list[Decimal | None]] = {}
    for item in _own_items(overlay):
        if item.bonus_rule not in {BonusRule.NONE, BonusRule.TAKE_PER_UNIT}:
            (common.setdefault(item.cap, []) if item.cap else alone).append(_most_bonus(item))
    limits = {cap.name: cap.most for cap in overlay.caps}
    bonuses = [*alone, *(_lower(_sum(claims), limits[name]) for name, claims in common.items())]
    added = _sum(bonuses)
    return None if added is None else own_points(overlay) + added


def with_totals(overlay: Blueprint, base: Blueprint) -> Blueprint:
    """The overlay with the totals that follow from its base and its own items; a printed total only if a number."""
    added = own_points(overlay)
    return replace(
        overlay,
        declared_total=None if base.declared_total is None else base.declared_total + added,
        printed_total=_add_printed(base.printed_total, added),
    )


def rebase(overlay: Blueprint, old: Blueprint, new: Blueprint) -> Blueprint:
    """The overlay of `old` as one of `new`: own sections stay, and so does what else was changed beside the base.

    A kind, department or common limit that only own items still name stays. An own item whose key the new base has
    taken gets another.
    """
    facts = {name: _kept(getattr(overlay, name), getattr(old, name), getattr(new, name)) for name in FACTS}
    parts = {
        name: _kept(getattr(overlay, name), getattr(old, name), getattr(new, name)) for name in ("columns", "bands")
    }
    own = _with_free_keys(own_sections(overlay), {item.key for item in new.items})
    items = [item for section in own for item in section.items]
    named = {
        "audiences": ({kind for item in items for kind in item.kinds}, lambda one: one.kind),
        "offices": ({name for item in items for name in _office_names(item)}, lambda one: one),
        "caps": ({item.cap for item in items}, lambda one: one.name),
    }
    for part, (used, key) in named.items():
        parts[part] = _merged(getattr(overlay, part), getattr(old, part), getattr(new, part), used, key)
    rebased = Blueprint(**facts | parts | {"sections": inherited(new) + own, "overlay_points": overlay.overlay_points})
    return with_totals(rebased, new)


def _own_items(overlay: Blueprint) -> Iterable[ItemPlan]:
    return (item for section in own_sections(overlay) for item in section.items)


def _most_bonus(item: ItemPlan) -> Decimal | None:
    if item.bonus_rule == BonusRule.HIGHEST_LEVEL:
        highest = max((one.amount for one in item.measures if one.role == "bonus"), default=ZERO)
        return _lower(highest, item.bonus_cap)
    return item.bonus_cap


def _lower(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """The lower of two upper limits, of which None is none."""
    return min((limit for limit in (first, second) if limit is not None), default=None)


def _sum(claims: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for claim in claims:
        if claim is None:
            return None
        total += claim
    return total


def _add_printed(printed: str, added: Decimal) -> str:
    if not added or not printed.isascii() or not printed.replace(".", "", 1).isdigit():
        return printed
    return format_points(Decimal(printed) + added)


def _kept(mine: Part, old: Part, new: Part) -> Part:
    return new if mine == old else mine


def _office_names(item: ItemPlan) -> set[str]:
    return {*item.offices, *(measure.office for measure in item.measures if measure.office)}


def _merged(
    mine: tuple[Part, ...],
    old: tuple[Part, ...],
    new: tuple[Part, ...],
    used: set[str],
    key: Callable[[Part], Hashable],
) -> tuple[Part, ...]:
    """The new base's parts, then those that were added beside the old one or that own items name."""
    there, before = {key(one) for one in new}, {key(one) for one in old}
    return new + tuple(one for one in mine if key(one) not in there and (key(one) not in before or key(one) in used))


def _with_free_keys(sections: tuple[SectionPlan, ...], taken: set[str]) -> tuple[SectionPlan, ...]:
    keys = set(taken)

    def free(item: ItemPlan) -> ItemPlan:
        key, number = item.key, 1
        while key in keys:
            number += 1
            suffix = f"-{number}"
            key = f"{item.key[: KEY_LENGTH - len(suffix)]}{suffix}"
        keys.add(key)
        return item if key == item.key else replace(item, key=key)

    return tuple(
        replace(
            section,
            groups=tuple(replace(group, items=tuple(map(free, group.items))) for group in section.groups),
        )
        for section in sections
    )
