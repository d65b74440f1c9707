from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.quota import Allotment, Quota, allot, seats
from rubrics.scoring.rubric import RubricError
from tests.rubrics.scoring.samples import D, quick

FIFTH = Quota(D("0.2"))
SCORES = st.lists(st.integers(90, 93), max_size=12).map(lambda points: {f"{n}": D(p) for n, p in enumerate(points)})


@pytest.mark.parametrize(
    ("cohort", "expected"),
    [(0, 0), (1, 0), (4, 0), (5, 1), (9, 1), (10, 2), (14, 2), (99_999, 19_999), (100_000, 20_000)],
)
def test_seats_are_rounded_down(cohort: int, expected: int) -> None:
    assert seats(FIFTH, cohort) == expected


def test_a_whole_share_seats_all() -> None:
    assert seats(Quota(D(1)), 7) == 7


def test_a_cohort_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        seats(FIFTH, -1)
    with pytest.raises(ValueError, match="negative"):
        allot({}, -1)


@pytest.mark.parametrize("share", ["0", "-0.2", "1.01", "20"])
def test_a_share_is_a_part_of_one(share: str) -> None:
    with pytest.raises(RubricError):
        Quota(D(share))


@pytest.mark.parametrize(
    ("scores", "places", "expected"),
    [
        ({}, 0, Allotment((), (), (), 0)),
        ({}, 2, Allotment((), (), (), 2)),
        ({"a": 95}, 0, Allotment((), (), ("a",), 0)),
        ({"a": 95, "b": 95}, 0, Allotment((), (), ("a", "b"), 0)),
        ({"a": 95, "b": 91}, 3, Allotment(("a", "b"), (), (), 1)),
        ({"b": 91, "a": 95, "c": 90}, 2, Allotment(("a", "b"), (), ("c",), 0)),
        ({"a": 95, "b": 91, "c": 91, "d": 90}, 2, Allotment(("a",), ("b", "c"), ("d",), 1)),
        ({"a": 95, "b": 95, "c": 95}, 2, Allotment((), ("a", "b", "c"), (), 2)),
        ({"a": 95, "b": 91, "c": 91, "d": 90}, 3, Allotment(("a", "b", "c"), (), ("d",), 0)),
        ({"a": 95, "b": 95}, 2, Allotment(("a", "b"), (), (), 0)),
    ],
)
def test_ties_at_the_last_seat_are_shown_not_split(scores: dict[str, int], places: int, expected: Allotment) -> None:
    assert allot({key: D(points) for key, points in scores.items()}, places) == expected


def test_equal_points_are_equal_however_they_are_written() -> None:
    assert allot({"a": D("95"), "b": D("95.00")}, 1).tied == ("a", "b")


def test_a_cohort_of_100_000() -> None:
    points = [D(n) / 10 for n in range(1000)]
    scores = {str(n): points[n % 1000] for n in range(100_000)}
    allotment = allot(scores, 19_950)
    assert (len(allotment.seated), len(allotment.tied), allotment.seats_left) == (19_900, 100, 50)


@quick
@given(st.integers(1, 100), st.integers(0, 100_000))
def test_seats_are_the_floor_of_the_exact_share(per_cent: int, cohort: int) -> None:
    found = seats(Quota(D(per_cent) / 100), cohort)
    assert found <= Fraction(per_cent * cohort, 100) < found + 1


@quick
@given(SCORES, st.integers(0, 14))
def test_the_quota_holds_and_nobody_is_lost_or_overtaken(scores: dict[str, Decimal], places: int) -> None:
    result = allot(scores, places)
    assert sorted(result.seated + result.tied + result.beyond) == sorted(scores)
    assert len(result.seated) + result.seats_left == places
    assert result.seats_left < len(result.tied) or not result.tied
    assert not result.tied or result.seats_left > 0
    assert len({scores[key] for key in result.tied}) <= 1
    assert not result.beyond or result.tied or not result.seats_left
    order = [[scores[key] for key in part] for part in (result.seated, result.tied, result.beyond)]
    ranked = [points for part in order for points in part]
    assert ranked == sorted(ranked, reverse=True)
    bounds = [part for part in order if part]
    assert all(min(better) > max(worse) for better, worse in pairwise(bounds))


@quick
@given(SCORES, st.integers(0, 14), st.randoms(use_true_random=False))
def test_the_order_of_the_scores_does_not_matter(scores, places, random) -> None:
    pairs = list(scores.items())
    random.shuffle(pairs)
    assert allot(dict(pairs), places) == allot(scores, places)


@quick
@given(SCORES.filter(bool), st.integers(0, 14), st.data())
def test_invariant_6_a_better_score_never_places_worse(scores, places, data) -> None:
    key = data.draw(st.sampled_from(sorted(scores)))
    before, after = allot(scores, places), allot({**scores, key: scores[key] + 1}, places)
    assert _place(after, key) <= _place(before, key)


def _place(result: Allotment, key: str) -> int:
    return [key in part for part in (result.seated, result.tied, result.beyond)].index(True)
