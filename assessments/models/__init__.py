"""An organisation is assessed under a rubric in a cycle: one module per noun."""

from assessments.models.assessment import Assessment, Step
from assessments.models.ballot import (
    BY_ORGANIZATION,
    Ballot,
    BallotCode,
    BallotOption,
    BallotScoring,
    BallotState,
    PaperCount,
    Purpose,
    Voters,
)
from assessments.models.cycle import Cycle, CycleKind
from assessments.models.evidence import Evidence
from assessments.models.sheet import REMARK_LENGTH, Count, Mark, MarkRevision, Sheet, Signoff

__all__ = (
    "BY_ORGANIZATION",
    "REMARK_LENGTH",
    "Assessment",
    "Ballot",
    "BallotCode",
    "BallotOption",
    "BallotScoring",
    "BallotState",
    "Count",
    "Cycle",
    "CycleKind",
    "Evidence",
    "Mark",
    "MarkRevision",
    "PaperCount",
    "Purpose",
    "Sheet",
    "Signoff",
    "Step",
    "Voters",
)
