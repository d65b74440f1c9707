"""Which rows of two rubrics are the same row, said again. The answer is the same from either side."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rubrics.blueprint import ItemPlan, SectionPlan

ALIKE = 0.5
"""Share of common pairs of characters from which two wordings are one row, reworded."""

KEYED = 0.25
"""The same for two rows under one key."""

SAME_KEY = 0.3
"""How much more likely a row is the same where its key is."""

Pairs = dict[int, int]
"""Position in the old sequence -> position in the new one."""


def likeness(first: str, second: str) -> float:
    """From 0 to 1: Dice's coefficient of the pairs of characters, punctuation aside."""
    if first == second:
        return 1.0
    a, b = _pairs(first), _pairs(second)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    letters = re.sub(r"\W", "", text)
    return frozenset(letters[start : start + 2] for start in range(len(letters) - 1))


def pair_items(old: Sequence[ItemPlan], new: Sequence[ItemPlan]) -> Pairs:
    """Rows of equal wording first, then those that are most alike; a common key counts in favour."""
    found = _identical(old, new)
    taken = set(found.values())
    scored = (
        (likeness(mine.text, other.text), mine.key == other.key, i, j)
        for i, mine in enumerate(old)
        if i not in found
        for j, other in enumerate(new)
        if j not in taken
    )
    alike = ((score + SAME_KEY * keyed, i, j) for score, keyed, i, j in scored if score >= (KEYED if keyed else ALIKE))
    return found | _best(alike)


def _identical(old: Sequence[ItemPlan], new: Sequence[ItemPlan]) -> Pairs:
    """Rows of one wording; of several, those under one key, then those that stand nearest."""
    places: dict[str, list[int]] = {}
    for j, other in enumerate(new):
        places.setdefault(other.text, []).append(j)
    return _best(
        (1.0 + SAME_KEY * (mine.key == new[j].key), i, j)
        for i, mine in enumerate(old)
        for j in places.get(mine.text, ())
    )


def pair_sections(old: Sequence[SectionPlan], new: Sequence[SectionPlan], items: Pairs) -> Pairs:
    """Sections that share rows or their name. `items` are positions counted through the whole rubric."""
    homes, places = homes_of(old), homes_of(new)
    shared: dict[tuple[int, int], int] = {}
    for i, j in items.items():
        pair = homes[i], places[j]
        shared[pair] = shared.get(pair, 0) + 1
    scored = ((_alike(old[i], new[j], shared.get((i, j), 0)), i, j) for i in range(len(old)) for j in range(len(new)))
    return _best((score, i, j) for score, i, j in scored if score >= ALIKE)


def homes_of(sections: Sequence[SectionPlan]) -> list[int]:
    """For each row of the rubric the position of its section."""
    return [position for position, section in enumerate(sections) for _item in section.items]


def _alike(old: SectionPlan, new: SectionPlan, shared: int) -> float:
    rows = len(old.items) + len(new.items)
    return likeness(old.name, new.name) + (2 * shared / rows if rows else 0.0)


def _best(scored: Iterable[tuple[float, int, int]]) -> Pairs:
    """The best pairs first. Ties fall to the nearest, then to the earliest, which is the same seen from either side."""
    found: Pairs = {}
    taken: set[int] = set()
    for _score, i, j in sorted(scored, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1] + pair[2])):
        if i not in found and j not in taken:
            found[i] = j
            taken.add(j)
    return found


def out_of_order(pairs: Pairs) -> frozenset[int]:
    """Old positions that stand elsewhere now: the fewest that must move for the rest to keep their order."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for i, j in sorted(pairs.items()):
        place = bisect_left(tails, j)
        chain = (*(chains[place - 1] if place else ()), i)
        tails[place : place + 1] = [j]
        chains[place : place + 1] = [chain]
    return frozenset(pairs) - frozenset(chains[-1] if chains else ())
