"""What the columns of a file mean: its heading row found, its headings recognised. Pure functions of texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orgs.importing.spec import Field

LOOKED_AT = 30
"""Titles and remarks above a table are shorter than this many rows."""

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Look:
    """The beginning of a table. `row` is the number of the heading row; `skipped` are the texts of rows above it."""

    row: int
    headings: tuple[str, ...]
    skipped: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]

    def column(self, place: int) -> list[str]:
        """The first values under a heading."""
        return [cells[place] for cells in self.samples if place < len(cells) and cells[place]]


def heading_key(heading: str) -> str:
    """What is left of a heading without width, case, blanks, brackets and what is in them, stars and colons."""
    text = re.sub(r"\([^)]*\)|\[[^]]*\]", "", normalize("NFKC", heading)).casefold()
    return "".join(filter(str.isalnum, text))


def look(rows: Iterable[tuple[int, list[str]]], fields: Sequence[Field], row: int = 0) -> Look | None:
    """Find the heading row among the first rows, or take the one that a person said. None for a table without rows.

    It is the row in which most headings are known; where none is, the first one with two cells, else the first.
    """
    first = _head(rows, row)
    if not first:
        return None
    known = {heading_key(str(word)) for field in fields for word in (field.label, *field.synonyms)}
    scores = [len({heading_key(cell) for cell in cells} & known) for _number, cells in first]
    wide = next((place for place, (_number, cells) in enumerate(first) if len([*filter(None, cells)]) > 1), 0)
    said = next((place for place, (number, _cells) in enumerate(first) if number == row), None)
    at = said if said is not None else scores.index(max(scores)) if max(scores) else wide
    number, headings = first[at]
    below = [tuple(cells) for _number, cells in first[at + 1 : at + 1 + SAMPLES]]
    width = max(map(len, [headings, *below]))
    return Look(
        number,
        tuple(headings) + ("",) * (width - len(headings)),
        tuple(" ".join(filter(None, cells)) for _number, cells in first[:at]),
        tuple(below),
    )


def _head(rows: Iterable[tuple[int, list[str]]], row: int) -> list[tuple[int, list[str]]]:
    """Enough rows to find the headings, and the samples under the row that was said."""
    first: list[tuple[int, list[str]]] = []
    last = max(LOOKED_AT, row)
    after = 0
    for number, cells in rows:
        first.append((number, cells))
        after += number >= last
        if after > SAMPLES or len(first) > last + SAMPLES:
            break
    return first


def propose(headings: Sequence[str], fields: Sequence[Field], known: Mapping[str, str]) -> list[str]:
    """The field that each column probably means, '' for none, and no field twice.

    `known` is what this person said before, heading key -> field; it goes before all else, '' included.
    """
    words = {
        heading_key(str(word)): field.name for field in reversed(fields) for word in (*field.synonyms, field.label)
    }
    keys = [heading_key(heading) for heading in headings]
    names = {field.name for field in fields}
    wanted = [known[key] if key in known else words.get(key, "") for key in keys]
    taken: set[str] = set()
    found = []
    for name in wanted:
        free = name in names and name not in taken
        found.append(name if free else "")
        taken.add(name)
    return found
