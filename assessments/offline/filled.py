"""What somebody filled in elsewhere, as far as it can be taken for what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assessments.services.typed import Typed


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell or a line that can't be taken. `key` of the item it belongs to; empty: of none."""

    where: str
    sentence: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in.

    typed   one for each item that can be read; with the version that the person saw
    places  where the answer of a field stands, by its name: a cell, or a line
    faults  what can't be read
    """

    typed: tuple[Typed, ...]
    places: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class Unusable(Exception):  # noqa: N818  # reads as what it is where it is raised
    """Nothing of it is taken. Carries a sentence for each reason."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))
