"""How a result came about, for the page of its assessment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.grading.compute import graded
from assessments.models import Assessment, SnapshotRow
from assessments.permissions import may_follow_decisions
from assessments.workflow import State
from orgs.models import User


def explained(user: User, assessment: Assessment) -> dict[str, Any]:
    """What was published of the result, for everybody who sees the assessment; before that only for those who decide.

    One query where it is published; the whole cycle is graded only for who decides it.
    """
    follows = may_follow_decisions(user, assessment.cycle)
    rows = SnapshotRow.objects.filter(assessment=assessment).select_related("snapshot__notice")
    if row := rows.order_by("-snapshot__number").first():
        return {"explanation": row.explanation, "published": row, "follows": follows}
    if assessment.state != State.FINAL or not follows:
        return {"explanation": ()}
    return {"explanation": _of(assessment), "follows": True}


def _of(assessment: Assessment) -> Sequence[str]:
    found = graded(assessment.cycle).verdicts
    return next(one.explanation for one in found if one.assessment.pk == assessment.pk)
