"""Conditions: what is met, and on what evidence. Compared with plain fractions that know nothing of the code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessments.awards.conditions import (
    Finding,
    Held,
    NeedsBallotYears,
    NeedsQualified,
    NeedsShare,
    NeedsTitle,
    Outcome,
    Record,
    Vote,
    judge,
)
from rubrics.scoring.ballots import Choice, Tally
from rubrics.scoring.exact import percent

D = Decimal
UNION_95 = NeedsBallotYears("union", "The union", 3, D(95))
ASKS = "The union: at least 95% satisfied, 3 calendar years in a row"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def vote(year, satisfied, valid, *, subject="union", spoilt=0, minimum=1, title="测评"):
    tally = Tally((Choice(satisfied=True, votes=satisfied), Choice(satisfied=False, votes=valid - satisfied)), spoilt)
    return Vote(year, f"{year}年检", title, subject, tally, minimum)


def record(*votes, closed=(), **others):
    return Record(votes=votes, closed_years=frozenset({one.year for one in votes} | set(closed)), **others)


def test_three_years_at_exactly_the_share_are_met_with_each_year_as_evidence():
    known = record(vote(2024, 95, 100), vote(2025, 19, 20), vote(2026, 300, 300))
    assert judge(UNION_95, known, 2026) == Finding(
        ASKS,
        met=True,
        evidence=(
            "2024: 95 of 100 valid votes satisfied, 95% (2024年检, “测评”)",
            "2025: 19 of 20 valid votes satisfied, 95% (2025年检, “测评”)",
            "2026: 300 of 300 valid votes satisfied, 100% (2026年检, “测评”)",
        ),
    )


def test_a_year_a_hair_below_is_not_rounded_up():
    known = record(vote(2024, 9499, 10000), vote(2025, 189_999, 200_000), vote(2026, 1, 1))
    found = judge(UNION_95, known, 2026)
    assert not found.met
    assert found.evidence[0].startswith("2024: 9499 of 10000 valid votes satisfied, 94.99%")
    assert found.evidence[1].startswith("2025: 189999 of 200000 valid votes satisfied, 94.99%")


@pytest.mark.parametrize(
    ("known", "year", "evidence"),
    [
        (record(vote(2024, 1, 1), vote(2026, 1, 1), closed=(2025,)), 2026, "2025: no such ballot was held."),
        (record(vote(2024, 1, 1), vote(2026, 1, 1)), 2026, "2025: not assessed in any closed cycle."),
        (
            record(vote(2024, 1, 1), vote(2026, 1, 1), running={2025: "补评"}),
            2026,
            "2025: “补评” is not closed yet.",
        ),
        (
            record(vote(2024, 1, 1), vote(2025, 4, 4, minimum=5, title="会员评家"), vote(2026, 1, 1)),
            2026,
            "2025: the ballot “会员评家” does not count, too few came back.",
        ),
    ],
)
def test_a_missing_year_breaks_the_row_and_says_why(known, year, evidence):
    found = judge(UNION_95, known, year)
    assert not found.met
    assert evidence in found.evidence


def test_the_row_may_end_in_the_year_before_while_this_years_cycle_is_running():
    votes = [vote(year, 1, 1) for year in (2023, 2024, 2025)]
    assert judge(UNION_95, record(*votes, running={2026: "年检"}), 2026).met
    assert not judge(UNION_95, record(*votes, closed=(2026,)), 2026).met
    assert not judge(UNION_95, record(*votes), 2027).met


def test_of_several_ballots_in_a_year_the_lowest_decides_and_other_subjects_do_not_matter():
    good = [vote(year, 1, 1) for year in (2024, 2025, 2026)]
    low = vote(2025, 9, 10, title="补测")
    found = judge(UNION_95, record(*good, low), 2026)
    assert not found.met
    assert found.evidence[1] == ("2025: 9 of 10 valid votes satisfied, 90% (2025年检, “补测”); the lowest of 2 ballots")
    assert judge(UNION_95, record(*good, vote(2025, 0, 9, subject="chair")), 2026).met


def test_a_title_is_this_rung_or_a_higher_one_of_the_same_ladder():
    need = NeedsTitle(1, 3, "省模范")
    told = {
        (1, 2): False,
        (1, 3): True,
        (1, 4): True,
        (2, 4): False,
    }
    for (ladder, position), met in told.items():
        held = Held(ladder, position, "称号", date(2020, 5, 1), "苏工发〔2020〕1号")
        assert judge(need, Record(titles=(held,)), 2026).met == met
    assert judge(need, Record(titles=(Held(1, 3, "省模范", date(2020, 5, 1), "苏工发〔2020〕1号"),)), 2026) == Finding(
        "Holds the title “省模范” or a higher one",
        met=True,
        evidence=("省模范, awarded on 2020-05-01 · 苏工发〔2020〕1号",),
    )
    assert judge(need, Record(), 2026).evidence == ("No such title is recorded.",)


def test_the_newest_result_qualifies_and_reaches_its_share_exactly():
    def found(qualified, points, maximum, need):
        said = {"yes": True, "no": False, "": None}[qualified]
        outcome = Outcome(2026, "年检", said, points and D(points), maximum and D(maximum))
        finding = judge(need, Record(outcome=outcome), 2026)
        return finding.met, finding.evidence[0]

    assert found("yes", "1", "1", NeedsQualified()) == (True, "2026, 年检: qualified")
    assert found("no", "1", "1", NeedsQualified()) == (False, "2026, 年检: not qualified")
    assert found("", "1", "1", NeedsQualified())[0] is False
    assert found("", "90", "100", NeedsShare(D(90))) == (True, "2026, 年检: 90 of 100 points")
    assert found("", "72", "80", NeedsShare(D(90)))[0] is True
    assert found("", "89.9999", "100", NeedsShare(D(90)))[0] is False
    assert found("", None, None, NeedsShare(D(90))) == (False, "2026, 年检: no result")
    for need in (NeedsQualified(), NeedsShare(D(90))):
        assert judge(need, Record(), 2026).evidence == ("There is no closed cycle yet.",)


# --- Any record ---

votes = st.builds(
    lambda year, satisfied, more, spoilt, minimum, subject: vote(
        year, satisfied, satisfied + more, spoilt=spoilt, minimum=minimum, subject=subject
    ),
    st.integers(2019, 2027),
    st.sampled_from([0, 18, 19, 94, 95, 96, 9499]),
    st.sampled_from([0, 0, 0, 1, 5, 6, 501]),
    st.integers(0, 3),
    st.sampled_from([1, 1, 19, 20]),
    st.sampled_from(["union", "union", "union", "chair"]),
)


def met_by_hand(known, need, year):
    """Walks back from the last year for as long as each year holds; long enough or not."""
    last = year if year in known.closed_years else year - 1
    length = 0
    while True:
        shares = [
            Fraction(good, good + bad)
            for one in known.votes
            if one.year == last - length and one.subject == need.subject
            for good, bad in [(one.tally.choices[0].votes, one.tally.choices[1].votes)]
            if good + bad and good + bad + one.tally.spoilt >= one.minimum
        ]
        if not shares or any(share < Fraction(need.percent) / 100 for share in shares):
            return length >= need.years
        length += 1


@given(st.lists(votes, max_size=14), st.sets(st.integers(2019, 2027)), st.integers(1, 4), st.integers(2022, 2027))
def test_a_row_of_years_is_met_exactly_when_fractions_say_so(held, closed, years, year):
    known = record(*held, closed=closed)
    need = NeedsBallotYears("union", "The union", years, D(95))
    found = judge(need, known, year)
    assert found.met == met_by_hand(known, need, year)
    assert len(found.evidence) == years


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_is_cut_and_reaches_no_bound_that_the_share_does_not(part, whole):
    shown = percent(part, whole)
    assert Fraction(shown) <= Fraction(part * 100, whole) < Fraction(shown) + Fraction(1, 100)
