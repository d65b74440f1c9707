"""How many were awarded what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.grading.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over verdicts. `bands` are awarded ones, the best first; `undecided` tie at the last seats."""

    all: int
    final: int
    qualified: int
    failed: int
    bands: tuple[tuple[str, int], ...]
    limited: int
    undecided: int


def figures(verdicts: Iterable[Verdict]) -> Figures:
    found = list(verdicts)
    awarded = Counter((one.awarded_rank, one.awarded) for one in found if one.awarded_rank is not None and not one.tied)
    return Figures(
        all=len(found),
        final=sum(one.final for one in found),
        qualified=sum(one.qualified is True for one in found),
        failed=sum(one.qualified is False for one in found),
        bands=tuple((name, count) for (_rank, name), count in sorted(awarded.items(), reverse=True)),
        limited=sum(one.limited for one in found),
        undecided=sum(one.tied for one in found),
    )
