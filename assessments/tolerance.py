"""How far a stage is from the one before, item by item and in all, against what the cycle allows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, MarkRevision, Opinion, Sheet, ToleranceAsks
from assessments.results import contents_of, read_marks, says_nothing, total_of
from assessments.workflow import Stage, earlier
from orgs.models import User
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import Total

TOTAL = ""
"""What stands for the total where items have their keys."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Points of an item, or of the TOTAL, that two stages gave further apart than `allowed`."""

    key: str
    before: Decimal
    now: Decimal
    allowed: Decimal

    def __str__(self) -> str:
        said = {
            "item": self.key,
            "before": format_points(self.before),
            "now": format_points(self.now),
            "apart": format_points(abs(self.now - self.before)),
            "allowed": format_points(self.allowed),
        }
        if self.key == TOTAL:
            told = _("The total was %(before)s and is %(now)s: %(apart)s apart, %(allowed)s are allowed.")
        else:
            told = _("Item %(item)s had %(before)s and has %(now)s: %(apart)s apart, %(allowed)s are allowed.")
        return told % said


def gaps(cycle: Cycle, now: Total, before: Total) -> list[Gap]:
    """Where two sheets are too far apart, items in document order, the total last.

    What is blank or does not apply on either of them is not compared: it says nothing that could differ.
    """
    found = []
    if cycle.item_tolerance is not None:
        given = {score.item.key: score.points for score in before.items}
        for score in now.items:
            other = given[score.item.key]
            if score.points is not None and other is not None and abs(score.points - other) > cycle.item_tolerance:
                found.append(Gap(score.item.key, other, score.points, cycle.item_tolerance))
    silent = says_nothing(now) or says_nothing(before)
    if cycle.total_tolerance is not None and not silent and abs(now.points - before.points) > cycle.total_tolerance:
        found.append(Gap(TOTAL, before.points, now.points, cycle.total_tolerance))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """A gap, and what was said of it.

    reason   the remark of the mark; of the total what the person says who ends the stage
    opinion  a third person's, of the mark as it stands; one of an earlier mark does not count
    """

    gap: Gap
    asks: ToleranceAsks
    reason: str = ""
    opinion: Opinion | None = None

    @property
    def needs_opinion(self) -> bool:
        return self.asks == ToleranceAsks.THIRD_OPINION and self.opinion is None

    @property
    def needs_reason(self) -> bool:
        """Where a reason is asked for, and where the third person does not agree."""
        contested = self.opinion is not None and not self.opinion.agrees
        return not self.reason and (self.asks == ToleranceAsks.REASON or contested)

    @property
    def of_total(self) -> bool:
        return self.gap.key == TOTAL

    @property
    def obstacle(self) -> str:
        """What stands against ending the stage; empty: nothing."""
        if self.needs_opinion:
            return f"{self.gap} {_('A third person has to give an opinion first.')}"
        if not self.needs_reason:
            return ""
        if self.of_total:
            return f"{self.gap} {_('Please give the reason.')}"
        return f"{self.gap} {_('Please give the reason as a remark on the item.')}"


def limited(cycle: Cycle) -> bool:
    """Whether the cycle says at all how far stages may be apart."""
    return cycle.item_tolerance is not None or cycle.total_tolerance is not None


def standing(assessment: Assessment, stage: Stage, reason: str = "") -> list[Standing]:
    """Where a stage's sheet is too far from the one before, and what was said of it. `reason` is the mover's.

    No query where the cycle allows any distance, else at most six, however long the rubric is.
    """
    before = earlier(stage)
    if not before or not limited(assessment.cycle):
        return []
    sheets = {sheet.stage: sheet for sheet in assessment.sheets.filter(stage__in=(stage, before[-1]))}
    if len(sheets) < 2:
        return []
    marks = read_marks(assessment.rubric, sheets.values())
    own = marks[sheets[stage].pk]
    now, then = (total_of(assessment, contents_of(marks[sheets[one].pk])) for one in (stage, before[-1]))
    found = gaps(assessment.cycle, now, then)
    asks = ToleranceAsks(assessment.cycle.tolerance_asks)
    opinions = _opinions(sheets[stage]) if found else {}
    said = {}
    for gap in found:
        saved_at = sheets[stage].saved_at if gap.key == TOTAL else own[gap.key].saved_at
        opinion = opinions.get(gap.key)
        current = opinion if opinion and saved_at and opinion.at >= saved_at else None
        remark = reason if gap.key == TOTAL else own[gap.key].content.remark
        said[gap.key] = Standing(gap, asks, remark, current)
    return list(said.values())


def has_marked(user: User, assessment: Assessment, stage: Stage) -> bool:
    """Whether the person ever saved a mark of the stage, and so is no third person on it."""
    return MarkRevision.objects.filter(sheet__assessment=assessment, sheet__stage=stage, by=user).exists()


def _opinions(sheet: Sheet) -> dict[str, Opinion]:
    """The last opinion on each item and on the total."""
    found = Opinion.objects.filter(sheet=sheet).select_related("item", "by").order_by("pk")
    return {one.item.key if one.item else TOTAL: one for one in found}
