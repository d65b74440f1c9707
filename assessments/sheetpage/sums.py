"""The sums beside the grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from assessments.awards import award
from assessments.figures import in_figures
from assessments.models import Assessment, Sheet
from assessments.permissions import marked_departments, may_mark
from assessments.results import says_nothing
from assessments.sentences import bonus_in_words, limits_in_words, penalty_in_words, tripped_in_words
from orgs.models import User
from rubrics.rows import Row, rows
from rubrics.scoring.items import ItemScore
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import ZERO
from rubrics.scoring.totals import Total


def rows_of(user: User, assessment: Assessment, *, editable: bool) -> tuple[Row, ...]:
    """The rows a person is concerned with: while marking those of their departments, else all that apply."""
    departments = marked_departments(user, assessment) if editable else None
    return tuple(
        row for row in rows(assessment.rubric) if row.applies(assessment.kind.code) and may_mark(departments, row)
    )


def is_whole(assessment: Assessment, shown: Sequence[Row]) -> bool:
    return len(shown) == sum(row.applies(assessment.kind.code) for row in rows(assessment.rubric))


def summary(assessment: Assessment, sheet: Sheet, shown: Sequence[Row], total: Total) -> dict[str, Any]:
    """The sums beside the grid, as the page prints them and as a saved item brings them up to date.

    A department assessor's sums are those of the shown rows; with all rows shown, the kernel's official total.
    """
    by_key = {score.item.key: score for score in total.items}
    scores = [by_key[row.key] for row in shown]
    sections: dict[str, list[ItemScore]] = defaultdict(list)
    for row, score in zip(shown, scores, strict=True):
        sections[str(row.section)].append(score)
    sums = _sums(scores)
    if is_whole(assessment, shown):
        blank = says_nothing(total)
        sums["points"] = "" if blank else in_figures(total.points)
        sums["maximum"] = format_points(total.maximum)
        sums["band"] = award(assessment.rubric, total)
    return {
        **sums,
        "sections": {position: _sums(found) for position, found in sections.items()},
        "bonus": bonus_in_words(total),
        "penalty": penalty_in_words(total),
        "limits": limits_in_words(total),
        "tripped": tripped_in_words(total, shown),
        "saved": date_format(localtime(sheet.saved_at), "H:i:s") if sheet.saved_at else "",
    }


def _sums(scores: list[ItemScore]) -> dict[str, Any]:
    given = [score.points for score in scores if score.points is not None]
    return {
        "points": in_figures(sum(given, ZERO)) if given else "",
        "maximum": format_points(sum((score.applicable for score in scores), ZERO)),
        "scored": sum(score.required and not score.missing for score in scores),
        "required": sum(score.required for score in scores),
    }
