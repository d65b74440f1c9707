from hypothesis import given

from rubrics.scoring.explain import Line, LineCode, explain
from rubrics.scoring.items import Entry
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import Item, NotApplicablePolicy, Rubric, TotalPolicy
from rubrics.scoring.totals import compute_total
from tests.rubrics.scoring.samples import (
    ABSENCES,
    CONTRACTS,
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

BONUSES = (LineCode.BONUS_FULL, LineCode.BONUS_CAPPED, LineCode.BONUS_HIGHEST)
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


@quick
@given(SHEETS)
def test_the_lines_add_up(sheet: tuple[str, dict[str, Entry]]) -> None:
    kind, entries = sheet
    for rubric in VARIANTS:
        total = compute_total(rubric, entries, kind)
        lines = explain(total)
        sections = [line.values["base"] for line in lines if line.code is LineCode.SECTION]
        bonuses = [line.values["allowed"] for line in lines if line.code in BONUSES]
        last = [total.base, *(line.values["points"] for line in lines if line.code in STEPS)][-1]
        assert sum(sections) == total.base
        assert sum(bonuses) == total.bonus_allowed
        assert last + total.bonus_allowed == total.points == lines[-1].values["points"]
