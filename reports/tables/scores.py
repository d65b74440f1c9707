"""What stands in a score cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import pgettext

from assessments.models import Assessment
from assessments.results import Content, contents_of, read_marks, total_of
from assessments.sentences import answer_in_words
from assessments.workflow import Stage
from orgs.printable import printable
from reports.tables.values import Cell, Line, Role
from rubrics.rows import Row
from rubrics.scoring.items import ItemScore, Status
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import Total

OUT_OF_SCOPE = "—"
ANSWER_LENGTH = 8
"""A longer answer stands below the table, with how its points came about."""

ASIDE = frozenset({Status.NOT_APPLICABLE, Status.OUT_OF_SCOPE})


@dataclass(frozen=True, slots=True)
class StageScores:
    """One stage's sheet: what it says, and what the kernel makes of it."""

    stage: Stage
    contents: Mapping[str, Content]
    total: Total
    by_key: Mapping[str, ItemScore]

    @property
    def marked(self) -> bool:
        return not self.total.blank or self.total.not_applicable > 0

    def cell(self, rows: Sequence[Row], column: int) -> Cell:
        """The cell these items share: their sum, a word where none of them counts, nothing where none is marked.

        An item that is alone has its answer there too, where the points do not tell it.
        """
        scores = [self.by_key[row.key] for row in rows]
        answer = self.answer(rows[0]) if len(rows) == 1 else ""
        value = _sum(scores)
        if word := _word(scores) or (answer if rows[0].gate else ""):
            return Cell(Role.SCORE, column, (Line(word),))
        return Cell(Role.SCORE, column, value=value, after=f"({answer})" if answer and value is not None else "")

    def answer(self, row: Row) -> str:
        """What was answered on an item, if it is short enough for a cell: '良好', '78%', '3/4', '未发生'."""
        content = self.contents.get(row.key)
        answer = printable(answer_in_words(row, content.counts)) if content else ""
        return answer if row.gate or fits_a_cell(answer) else ""

    def note(self, row: Row) -> str:
        """An item's score where it has no cell of its own."""
        score = self.by_key[row.key]
        return _word([score]) or format_points(_sum([score])) or (self.answer(row) if row.gate else "") or " "


def fits_a_cell(answer: str) -> bool:
    return len(answer) <= ANSWER_LENGTH


def read(assessment: Assessment, stages: Iterable[Stage]) -> dict[str, StageScores]:
    """The sheets of these stages, by stage: two queries, and one more where the rubric counts something."""
    sheets = list(assessment.sheets.filter(stage__in=list(stages)))
    marks = read_marks(assessment.rubric, sheets)
    return {sheet.stage: _scores(assessment, Stage(sheet.stage), contents_of(marks[sheet.pk])) for sheet in sheets}


def _scores(assessment: Assessment, stage: Stage, contents: Mapping[str, Content]) -> StageScores:
    total = total_of(assessment, contents)
    return StageScores(stage, contents, total, {score.item.key: score for score in total.items})


def _word(scores: list[ItemScore]) -> str:
    statuses = {score.status for score in scores}
    if not statuses <= ASIDE:
        return ""
    return pgettext("scorecard", "Not applicable") if Status.NOT_APPLICABLE in statuses else OUT_OF_SCOPE


def _sum(scores: list[ItemScore]) -> Decimal | None:
    given = [score.points for score in scores if score.points is not None]
    return sum(given, Decimal(0)) if given else None
