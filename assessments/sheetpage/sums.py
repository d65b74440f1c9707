"""The sums beside the grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from assessments.bands import award
from assessments.figures import in_figures
from assessments.models import Assessment, Sheet
from assessments.permissions import may_mark
from assessments.results import says_nothing
from assessments.sentences import bonus_in_words, limits_in_words, penalty_in_words, tripped_in_words
from rubrics.rows import Row, rows
from rubrics.scoring.items import ItemScore
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import ZERO
from rubrics.scoring.totals import Total


def rows_of(assessment: Assessment, departments: frozenset[str] | None) -> tuple[Row, ...]:
    """The rows a person is concerned with: while marking those of their departments; None: all that apply."""
    return tuple(
        row for row in rows(assessment.rubric) if row.applies(assessment.kind.code) and may_mark(departments, row)
    )


def is_whole(assessment: Assessment, shown: Sequence[Row]) -> bool:
    return len(shown) == sum(row.applies(assessment.kind.code) for row in rows(assessment.rubric))


def summary(
    assessment: Assessment, sheet: Sheet, shown: Sequence[Row], total: Total, departments: frozenset[str] | None
) -> dict[str, Any]:
    """The sums beside the grid, as the page prints them and as a saved item brings them up to date.

    A department assessor's sums are those of the shown rows; with all rows shown, the kernel's official total.
    departments  whose part decides whether a row is done; None: all of it does
    """
    by_key = {score.item.key: score for score in total.items}
    scores = [by_key[row.key] for row in shown]
    sections: dict[str, list[ItemScore]] = defaultdict(list)
    for row, score in zip(shown, scores, strict=True):
        sections[str(row.section)].append(score)
    sums = _sums(scores, departments)
    if is_whole(assessment, shown):
        blank = says_nothing(total)
        sums["points"] = "" if blank else in_figures(total.points)
        sums["maximum"] = format_points(total.maximum)
        sums["band"] = award(assessment.rubric, total)
    return {
        **sums,
        "sections": {position: _sums(found, departments) for position, found in sections.items()},
        "bonus": bonus_in_words(total),
        "penalty": penalty_in_words(total),
        "limits": limits_in_words(total),
        "tripped": tripped_in_words(total, shown),
        "saved": date_format(localtime(sheet.saved_at), "H:i:s") if sheet.saved_at else "",
    }


def _sums(scores: list[ItemScore], departments: frozenset[str] | None) -> dict[str, Any]:
    given = [score.points for score in scores if score.points is not None]
    return {
        "points": in_figures(sum(given, ZERO)) if given else "",
        "maximum": format_points(sum((score.applicable for score in scores), ZERO)),
        "scored": sum(score.required and _done(score, departments) for score in scores),
        "required": sum(score.required for score in scores),
    }


def _done(score: ItemScore, departments: frozenset[str] | None) -> bool:
    """Whether the row needs nothing more, of several departments' rows: nothing more from these."""
    own = {one.key for one in score.item.measures if one.office in (departments or ())}
    return not score.missing or (bool(own) and own <= {term.measure.key for term in score.base_terms})
