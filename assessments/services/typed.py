"""What a person typed on one item, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.claims import TypedClaim, counted
from assessments.models import REMARK_LENGTH
from assessments.results import NOTHING, Content, Marks
from assessments.sentences import ANSWERS, NO, YES, number_refused
from assessments.services.claiming import read_claims
from assessments.text import clean
from assessments.workflow import Stage
from rubrics.models import BaseRule, MeasureRole
from rubrics.rows import MeasureRow, Row
from rubrics.scoring.numbers import NumberError, format_points, parse_number
from rubrics.scoring.rubric import Item, Range

REASON_LENGTH = 500
MOST_COUNTED = Decimal(9_999_999_999)
"""What the column of a count holds; a count has no other end, and a slip of the finger reaches it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed on one item.

    counts   by measure key; the level that holds of several, and a condition that is met, are "1"
    version  that of the mark they saw, 0 if there was none
    claims   what they claim one by one; None: they were not shown it, and it stays as it stands
    """

    key: str
    points: str = ""
    counts: Mapping[str, str] = field(default_factory=dict)
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    version: int = 0
    claims: tuple[TypedClaim, ...] | None = None


def read_typed(
    row: Row, item: Item, typed: Typed, stage: Stage, consented: Marks, stands: Content = NOTHING
) -> Content:
    """What was typed, as values. Raises ValueError with a sentence.

    item       the kernel's value of the row: it says what may be entered where
    consented  the self sheet's marks that say "does not apply", to which a later stage may agree
    stands     what the mark says now: its claims stay where none were typed
    """
    remark = _clean(row, typed.remark, REMARK_LENGTH)
    claims = stands.claims if typed.claims is None else read_claims(row, typed.claims)
    if typed.not_applicable:
        reason = _clean(row, typed.reason, REASON_LENGTH)
        if claims:
            raise ValueError(
                _("Item %(item)s: it is said not to apply, and yet something is claimed. Remove the claims first.")
                % {"item": row.key}
            )
        if row.points is None:
            raise ValueError(_("Item %(item)s: this can't be left out as not applying.") % {"item": row.key})
        if stage != Stage.SELF:
            if row.key not in consented:
                raise ValueError(
                    _("Item %(item)s: only the organisation can say that an item does not apply.") % {"item": row.key}
                )
            reason = reason or consented[row.key].content.reason
        if not reason:
            raise ValueError(_("Item %(item)s: say why it does not apply.") % {"item": row.key})
        return Content(not_applicable=True, reason=reason, remark=remark)
    counts = _counts(row, item, typed.counts, counted(claims))
    return Content(points=_points(row, typed.points), counts=counts, remark=remark, claims=claims)


def _clean(row: Row, text: str, length: int) -> str:
    try:
        return clean(text, length)
    except ValueError as error:
        raise ValueError(_("Item %(item)s: %(sentence)s") % {"item": row.key, "sentence": error}) from error


def _points(row: Row, text: str) -> Decimal | None:
    if row.rule != BaseRule.JUDGED:
        return None
    return _parse(row, "", text, Range(row.points, row.step), ("分",))


def _counts(row: Row, item: Item, typed: Mapping[str, str], claimed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What was counted. `claimed` is how many claims there are, and what was typed may say nothing else."""
    for one in row.claims:
        if typed.get(one.key, "").strip() not in {"", format_points(claimed.get(one.key))}:
            raise ValueError(
                _("Item %(item)s: “%(measure)s” is claimed one by one, on the scoring page.")
                % {"item": row.key, "measure": one.label}
            )
    if row.rule == BaseRule.LEVELS:
        typed = _one_level(row, typed)
    others = [one for one in row.measures if one not in row.claims]
    read = {one.key: _count(row, one, item.accepts(one.key), typed.get(one.key, "")) for one in others}
    return {key: quantity for key, quantity in read.items() if quantity is not None} | dict(claimed)


def _one_level(row: Row, typed: Mapping[str, str]) -> Mapping[str, str]:
    """Of several levels one holds, and a list of choices names nothing else."""
    levels = {one.key: one.label for one in row.measures if one.role == MeasureRole.BASE}
    counted = {one.key: typed.get(one.key, "") for one in row.measures if one.key not in levels}
    said = {key: text.strip() for key, text in typed.items() if key not in counted and text.strip() not in {"", NO}}
    if len(said) > 1 or not set(said.items()) <= {(key, YES) for key in levels}:
        raise ValueError(
            _("Item %(item)s: choose exactly one of these levels: %(levels)s.")
            % {"item": row.key, "levels": "、".join(levels.values())}
        )
    return {**counted, **said}


def _count(row: Row, measure: MeasureRow, taken: Range, text: str) -> Decimal | None:
    if row.gate or (measure.role == MeasureRole.BASE and row.rule == BaseRule.N_OF_M):
        return _answer(row, measure, text)
    points = taken.maximum is not None
    quantity = _parse(row, measure.label, text, taken, (measure.unit, "分") if points else (measure.unit,))
    if quantity is not None and quantity > MOST_COUNTED:
        raise ValueError(too_large(row))
    return quantity


def _answer(row: Row, measure: MeasureRow, text: str) -> Decimal | None:
    """Yes or no. The page offers nothing else; a file that somebody filled in may."""
    said = text.strip()
    if said in {YES, NO, ""}:
        return Decimal(said) if said else None
    words = ANSWERS[row.gate]
    raise ValueError(
        _("Item %(item)s: the answer is “%(yes)s” or “%(no)s”.")
        % {"item": row.key if row.gate else f"{row.key} {measure.label}", "yes": words[YES], "no": words[NO]}
    )


def too_large(row: Row) -> str:
    """The sentence for a count that no column holds, or that would take the total beyond its own."""
    return _("Item %(item)s: this count is too large.") % {"item": row.key}


def _parse(row: Row, label: str, text: str, taken: Range, units: tuple[str, ...]) -> Decimal | None:
    try:
        return parse_number(text, maximum=taken.maximum, step=taken.step, units=units)
    except NumberError as error:
        raise ValueError(number_refused(error, row.key, label)) from error
