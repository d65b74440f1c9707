"""The log of an assessment as a chain: each step's digest covers the step before it.

A changed, lost or inserted row shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC
from typing import TYPE_CHECKING

from assessments.results import own_stages
from assessments.workflow import THREE, State, find_move

if TYPE_CHECKING:
    from assessments.models import Assessment, Step


def digest_of(step: Step, items: Collection[int], previous: str) -> str:
    """SHA-256 over the step and the digest of the step before it (empty for the first)."""
    content = [
        previous,
        step.assessment_id,
        step.number,
        step.action,
        step.source,
        step.target,
        step.by_id,
        step.at.astimezone(UTC).isoformat(),
        step.reason,
        sorted(items),
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def breaks(assessment: Assessment) -> list[int]:
    """Numbers of the steps at which the log does not hold: wrong digest, wrong number, or no edge of the table.

    A log that holds but does not lead to the assessment's present state and stages breaks at the number after its last
    step. Whether a step had its warrant, and what a closed cycle forbids, is for the tables that keep those.
    """
    found, previous, state, expected = [], "", State.SELF_SCORING, 0
    stages = before = own_stages(assessment.rubric)
    for expected, step in enumerate(assessment.steps.prefetch_related("items"), 1):
        edge = find_move(State(step.source), step.action, stages)  # type: ignore[arg-type]
        sound = (
            step.number == expected
            and step.source == state
            and edge is not None
            and edge.to == step.target
            and step.digest == digest_of(step, [item.pk for item in step.items.all()], previous)
        )
        if not sound:
            found.append(step.number)
        previous, state = step.digest, State(step.target)
        if edge and edge.adds_review:
            before, stages = stages, THREE
        elif edge and edge.drops_review:
            stages = before
    return found if (state, stages) == (assessment.state, assessment.stages) else [*found, expected + 1]
