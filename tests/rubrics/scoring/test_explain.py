from decimal import Decimal

import pytest
from hypothesis import given

from rubrics.scoring.explain import Line, LineCode, explain
from rubrics.scoring.items import Entry
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import Item, NotApplicablePolicy, Rubric, TotalPolicy
from rubrics.scoring.totals import compute_total
from tests.rubrics.scoring.samples import (
    ABSENCES,
    BELOW,
    BLAMED,
    BUILT,
    CONTRACTS,
    COUNTY_ONLY,
    FOUR,
    FUND,
    GATES,
    LATE,
    LETTERS,
    LEVELS,
    MARKED,
    PANEL,
    PAPERS,
    PLAIN,
    REWARD,
    SHEETS,
    TRAINED,
    VARIANTS,
    D,
    quick,
    rubric_of,
)

BONUSES = (LineCode.BONUS_FULL, LineCode.BONUS_CAPPED, LineCode.BONUS_HIGHEST)
PENALTIES = (LineCode.PENALTY_FULL, LineCode.PENALTY_FLOORED)
STEPS = (LineCode.EXCLUDED, LineCode.GIVEN_IN_FULL, LineCode.COUNTED_AS_ZERO, LineCode.SCALED)
CLAIMED = Entry(not_applicable=True)


def said(rubric: Rubric, **entries: Entry) -> list[str]:
    """Each line as its code and values, which reads better than a page of Decimals."""
    return [_text(line) for line in explain(compute_total(rubric, entries))]


def _text(line: Line) -> str:
    return " ".join([line.code, *(v if isinstance(v, str) else format_points(v) for v in line.values.values())])


def test_an_empty_sheet_has_sums_and_nothing_else() -> None:
    assert said(rubric_of(PLAIN)) == ["section one 0 2.5", "base 0 2.5", "total 0 2.5"]


def test_a_deduction_shows_its_formula_and_its_floor() -> None:
    entry = Entry(counts={"absence": D(5)})
    assert said(rubric_of(ABSENCES), absences=entry) == [
        "section one 0 2",
        "deduction absences absence 5 0.5 -2.5",
        "deducted absences 2 2 0",
        "base 0 2",
        "total 0 2",
    ]


def test_a_bonus_shows_what_was_claimed_and_what_was_allowed() -> None:
    entries = {
        "fund": Entry(D(7), {"yuan": D(20000)}),
        "levels": Entry(counts={"city": D(1), "nation": D(1)}),
        "contracts": Entry(counts={"high": D(1), "low": D(0)}),
    }
    assert said(rubric_of(FUND, LEVELS, CONTRACTS), **entries) == [
        "section one 7 7",
        "bonus_term fund yuan 16 0.2 3.2",
        "bonus_capped fund 3.2 2 2",
        "bonus_term levels city 1 2 2",
        "bonus_term levels nation 1 5 5",
        "bonus_highest levels 7 5 5",
        "bonus_term contracts high 1 3 3",
        "bonus_full contracts 3 3",
        "base 7 7",
        "bonus 13.2 10",
        "total 17 7",
    ]


def test_a_claim_by_policy_then_scaling() -> None:
    items = (Item("a", D(10)), Item("b", D(10)), Item("c", D(31)))
    entries = {"a": Entry(D(9)), "b": CLAIMED, "c": Entry(D(20))}
    expected = {
        NotApplicablePolicy.EXCLUDE: ["excluded 10 29 36.0731 51 41", "scaled 100 51 70.7317", "total 70.7317 100"],
        NotApplicablePolicy.FULL: ["given_in_full 10 29 39", "scaled 100 51 76.4705", "total 76.4705 100"],
        NotApplicablePolicy.ZERO: ["counted_as_zero 10 29 29", "scaled 100 51 56.8627", "total 56.8627 100"],
    }
    for policy, lines in expected.items():
        rubric = rubric_of(*items, declared=D(100), total_policy=TotalPolicy.SCALED, not_applicable=policy)
        assert said(rubric, **entries)[2:] == lines


def test_rows_for_others_are_named_in_points() -> None:
    assert said(rubric_of(PLAIN, COUNTY_ONLY), plain=Entry(D(2))) == [
        "section one 2 2.5",
        "base 2 2.5",
        "out_of_scope 7.5 2.5",
        "total 2 2.5",
    ]


