from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.exact import Ratio, cut
from rubrics.scoring.grades import Band, Scale, grade, qualified
from rubrics.scoring.rubric import Gate, RubricError
from tests.rubrics.scoring.samples import D, multiples, quick

FIVE, FOUR, THREE, TWO, ONE = (
    Band(5, "五星级", D(90)),
    Band(4, "四星级", D(80)),
    Band(3, "三星级", D(70)),
    Band(2, "二星级", D(60)),
    Band(1, "一星级", D(0)),
)
STARS = Scale((FIVE, FOUR, THREE, TWO, ONE), lowest_qualified=2)


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ("102", FIVE),
        ("100", FIVE),
        ("90", FIVE),
        ("90.0000", FIVE),
        ("89.9999", FOUR),
        ("89.99", FOUR),
        ("89.5", FOUR),
        ("80", FOUR),
        ("79.9", THREE),
        ("69.5", TWO),
        ("60", TWO),
        ("59.9999", ONE),
        ("0", ONE),
    ],
)
def test_bands_are_half_open_and_nothing_is_rounded(points: str, band: Band) -> None:
    assert grade(D(points), STARS) is band


def test_what_penalties_took_below_zero_has_the_last_band() -> None:
    assert grade(D("-12.5"), STARS) is ONE


@pytest.mark.parametrize(
    ("gates", "band", "counts"),
    [
        ((), FIVE, True),
        ((Gate.REQUIRED,), FIVE, False),
        ((Gate.VETO_TOP,), FOUR, True),
        ((Gate.REQUIRED, Gate.VETO_TOP), FOUR, False),
        ((Gate.VETO,), None, False),
        ((Gate.VETO, Gate.VETO_TOP, Gate.REQUIRED), None, False),
    ],
)
def test_what_a_gate_leaves_of_the_best_score(gates: tuple[Gate, ...], band: Band | None, counts: bool) -> None:
    found = grade(D(96), STARS, gates)
    assert (found, qualified(found, STARS, gates)) == (band, counts)


@pytest.mark.parametrize(("points", "band"), [("90", FOUR), ("89.9", FOUR), ("75", THREE), ("0", ONE), ("-1", ONE)])
def test_a_veto_of_the_best_band_leaves_every_other_as_it_is(points: str, band: Band) -> None:
    assert grade(D(points), STARS, {Gate.VETO_TOP}) is band


def test_where_the_best_band_is_the_only_one_its_veto_leaves_none() -> None:
    scale = Scale((Band(1, "合格", D(0)),))
    assert grade(D(50), scale, {Gate.VETO_TOP}) is None
    assert not qualified(None, scale)


@quick
@given(multiples(D("0.1"), D(120)), st.sets(st.sampled_from([Gate.REQUIRED, Gate.VETO, Gate.VETO_TOP])))
def test_a_gate_never_helps(points: Decimal, gates: set[Gate]) -> None:
    free, found = grade(points, STARS), grade(points, STARS, gates)
    assert found is None or found.rank <= free.rank
    assert not qualified(found, STARS, gates) or qualified(free, STARS)


@quick
@given(multiples(D("0.1"), D(120)))
def test_a_better_score_never_has_a_worse_band(points: Decimal) -> None:
    assert grade(points + D("0.1"), STARS).rank >= grade(points, STARS).rank


def test_one_star_is_not_qualified_where_the_scale_says_so() -> None:
    assert [qualified(band, STARS) for band in STARS.bands] == [True, True, True, True, False]
    assert qualified(ONE, Scale(STARS.bands))


@pytest.mark.parametrize(
    "bands",
    [
        (),
        (FIVE, FOUR),
        (FOUR, FIVE, ONE),
        (FIVE, FIVE, ONE),
        (FIVE, Band(4, "same bound", D(90)), ONE),
        (FIVE, Band(5, "same rank", D(80)), ONE),
        (FIVE, Band(0, "below zero", D(-1))),
    ],
)
def test_a_scale_gives_every_score_one_band(bands: tuple[Band, ...]) -> None:
    with pytest.raises(RubricError):
        Scale(bands)


def test_a_bound_has_four_decimals_at_most() -> None:
    with pytest.raises(RubricError, match="4 decimals"):
        Band(5, "fine", D("89.99999"))


def test_the_lowest_qualified_rank_is_one_of_the_scale() -> None:
    with pytest.raises(RubricError):
        Scale((FIVE, ONE), lowest_qualified=3)


@pytest.mark.parametrize(("printed", "different"), [(102, 60), (99, 30)])
def test_tables_that_do_not_add_up_to_100_grade_differently_when_scaled(printed: int, different: int) -> None:
    """domain.md I1: 60 of the 1021 totals of Guyuan's tables 2 and 3, 30 of the 991 of tables 4 and 5."""
    totals = [D(n) / 10 for n in range(printed * 10 + 1)]
    changed = [t for t in totals if grade(t, STARS) != grade(cut(t, Ratio(D(100), D(printed))), STARS)]
    assert (len(totals), len(changed)) == (printed * 10 + 1, different)
