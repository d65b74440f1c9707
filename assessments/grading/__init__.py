"""What a cycle's final results come to within its quota, what stands against publishing them, and by which rules."""

from __future__ import annotations

from assessments.grading.compute import Graded, graded
from assessments.grading.explained import explained
from assessments.grading.figures import Figures, figures
from assessments.grading.verdict import Assessed, Ruled, Verdict
from assessments.grading.words import against_publishing, rules_in_words, unresolved
from assessments.models import Cycle

__all__ = (
    "Assessed",
    "Figures",
    "Graded",
    "Ruled",
    "Verdict",
    "against_publishing",
    "explained",
    "figures",
    "graded",
    "rules_in_words",
    "unresolved",
    "verdicts",
)


def verdicts(cycle: Cycle) -> list[Verdict]:
    """Every assessment of the cycle in ranking order, from a fixed number of queries."""
    return graded(cycle).verdicts
