"""An organisation is assessed under a rubric in a cycle: one module per noun."""

from assessments.models.assessment import Assessment, Step
from assessments.models.cycle import Cycle, CycleKind
from assessments.models.evidence import Evidence
from assessments.models.sheet import REMARK_LENGTH, Count, Mark, MarkRevision, Sheet, Signoff

__all__ = (
    "REMARK_LENGTH",
    "Assessment",
    "Count",
    "Cycle",
    "CycleKind",
    "Evidence",
    "Mark",
    "MarkRevision",
    "Sheet",
    "Signoff",
    "Step",
)
