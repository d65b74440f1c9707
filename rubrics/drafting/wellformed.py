"""What keeps a draft from being stored at all, as a sentence: the constraints of its tables, asked beforehand.

Whether its rules make sense is another question, and is asked on publishing (`rubrics.drafting.checklist`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from rubrics.blueprint import Blueprint, ItemPlan, MeasurePlan
from rubrics.models import (
    CLAIMABLE,
    Band,
    BaseRule,
    BonusRule,
    Column,
    ColumnSource,
    Gate,
    Item,
    Measure,
    MeasureRole,
    Rubric,
    Section,
)

KEY_LENGTH = 12
KEY = re.compile(r"[\w.()（）、-]{1,12}")
"""Keys stand in addresses, so without blanks and slashes."""

POINTS, COUNT = Decimal(10) ** 4, Decimal(10) ** 10
CENT = Decimal("0.01")


def fault(blueprint: Blueprint) -> str:
    """The first reason why the draft can't be stored; empty: there is none."""
    return next(_faults(blueprint), "")


def _faults(blueprint: Blueprint) -> Iterator[str]:
    yield from _too_long(Rubric, blueprint, ("annex", "title", "subtitle", "total_label", "printed_total"), "")
    yield from _numbers(blueprint.declared_total, blueprint.total_floor, blueprint.overlay_points, blueprint.step)
    if blueprint.step <= 0:
        yield _("The step between two marks must be more than 0.")
    yield from _whole(blueprint)
    yield from _sections(blueprint)
    yield from _repeated((item.key for item in blueprint.items), _("Two items have the key %(one)s."))
    for item in blueprint.items:
        yield from _item(blueprint, item)


def _whole(blueprint: Blueprint) -> Iterator[str]:
    yield from _repeated((one.kind for one in blueprint.audiences), _("The kind %(one)s is named twice."))
    yield from _repeated(blueprint.offices, _("The department %(one)s is named twice."))
    yield from _repeated((one.name for one in blueprint.caps), _("The common limit %(one)s is named twice."))
    yield from _repeated((one.source for one in blueprint.columns), _("Two columns show the same."))
    yield from _repeated((str(one.rank) for one in blueprint.bands), _("Two bands have the rank %(one)s."))
    yield from _repeated((f"{one.lower:f}" for one in blueprint.bands), _("Two bands begin at %(one)s points."))
    if {one.source for one in blueprint.columns} - set(ColumnSource.values):
        yield _("A column shows something unknown.")
    for column in blueprint.columns:
        yield from _too_long(Column, column, ("heading",), "")
    for band in blueprint.bands:
        yield from _too_long(Band, band, ("name",), "")
        yield from _numbers(band.lower)
        if band.quota is not None and not 0 < band.quota <= 1:
            yield _("A quota is a share of more than 0 % and at most 100 %.")
    for cap in blueprint.caps:
        yield from _numbers(cap.most, cap.least)
        if (cap.most is not None and cap.most < 0) or (cap.least is not None and cap.least > 0):
            yield _("The common limit %(name)s: at most is not below 0, at least is not above 0.") % {"name": cap.name}


def _sections(blueprint: Blueprint) -> Iterator[str]:
    for section in blueprint.sections:
        yield from _too_long(Section, section, ("name", "label", "part"), section.name)
        yield from _numbers(section.points, *(group.points for group in section.groups))
        if not section.items:
            yield _("A section needs at least one item. Remove the section as a whole instead.")


