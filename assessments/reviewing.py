"""How the reviews of drawn organisations get on, and how far assessment and review are apart."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, Subquery

from assessments.models import Assessment, Evidence, MarkRevision, Step
from assessments.workflow import Action, Stage, State


def untouched(assessments: Collection[Assessment]) -> frozenset[int]:
    """Keys of those that were called up and not worked on since: no step, no mark and no file."""
    last = Step.objects.filter(assessment=OuterRef("pk")).order_by("-number")
    review = Q(sheet__assessment=OuterRef("pk"), sheet__stage=Stage.REVIEW)
    found = (
        Assessment.objects.filter(pk__in=[one.pk for one in assessments], state=State.REVIEWING)
        .annotate(last=Subquery(last.values("action")[:1]), since=Subquery(last.values("at")[:1]))
        .filter(
            ~Exists(MarkRevision.objects.filter(review, at__gte=OuterRef("since"))),
            ~Exists(Evidence.objects.filter(review, uploaded_at__gte=OuterRef("since"))),
            last=Action.CALL_UP,
        )
    )
    return frozenset(found.values_list("pk", flat=True))
