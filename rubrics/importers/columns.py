"""The printed columns of a card."""

from __future__ import annotations

from collections.abc import Sequence

from rubrics.blueprint import ColumnPlan
from rubrics.importers.headings import Role, Slot

PAGE, TEXT_AT_LEAST = 180, 46
WIDTHS = {
    "part": 10, "section": 22, "number": 12, "basis": 36, "points": 14, "group_points": 16, "office": 22, "subject": 30,
    "self": 15, "assess": 15, "review": 15,
}  # fmt: skip
ADDED = ((Role.SELF, "自评"), (Role.ASSESS, "考核得分"))
LEFT_OUT = (Role.OTHER, Role.SECTION_POINTS)


def columns(slots: Sequence[Slot], *, grouped: bool) -> tuple[ColumnPlan, ...]:
    """In printed order, with widths that fill the page. A table without any score column gets two."""
    kept = [(_source(slot.role, grouped=grouped), slot.heading, False) for slot in slots if slot.role not in LEFT_OUT]
    present = {source for source, _heading, _added in kept}
    if not present & {"self", "assess", "review"}:
        kept += [(role.value, heading, True) for role, heading in ADDED]
    widths = {source: WIDTHS.get(source, 0) for source, _heading, _added in kept}
    over = sum(widths.values()) + TEXT_AT_LEAST - PAGE
    if over > 0:  # the widest ones give way
        for source in ("basis", "subject", "section", "office"):
            less = min(max(over, 0), max(0, widths.get(source, 0) - 16))
            widths[source] = widths.get(source, 0) - less
            over -= less
    widths["text"] = PAGE - sum(width for source, width in widths.items() if source in present or source in WIDTHS)
    return tuple(ColumnPlan(source, heading[:40], widths[source], added) for source, heading, added in kept)


def _source(role: Role, *, grouped: bool) -> str:
    return "group_points" if role == Role.POINTS and grouped else role.value
