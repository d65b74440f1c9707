"""The rows of a card: the document's lines with the stages' scores in their cells, and the total."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.workflow import STAGE_ORDER
from reports.tables.frame import SCORES, Frame, PrintedLine, spans
from reports.tables.scores import OUT_OF_SCOPE, StageScores
from reports.tables.values import BodyRow, Cell, Line, Role
from rubrics.models import ColumnSource, Rubric, TotalPolicy
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points

LABEL_POINTS = re.compile(r"(?<=.)(?=[（(]?\d+分[）)]?$)")
"""Where a section's label and the points at its end part: the documents print them on lines of their own."""

PLAIN_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:[.][0-9]*[1-9])?")
"""A number that `format_points` prints the same way."""

ROLES: dict[str, Role] = {
    ColumnSource.PART: Role.LABEL,
    ColumnSource.SECTION: Role.LABEL,
    ColumnSource.NUMBER: Role.NUMBER,
    ColumnSource.TEXT: Role.WORDING,
    ColumnSource.POINTS: Role.POINTS,
    ColumnSource.GROUP_POINTS: Role.POINTS,
    ColumnSource.BASIS: Role.PLAIN,
    ColumnSource.SUBJECT: Role.PLAIN,
    ColumnSource.OFFICE: Role.OFFICE,
}

PRINTED: dict[str, Callable[[Row], str]] = {
    ColumnSource.PART: lambda row: row.section_part,
    ColumnSource.SECTION: lambda row: LABEL_POINTS.sub("\n", row.section_label, count=1),
    ColumnSource.NUMBER: lambda row: row.number,
    ColumnSource.POINTS: lambda row: row.printed_points or format_points(row.points),
    ColumnSource.GROUP_POINTS: lambda row: row.group_label or format_points(row.group_points or row.points),
    ColumnSource.BASIS: lambda row: row.basis,
    ColumnSource.SUBJECT: lambda row: row.subject,
    ColumnSource.OFFICE: lambda row: "\n".join(row.offices),
}


@dataclass(frozen=True, slots=True)
class Body:
    """What the rows are made from: a rubric's frame; on a filled card the organisation's kind and the scores."""

    rubric: Rubric
    frame: Frame
    policy: str
    kind: str = ""
    scores: Mapping[str, StageScores] | None = None

    @property
    def items(self) -> tuple[Row, ...]:
        return tuple(row for line in self.frame.lines for row in line.items)

    @property
    def printed(self) -> Decimal:
        """What the printed points add up to."""
        return sum((row.points for row in self.items if row.points), Decimal(0))

    @property
    def sheets(self) -> tuple[StageScores, ...]:
        """The stages that the reader may see, in their order."""
        given = self.scores or {}
        return tuple(given[stage] for stage in STAGE_ORDER if stage in given)

    @property
    def beside(self) -> tuple[StageScores, ...]:
        """Stages that the document prints no column for: the review of an organisation that was drawn."""
        printed = {column.source for column in self.frame.stages}
        return tuple(stage for stage in self.sheets if stage.stage not in printed)

    @property
    def shown(self) -> tuple[StageScores, ...]:
        """Those with something to show."""
        return tuple(stage for stage in self.sheets if stage.marked)

    @property
    def limited(self) -> bool:
        """Whether some printed points are not for this kind of organisation."""
        return bool(self.kind) and any(row.points and not row.applies(self.kind) for row in self.items)

    @property
    def scaled(self) -> bool:
        return self.contradicts and self.policy == TotalPolicy.SCALED

    @property
    def contradicts(self) -> bool:
        """Whether the printed points do not add up to what the document declares."""
        return self.rubric.declared_total not in {None, self.printed}


def body_rows(body: Body) -> tuple[BodyRow, ...]:
    return (*_lines(body), *_totals(body))


def _lines(body: Body) -> list[BodyRow]:
    lines = body.frame.lines
    columns = [(index, one.source, spans(lines, one.source)) for index, one in enumerate(body.frame.columns)]
    runs = spans(lines, ColumnSource.SECTION)
    return [
        BodyRow(
            tuple(
                cell
                for index, source, lengths in columns
                if lengths[number] and (cell := _cell(body, line, index, source, lengths[number]))
            ),
            opens=runs[number] > 0,
        )
        for number, line in enumerate(lines)
    ]


