from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.items import BLANK, Entry, EntryError, ItemScore, Misplaced, Status, score_item
from rubrics.scoring.numbers import LARGEST, Reason
from rubrics.scoring.rubric import DeductPerUnit, HighestLevel, Item, Measure, NotApplicablePolicy
from rubrics.scoring.worth import Term
from tests.rubrics.scoring.samples import (
    ABSENCES,
    CONTRACTS,
    COUNTY_ONLY,
    FINE,
    FUND,
    GROWTH,
    HALVES,
    LATENESS,
    LEVELS,
    PLAIN,
    D,
    measure,
    multiples,
    quick,
)

EVERY_RULE = (ABSENCES, LATENESS, HALVES, GROWTH, FUND, LEVELS, CONTRACTS, COUNTY_ONLY, PLAIN, FINE)


def counts(**given: str) -> Entry:
    return Entry(counts={key: D(value) for key, value in given.items()})


def score(item: Item, entry: Entry) -> ItemScore:
    return score_item(item, entry, "county")


def test_a_judged_row_earns_what_was_given() -> None:
    assert score(PLAIN, Entry(D("2.5"))) == ItemScore(PLAIN, Status.SCORED, D("2.5"), applicable=D("2.5"))


def test_zero_is_a_mark_and_blank_is_none() -> None:
    zero, blank = score(PLAIN, Entry(D(0))), score(PLAIN, BLANK)
    assert (zero.status, zero.base, zero.missing) == (Status.SCORED, D(0), False)
    assert (blank.status, blank.base, blank.missing) == (Status.BLANK, None, True)


def test_a_deduction_keeps_its_terms() -> None:
    late, early = LATENESS.measures
    terms = (Term(late, D(2), D(2), D("-0.4")), Term(early, D(1), D(1), D("-0.3")))
    expected = ItemScore(LATENESS, Status.SCORED, D("2.3"), applicable=D(3), base_terms=terms)
    scored = score(LATENESS, counts(late="2", early="1"))
    assert scored == expected
    assert scored.deducted == D("0.7")


def test_half_counted_deductions_promise_nothing() -> None:
    scored = score(LATENESS, counts(late="2"))
    assert (scored.status, scored.base, scored.deducted, scored.missing) == (Status.PARTIAL, None, 0, True)


def test_no_absence_is_full_marks_but_a_blank_count_is_missing() -> None:
    assert score(ABSENCES, counts(absence="0")).base == 2
    assert score(ABSENCES, BLANK).base is None


def test_one_of_two_parts_counts_and_the_other_is_missing() -> None:
    scored = score(HALVES, counts(rate="7.5"))
    assert (scored.status, scored.base, scored.missing) == (Status.PARTIAL, D("7.5"), True)
    assert score(HALVES, counts(rate="7.5", team="4")).base == D("11.5")


def test_a_bonus_stays_visible_beside_what_the_cap_allows() -> None:
    scored = score(FUND, Entry(D(7), {"yuan": D(20000)}))
    assert (scored.base, scored.bonus_claimed, scored.bonus_allowed) == (7, D("3.2"), 2)
    assert scored.bonus_terms == (Term(FUND.measures[0], D(20000), D(16), D("3.2")),)


def test_bonus_alone_leaves_the_base_missing() -> None:
    scored = score(GROWTH, counts(over="3"))
    assert (scored.status, scored.bonus_allowed, scored.missing) == (Status.BLANK, D("0.6"), True)


@pytest.mark.parametrize("entry", [BLANK, counts(low="1")])
def test_a_pure_bonus_row_is_never_missing(entry: Entry) -> None:
    assert not score(CONTRACTS, entry).missing


def test_highest_level_within_a_cap_below_it() -> None:
    tight = Item("tight", None, None, HighestLevel((measure("city", "2"), measure("nation", "5")), cap=D(4)))
    scored = score(tight, counts(city="1", nation="1"))
    assert (scored.bonus_claimed, scored.bonus_allowed) == (7, 4)


def test_a_level_claimed_zero_times_is_not_claimed() -> None:
    assert score(LEVELS, counts(city="1", nation="0")).bonus_allowed == 2
    assert score(LEVELS, counts(nation="0")).bonus_allowed == 0


@pytest.mark.parametrize(
    ("policy", "applicable"),
    [(NotApplicablePolicy.EXCLUDE, 0), (NotApplicablePolicy.FULL, 12), (NotApplicablePolicy.ZERO, 12)],
)
def test_a_claimed_row_is_not_missing(policy: NotApplicablePolicy, applicable: int) -> None:
    scored = score_item(HALVES, Entry(not_applicable=True), "", policy)
    assert scored == ItemScore(HALVES, Status.NOT_APPLICABLE, applicable=D(applicable))
    assert not scored.missing


