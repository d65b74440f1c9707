"""Settling a doubt: a pure change of the blueprint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from rubrics.blueprint import Blueprint, GroupPlan, ItemPlan, SectionPlan
from rubrics.importers import plans
from rubrics.importers.doubts.kinds import Code, Doubt, Option
from rubrics.importers.keys import keyed

ZERO = Decimal(0)


class StaleDoubtError(LookupError):
    """The row or section that the doubt is about is no longer in the draft."""


def apply(blueprint: Blueprint, doubt: Doubt, option: Option) -> Blueprint:
    """The draft after a person chose `option`, one of `doubt.options`. Rows are found by `doubt.ref`, so doubts may be
    settled in any order, and other parts of the draft may have been edited meanwhile.

    Raises ValueError where the doubt has no such option, StaleDoubtError where its row is gone.
    """
    if option not in doubt.options:
        raise ValueError(option)
    change = CHANGES.get((doubt.code, option)) or CHANGES_OF_ANY.get(option)
    return change(blueprint, doubt) if change else blueprint


# --- Rows ------------------------------------------------------------------------------------------------------------


def _item(blueprint: Blueprint, ref: str) -> ItemPlan:
    found = next((item for item in blueprint.items if item.source_ref == ref), None)
    if found is None:
        raise StaleDoubtError(ref)
    return found


def _replaced(blueprint: Blueprint, ref: str, items: tuple[ItemPlan, ...]) -> Blueprint:
    """With other items in the place of one; groups and sections that became empty go."""
    _item(blueprint, ref)

    def group(one: GroupPlan) -> GroupPlan:
        return replace(
            one, items=tuple(new for item in one.items for new in (items if item.source_ref == ref else (item,)))
        )

    sections = (
        replace(section, groups=tuple(new for new in map(group, section.groups) if new.items))
        for section in blueprint.sections
    )
    return replace(blueprint, sections=tuple(section for section in sections if section.groups))


def _changed(blueprint: Blueprint, ref: str, change: Callable[[ItemPlan], ItemPlan]) -> Blueprint:
    return _replaced(blueprint, ref, (change(_item(blueprint, ref)),))


def _use_plan(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    return _changed(blueprint, doubt.ref, lambda item: plans.planned(item, doubt.facts["plan"]))


def _make_base(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    points = Decimal(doubt.facts["base"])
    return _changed(
        blueprint,
        doubt.ref,
        lambda item: replace(
            item,
            points=points,
            rule="judged",
            bonus_rule="none",
            bonus_cap=None,
            claimed=False,
            floor=None,
            cap="",
            measures=(),
        ),
    )


def _make_gate(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    gate = doubt.facts["gate"]
    return _changed(blueprint, doubt.ref, lambda item: plans.gated(item, gate))


def _use_ballot(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    return _changed(blueprint, doubt.ref, lambda item: replace(item, electorate=doubt.facts["electorate"]))


def _no_ballot(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    return _changed(blueprint, doubt.ref, lambda item: replace(item, electorate=""))


def _read_other(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    points = Decimal(doubt.facts["other"])
    return _changed(
        blueprint,
        doubt.ref,
        lambda item: replace(item, points=points, rule="judged" if item.points is None else item.rule),
    )


def _renumber(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    old, new = doubt.facts["number"], doubt.facts["expected"]
    digits = "".join(sign for sign in old if sign.isdigit())
    return keyed(_changed(blueprint, doubt.ref, lambda item: replace(item, number=old.replace(digits, new))))


def _drop(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    return keyed(_replaced(blueprint, doubt.ref, ()))


def _join_above(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    """The row's wording goes on in the row above it, of whatever section."""
    items = list(blueprint.items)
    item = _item(blueprint, doubt.ref)
    at = items.index(item)
    if at == 0:
        raise StaleDoubtError(doubt.ref)
    above = items[at - 1]
    longer = replace(above, text=above.text + item.text, basis=above.basis + item.basis)
    return keyed(_replaced(_replaced(blueprint, above.source_ref, (longer,)), doubt.ref, ()))