def _cell(body: Body, line: PrintedLine, index: int, source: str, rows: int) -> Cell | None:
    row = line.first
    alone = body.frame.has(ColumnSource.PART) and not row.section_part
    if source == ColumnSource.PART and alone:
        return None
    if source == ColumnSource.SECTION and alone:
        return Cell(Role.LABEL, index - 1, _text(PRINTED[source](row)), rows, columns=2)
    if source in SCORES:
        return _score(body, line, index, source)
    if source == ColumnSource.TEXT:
        return Cell(Role.WORDING, index, tuple(_wording(body, one) for one in line.items))
    if ROLES[source] in {Role.NUMBER, Role.POINTS}:
        return _number(ROLES[source], index, PRINTED[source](row))
    return Cell(ROLES[source], index, _text(PRINTED[source](row)), rows)


def _number(role: Role, column: int, text: str) -> Cell:
    """What is printed: as a number where it is one, else in its words ('４', '1.', '最高5分', '加分项目')."""
    if PLAIN_NUMBER.fullmatch(text):
        return Cell(role, column, value=Decimal(text))
    return Cell(role, column, _text(text))


def _text(text: str) -> tuple[Line, ...]:
    return tuple(Line(one) for one in text.splitlines())


def _wording(body: Body, row: Row) -> Line:
    """An item's wording, with what has no column of its own."""
    number = "" if body.frame.has(ColumnSource.NUMBER) else row.number
    points = "" if body.frame.has(ColumnSource.POINTS) else row.printed_points
    grouped = body.frame.has(ColumnSource.GROUP_POINTS)
    scores = " / ".join(stage.note(row) for stage in body.shown) if grouped else ""
    return Line(f"{number}{row.text}", points, f"〔{scores}〕" if scores.strip(" /") else "")


def _score(body: Body, line: PrintedLine, index: int, stage: str) -> Cell:
    if body.kind and not any(row.applies(body.kind) for row in line.items):
        return Cell(Role.SCORE, index, (Line(OUT_OF_SCOPE),))
    if body.scores and stage in body.scores:
        return body.scores[stage].cell(line.items, index)
    return Cell(Role.SCORE, index)


# --- The total --------------------------------------------------------------------------------------------------------


def _totals(body: Body) -> list[BodyRow]:
    """The total row; before it, where the official total is not the sum of the column above it, that sum."""
    label = body.rubric.total_label or _("Total")
    declared = body.rubric.declared_total if body.scaled else None
    printed = body.rubric.printed_total or format_points(declared or body.printed)
    total = _total_row(body, label, printed, _official)
    if any(_added(stage) != stage.total.points for stage in body.shown if stage not in body.beside):
        return [_total_row(body, _("Sum of the items"), format_points(body.printed), _sum), total]
    return [total]


def _added(stage: StageScores) -> Decimal:
    return stage.total.base + stage.total.extra


def _official(body: Body, stage: StageScores) -> tuple[Decimal, str]:
    after = f"/{format_points(stage.total.maximum)}" if body.limited else ""
    return stage.total.points, after


def _sum(_body: Body, stage: StageScores) -> tuple[Decimal, str]:
    return _added(stage), ""


def _total_row(
    body: Body, label: str, printed: str, worth: Callable[[Body, StageScores], tuple[Decimal, str]]
) -> BodyRow:
    """The label over the columns before the points, the printed points in theirs, each stage's total in its own.

    Where points stand inside the wording, the printed total stands behind its label.
    """
    sources = [column.source for column in body.frame.columns]
    if points := next((one for one in sources if one in {ColumnSource.POINTS, ColumnSource.GROUP_POINTS}), None):
        end = sources.index(points)
    else:
        end = next((sources.index(one) for one in sources if one in SCORES), len(sources))
        label = _("%(label)s (%(points)s points)") % {"label": label, "points": printed}
    shown: dict[str, StageScores] = {stage.stage: stage for stage in body.shown}
    cells = _label_cells(body, label, end)
    for index, source in list(enumerate(sources))[end:]:
        if source == points:
            cells.append(_number(Role.POINTS, index, printed))
        elif source in shown:
            value, after = worth(body, shown[source])
            cells.append(Cell(Role.SCORE, index, value=value, after=after))
        else:
            cells.append(Cell(Role.SCORE if source in SCORES else Role.PLAIN, index))
    return BodyRow(tuple(cells), total=True)


def _label_cells(body: Body, label: str, end: int) -> list[Cell]:
    """A document that prints its own total row has the label under its sections and nothing under the wording."""
    if body.rubric.total_label and end > 1:
        return [Cell(Role.LABEL, 0, _text(label)), Cell(Role.WORDING, 1, columns=end - 1)]
    return [Cell(Role.LABEL, 0, _text(label), columns=max(end, 1))]
