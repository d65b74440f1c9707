"""Rubrics as rows: what a document prints, and the rules that turn marks into points.

Document -> Rubric (one row per version, frozen once a cycle uses it) -> Section -> Group -> Item -> Measure. All
wording is the document's own. `rubrics.convert` turns a Rubric into the kernel's frozen value; nothing else computes
with these rows.
"""

from rubrics.models.base import NaturalKey
from rubrics.models.item import (
    BaseRule,
    BonusRule,
    Electorate,
    Group,
    Item,
    Measure,
    MeasureRole,
    Responsibility,
    Section,
)
from rubrics.models.rubric import (
    Audience,
    Band,
    Column,
    ColumnSource,
    Document,
    NotApplicablePolicy,
    Office,
    Rubric,
    TotalPolicy,
)

__all__ = (
    "Audience",
    "Band",
    "BaseRule",
    "BonusRule",
    "Column",
    "ColumnSource",
    "Document",
    "Electorate",
    "Group",
    "Item",
    "Measure",
    "MeasureRole",
    "NaturalKey",
    "NotApplicablePolicy",
    "Office",
    "Responsibility",
    "Rubric",
    "Section",
    "TotalPolicy",
)
