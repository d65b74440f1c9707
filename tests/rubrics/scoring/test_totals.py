from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.exact import Ratio, cut
from rubrics.scoring.grades import Band, Scale, grade, qualified
from rubrics.scoring.items import BLANK, Entry, EntryError, Misplaced, Status
from rubrics.scoring.rubric import DeductPerUnit, Item, NotApplicablePolicy, Rubric, Section, TakePerUnit, TotalPolicy
from rubrics.scoring.totals import Total, compute_total
from tests.rubrics.scoring.oracle import naive, raised, turned
from tests.rubrics.scoring.samples import (
    COUNTY_ONLY,
    FUND,
    LEVELS,
    PLAIN,
    SHEETS,
    VARIANTS,
    D,
    quick,
    rubric_of,
)

Sheet = tuple[str, dict[str, Entry]]
CLAIMED = Entry(not_applicable=True)
STARS = Scale(tuple(Band(rank, f"{rank}", D(lower)) for rank, lower in ((5, 90), (4, 80), (3, 70), (2, 60), (1, 0))))
SUMS = (
    "base",
    "bonus_claimed",
    "bonus_allowed",
    "penalty",
    "extra",
    "deducted",
    "applicable",
    "full",
    "scored",
    "required",
)
TENS = (Item("a", D(10)), Item("b", D(10)), Item("c", D(20)))


def tens(**options: object) -> Rubric:
    return rubric_of(*TENS, **options)


def points(rubric: Rubric, kind: str = "", **entries: Entry) -> Decimal:
    return compute_total(rubric, entries, kind).points


def test_blank_is_never_zero_and_is_named() -> None:
    total = compute_total(tens(), {"a": Entry(D(0))})
    assert (total.points, total.missing, total.complete, total.blank) == (0, ("b", "c"), False, False)
    assert (total.scored, total.required) == (1, 3)


def test_an_empty_sheet_is_blank() -> None:
    total = compute_total(tens(), {})
    assert (total.blank, total.points, total.percentage) == (True, 0, 0)
    assert all(group.blank for section in total.sections for group in section.groups)


def test_a_count_alone_is_not_a_blank_sheet() -> None:
    assert not compute_total(rubric_of(LEVELS), {"levels": Entry(counts={"city": D(0)})}).blank


def test_a_complete_sheet_needs_no_bonus() -> None:
    total = compute_total(rubric_of(PLAIN, LEVELS), {"plain": Entry(D(0))})
    assert (total.missing, total.complete, total.scored, total.required) == ((), True, 1, 1)


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(EntryError) as caught:
        compute_total(tens(), {"z": BLANK})
    assert (caught.value.item, caught.value.reason) == ("z", Misplaced.UNKNOWN_ITEM)


@pytest.mark.parametrize(
    ("policy", "applicable", "expected"),
    [
        (NotApplicablePolicy.EXCLUDE, 30, "33.3333"),  # 25 * 40 / 30
        (NotApplicablePolicy.FULL, 40, "35"),
        (NotApplicablePolicy.ZERO, 40, "25"),
    ],
)
def test_not_applicable_by_policy(policy: NotApplicablePolicy, applicable: int, expected: str) -> None:
    total = compute_total(tens(not_applicable=policy), {"a": Entry(D(9)), "b": CLAIMED, "c": Entry(D(16))})
    assert (total.points, total.applicable) == (D(expected), applicable)
    assert (total.base, total.full, total.printed, total.not_applicable) == (25, 40, 40, 10)
    assert total.complete


def test_nothing_applicable_is_zero_without_a_division() -> None:
    total = compute_total(tens(), dict.fromkeys("abc", CLAIMED))
    assert (total.points, total.applicable, total.percentage, total.complete) == (0, 0, None, True)


def test_rows_out_of_scope_are_not_made_up_for() -> None:
    rubric = rubric_of(TENS[0], COUNTY_ONLY)
    total = compute_total(rubric, {"a": Entry(D(9))}, "industrial")
    assert (total.points, total.applicable, total.maximum, total.printed) == (9, 10, 10, 15)
    assert (total.percentage, total.complete, total.items[1].status) == (90, True, Status.OUT_OF_SCOPE)
    claimed = compute_total(rubric_of(*TENS[:2], COUNTY_ONLY), {"a": Entry(D(9)), "b": CLAIMED}, "industrial")
    assert (claimed.points, claimed.maximum) == (18, 20)


def test_scaling_leaves_the_bonus_alone() -> None:
    rubric = rubric_of(*TENS, FUND, declared=D(100), total_policy=TotalPolicy.SCALED)
    total = compute_total(rubric, {"a": Entry(D(10)), "fund": Entry(D(7), {"yuan": D(9000)})})
    assert (total.points, total.bonus_allowed, total.maximum) == (D("37.1702"), 1, 100)  # 17 * 100 / 47 = 36.17021…
    assert points(replace(rubric, declared=None), a=Entry(D(10))) == 10


def test_rescaling_and_scaling_divide_once() -> None:
    rubric = tens(declared=D(100), total_policy=TotalPolicy.SCALED)
    assert points(rubric, a=Entry(D(9)), b=CLAIMED, c=Entry(D(18))) == 90  # 27 * 40 / 30 * 100 / 40


def test_a_group_of_three_thirds_is_whole() -> None:
    assert cut(D(27), Ratio(D(100), D(3)), Ratio(D(3), D(30))) == 90
    assert cut(D(2), Ratio(D(1), D(3))) == D("0.6666")
    assert cut(D("2.12345"), Ratio(D(1), D(1))) == D("2.12345")