def counted(**given: str) -> Entry:
    return Entry(counts={key: D(value) for key, value in given.items()})


@pytest.mark.parametrize(
    ("item", "entry", "lines"),
    [
        (BUILT, counted(rate="65"), ["tier built rate 65 60 2"]),
        (BUILT, counted(rate="49.9"), ["tier_missed built rate 49.9"]),
        (LETTERS, counted(letter="0"), ["tier letters letter 0 0 6"]),
        (TRAINED, counted(share="42"), ["share trained share 42 80 10 5.5"]),
        (FOUR, counted(who="1", rule="1", room="0", money="1"), ["conditions four 3 4 3 8"]),
        (FOUR, counted(who="1"), []),
        (MARKED, counted(b="1"), ["level marked b 8"]),
        (
            PANEL,
            counted(lead="5", staff="3", law="4"),
            ["scorer panel lead 5 3", "scorer panel staff 3 2", "scorer panel law 4 2", "scorers panel 4.1428"],
        ),
        (BELOW, counted(absent="10"), ["deduction below absent 10 0.5 -5", "deducted below 4 5 -1", "penalty -1"]),
        (BELOW, counted(absent="99"), ["deduction below absent 99 0.5 -49.5", "deducted below 4 6 -2", "penalty -2"]),
    ],
)
def test_each_rule_shows_how_it_came_to_its_points(item: Item, entry: Entry, lines: list[str]) -> None:
    codes = ("section", "base", "floored", "total")
    assert [line for line in said(rubric_of(item), **{item.key: entry}) if not line.startswith(codes)] == lines


def test_penalties_their_common_limit_the_floor_and_the_gates() -> None:
    rubric = rubric_of(PLAIN, PAPERS, LATE, BLAMED, *GATES[:2], caps=(REWARD,))
    entries = {
        "plain": Entry(D(1)),
        "late": counted(delay="6"),
        "blamed": Entry(D(0), {"blame": D(4)}),
        "licence": counted(gate="0"),
        "accident": counted(gate="1"),
    }
    assert said(rubric, **entries)[1:] == [
        "penalty_term late delay 6 0.5 -3",
        "penalty_full late -3 -3",
        "penalty_term blamed blame 3 2 -6",
        "penalty_floored blamed -6 -5 -5",
        "base 1 4.5",
        "penalty -8",
        "limited reward -3 -2",
        "floored -6 0",
        "total 0 4.5",
        "gate_required licence",
        "gate_veto accident",
    ]


@quick
@given(SHEETS)
def test_the_lines_add_up(sheet: tuple[str, dict[str, Entry]]) -> None:
    kind, entries = sheet
    for rubric in VARIANTS:
        total = compute_total(rubric, entries, kind)
        lines = explain(total)
        last = [total.base, *_values(lines, "points", *STEPS)][-1]
        bonus, penalty = _values(lines, "allowed", LineCode.BONUS), _values(lines, "points", LineCode.PENALTY)
        trims = _values(lines, "allowed", LineCode.LIMITED) + [-n for n in _values(lines, "claimed", LineCode.LIMITED)]
        taken = _values(lines, "allowed", *PENALTIES) + [
            min(D(0), n) for n in _values(lines, "base", LineCode.DEDUCTED)
        ]
        assert sum(_values(lines, "base", LineCode.SECTION)) == total.base
        assert sum(_values(lines, "allowed", *BONUSES)) == sum(bonus) == total.bonus_allowed
        assert sum(taken) == sum(penalty) == total.penalty
        before = last + sum(bonus) + sum(penalty) + sum(trims)
        assert [before, *_values(lines, "floor", LineCode.FLOORED)][-1] == total.points
        assert _values(lines, "points", LineCode.TOTAL) == [total.points]
        gates = [line.values["item"] for line in lines if line.code.startswith("gate")]
        assert gates == [score.item.key for score in total.tripped]


def _values(lines: tuple[Line, ...], name: str, *codes: LineCode) -> list[Decimal]:
    return [line.values[name] for line in lines if line.code in codes]
