"""Queries -> plain values that say all that a card prints: all report logic, no formatting.

`form` is the blank form of a rubric, `scorecard` one assessment with the stages that its reader may see. Both give a
`ScoreTable`, and `reports.pdf` and `reports.excel` print it.
"""

from reports.tables.cards import form, scorecard
from reports.tables.values import BodyRow, Cell, Fact, Heading, Line, Remark, Role, ScoreTable, Signature

__all__ = (
    "BodyRow",
    "Cell",
    "Fact",
    "Heading",
    "Line",
    "Remark",
    "Role",
    "ScoreTable",
    "Signature",
    "form",
    "scorecard",
)
