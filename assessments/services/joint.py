"""Rows that several departments score together: each gives its own points and leaves the others' as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from assessments.claims import counted, on_record
from assessments.figures import SEPARATOR
from assessments.results import NOTHING, Content, StoredMark
from assessments.sentences import count_in_words
from assessments.services.reach import Reach
from assessments.services.refusals import Forbidden
from rubrics.rows import MeasureRow, Row


class Said(NamedTuple):
    """A mark in the words of its history."""

    points: Decimal | None = None
    counts: str = ""
    not_applicable: bool = False
    reason: str = ""
    remark: str = ""
    claims: str = ""


def is_joint(row: Row) -> bool:
    return any(measure.office for measure in row.measures)


def beside_others(row: Row, content: Content, stored: StoredMark | None, reach: Reach) -> Content:
    """What the mark says with what others gave beside what the person entered; a closed field left blank is theirs.

    Raises Forbidden or WrongState where it would change points that are not the person's to give, or say for all of the
    departments that the row does not apply.
    """
    closed = reach.closed(row)
    if not closed:
        return content
    before = stored.content if stored else NOTHING
    for measure in closed:
        if content.counts.get(measure.key, before.counts.get(measure.key)) != before.counts.get(measure.key):
            reach.check_field(row, measure)
    if before.not_applicable and not content.counts:
        return replace(before, remark=content.remark)
    if before.not_applicable or content.not_applicable:
        raise Forbidden(
            _("Item %(item)s: whether it applies is said for all its departments, by who may mark for all of them.")
            % {"item": row.key}
        )
    theirs = {one.key: before.counts[one.key] for one in closed if one.key in before.counts}
    return replace(content, counts={**content.counts, **theirs})


def merged(row: Row, mine: Content, theirs: Content, seen: Said) -> Content | None:
    """Two marks of one row put together, where each changed something else since it was as `seen`; else None."""
    if mine.not_applicable or theirs.not_applicable or seen.not_applicable:
        return None
    said = frozenset(seen.counts.split(SEPARATOR)) - {""}
    counts = {}
    for measure in (one for one in row.measures if one not in row.claims):
        own, other = mine.counts.get(measure.key), theirs.counts.get(measure.key)
        if own != other and not (_stood(row, measure, own, said) or _stood(row, measure, other, said)):
            return None
        kept = other if _stood(row, measure, own, said) else own
        if kept is not None:
            counts[measure.key] = kept
    if mine.remark != theirs.remark and seen.remark not in {mine.remark, theirs.remark}:
        return None
    claimed, others = on_record(row, mine.claims), on_record(row, theirs.claims)
    if claimed != others and seen.claims not in {claimed, others}:
        return None
    claims = theirs.claims if claimed == seen.claims else mine.claims
    remark = theirs.remark if mine.remark == seen.remark else mine.remark
    return Content(counts=counts | counted(claims), remark=remark, claims=claims)


def _stood(row: Row, measure: MeasureRow, count: Decimal | None, said: frozenset[str]) -> bool:
    """Whether the count is what the history says that stood there."""
    if count is None:
        return not any(one.startswith(f"{measure.label} ") for one in said)
    return count_in_words(row, measure, count) in said


def adopted(row: Row, offered: Content, stored: Content, reach: Reach) -> Content:
    """The stored mark with those of the offered points and claims that are still blank and the person's to give."""
    taken: Mapping[str, Decimal] = {
        one.key: offered.counts[one.key]
        for one in row.measures
        if one not in row.claims
        and one.key in offered.counts
        and one.key not in stored.counts
        and reach.opens(row, one)
    }
    claims = stored.claims or offered.claims
    return replace(stored, counts={**stored.counts, **taken, **counted(claims)}, claims=claims)