def _split(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    item = _item(blueprint, doubt.ref)
    rows = json.loads(doubt.facts["texts"])
    each = Decimal(doubt.facts["points"]) / len(rows)
    items = tuple(
        replace(
            item, number=number, text=text, basis=basis, threshold=threshold, source_ref=ref, points=each,
            printed_points=item.printed_points if at == 0 else "",
        )
        for at, (number, text, basis, threshold, ref) in enumerate(rows)
    )  # fmt: skip
    return keyed(_replaced(blueprint, doubt.ref, items))


# --- Sums and boundaries ---------------------------------------------------------------------------------------------


def _sum(items: tuple[ItemPlan, ...]) -> Decimal:
    return sum((item.points for item in items if item.points), ZERO)


def _section_sum(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    _item(blueprint, doubt.ref)
    return replace(
        blueprint,
        sections=tuple(
            replace(one, points=_sum(one.items)) if _holds(one.items, doubt.ref) else one for one in blueprint.sections
        ),
    )


def _group_sum(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    _item(blueprint, doubt.ref)

    def group(one: GroupPlan) -> GroupPlan:
        return replace(one, points=_sum(one.items)) if _holds(one.items, doubt.ref) else one

    sections = (replace(one, groups=tuple(map(group, one.groups))) for one in blueprint.sections)
    return replace(blueprint, sections=tuple(sections))


def _holds(items: tuple[ItemPlan, ...], ref: str) -> bool:
    return any(item.source_ref == ref for item in items)


def _scaled(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    return replace(blueprint, declared_total=Decimal(doubt.facts["printed"]), total_policy="scaled")


def _total_sum(blueprint: Blueprint, _doubt: Doubt) -> Blueprint:
    return replace(blueprint, declared_total=blueprint.points, total_policy="as_printed")


def _move_labels(blueprint: Blueprint, doubt: Doubt) -> Blueprint:
    """The sections begin where the plan says; what stands between its first and last section is cut anew."""
    begins = {ref: label for label, ref in json.loads(doubt.facts["plan"])}
    for ref in begins:
        _item(blueprint, ref)
    planned = {one.label: one for one in blueprint.sections if one.label in begins.values()}
    if len(planned) != len(begins):
        raise StaleDoubtError(doubt.ref)
    sections: list[SectionPlan] = []
    for section, group in _pieces(blueprint):
        label = begins.get(group.items[0].source_ref)
        if label is not None:
            sections.append(replace(planned[label], groups=()))
        elif section.label not in planned and (not sections or sections[-1].label != section.label):
            sections.append(replace(section, groups=()))
        sections[-1] = replace(sections[-1], groups=_with(sections[-1].groups, group))
    return keyed(replace(blueprint, sections=tuple(sections)))


def _pieces(blueprint: Blueprint) -> Iterator[tuple[SectionPlan, GroupPlan]]:
    """Groups in order; those without printed points item by item, as a section may begin inside them."""
    for section in blueprint.sections:
        for group in section.groups:
            if group.points is not None:
                yield section, group
            else:
                yield from ((section, GroupPlan((item,))) for item in group.items)


def _with(groups: tuple[GroupPlan, ...], group: GroupPlan) -> tuple[GroupPlan, ...]:
    if group.points is None and groups and groups[-1].points is None:
        return (*groups[:-1], GroupPlan((*groups[-1].items, *group.items)))
    return (*groups, group)


Change = Callable[[Blueprint, Doubt], Blueprint]

CHANGES: dict[tuple[Code, Option], Change] = {
    (Code.LABEL_SUM, Option.TAKE_SUM): _section_sum,
    (Code.GROUP_SUM, Option.TAKE_SUM): _group_sum,
    (Code.TOTAL_SUM, Option.TAKE_SUM): _total_sum,
}
CHANGES_OF_ANY: dict[Option, Change] = {
    Option.MOVE_LABELS: _move_labels,
    Option.SCALE_TOTAL: _scaled,
    Option.RENUMBER: _renumber,
    Option.DROP_ROW: _drop,
    Option.JOIN_ABOVE: _join_above,
    Option.READ_OTHER: _read_other,
    Option.SPLIT_EVENLY: _split,
    Option.MAKE_BASE: _make_base,
    Option.MAKE_GATE: _make_gate,
    Option.USE_RULE: _use_plan,
    Option.USE_BALLOT: _use_ballot,
    Option.NO_BALLOT: _no_ballot,
}
"""What an option changes; the options that are not here leave the draft as it is."""
