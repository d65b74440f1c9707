"""What the rows of a rubric can hold. What is longer is cut and told of in full, so that nothing is lost unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rubrics.blueprint import Blueprint, ItemPlan, SectionPlan
from rubrics.importers.doubts.kinds import Code, Doubt, Option

WHOLE = {"title": 120, "subtitle": 120, "annex": 40, "total_label": 20, "printed_total": 10}
SECTION = {"name": 60, "label": 80, "part": 60}
ITEM = {"number": 8, "printed_points": 20, "threshold": 120, "subject": 120}


def fitted(blueprint: Blueprint) -> tuple[Blueprint, list[Doubt]]:
    """The draft with every text short enough to be stored, and a doubt for each that was cut."""
    doubts = [*_doubts(blueprint, WHOLE, "")]
    sections = []
    for section in blueprint.sections:
        doubts += _doubts(section, SECTION, section.items[0].source_ref)
        doubts += [doubt for item in section.items for doubt in _doubts(item, ITEM, item.source_ref)]
        groups = tuple(
            replace(group, label=group.label[:20], items=tuple(_cut(item, ITEM) for item in group.items))
            for group in section.groups
        )
        sections.append(replace(_cut(section, SECTION), groups=groups))
    return replace(_cut(blueprint, WHOLE), sections=tuple(sections)), doubts


def _cut(value: Any, limits: Mapping[str, int]) -> Any:
    return replace(value, **{name: getattr(value, name)[:longest] for name, longest in limits.items()})


def _doubts(value: Blueprint | SectionPlan | ItemPlan, limits: Mapping[str, int], ref: str) -> Iterator[Doubt]:
    for name, longest in limits.items():
        text = getattr(value, name)
        if len(text) > longest:
            yield Doubt(Code.TOO_LONG, ref, {"field": name, "text": text}, (Option.BY_HAND,))