@quick
@given(SHEETS)
def test_invariant_2_total_equals_an_independent_recomputation(sheet: Sheet) -> None:
    kind, entries = sheet
    for rubric in VARIANTS:
        assert Fraction(compute_total(rubric, entries, kind).points) == naive(rubric, entries, kind)


@quick
@given(SHEETS)
def test_a_section_comes_to_what_it_would_as_a_rubric_of_its_own(sheet: Sheet) -> None:
    """Without a declared total, a common limit and a floor; the oracle knows nothing of sections."""
    kind, entries = sheet
    for rubric in VARIANTS:
        total = compute_total(rubric, entries, kind)
        for section in total.sections:
            alone = replace(rubric, sections=(unlimited(section.section),), caps=(), **AS_ENTERED)
            own = {key: entry for key, entry in entries.items() if key in alone.by_key}
            reached = total.points_in(section)
            if section.full and not section.applicable:
                assert reached is None
            else:
                assert reached is not None
                assert Fraction(reached) == naive(alone, own, kind)


AS_ENTERED = {"declared": None, "total_policy": TotalPolicy.AS_PRINTED, "floor": D(-9999)}


def unlimited(section: Section) -> Section:
    groups = tuple(replace(group, items=tuple(replace(i, cap="") for i in group.items)) for group in section.groups)
    return replace(section, groups=groups)


def test_an_item_is_compared_by_its_base_or_by_what_it_gives() -> None:
    total = compute_total(
        rubric_of(*TENS, FUND), {"a": Entry(D(8)), "b": CLAIMED, "fund": Entry(D(7), {"yuan": D(9000)})}
    )
    assert [one.earned for one in total.items] == [8, None, None, 7]
    bonus = replace(FUND, key="bonus", points=None, base=None)
    (only,) = compute_total(rubric_of(bonus), {"bonus": Entry(None, {"yuan": D(9000)})}).items
    assert only.earned == only.bonus_allowed == 1


@quick
@given(SHEETS, st.randoms(use_true_random=False))
def test_invariant_2_order_does_not_matter(sheet: Sheet, random: Random) -> None:
    kind, entries = sheet
    shuffled = list(entries.items())
    random.shuffle(shuffled)
    for rubric in VARIANTS:
        other = replace(rubric, sections=tuple(turned(s) for s in reversed(rubric.sections)))
        total, again = compute_total(rubric, entries, kind), compute_total(other, dict(shuffled), kind)
        assert (total.points, set(total.missing)) == (again.points, set(again.missing))


@quick
@given(SHEETS)
def test_invariant_3_groups_and_sections_sum_to_the_total(sheet: Sheet) -> None:
    kind, entries = sheet
    for rubric in VARIANTS:
        total = compute_total(rubric, entries, kind)
        for parts in (total.sections, [group for section in total.sections for group in section.groups]):
            for name in SUMS:
                assert sum(getattr(part, name) for part in parts) == getattr(total, name)
            assert all(0 <= part.base <= part.applicable <= part.full <= part.printed for part in parts)
        assert total.printed == rubric.points
        assert 0 <= total.before_floor - total.beyond <= total.maximum
        assert total.points == max(rubric.floor, total.before_floor)


@quick
@given(SHEETS)
def test_invariant_4_bonuses_penalties_and_their_sums_stay_within_their_limits(sheet: Sheet) -> None:
    kind, entries = sheet
    total = compute_total(VARIANTS[0], entries, kind)
    for score in total.items:
        assert 0 <= score.bonus_allowed <= score.bonus_claimed
        assert score.penalty_claimed <= score.taken <= 0
        if isinstance(score.item.bonus, TakePerUnit):
            assert score.taken >= (score.penalty_claimed if score.item.bonus.floor is None else score.item.bonus.floor)
        elif score.item.bonus and score.item.bonus.cap:
            assert score.bonus_allowed <= score.item.bonus.cap
        assert score.below_zero >= (score.item.base.floor if isinstance(score.item.base, DeductPerUnit) else 0)
    assert 0 <= total.bonus_allowed <= total.bonus_claimed
    (reward,) = total.caps
    assert -2 <= reward.allowed <= 3
    assert total.beyond - total.extra == reward.allowed - reward.claimed


@quick
@given(SHEETS)
def test_invariant_6_raising_one_row_never_lowers_total_or_band(sheet: Sheet) -> None:
    kind, entries = sheet
    for rubric in VARIANTS:
        before = compute_total(rubric, entries, kind)
        for key, entry in entries.items():
            after = compute_total(rubric, {**entries, key: raised(rubric.by_key[key], entry)}, kind)
            assert after.points >= before.points
            assert _rank(after) >= _rank(before)
            assert _qualifies(after) >= _qualifies(before)


def _rank(total: Total) -> int:
    band = grade(total.points, STARS, total.gates)
    return band.rank if band else 0


def _qualifies(total: Total) -> bool:
    return qualified(grade(total.points, STARS, total.gates), STARS, total.gates)


@quick
@given(st.integers(0, 12_000), st.integers(1, 300), st.integers(1, 300))
def test_truncation_never_changes_a_band(tenths: int, times: int, by: int) -> None:
    exact = Fraction(tenths, 10) * times / by
    shown = cut(D(tenths) / 10, Ratio(D(times), D(by)))
    assert 0 <= exact - Fraction(shown) < Fraction(1, 10_000)
    assert [shown >= band.lower for band in STARS.bands] == [exact >= band.lower for band in STARS.bands]


def test_percentage_is_of_what_was_within_reach() -> None:
    entries = {"a": Entry(D(9)), "b": CLAIMED, "c": Entry(D(11))}
    assert compute_total(tens(), entries).percentage == D("66.6666")
    assert compute_total(tens(not_applicable=NotApplicablePolicy.FULL), entries).percentage == 75
