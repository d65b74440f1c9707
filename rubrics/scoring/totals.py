"""Entries of one sheet -> `Total`: what its rows add up to, and the official total with every step that leads there.

All values are points unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rubrics.scoring.exact import SAME, Ratio, cut
from rubrics.scoring.items import BLANK, Entry, EntryError, ItemScore, Misplaced, Status, score_item
from rubrics.scoring.rubric import ZERO, Cap, Gate, Group, NotApplicablePolicy, Rubric, Section, TotalPolicy


@dataclass(frozen=True, slots=True)
class Summed:
    """Scored rows in document order and what they add up to."""

    items: tuple[ItemScore, ...]

    @property
    def printed(self) -> Decimal:
        """Base points as printed, for whatever kind of organisation."""
        return sum((i.item.points or ZERO for i in self.items), ZERO)

    @property
    def full(self) -> Decimal:
        """Printed points of the rows that are for this kind of organisation, before any not-applicable claim."""
        return sum((i.item.points or ZERO for i in self.items if i.status is not Status.OUT_OF_SCOPE), ZERO)

    @property
    def not_applicable(self) -> Decimal:
        """Printed points of the rows claimed as not applicable."""
        return sum((i.item.points or ZERO for i in self.items if i.status is Status.NOT_APPLICABLE), ZERO)

    @property
    def applicable(self) -> Decimal:
        """`full` without the claimed rows where the policy excludes them: what `base` can reach."""
        return sum((i.applicable for i in self.items), ZERO)

    @property
    def base(self) -> Decimal:
        """Base points as entered; rows without any add nothing."""
        return sum((i.base for i in self.items if i.base is not None), ZERO)

    @property
    def bonus_claimed(self) -> Decimal:
        return sum((i.bonus_claimed for i in self.items), ZERO)

    @property
    def bonus_allowed(self) -> Decimal:
        return sum((i.bonus_allowed for i in self.items), ZERO)

    @property
    def penalty(self) -> Decimal:
        """What penalties by count, and deductions that go below zero, take beyond the base; never above 0."""
        return sum((i.penalty for i in self.items), ZERO)

    @property
    def extra(self) -> Decimal:
        """What bonuses and penalties make of the base together, before any common limit."""
        return self.bonus_allowed + self.penalty

    @property
    def deducted(self) -> Decimal:
        return sum((i.deducted for i in self.items), ZERO)

    @property
    def required(self) -> int:
        """How many rows the sheet needs."""
        return sum(i.required for i in self.items)

    @property
    def scored(self) -> int:
        """How many of the required rows are done."""
        return sum(i.required and not i.missing for i in self.items)

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys of the required rows that are not done."""
        return tuple(i.item.key for i in self.items if i.missing)

    @property
    def complete(self) -> bool:
        return not any(i.missing for i in self.items)

    @property
    def blank(self) -> bool:
        """Nothing known yet: the cell of this sum stays empty, it does not show 0, even where something was entered."""
        return all(i.points is None for i in self.items)


@dataclass(frozen=True, slots=True)
class GroupTotal(Summed):
    group: Group


@dataclass(frozen=True, slots=True)
class SectionTotal(Summed):
    section: Section
    groups: tuple[GroupTotal, ...]


@dataclass(frozen=True, slots=True)
class Limited:
    """What the items of one common limit came to together, and what it lets stand."""

    cap: Cap
    claimed: Decimal
    allowed: Decimal


@dataclass(frozen=True, slots=True)
class Total(Summed):
    """One sheet, scored. `points` is the official total; everything else says how it came about."""

    rubric: Rubric
    kind: str
    sections: tuple[SectionTotal, ...]

    @property
    def earned(self) -> Decimal:
        """Base points that count: as entered, plus the claimed rows where the policy gives them in full."""
        full = self.rubric.not_applicable is NotApplicablePolicy.FULL
        return self.base + self.not_applicable if full else self.base

    @property
    def rescaling(self) -> Ratio:
        """From what is left after excluded rows to all rows of this kind. Rows out of scope are never made up for."""
        full, applicable = self.full, self.applicable
        return Ratio(full, applicable) if 0 < applicable < full else SAME

    @property
    def scaling(self) -> Ratio:
        """From the printed sum to the declared total, where the rubric says so (domain.md I1)."""
        declared, scaled = self.rubric.declared, self.rubric.total_policy is TotalPolicy.SCALED
        return Ratio(declared, self.printed) if scaled and declared is not None and self.printed else SAME

    def points_in(self, section: SectionTotal) -> Decimal | None:
        """What a section comes to by itself, for comparing organisations in it: claimed rows as in the whole, those
        that are excluded made up for within the section; with bonuses and penalties, before any common limit and before
        the scaling to the declared total. None where nothing of it applies.
        """
        full, applicable = section.full, section.applicable
        if full and not applicable:
            return None
        given = section.not_applicable if self.rubric.not_applicable is NotApplicablePolicy.FULL else ZERO
        rescaling = Ratio(full, applicable) if applicable < full else SAME
        return cut(section.base + given, rescaling) + section.extra

    @property
    def caps(self) -> tuple[Limited, ...]:
        """The common limits in the rubric's order, and what each trimmed."""
        return tuple(self._limited(cap) for cap in self.rubric.caps)

    def _limited(self, cap: Cap) -> Limited:
        claimed = sum((i.extra for i in self.items if i.item.cap == cap.name), ZERO)
        return Limited(cap, claimed, cap.allows(claimed))

    @property
    def beyond(self) -> Decimal:
        """What counts beyond the base: bonuses and penalties within their common limits. Below 0 where they take."""
        return self.extra + sum((one.allowed - one.claimed for one in self.caps), ZERO)

    @property
    def before_floor(self) -> Decimal:
        """Earned base points, rescaled and scaled, plus bonuses and penalties, which are never scaled."""
        return cut(self.earned, self.rescaling, self.scaling) + self.beyond

    @property
    def points(self) -> Decimal:
        """The official total."""
        return max(self.rubric.floor, self.before_floor)

    @property
    def tripped(self) -> tuple[ItemScore, ...]:
        """The gates that stand in the way of the award. A gate that is not answered yet is missing, not tripped."""
        return tuple(i for i in self.items if i.tripped)

    @property
    def gates(self) -> frozenset[Gate]:
        return frozenset(i.item.gate for i in self.tripped)

    @property
    def maximum(self) -> Decimal:
        """What `points` can reach without a bonus: the 适用满分 of 得分/适用满分."""
        return cut(self.full, self.scaling)

    @property
    def percentage(self) -> Decimal | None:
        """Earned base points in per cent of what was within reach (document D, as an option); None if nothing was."""
        return cut(self.earned, Ratio(Decimal(100), self.applicable)) if self.applicable else None


def compute_total(rubric: Rubric, entries: Mapping[str, Entry], kind: str = "") -> Total:
    """Score the entries (by item key) of an organisation of `kind`. Raises EntryError at the first that is wrong."""
    for key in entries:
        if key not in rubric.by_key:
            raise EntryError(key, Misplaced.UNKNOWN_ITEM)
    policy = rubric.not_applicable

    def group_total(group: Group) -> GroupTotal:
        return GroupTotal(tuple(score_item(i, entries.get(i.key, BLANK), kind, policy) for i in group.items), group)

    def section_total(section: Section) -> SectionTotal:
        groups = tuple(group_total(g) for g in section.groups)
        return SectionTotal(tuple(i for g in groups for i in g.items), section, groups)

    sections = tuple(section_total(s) for s in rubric.sections)
    return Total(tuple(i for s in sections for i in s.items), rubric, kind, sections)
