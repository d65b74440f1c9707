from decimal import Decimal

import pytest

from rubrics.scoring.items import score_item
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import AddPerUnit, Item, SumOfParts, Tiers
from rubrics.scoring.samples import worked
from tests.rubrics.scoring.samples import (
    ABSENCES,
    ACCIDENT,
    BELOW,
    BEYOND,
    BLAMED,
    BUILT,
    CONTRACTS,
    COUNTY_ONLY,
    FOUR,
    FUND,
    GATES,
    HALVES,
    LATENESS,
    LETTERS,
    LEVELS,
    MARKED,
    PANEL,
    PLAIN,
    TRAINED,
    D,
    measure,
    scale,
)

EVERY_ROW = (*BEYOND, *GATES, ABSENCES, LATENESS, HALVES, FUND, LEVELS, CONTRACTS, COUNTY_ONLY, PLAIN)


def shown(item: Item) -> list[str]:
    """Each example as what is entered and what it comes to."""
    return [
        f"{' '.join(format_points(n) for n in ([entry.points] if entry.points is not None else entry.counts.values()))}"
        f" → {format_points(score.points)}"
        for entry, score in worked(item)
    ]


@pytest.mark.parametrize(
    ("item", "examples"),
    [
        (PLAIN, ["0 → 0", "1 → 1", "2.5 → 2.5"]),
        (ABSENCES, ["0 → 2", "1 → 1.5", "4 → 0", "5 → 0"]),
        (BELOW, ["0 → 4", "1 → 3.5", "8 → 0", "13 → -2"]),
        (LATENESS, ["0 0 → 3", "1 1 → 2.5", "15 0 → 0", "16 0 → 0"]),
        (HALVES, ["0 0 → 0", "8 → 8", "8 0 → 8", "8 4 → 12"]),
        (BUILT, ["49.9 → 0", "50 → 1", "59.9 → 1", "60 → 2", "69.9 → 2", "70 → 3"]),
        (LETTERS, ["3 → 0", "2 → 3", "1 → 3", "0 → 6"]),
        (TRAINED, ["0 → 0", "40 → 5", "79.9 → 10", "80 → 10", "160 → 10"]),
        (FOUR, ["0 0 0 0 → 0", "1 1 0 0 → 0", "1 1 1 0 → 8", "1 1 1 1 → 8"]),
        (MARKED, ["1 → 9", "1 → 8", "1 → 5", "1 → 0"]),
        (PANEL, ["0 0 0 → 0", "5 → ", "5 0 0 → 2.1428", "5 5 5 → 5"]),
        (FUND, ["0 → 0", "3.5 → 3.5", "7 → 7", "4000 → 0", "5000 → 0.2", "7000 → 0.6", "15000 → 2"]),
        (BLAMED, ["0 → 0", "1 → 1", "2 → 2", "1 → 0", "2 → -2", "4 → -5"]),
        (LEVELS, ["1 → 2", "1 → 3", "1 → 5", "1 1 1 → 5"]),
        (ACCIDENT, ["1 → ", "0 → "]),
    ],
)
def test_examples_stand_on_either_side_of_what_matters(item: Item, examples: list[str]) -> None:
    assert shown(item) == examples


@pytest.mark.parametrize("item", EVERY_ROW, ids=lambda item: item.key)
def test_examples_are_what_the_kernel_says_and_show_the_whole(item: Item) -> None:
    examples = worked(item)
    kind = min(item.applies_to, default="")
    entries = [entry for entry, _score in examples]
    assert [score for _entry, score in examples] == [score_item(item, entry, kind) for entry in entries]
    assert all(entry not in entries[:place] for place, entry in enumerate(entries))
    assert item.points is None or {0, item.points} <= {score.base for _entry, score in examples}


def test_gates_show_both_answers() -> None:
    for item in GATES:
        assert {score.tripped for _entry, score in worked(item)} == {True, False}


@pytest.mark.parametrize(
    "item",
    [
        Item("coarse", D("2.3"), Tiers((scale("n", ("62.5", "2.3"), ("0", "1"), step="5"),))),
        Item("odd", D("2.3"), step=Decimal(1)),
        Item("parts", D("2.3"), SumOfParts((measure("a", "2.3"),))),
        Item("huge", None, None, AddPerUnit((measure("n", "0.01", per="9999999999"),), cap=D(9999))),
    ],
)
def test_awkward_steps_and_sizes_still_give_examples_that_may_stand(item: Item) -> None:
    assert worked(item)
