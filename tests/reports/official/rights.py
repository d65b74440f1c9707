"""The arguments of the addresses of official documents, for the table of rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from assessments.models import Cycle, SnapshotRow
from tests.assessments.aftermath.rights import asked_for
from tests.factories import Cast, closed, publish_cycle


def official_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    def published() -> dict[str, Any]:
        publish_cycle(people)
        return {"pk": people.cycle.pk}

    def noticed() -> dict[str, Any]:
        return {"pk": people.cycle.pk, "number": publish_cycle(people).snapshot.number}

    def awarded() -> Cycle:
        cycle = closed(people)
        rows = QuerySet(SnapshotRow).filter(assessment=people.assessment)
        rows.update(awarded="五星", awarded_rank=5, band_rank=5)
        return cycle

    return {
        "reports:certificate": lambda: {"pk": awarded() and people.assessment.pk},
        "reports:certificates": lambda: {"pk": awarded().pk},
        "reports:notice_docx": noticed,
        **{f"reports:year_report_{ending}": lambda: {"pk": asked_for(people).pk} for ending in ("pdf", "docx")},
        **{f"reports:{name}": published for name in ("official", "official_pdf", "official_docx")},
    }