@pytest.mark.parametrize("kind", ["industrial", ""])
def test_a_row_for_others_is_out_of_scope(kind: str) -> None:
    assert score_item(COUNTY_ONLY, BLANK, kind) == ItemScore(COUNTY_ONLY, Status.OUT_OF_SCOPE)


@pytest.mark.parametrize(
    ("item", "entry", "reason", "measure"),
    [
        (PLAIN, Entry(D("0.3")), Reason.OFF_STEP, ""),
        (PLAIN, Entry(D(3)), Reason.TOO_LARGE, ""),
        (PLAIN, Entry(D("-0.5")), Reason.NEGATIVE, ""),
        (PLAIN, Entry(D("-0")), Reason.NEGATIVE, ""),
        (PLAIN, Entry(D("NaN")), Reason.NOT_A_NUMBER, ""),
        (PLAIN, Entry(D("sNaN")), Reason.NOT_A_NUMBER, ""),
        (PLAIN, Entry(D("Infinity")), Reason.NOT_A_NUMBER, ""),
        (PLAIN, Entry(D("1E+999999")), Reason.TOO_LARGE, ""),
        (PLAIN, Entry(D("1E-999999")), Reason.OFF_STEP, ""),
        (PLAIN, counts(absence="1"), Misplaced.UNKNOWN_MEASURE, "absence"),
        (ABSENCES, Entry(D(1)), Misplaced.COMPUTED, ""),
        (HALVES, Entry(D(1)), Misplaced.COMPUTED, ""),
        (LEVELS, Entry(D(1)), Misplaced.COMPUTED, ""),
        (ABSENCES, counts(absence="1.5"), Reason.NOT_WHOLE, "absence"),
        (ABSENCES, counts(absence="-1"), Reason.NEGATIVE, "absence"),
        (ABSENCES, counts(absence=str(LARGEST + 1)), Reason.TOO_LARGE, "absence"),
        (HALVES, counts(rate="8.5"), Reason.TOO_LARGE, "rate"),
        (HALVES, counts(rate="8", team="4.5"), Reason.TOO_LARGE, "team"),
        (HALVES, counts(rate="0.3"), Reason.OFF_STEP, "rate"),
        (PLAIN, Entry(D(1), not_applicable=True), Misplaced.NOT_APPLICABLE, ""),
        (ABSENCES, Entry(None, {"absence": D(1)}, not_applicable=True), Misplaced.NOT_APPLICABLE, ""),
    ],
)
def test_refuses_what_no_sheet_may_hold(item: Item, entry: Entry, reason: Reason | Misplaced, measure: str) -> None:
    with pytest.raises(EntryError) as caught:
        score(item, entry)
    assert (caught.value.item, caught.value.reason, caught.value.measure) == (item.key, reason, measure)


@pytest.mark.parametrize("entry", [Entry(D(1)), Entry(not_applicable=True)])
def test_refuses_any_entry_on_a_row_for_others(entry: Entry) -> None:
    with pytest.raises(EntryError, match="out_of_scope"):
        score_item(COUNTY_ONLY, entry, "industrial")


def test_the_largest_count_is_still_exact() -> None:
    assert score(GROWTH, counts(over=str(LARGEST))).bonus_allowed == D("199999999999.8")


@quick
@given(st.sampled_from([PLAIN, FINE]), st.decimals(-1, 4, places=2) | st.decimals())
def test_invariant_1_a_mark_stands_only_on_the_step_and_within_the_row(item: Item, points: Decimal) -> None:
    allowed = {n * item.step for n in range(31) if n * item.step <= (item.points or 0)}
    if not points.is_nan() and not points.is_signed() and points in allowed:
        assert score(item, Entry(points)).base == points
    else:
        with pytest.raises(EntryError):
            score(item, Entry(points))


@quick
@given(st.dictionaries(st.sampled_from(LEVELS.measures), st.integers(0, 3)))
def test_invariant_4_highest_only_is_the_best_of_the_claims(claims: dict[Measure, int]) -> None:
    scored = score(LEVELS, Entry(counts={m.key: D(n) for m, n in claims.items()}))
    assert scored.bonus_allowed == max((m.amount for m, n in claims.items() if n), default=0)


@quick
@given(multiples(D("0.5"), D(20)), multiples(D("0.1"), D(3)), st.integers(0, 30))
def test_invariant_5_deductions_never_rise_with_the_count(points: Decimal, amount: Decimal, count: int) -> None:
    rule = DeductPerUnit((measure("absence", str(amount + D("0.1"))),))
    item = Item("row", points + 1, rule)
    base = score(item, counts(absence=str(count))).base
    more = score(item, counts(absence=str(count + 1))).base
    assert base == max(D(0), points + 1 - count * (amount + D("0.1")))
    assert more is not None
    assert 0 <= more <= base
