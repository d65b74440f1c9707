"""The whole of a rubric as one plain value, equal where the rubrics are equal.

Everything that handles a rubric as a whole goes through it: the importer proposes a `Blueprint`, the workbook is one
written down, a copy, the next version and an overlay are one read and written again, and a difference compares two.

    read(rubric) -> Blueprint            write(blueprint, rubric) -> None

Numbers are `Decimal`, choices are the values of the models' TextChoices; what a field means is said there. Items name
their departments, kinds and common limit by name, as the document does.
"""

from rubrics.blueprint.plans import (
    AudiencePlan,
    BandPlan,
    Blueprint,
    CapPlan,
    ColumnPlan,
    GroupPlan,
    ItemPlan,
    MeasurePlan,
    SectionPlan,
    TierPlan,
)
from rubrics.blueprint.rows import FACTS, ITEM_FACTS, MEASURE_FACTS, PARTS, read, write

__all__ = [
    "FACTS",
    "ITEM_FACTS",
    "MEASURE_FACTS",
    "PARTS",
    "AudiencePlan",
    "BandPlan",
    "Blueprint",
    "CapPlan",
    "ColumnPlan",
    "GroupPlan",
    "ItemPlan",
    "MeasurePlan",
    "SectionPlan",
    "TierPlan",
    "read",
    "write",
]
