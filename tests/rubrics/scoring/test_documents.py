"""Worked numbers of the source documents (domain.md section 1)."""

from decimal import Decimal

import pytest

from rubrics.scoring.grades import Band, Scale, grade
from rubrics.scoring.items import Entry, score_item
from rubrics.scoring.rubric import (
    AddPerUnit,
    DeductPerUnit,
    Group,
    HighestLevel,
    Item,
    Rubric,
    Section,
    SumOfParts,
    TotalPolicy,
)
from rubrics.scoring.totals import compute_total
from tests.rubrics.scoring.samples import D, measure

BOTH = frozenset({"county", "industrial"})
COUNTY = frozenset({"county"})

# D: points of the numbered rows, None on the two rows of bonus alone; section sums 17/22/13/15/18/15
D_POINTS = [8, 3, 3, 2, 1, 12, None, 6, 3, 1, 6, 3, 4, 5, 4, 6, 2, 3, 1, 2, 5, 5, 7, 2, 3, 3, None]
D_COUNTY_ONLY = (2, 4, 12, 14, 17, 24, 26)
D_BASE = {6: SumOfParts((measure("rate", "8", step="0.5"), measure("team", "4", step="0.5")))}
D_BONUS = {
    1: AddPerUnit((measure("over", "0.2", step="0.1"),)),
    7: AddPerUnit((measure("city", "3"), measure("county", "1"), measure("small", "0.5"))),
    23: AddPerUnit((measure("yuan", "0.2", per="1000", above="4000"),), cap=D(2)),
    27: AddPerUnit(
        (measure("innovation", "3"), measure("city", "1"), measure("province", "2"), measure("nation", "3"))
    ),
}


def _d_row(number: int, points: int | None) -> Item:
    base = {} if points else {"base": None}
    if number in D_BASE:
        base = {"base": D_BASE[number]}
    applies_to = COUNTY if number in D_COUNTY_ONLY else BOTH
    return Item(str(number), D(points) if points else None, bonus=D_BONUS.get(number), applies_to=applies_to, **base)


SIX_ACTIONS = Rubric(
    "D", (Section("all", "all", (Group("", tuple(_d_row(n, p) for n, p in enumerate(D_POINTS, start=1))),)),)
)
EVERYTHING = {str(n): Entry(D(p)) for n, p in enumerate(D_POINTS, start=1) if p and n != 6} | {
    "6": Entry(counts={"rate": D(8), "team": D(4)})
}


def bonus(row: int, **counts: str) -> tuple[Decimal, Decimal]:
    """Claimed and allowed."""
    entry = Entry(counts={key: D(count) for key, count in counts.items()})
    score = score_item(SIX_ACTIONS.by_key[str(row)], entry, "county")
    return score.bonus_claimed, score.bonus_allowed


@pytest.mark.parametrize(
    ("points", "each", "absences", "left"),
    [
        *[(2, "0.5", n, left) for n, left in ((0, "2"), (1, "1.5"), (3, "0.5"), (4, "0"), (5, "0"))],  # C1, C2
        *[(5, "1", n, left) for n, left in ((0, "5"), (1, "4"), (4, "1"), (5, "0"), (6, "0"))],  # C3
    ],
)
def test_c_absences(points: int, each: str, absences: int, left: str) -> None:
    item = Item("absences", D(points), DeductPerUnit((measure("absence", each),)))
    assert score_item(item, Entry(counts={"absence": D(absences)})).base == D(left)


@pytest.mark.parametrize(("over", "gained"), [("0", "0"), ("0.9", "0"), ("1", "0.2"), ("1.9", "0.2"), ("30", "6")])
def test_d1_each_whole_per_cent_over_the_target_gains_outside_the_row(over: str, gained: str) -> None:
    score = score_item(SIX_ACTIONS.by_key["1"], Entry(D(8), {"over": D(over)}), "county")
    assert (score.base, score.bonus_allowed) == (8, D(gained))


