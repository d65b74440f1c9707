"""Rubrics as rows: what a document prints, and the rules that turn marks into points.

Document -> Rubric (one row per version, frozen by publishing or by a cycle) -> Section -> Group -> Item -> Measure ->
Tier. All wording is the document's own. A draft that was read from a file has a Source and its Doubts.
`rubrics.convert` turns a Rubric into the kernel's frozen value; nothing else computes with these rows.
"""

from rubrics.models.base import NaturalKey
from rubrics.models.draft import Doubt, Edit, Source
from rubrics.models.item import (
    CLAIMABLE,
    BaseRule,
    BonusRule,
    Electorate,
    Gate,
    Group,
    Item,
    Measure,
    MeasureRole,
    Responsibility,
    Section,
    Tier,
)
from rubrics.models.rubric import (
    Audience,
    Band,
    Cap,
    Column,
    ColumnSource,
    Document,
    NotApplicablePolicy,
    Office,
    Rubric,
    TotalPolicy,
)

__all__ = (
    "CLAIMABLE",
    "Audience",
    "Band",
    "BaseRule",
    "BonusRule",
    "Cap",
    "Column",
    "ColumnSource",
    "Document",
    "Doubt",
    "Edit",
    "Electorate",
    "Gate",
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
    "Source",
    "Tier",
    "TotalPolicy",
)
