"""Tables -> draft rubrics with their doubts, or the reason why they are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rubrics.blueprint import Blueprint
from rubrics.importers.doubts import Doubt, Reason, refusal
from rubrics.importers.grids import Table


class NotARubric(Exception):  # noqa: N818 - an answer, not a fault
    """The file holds no points table. `reason` says why, `sentence` says it to a person."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def sentence(self) -> str:
        return refusal(self.reason)


@dataclass(frozen=True, slots=True)
class Found:
    """One rubric of a file. `skipped`: printed rows and lines that are layout (repeated headings, page numbers)."""

    blueprint: Blueprint
    doubts: tuple[Doubt, ...]
    skipped: tuple[str, ...] = ()


def read_tables(tables: Sequence[Table]) -> tuple[Found, ...]:
    """Every rubric in the tables of a file, in printed order. Raises NotARubric where there is none."""
    raise NotARubric(Reason.NO_TABLE)
