"""The lines of the sheet of rules -> what is counted for each item, with its tiers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from rubrics.blueprint import MeasurePlan, TierPlan
from rubrics.exchange import layout
from rubrics.exchange.items import Names, one_of
from rubrics.exchange.lines import Line

KEY = re.compile(r"[-a-zA-Z0-9_]+")
TIER_FIELDS = frozenset({"bound", "points"})
ONE, ZERO = Decimal(1), Decimal(0)


def read_measures(found: list[Line], keys: Collection[str], names: Names) -> dict[str, tuple[MeasurePlan, ...]]:
    """The measures by the key of their item, in the order of the lines; what is wrong is put on the lines' report.

    keys  those of the items; none: the items can't be read, which is reported already
    """
    measures: dict[str, list[MeasurePlan]] = {}
    last = ""
    for line in found:
        if line.filled <= TIER_FIELDS:
            if last:
                _add_tier(line, measures[last])
            else:
                line.wrong("item", _("This must be filled in."))
            continue
        last = _item_key(line, keys)
        mine = measures.setdefault(last, [])
        if line["key"] in {one.key for one in mine}:
            line.wrong("key", _("The item has two measures of this key."))
        mine.append(_measure(line, names))
        if line.filled & TIER_FIELDS:
            _add_tier(line, mine)
    return {key: tuple(map(_sorted, mine)) for key, mine in measures.items()}


def _item_key(line: Line, keys: Collection[str]) -> str:
    text = str(line["item"])
    for key in (text, text.strip()):
        if key and key in keys:
            return key
    if not keys:
        return text
    line.wrong(
        "item",
        _("“%(name)s” is not on the sheet “%(sheet)s”.") % {"name": text.strip()[:30], "sheet": layout.ITEMS.name},
    )
    return text


def _measure(line: Line, names: Names) -> MeasurePlan:
    if not line["role"]:
        line.wrong("role", _("This must be filled in."))
    if not KEY.fullmatch(line["key"]):
        line.wrong("key", _("Letters, digits, hyphens and underlines, at least one."))
    return MeasurePlan(
        key=line["key"],
        role=line["role"],
        label=line["label"],
        unit=line["unit"],
        amount=_or(line["amount"], ZERO),
        per=_or(line["per"], ONE),
        above=_or(line["above"], ZERO),
        step=_or(line["step"], ONE),
        office=one_of(line, "office", names.offices),
    )


def _add_tier(line: Line, mine: list[MeasurePlan]) -> None:
    """The tier of this line to the last measure."""
    for name in TIER_FIELDS:
        if line[name] is None:
            line.wrong(name, _("A tier needs its bound and its points."))
    if line["bound"] in {tier.bound for tier in mine[-1].tiers}:
        line.wrong("bound", _("Two tiers begin at the same bound."))
    tier = TierPlan(_or(line["bound"], ZERO), _or(line["points"], ZERO))
    mine[-1] = replace(mine[-1], tiers=(*mine[-1].tiers, tier))


def _sorted(measure: MeasurePlan) -> MeasurePlan:
    return replace(measure, tiers=tuple(sorted(measure.tiers, key=lambda tier: -tier.bound)))


def _or(value: Decimal | None, blank: Decimal) -> Decimal:
    return blank if value is None else value
