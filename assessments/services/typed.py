"""What a person typed on one item, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.models import REMARK_LENGTH
from assessments.results import Content, Marks
from assessments.sentences import number_refused
from assessments.text import clean
from assessments.workflow import Stage
from rubrics.models import BaseRule
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import NumberError, parse_number

REASON_LENGTH = 500
MOST_COUNTED = Decimal(9_999_999_999)
"""What the column of a count holds; a count has no other end, and a slip of the finger reaches it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed on one item. `version` is that of the mark they saw, 0 if there was none."""

    key: str
    points: str = ""
    counts: Mapping[str, str] = field(default_factory=dict)
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    version: int = 0


def read_typed(row: Row, typed: Typed, stage: Stage, consented: Marks) -> Content:
    """What was typed, as values. Raises ValueError with a sentence.

    consented  the self sheet's marks that say "does not apply", to which a later stage may agree
    """
    remark = _clean(row, typed.remark, REMARK_LENGTH)
    if typed.not_applicable:
        reason = _clean(row, typed.reason, REASON_LENGTH)
        if stage != Stage.SELF:
            if row.key not in consented:
                raise ValueError(
                    _("Item %(item)s: only the organisation can say that an item does not apply.") % {"item": row.key}
                )
            reason = reason or consented[row.key].content.reason
        if not reason:
            raise ValueError(_("Item %(item)s: say why it does not apply.") % {"item": row.key})
        return Content(not_applicable=True, reason=reason, remark=remark)
    counts = {measure.key: _count(row, measure, typed.counts.get(measure.key, "")) for measure in row.measures}
    given = {key: quantity for key, quantity in counts.items() if quantity is not None}
    return Content(points=_points(row, typed.points), counts=given, remark=remark)


def _clean(row: Row, text: str, length: int) -> str:
    try:
        return clean(text, length)
    except ValueError as error:
        raise ValueError(_("Item %(item)s: %(sentence)s") % {"item": row.key, "sentence": error}) from error


def _points(row: Row, text: str) -> Decimal | None:
    if row.rule != BaseRule.JUDGED:
        return None
    return _parse(row, "", text, row.points, row.step, ("分",))


def _count(row: Row, measure: MeasureRow, text: str) -> Decimal | None:
    part = row.rule == BaseRule.SUM_OF_PARTS and measure.role == "base"
    maximum = measure.amount if part else None
    units = (measure.unit, "分") if part else (measure.unit,)
    quantity = _parse(row, measure.label, text, maximum, measure.step, units)
    if quantity is not None and quantity > MOST_COUNTED:
        raise ValueError(too_large(row))
    return quantity


def too_large(row: Row) -> str:
    """The sentence for a count that no column holds."""
    return _("Item %(item)s: this count is too large.") % {"item": row.key}


def _parse(
    row: Row, label: str, text: str, maximum: Decimal | None, step: Decimal, units: tuple[str, ...]
) -> Decimal | None:
    try:
        return parse_number(text, maximum=maximum, step=step, units=units)
    except NumberError as error:
        raise ValueError(number_refused(error, row.key, label)) from error
