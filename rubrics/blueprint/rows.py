"""A rubric's rows -> a Blueprint, and a Blueprint -> a rubric's rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from rubrics.blueprint.plans import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    CapPlan,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
)
from rubrics.models import (
    Audience,
    Band,
    Cap,
    Column,
    Group,
    Item,
    Measure,
    Office,
    Responsibility,
    Rubric,
    Section,
    Tier,
)

FACTS = (
    "title",
    "annex",
    "subtitle",
    "footnote",
    "declared_total",
    "total_label",
    "printed_total",
    "total_policy",
    "not_applicable_policy",
    "step",
    "total_floor",
    "qualified_rank",
    "overlay_points",
)
"""Fields that a Rubric row and a Blueprint share."""

ITEM_FACTS = (
    "key",
    "text",
    "points",
    "number",
    "printed_points",
    "basis",
    "subject",
    "threshold",
    "note",
    "rule",
    "bonus_rule",
    "bonus_cap",
    "claimed",
    "floor",
    "needed",
    "gate",
    "electorate",
    "source_ref",
)
MEASURE_FACTS = ("key", "role", "label", "unit", "amount", "per", "above", "step")
PARTS = ("items", "sections", "offices", "audiences", "bands", "columns", "caps")
"""The relations of a rubric in the order in which their rows can be deleted."""


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(rubric: Rubric) -> Blueprint:
    """The rubric as a value: a dozen queries, however long it is."""
    items = rubric.items.select_related("section", "group", "cap").prefetch_related(
        "measures__tiers", "measures__office", "audiences", "responsibilities__office"
    )
    return Blueprint(
        **{name: getattr(rubric, name) for name in FACTS},
        sections=tuple(_section(section, list(rows)) for section, rows in groupby(items, lambda item: item.section)),
        columns=tuple(ColumnPlan(one.source, one.heading, one.width, one.added) for one in rubric.columns.all()),
        audiences=tuple(AudiencePlan(one.kind, one.label) for one in rubric.audiences.all()),
        offices=tuple(rubric.offices.values_list("name", flat=True)),
        bands=tuple(BandPlan(one.rank, one.name, one.lower, one.quota) for one in rubric.bands.all()),
        caps=tuple(CapPlan(one.name, one.most, one.least) for one in rubric.caps.all()),
    )


def _section(section: Section, items: list[Item]) -> SectionPlan:
    groups = tuple(
        GroupPlan(tuple(map(_item, rows)), group.points if group else None, group.label if group else "")
        for group, rows in groupby(items, lambda item: item.group)
    )
    return SectionPlan(section.name, section.label, groups, section.points, section.part, section.inherited)


def _item(item: Item) -> ItemPlan:
    return ItemPlan(
        **{name: getattr(item, name) for name in ITEM_FACTS},
        cap=item.cap.name if item.cap else "",
        kinds=frozenset(audience.kind for audience in item.audiences.all()),
        offices=tuple(duty.office.name for duty in item.responsibilities.all()),
        measures=tuple(map(_measure, item.measures.all())),
    )


def _measure(measure: Measure) -> MeasurePlan:
    return MeasurePlan(
        **{name: getattr(measure, name) for name in MEASURE_FACTS},
        office=measure.office.name if measure.office else "",
        tiers=tuple(TierPlan(tier.bound, tier.points) for tier in measure.tiers.all()),
    )


# --- Writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(blueprint: Blueprint, rubric: Rubric) -> None:
    """Make a stored draft say exactly what the blueprint says; its parts get new keys, its own row stays.

    Raises FrozenRubricError where the rubric is frozen. Whether the rows make sense is asked by the kernel on
    publishing, not here: a draft may contradict itself.
    """
    for name in FACTS:
        setattr(rubric, name, getattr(blueprint, name))
    rubric.save(update_fields=FACTS)
    for part in PARTS:
        getattr(rubric, part).all().delete()
    Column.objects.bulk_create(
        Column(
            rubric=rubric, position=position, source=one.source, heading=one.heading, width=one.width, added=one.added
        )
        for position, one in enumerate(blueprint.columns, start=1)
    )
    Band.objects.bulk_create(
        Band(rubric=rubric, rank=one.rank, name=one.name, lower=one.lower, quota=one.quota) for one in blueprint.bands
    )
    audiences = Audience.objects.bulk_create(
        Audience(rubric=rubric, kind=one.kind, label=one.label) for one in blueprint.audiences
    )
    offices = Office.objects.bulk_create(Office(rubric=rubric, name=name) for name in blueprint.offices)
    caps = Cap.objects.bulk_create(
        Cap(rubric=rubric, name=one.name, most=one.most, least=one.least) for one in blueprint.caps
    )
    _Writer(
        rubric,
        {one.kind: one for one in audiences},
        {one.name: one for one in offices},
        {one.name: one for one in caps},
    ).write(blueprint)


@dataclass(frozen=True, slots=True)
class _Writer:
    rubric: Rubric
    audiences: dict[str, Audience]
    offices: dict[str, Office]
    caps: dict[str, Cap]

    def write(self, blueprint: Blueprint) -> None:
        sections = Section.objects.bulk_create(
            Section(
                rubric=self.rubric,
                position=position,
                name=plan.name,
                label=plan.label,
                points=plan.points,
                part=plan.part,
                inherited=plan.inherited,
            )
            for position, plan in enumerate(blueprint.sections, start=1)
        )
        placed: list[tuple[Item, ItemPlan]] = []
        printed = 0
        for section, plan in zip(sections, blueprint.sections, strict=True):
            for group_plan in plan.groups:
                group = None
                if group_plan.points is not None:
                    printed += 1
                    group = Group.objects.create(
                        section=section, position=printed, points=group_plan.points, label=group_plan.label
                    )
                placed += [
                    (self._item(item, section, group, len(placed) + offset), item)
                    for offset, item in enumerate(group_plan.items, start=1)
                ]
        Item.objects.bulk_create(item for item, _plan in placed)
        self._write_relations(placed)

    def _item(self, plan: ItemPlan, section: Section, group: Group | None, position: int) -> Item:
        return Item(
            rubric=self.rubric,
            section=section,
            group=group,
            position=position,
            cap=self.caps[plan.cap] if plan.cap else None,
            **{name: getattr(plan, name) for name in ITEM_FACTS},
        )

    def _write_relations(self, placed: list[tuple[Item, ItemPlan]]) -> None:
        for item, plan in placed:
            if plan.kinds:
                item.audiences.set(self.audiences[kind] for kind in sorted(plan.kinds))
        Responsibility.objects.bulk_create(
            Responsibility(item=item, office=self.offices[name], position=position)
            for item, plan in placed
            for position, name in enumerate(plan.offices)
        )
        planned = [
            (one, Measure(item=item, position=position, office=self.offices[one.office] if one.office else None,
                          **{name: getattr(one, name) for name in MEASURE_FACTS}))
            for item, plan in placed
            for position, one in enumerate(plan.measures)
        ]  # fmt: skip
        Measure.objects.bulk_create(measure for _plan, measure in planned)
        Tier.objects.bulk_create(
            Tier(measure=measure, bound=tier.bound, points=tier.points)
            for plan, measure in planned
            for tier in plan.tiers
        )
