"""The lines of the sheet of contents -> sections, groups and items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from rubrics.blueprint import AudiencePlan, GroupPlan, ItemPlan, MeasurePlan, SectionPlan
from rubrics.exchange import layout
from rubrics.exchange.lines import Line
from rubrics.models import CLAIMABLE, BaseRule, BonusRule

LISTED = re.compile(r"[；;、，,\n]")
"""What people put between names."""

SECTION_FIELDS = ("part", "name", "label", "section_points", "inherited")
GROUP_FIELDS = ("group_points", "group_label")
COPIED = ("key", "number", "text", "points", "printed_points", "basis", "subject", "threshold", "note", "bonus_rule")
COPIED_TOO = ("bonus_cap", "claimed", "floor", "needed", "gate", "electorate")


@dataclass(frozen=True, slots=True)
class Names:
    """What lines may name."""

    audiences: tuple[AudiencePlan, ...]
    offices: tuple[str, ...]
    caps: tuple[str, ...]

    @property
    def kinds(self) -> dict[str, str]:
        """Kinds by the words that mean them: the code, and the document's own word where it is one kind's alone."""
        labels = [one.label.strip() for one in self.audiences]
        own = {one.label.strip(): one.kind for one in self.audiences if labels.count(one.label.strip()) == 1}
        return own | {one.kind: one.kind for one in self.audiences}


def read_items(
    found: list[Line], names: Names, measures: Mapping[str, tuple[MeasurePlan, ...]]
) -> tuple[SectionPlan, ...]:
    """The sections in the order of the lines; what is wrong is put on the lines' report."""
    keys: dict[str, int] = {}
    reader = _Reader()
    for line in found:
        key = line["key"] or ""
        if key in keys:
            line.wrong("key", _("“%(value)s” stands in line %(line)d already.") % {"value": key, "line": keys[key]})
        keys.setdefault(key, line.number)
        reader.take(line, _item(line, names, measures.get(key, ())))
    if not found:
        return ()
    return tuple(reader.sections)


# --- Where a line belongs --------------------------------------------------------------------------------------------


class _Reader:
    """Puts each line into its section and group; a number that was left can't be taken up again."""

    def __init__(self) -> None:
        self.sections: list[SectionPlan] = []
        self._section: int | None = None
        self._group: int | None = None
        self._left: set[int] = set()
        self._left_groups: set[int] = set()

    def take(self, line: Line, item: ItemPlan) -> None:
        number = line["section"]
        if not self.sections or (number is not None and number != self._section):
            self._new_section(line, number)
        else:
            section = self.sections[-1]
            self._same(
                line, SECTION_FIELDS, (section.part, section.name, section.label, section.points, section.inherited)
            )
        self._place(line, item)

    def _new_section(self, line: Line, number: int | None) -> None:
        if number in self._left:
            line.wrong("section", _("The lines of a section must follow each other."))
        if number is not None:
            self._left.add(number)
        self._section, self._group = number, None
        self.sections.append(
            SectionPlan(line["name"], line["label"], (), line["section_points"], line["part"], line["inherited"])
        )

    def _place(self, line: Line, item: ItemPlan) -> None:
        number = line["group"]
        groups = self.sections[-1].groups
        if number is None:
            self._group = None
            self._alone(line)
            if groups and groups[-1].points is None:
                self._replace_last(replace(groups[-1], items=(*groups[-1].items, item)))
            else:
                self._append(GroupPlan((item,)))
        elif number == self._group and groups:
            self._same(line, GROUP_FIELDS, (groups[-1].points, groups[-1].label))
            self._replace_last(replace(groups[-1], items=(*groups[-1].items, item)))
        else:
            self._new_group(line, number, item)

    def _new_group(self, line: Line, number: int, item: ItemPlan) -> None:
        if number in self._left_groups:
            line.wrong("group", _("The lines of a group must follow each other, in one section."))
        self._left_groups.add(number)
        self._group = number
        if line["group_points"] is None:
            line.wrong("group_points", _("The first line of a group needs its points."))
        self._append(GroupPlan((item,), line["group_points"], line["group_label"]))

    def _append(self, group: GroupPlan) -> None:
        self.sections[-1] = replace(self.sections[-1], groups=(*self.sections[-1].groups, group))

    def _replace_last(self, group: GroupPlan) -> None:
        self.sections[-1] = replace(self.sections[-1], groups=(*self.sections[-1].groups[:-1], group))

    @staticmethod
    def _alone(line: Line) -> None:
        for name in GROUP_FIELDS:
            if name in line.filled:
                line.wrong(name, _("This belongs to a group, but the line has no group number."))

    @staticmethod
    def _same(line: Line, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        for name, value in zip(names, values, strict=True):
            if name in line.filled and line[name] != value:
                line.wrong(
                    name,
                    _("This differs from the first line of the section or group; give the line a number of its own."),
                )


# --- What a line says ------------------------------------------------------------------------------------------------


def _item(line: Line, names: Names, measures: tuple[MeasurePlan, ...]) -> ItemPlan:
    rule = line["rule"] or (BaseRule.NONE if line["points"] is None else BaseRule.JUDGED)
    if rule == BaseRule.NONE and line["points"] is not None:
        line.wrong("points", _("A line without a base rule has no points."))
    if rule != BaseRule.NONE and line["points"] is None:
        line.wrong("points", _("This must be filled in."))
    if line["gate"] and (rule, line["bonus_rule"]) != (BaseRule.NONE, BonusRule.NONE):
        line.wrong("gate", _("A line that decides about the award has no points, no rule and no bonus."))
    if line["claimed"] and line["bonus_rule"] not in CLAIMABLE:
        line.wrong("claimed", _("Only an addition or the highest of several levels can be claimed one by one."))
    return ItemPlan(
        **{name: line[name] for name in (*COPIED, *COPIED_TOO)},
        rule=rule,
        cap=one_of(line, "cap", names.caps),
        kinds=frozenset(_several(line, "kinds", names.kinds)),
        offices=tuple(_several(line, "offices", {name: name for name in names.offices})),
        measures=measures,
    )


def one_of(line: Line, name: str, known: tuple[str, ...]) -> str:
    """The name as another sheet lists it; blank where the cell is."""
    text = line[name]
    if not text or text in known:
        return text
    found = next((one for one in known if one.strip() == text.strip()), None)
    if found is None:
        line.wrong(name, _unknown(name, text))
    return found or ""


def _several(line: Line, name: str, known: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for word in layout.split(line[name]):
        for part in (word,) if word in known or word.strip() in known else LISTED.split(word):
            meant = known.get(part, known.get(part.strip()))
            if meant is None and part.strip():
                line.wrong(name, _unknown(name, part))
            elif meant in found:
                line.wrong(name, _("“%(name)s” is named twice.") % {"name": part})
            elif meant is not None:
                found.append(meant)
    return found


def _unknown(name: str, text: str) -> str:
    where = layout.CAPS if name == "cap" else layout.AUDIENCES
    return _("“%(name)s” is not on the sheet “%(sheet)s”.") % {"name": text.strip()[:30], "sheet": where.name}