def _item(blueprint: Blueprint, item: ItemPlan) -> Iterator[str]:
    names = ("number", "printed_points", "subject", "threshold", "note")
    yield from _too_long(Item, item, names, item.key)
    yield from _numbers(item.points, item.bonus_cap, item.floor)
    if not KEY.fullmatch(item.key):
        yield _("The key “%(key)s” is not possible: 1 to 12 letters, digits, points and hyphens.") % {"key": item.key}
    if not _known(item):
        yield _("Item %(key)s: the rule is unknown.") % {"key": item.key}
    if (item.points is None) != (item.rule == BaseRule.NONE):
        yield _("Item %(key)s: base points and a base rule come together.") % {"key": item.key}
    if item.points is not None and item.points <= 0:
        yield _("Item %(key)s: the points must be more than 0.") % {"key": item.key}
    if item.floor is not None and item.floor > 0:
        yield _("Item %(key)s: the lowest points can't be above 0.") % {"key": item.key}
    if item.gate and (item.rule, item.bonus_rule) != (BaseRule.NONE, BonusRule.NONE):
        yield _("Item %(key)s: a gate has no points.") % {"key": item.key}
    yield from _claims(item)
    if not _names_known(blueprint, item):
        yield _("Item %(key)s names a kind, department or common limit that the draft does not have.") % {
            "key": item.key
        }
    yield from _repeated((one.key for one in item.measures), _("Two measures of an item have the key %(one)s."))
    for measure in item.measures:
        yield from _measure(item, measure)


def _claims(item: ItemPlan) -> Iterator[str]:
    """What is claimed one by one is a bonus, counted in whole ones."""
    if item.claimed and item.bonus_rule not in CLAIMABLE:
        yield _("Item %(key)s: only an addition or the highest of several levels can be claimed one by one.") % {
            "key": item.key
        }
    if item.claimed and any(1 % one.step for one in item.measures if one.role == MeasureRole.BONUS and one.step > 0):
        yield _("Item %(key)s: what is claimed one by one is counted in steps of 1.") % {"key": item.key}


def _known(item: ItemPlan) -> bool:
    return item.rule in BaseRule.values and item.bonus_rule in BonusRule.values and item.gate in Gate.values


def _names_known(blueprint: Blueprint, item: ItemPlan) -> bool:
    offices = {*item.offices, *(one.office for one in item.measures if one.office)}
    return (
        item.kinds <= {one.kind for one in blueprint.audiences}
        and offices <= set(blueprint.offices)
        and len(set(item.offices)) == len(item.offices)
        and (not item.cap or item.cap in {one.name for one in blueprint.caps})
    )


def _measure(item: ItemPlan, measure: MeasurePlan) -> Iterator[str]:
    yield from _too_long(Measure, measure, ("label", "unit", "key"), item.key)
    yield from _numbers(measure.amount, *(tier.points for tier in measure.tiers))
    yield from _numbers(measure.per, measure.above, measure.step, *(tier.bound for tier in measure.tiers), limit=COUNT)
    if measure.amount < 0 or measure.per <= 0 or measure.above < 0 or measure.step <= 0:
        yield _("Item %(key)s, “%(measure)s”: a number is too small.") % {"key": item.key, "measure": measure.label}
    if any(tier.bound < 0 or tier.points < 0 for tier in measure.tiers):
        yield _("Item %(key)s: the tiers can't go below 0.") % {"key": item.key}
    bounds = [tier.bound for tier in measure.tiers]
    if bounds != sorted(set(bounds), reverse=True):
        yield _("Item %(key)s: two tiers begin at the same bound.") % {"key": item.key}


def _numbers(*values: Decimal | None, limit: Decimal = POINTS) -> Iterator[str]:
    for value in values:
        if value is not None and (abs(value) >= limit or value != value.quantize(CENT)):
            yield _("%(number)s is too large or has more than two decimals.") % {"number": f"{value:f}"}


def _too_long(model: type, plan: object, names: Iterable[str], place: str) -> Iterator[str]:
    for name in names:
        field = model._meta.get_field(name)  # type: ignore[attr-defined]
        if len(getattr(plan, name)) > field.max_length:
            yield _("%(place)s %(field)s: at most %(length)d characters.") % {
                "place": place,
                "field": field.verbose_name,
                "length": field.max_length,
            }


def _repeated(values: Iterable[str], sentence: str) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield sentence % {"one": value}