def test_d6_is_the_sum_of_its_halves() -> None:
    item = SIX_ACTIONS.by_key["6"]
    assert score_item(item, Entry(counts={"rate": D(8), "team": D(4)}), "county").base == 12
    assert score_item(item, Entry(counts={"rate": D(0), "team": D(4)}), "county").base == 4


def test_d7_contracts_gain_without_a_cap() -> None:
    assert bonus(7, city="2", county="1", small="3") == (D("8.5"), D("8.5"))
    assert bonus(7, city="40") == (120, 120)


@pytest.mark.parametrize(
    ("yuan", "claimed", "allowed"),
    [
        ("0", "0", "0"),
        ("4000", "0", "0"),
        ("4999", "0", "0"),
        ("5000", "0.2", "0.2"),
        ("13999", "1.8", "1.8"),
        ("14000", "2", "2"),
        ("20000", "3.2", "2"),
    ],
)
def test_d23_each_whole_1000_yuan_above_4000(yuan: str, claimed: str, allowed: str) -> None:
    assert bonus(23, yuan=yuan) == (D(claimed), D(allowed))


def test_d27_innovations_and_promoted_experiences() -> None:
    assert bonus(27, innovation="2", city="1", province="1", nation="1") == (12, 12)


@pytest.mark.parametrize(("kind", "reach"), [("county", 100), ("industrial", 80)])
def test_d_each_kind_has_its_own_maximum(kind: str, reach: int) -> None:
    rows = {key: entry for key, entry in EVERYTHING.items() if SIX_ACTIONS.by_key[key].applies(kind)}
    total = compute_total(SIX_ACTIONS, rows, kind)
    assert (total.points, total.applicable, total.maximum, total.printed) == (reach, reach, reach, 100)
    assert (total.percentage, total.complete) == (100, True)


def test_d_percentage_compares_kinds_where_points_cannot() -> None:
    total = compute_total(SIX_ACTIONS, {"1": Entry(D(8)), "3": Entry(D(2))}, "industrial")
    assert (total.points, total.percentage) == (10, D("12.5"))


@pytest.mark.parametrize(
    ("claims", "allowed"),
    [({}, 0), ({"city": 1}, 2), ({"province": 2}, 3), ({"city": 3, "province": 1}, 3), ({"city": 1, "nation": 2}, 5)],
)
def test_sy_only_the_highest_level_of_a_shared_experience_counts(claims: dict[str, int], allowed: int) -> None:
    levels = (measure("city", "2"), measure("province", "3"), measure("nation", "5"))
    item = Item("bonus", None, None, HighestLevel(levels, cap=D(5)))
    entry = Entry(counts={key: D(count) for key, count in claims.items()})
    assert score_item(item, entry).bonus_allowed == allowed


@pytest.mark.parametrize(
    ("policy", "entered", "points", "stars"),
    [
        (TotalPolicy.AS_PRINTED, "102", "102", 5),
        (TotalPolicy.SCALED, "102", "100", 5),
        (TotalPolicy.AS_PRINTED, "91.5", "91.5", 5),
        (TotalPolicy.SCALED, "91.5", "89.7058", 4),
        (TotalPolicy.SCALED, "91.8", "90", 5),
        (TotalPolicy.SCALED, "91.7", "89.9019", 4),
    ],
)
def test_g2_prints_102_under_a_text_that_says_100(policy: TotalPolicy, entered: str, points: str, stars: int) -> None:
    row = Item("row", D(102), step=D("0.1"))
    rubric = Rubric("G2", (Section("", "", (Group("", (row,)),)),), declared=D(100), total_policy=policy)
    total = compute_total(rubric, {"row": Entry(D(entered))})
    scale = Scale(tuple(Band(rank, "", D(lower)) for rank, lower in ((5, 90), (4, 80), (3, 70), (2, 60), (1, 0))))
    assert (total.points, grade(total.points, scale).rank) == (D(points), stars)
