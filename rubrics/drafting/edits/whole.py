"""Edits of what holds for the whole rubric: its facts, whom it addresses, columns, bands, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rubrics.blueprint import AudiencePlan, BandPlan, Blueprint, CapPlan, ColumnPlan, ItemPlan
from rubrics.drafting.edits.base import edit, every_item

NO_NAMES: Mapping[str, str] = {}


@edit
def change_facts(blueprint: Blueprint, **facts: Any) -> Blueprint:
    """Titles, note, declared total, step, policies: any of `rubrics.blueprint.FACTS`."""
    return replace(blueprint, **facts)


@edit
def set_audiences(blueprint: Blueprint, audiences: Iterable[AudiencePlan]) -> Blueprint:
    """The kinds addressed. A row that was limited to a kind that is gone applies to those of its kinds that stay."""
    after = replace(blueprint, audiences=tuple(audiences))
    kinds = frozenset(one.kind for one in after.audiences)
    return every_item(after, lambda item: replace(item, kinds=item.kinds & kinds))


@edit
def set_offices(blueprint: Blueprint, names: Mapping[str, str], more: Iterable[str] = ()) -> Blueprint:
    """The departments: old name -> new name (empty: it is gone, from the rows too), and further ones."""
    kept = {old: names.get(old, old) for old in blueprint.offices}
    offices = (*filter(None, kept.values()), *more)

    def renamed(item: ItemPlan) -> ItemPlan:
        return replace(
            item,
            offices=tuple(dict.fromkeys(kept[name] for name in item.offices if kept[name])),
            measures=tuple(replace(one, office=kept.get(one.office, "")) for one in item.measures),
        )

    return every_item(replace(blueprint, offices=tuple(dict.fromkeys(offices))), renamed)


@edit
def set_columns(blueprint: Blueprint, columns: Iterable[ColumnPlan]) -> Blueprint:
    return replace(blueprint, columns=tuple(columns))


@edit
def set_bands(blueprint: Blueprint, bands: Iterable[BandPlan], qualified_rank: int | None) -> Blueprint:
    """The bands, best first, and the lowest rank that still counts as qualified."""
    ordered = tuple(sorted(bands, key=lambda band: -band.rank))
    known = qualified_rank in {band.rank for band in ordered}
    return replace(blueprint, bands=ordered, qualified_rank=qualified_rank if known else None)


@edit
def set_caps(blueprint: Blueprint, caps: Iterable[CapPlan], names: Mapping[str, str] = NO_NAMES) -> Blueprint:
    """The common limits, with old name -> new name; a row that named one that is gone counts without."""
    after = replace(blueprint, caps=tuple(caps))
    known = {one.name for one in after.caps}

    def renamed(item: ItemPlan) -> ItemPlan:
        name = names.get(item.cap, item.cap)
        return replace(item, cap=name if name in known else "")

    return every_item(after, renamed)
