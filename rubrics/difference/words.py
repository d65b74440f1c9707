"""A difference as a page shows it: areas, entries with a title, and what differs in them, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rubrics.blueprint import (
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
from rubrics.difference.compare import Change, Difference, FieldChange, GroupChange, ItemChange, Kind
from rubrics.difference.marks import Mark, marks
from rubrics.models import (
    Audience,
    Band,
    Cap,
    Column,
    ColumnSource,
    Item,
    Measure,
    Rubric,
    Section,
    Tier,
)
from rubrics.scoring.numbers import format_points

MODELS: dict[type, Any] = {
    Blueprint: Rubric,
    ItemPlan: Item,
    SectionPlan: Section,
    ColumnPlan: Column,
    BandPlan: Band,
    AudiencePlan: Audience,
    CapPlan: Cap,
    MeasurePlan: Measure,
    TierPlan: Tier,
}
RELATED = {"kinds": "audiences"}
"""Fields of a blueprint that its model calls otherwise."""

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What differs in one field: both wordings in one line where they are words, else before and after."""

    label: str
    old: str
    new: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One part that changed. `places` says from which section to which it moved; blank where it did not."""

    kind: Kind
    title: str
    text: str = ""
    moved: bool = False
    places: str = ""
    fields: tuple[FieldWords, ...] = ()
    parts: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    title: str
    entries: tuple[Entry, ...] = ()
    fields: tuple[FieldWords, ...] = ()


def areas(found: Difference, kinds: Mapping[str, str]) -> list[Area]:
    """The areas in which something changed. `kinds` are the words for kinds of organisations, of both rubrics."""
    words = _Words(kinds)
    all_areas = (
        Area(_("The whole"), fields=words.fields(Blueprint, found.facts)),
        Area(_("Sections"), words.entries(found.sections)),
        Area(_("Items"), tuple(map(words.item, found.items))),
        Area(_("Group points"), tuple(map(words.group, found.groups))),
        Area(_("Columns"), words.entries(found.columns)),
        Area(_("Bands"), words.entries(found.bands)),
        Area(_("For"), words.entries(found.audiences)),
        Area(_("Responsible departments"), words.entries(found.offices)),
        Area(_("Common limits"), words.entries(found.caps)),
    )
    return [area for area in all_areas if area.entries or area.fields]


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: Mapping[str, str]

    def fields(self, plan: type, changes: Iterable[FieldChange]) -> tuple[FieldWords, ...]:
        return tuple(self._field(plan, change) for change in changes)

    def entries(self, changes: Iterable[Change]) -> tuple[Entry, ...]:
        return tuple(map(self._entry, changes))

    def item(self, found: ItemChange) -> Entry:
        change = found.change
        key = change.plan.key
        if change.old and change.new and change.old.key != change.new.key:
            key = f"{change.old.key} → {change.new.key}"
        entry = self._entry(change)
        between = found.old_section and found.new_section and found.old_section != found.new_section
        places = f"{found.old_section} → {found.new_section}" if between else ""
        title = f"{found.new_section or found.old_section} · {key}"
        return replace(entry, title=title, places=places)

    def group(self, found: GroupChange) -> Entry:
        old, new = "；".join(map(_group, found.old)) or NOTHING, _group(found.new)
        fields = (FieldWords(_("Group points"), old, new),)
        return Entry(Kind.CHANGED, "、".join(item.key for item in found.new.items), fields=fields)

    def _entry(self, change: Change) -> Entry:
        return Entry(
            change.kind,
            self._title(change.plan),
            self._text(change),
            change.moved,
            fields=self.fields(type(change.plan), change.fields),
            parts=self.entries(change.parts),
        )

    def _title(self, plan: Any) -> str:
        match plan:
            case str():
                return plan
            case ItemPlan():
                return plan.key
            case ColumnPlan():
                return str(ColumnSource(plan.source).label)
            case MeasurePlan() | AudiencePlan():
                return plan.label or (plan.key if isinstance(plan, MeasurePlan) else plan.kind)
            case TierPlan():
                return _("Bound %(bound)s") % {"bound": format_points(plan.bound)}
        return str(plan.name)

    def _text(self, change: Change) -> str:
        """The wording of a row whose wording does not stand among its fields."""
        plan = change.plan
        if isinstance(plan, TierPlan) and change.kind != Kind.CHANGED:
            return _("%(points)s points") % {"points": format_points(plan.points)}
        if not isinstance(plan, ItemPlan) or any(field.name == "text" for field in change.fields):
            return ""
        worth = f"（{format_points(plan.points)}）" if plan.points is not None and change.kind != Kind.CHANGED else ""
        return f"{plan.text}{worth}"

    def _field(self, plan: type, change: FieldChange) -> FieldWords:
        field = _model_field(plan, change.name)
        old, new = (self._value(field, change.name, value) for value in (change.old, change.new))
        worded = isinstance(change.old, str) and change.old and change.new and not (field and field.choices)
        label = capfirst(str(getattr(field, "verbose_name", change.name)))
        return FieldWords(label, old, new, marks(change.old, change.new) if worded else ())

    def _value(self, field: Field[Any, Any] | None, name: str, value: Any) -> str:
        if name == "kinds":
            return "、".join(self.kinds.get(kind, kind) for kind in sorted(value)) or _("all")
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value)) or NOTHING
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "quota" and value is not None:
            return f"{format_points(value * 100)} %"
        if isinstance(value, tuple):
            return "、".join(value) or NOTHING
        return (format_points(value) if isinstance(value, Decimal) else str(value or "")) or NOTHING


def _model_field(plan: type, name: str) -> Field[Any, Any] | None:
    found = MODELS[plan]._meta.get_field(RELATED.get(name, name)) if plan in MODELS else None
    return found if isinstance(found, Field) else None


def _group(group: GroupPlan) -> str:
    keys = "、".join(item.key for item in group.items)
    return keys if group.points is None else f"{keys}：{format_points(group.points)}"
