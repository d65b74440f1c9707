"""Ballots: the exact share, the threshold, and the points, against plain fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.ballots import BallotScoring, BallotTerms, Choice, Tally, counts, points, reaches
from rubrics.scoring.rubric import RubricError

D = Decimal
ALL, PART = BallotScoring.ALL_OR_NOTHING, BallotScoring.PROPORTIONAL

tallies = st.builds(
    Tally,
    st.lists(st.builds(Choice, st.booleans(), st.integers(0, 5000)), min_size=2, max_size=6).map(tuple),
    st.integers(0, 50),
)
thresholds = st.integers(1, 10_000).map(lambda hundredths: D(hundredths) / 100)
terms = st.builds(BallotTerms, st.integers(1, 4000), thresholds, st.sampled_from(BallotScoring))
steps = st.sampled_from([D("0.1"), D("0.25"), D("0.5"), D(1)])


def of(satisfied, others, spoilt=0):
    return Tally((Choice(satisfied=True, votes=satisfied), Choice(satisfied=False, votes=others)), spoilt)


@pytest.mark.parametrize(
    ("tally", "reached"),
    [
        (of(1699, 301), False),  # 84.95 %
        (of(17, 3), True),  # 85 % exactly
        (of(849_999_999, 150_000_001), False),  # 84.9999999 %
        (of(0, 0, 7), False),
        (of(1, 0), True),
    ],
)
def test_the_threshold_is_met_exactly(tally, reached):
    assert reaches(tally, BallotTerms(1, D(85))) is reached


@pytest.mark.parametrize(
    ("tally", "terms", "expected"),
    [
        (of(17, 3), BallotTerms(20, D(85)), D(6)),
        (of(1699, 301), BallotTerms(1, D(85)), D(0)),
        (of(17, 3), BallotTerms(21, D(85)), None),  # too few came back
        (of(17, 3, 1), BallotTerms(21, D(85)), D(6)),  # a spoilt paper came back too
        (of(0, 0, 30), BallotTerms(20, D(85)), None),  # nobody said anything
        (of(1, 1), BallotTerms(1, D(85), PART), D("3.5")),  # 6 × 50 ÷ 85 = 3.529…
        (of(0, 1), BallotTerms(1, D(85), PART), D(0)),
        (of(3, 5), BallotTerms(1, D(100), PART), D("2.5")),  # 2.25, from the middle up
        (of(17, 3), BallotTerms(1, D(85), PART), D(6)),
    ],
)
def test_points_of_an_item_of_six(tally, terms, expected):
    assert points(tally, terms, D(6), D("0.5")) == expected


@given(tallies, terms)
def test_the_threshold_agrees_with_fractions(tally, terms):
    share = tally.share
    assert reaches(tally, terms) == (share is not None and share >= Fraction(terms.threshold) / 100)
    assert counts(tally, terms) == (share is not None and tally.valid + tally.spoilt >= terms.minimum)


@given(tallies, terms, st.integers(1, 40).map(D), steps)
def test_points_lie_on_the_step_and_next_to_the_exact_part(tally, terms, whole, step):
    given_points = points(tally, terms, whole, step)
    if not counts(tally, terms):
        assert given_points is None
    elif reaches(tally, terms):
        assert given_points == whole
    elif terms.scoring is ALL:
        assert given_points == 0
    else:
        exact = Fraction(whole) * tally.share * 100 / Fraction(terms.threshold)
        assert given_points % step == 0
        assert -Fraction(step) / 2 < Fraction(given_points) - exact <= Fraction(step) / 2


@given(tallies, terms, steps)
def test_another_satisfied_vote_never_costs_points(tally, terms, step):
    more = Tally((*tally.choices, Choice(satisfied=True, votes=1)), tally.spoilt)
    before = points(tally, terms, D(6), step)
    assert before is None or points(more, terms, D(6), step) >= before


@pytest.mark.parametrize("threshold", ["0", "-1", "100.01"])
def test_a_threshold_is_a_percentage(threshold):
    with pytest.raises(RubricError):
        BallotTerms(1, D(threshold))


def test_a_minimum_is_at_least_one_and_votes_are_not_negative():
    with pytest.raises(RubricError):
        BallotTerms(0, D(85))
    with pytest.raises(ValueError, match="negative"):
        of(-1, 2)
    with pytest.raises(ValueError, match="negative"):
        of(1, 2, -1)
