"""The arguments of the addresses of official documents, for the table of rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Cast, publish_cycle


def official_targets(people: Cast) -> dict[str, Callable[[], dict[str, Any]]]:
    def published() -> dict[str, Any]:
        publish_cycle(people)
        return {"pk": people.cycle.pk}

    def noticed() -> dict[str, Any]:
        return {"pk": people.cycle.pk, "number": publish_cycle(people).snapshot.number}

    return {
        "reports:notice_docx": noticed,
        **{f"reports:{name}": published for name in ("official", "official_pdf", "official_docx")},
    }
