"""Places and spread against the standard library, over fractions."""

from __future__ import annotations

import statistics
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.statistics import mean, places, rounded, share, spread

pytestmark = pytest.mark.any_database

POINTS = st.decimals(min_value=0, max_value=1100, places=4)
FEW = st.sampled_from([Decimal(text) for text in ("0", "59.5", "60", "89.9999", "90", "90.0001", "105")])


@given(st.lists(POINTS | FEW, min_size=2, max_size=60))
def test_the_spread_is_that_of_the_values_written_out(values):
    found = spread(Counter(values))
    exact = [Fraction(value) for value in values]
    quartiles = statistics.quantiles(exact, n=4, method="inclusive")
    assert [Fraction(one) for one in (found.lower, found.median, found.upper)] == quartiles
    assert Fraction(found.median) == statistics.median(exact)
    assert (found.count, found.least, found.most) == (len(values), min(values), max(values))
    assert Fraction(found.total) == sum(exact)
    half_up = (Fraction(sum(exact), len(exact)) * 100 + Fraction(1, 2)) // 1
    assert Fraction(found.mean) * 100 == half_up


@given(st.lists(POINTS | FEW, max_size=60))
def test_a_place_is_one_more_than_how_many_are_better(values):
    assert places(Counter(values)) == {one: 1 + sum(other > one for other in values) for one in values}


def test_small_ones_by_hand():
    assert spread({}) is None
    assert spread({Decimal(3): 0}) is None
    one = spread({Decimal("89.5"): 1})
    assert {one.least, one.lower, one.median, one.upper, one.most, one.mean} == {Decimal("89.5")}
    assert places({Decimal(90): 2, Decimal(85): 1, Decimal(70): 1}) == {90: 1, 85: 3, 70: 4}
    assert (mean(Decimal(2), 3), rounded(Decimal("0.005")), rounded(Decimal("-0.005"))) == (
        Decimal("0.67"),
        Decimal("0.01"),
        Decimal("-0.01"),
    )
    assert share(Decimal(1), Decimal(3)) == Decimal("33.33")
    assert share(Decimal(1), Decimal(0)) is None
