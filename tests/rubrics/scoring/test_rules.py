"""What a rubric refuses to be, and what each rule beyond fixed points makes of its counts."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.items import Entry, EntryError, Misplaced, Status, score_item
from rubrics.scoring.numbers import Reason
from rubrics.scoring.rubric import (
    AddPerUnit,
    Cap,
    DeductPerUnit,
    Gate,
    Item,
    Levels,
    Measure,
    NOfM,
    Range,
    Rate,
    RubricError,
    SeveralScorers,
    SumOfParts,
    TakePerUnit,
    Tiers,
)
from tests.rubrics.scoring.oracle import raised
from tests.rubrics.scoring.samples import (
    BELOW,
    BEYOND,
    BLAMED,
    BUILT,
    FOUR,
    HALVES,
    LAST,
    LATE,
    LETTERS,
    LICENCE,
    MARKED,
    PANEL,
    PAPERS,
    PLAIN,
    REWARD,
    TRAINED,
    D,
    entries_of,
    measure,
    multiples,
    quick,
    rubric_of,
    scale,
)

ONE = (measure("one", "1"),)
ZERO = (measure("zero", "0"),)


def entry(**counts: str) -> Entry:
    return Entry(counts={key: D(count) for key, count in counts.items()})


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"base": Tiers((scale("n", ("70", "4")),))}, "a tier is worth more than the item"),
        ({"base": Tiers((scale("n", ("70", "2")),))}, "no tier is worth the whole item"),
        ({"base": Tiers((scale("n"),))}, "no tier is worth the whole item"),
        ({"base": Tiers((scale("n", ("70", "1"), ("60", "3")),))}, "its tiers do not rise with the bound"),
        ({"base": Tiers((scale("n", ("70", "3"), ("60", "3")),))}, "its tiers do not rise with the bound"),
        ({"base": Tiers((scale("n", ("70", "3"), ("60", "-1")),))}, "its tiers do not rise with the bound"),
        ({"base": Tiers((scale("n", ("0", "1"), ("2", "3")),), falling=True)}, "its tiers do not fall with the bound"),
        ({"base": Tiers((scale("n", ("70", "3"), ("70", "2")),))}, "two tiers share a bound"),
        ({"base": Tiers((scale("n", ("1", "3")), scale("m", ("1", "3"))))}, "the rule looks at one number"),
        ({"base": Rate((measure("a", "0"), measure("b", "0")))}, "the rule looks at one number, not at several"),
        ({"base": Rate(())}, "the rule has nothing to count"),
        ({"base": NOfM(ONE, 2)}, "2 of 1 conditions can't be needed"),
        ({"base": NOfM(ONE, 0)}, "0 of 1 conditions can't be needed"),
        ({"base": Levels((measure("a", "4"), measure("b", "1")))}, "a level is worth more than the item"),
        ({"base": Levels((measure("a", "2"), measure("b", "1")))}, "no level is worth the whole item"),
        ({"base": SeveralScorers((*ONE, *ZERO))}, "the weight of each scorer is positive"),
        ({"base": DeductPerUnit(ONE, D(1))}, "the floor of a deduction is not above 0"),
        ({"base": DeductPerUnit(ZERO)}, "zero is worth nothing"),
        ({"base": SumOfParts((measure("three", "3"), *ZERO))}, "zero is worth nothing"),
        ({"base": SumOfParts(ONE)}, "the parts do not add up to the item"),
        ({"bonus": AddPerUnit(ZERO)}, "zero is worth nothing"),
        ({"bonus": AddPerUnit(ONE, D(0))}, "a cap is positive"),
        ({"bonus": TakePerUnit(ZERO)}, "zero is worth nothing"),
        ({"bonus": TakePerUnit(ONE, D(0))}, "the floor of a penalty is below 0"),
        ({"gate": Gate.VETO}, "a gate has no points and no rule"),
        ({"points": None, "base": None, "bonus": TakePerUnit(ONE), "gate": Gate.VETO}, "a gate has no points"),
        ({"points": None, "base": None}, "it can earn nothing"),
        ({"cap": "together"}, "it counts towards the common limit together but has neither bonus nor penalty"),
        ({"points": None}, "base points and a base rule come together"),
        ({"step": D(0)}, "the step is positive"),
        ({"base": DeductPerUnit(ONE), "bonus": AddPerUnit(ONE)}, "two measures share a key"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(RubricError, match=f"^item row: {fault}"):
        Item(**{"key": "row", "points": D(3), **values})


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "common limit x: it limits nothing"),
        ({"most": D(-1)}, "common limit x: at most is not below 0"),
        ({"least": D(1)}, "common limit x: at most is not below 0, at least not above it"),
    ],
)
def test_a_common_limit_that_makes_no_sense_is_named(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(RubricError, match=fault):
        Cap("x", **values)


@pytest.mark.parametrize(
    ("items", "options", "fault"),
    [
        ((PLAIN,), {"caps": (REWARD,)}, "common limit reward: no item counts towards it"),
        ((LATE,), {}, "item late: there is no common limit reward"),
        ((LATE,), {"caps": (REWARD, REWARD)}, "two common limits share a name"),
        ((PLAIN,), {"floor": D("0.5")}, "the lowest total is not above 0"),
    ],
)
def test_a_rubric_that_makes_no_sense_is_named(items: tuple[Item, ...], options: dict[str, Any], fault: str) -> None:
    with pytest.raises(RubricError, match=fault):
        rubric_of(*items, **options)


def test_what_may_be_entered() -> None:
    yes_or_no, points, count = Range(D(1), D(1)), Range(D(5), D("0.5")), Range(None, D(1))
    asked = ((FOUR, "who"), (MARKED, "a"), (LICENCE, "gate"), (PANEL, "lead"), (BLAMED, "blame"), (LETTERS, "letter"))
    expected = [yes_or_no, yes_or_no, yes_or_no, points, count, count]
    assert [item.accepts(key) for item, key in asked] == expected
    assert (HALVES.accepts("rate"), BUILT.accepts("rate")) == (Range(D(8), D("0.5")), Range(None, D("0.1")))


SCORED, PARTIAL = Status.SCORED, Status.PARTIAL


@pytest.mark.parametrize(
    ("item", "counts", "base", "status"),
    [
        (BUILT, {"rate": "100"}, "3", SCORED),
        (BUILT, {"rate": "70"}, "3", SCORED),
        (BUILT, {"rate": "69.9"}, "2", SCORED),
        (BUILT, {"rate": "50"}, "1", SCORED),
        (BUILT, {"rate": "49.9"}, "0", SCORED),
        (LETTERS, {"letter": "0"}, "6", SCORED),
        (LETTERS, {"letter": "1"}, "3", SCORED),
        (LETTERS, {"letter": "2"}, "3", SCORED),
        (LETTERS, {"letter": "3"}, "0", SCORED),
        (TRAINED, {"share": "0"}, "0", SCORED),
        (TRAINED, {"share": "40"}, "5", SCORED),
        (TRAINED, {"share": "41.9"}, "5", SCORED),  # 5.2375
        (TRAINED, {"share": "42"}, "5.5", SCORED),  # 5.25: the middle goes up
        (TRAINED, {"share": "79.9"}, "10", SCORED),
        (TRAINED, {"share": "95"}, "10", SCORED),
        (FOUR, {"who": "1", "rule": "1", "room": "1", "money": "0"}, "8", SCORED),
        (FOUR, {"who": "1", "rule": "1", "room": "1", "money": "1"}, "8", SCORED),
        (FOUR, {"who": "1", "rule": "0", "room": "1", "money": "0"}, "0", SCORED),
        (FOUR, {"who": "1", "rule": "1", "room": "1"}, None, PARTIAL),
        (MARKED, {"b": "1"}, "8", SCORED),
        (MARKED, {"a": "0", "d": "1"}, "0", SCORED),
        (PANEL, {"lead": "5", "staff": "3", "law": "4"}, "4.1428", SCORED),  # 29 / 7 = 4.142857…
        (PANEL, {"lead": "5", "staff": "5", "law": "5"}, "5", SCORED),
        (PANEL, {"lead": "5", "staff": "5"}, None, PARTIAL),
    ],
)
def test_what_counts_are_worth(item: Item, counts: dict[str, str], base: str | None, status: Status) -> None:
    score = score_item(item, entry(**counts))
    assert (score.base, score.status, score.missing) == (base and D(base), status, status is PARTIAL)


def test_a_share_never_rounds_above_the_row() -> None:
    item = Item("row", D("2.3"), Rate((measure("n", "0", per="100"),)))
    assert [score_item(item, entry(n=count)).base for count in ("90", "99", "100")] == [2, D("2.3"), D("2.3")]


@pytest.mark.parametrize(
    ("absent", "base", "penalty", "points"),
    [(3, "2.5", "0", "2.5"), (8, "0", "0", "0"), (10, "0", "-1", "-1"), (99, "0", "-2", "-2")],
)
def test_a_deduction_goes_below_zero_down_to_its_floor(absent: int, base: str, penalty: str, points: str) -> None:
    score = score_item(BELOW, entry(absent=str(absent)))
    assert (score.base, score.penalty, score.points) == (D(base), D(penalty), D(points))
    assert score.deducted == 4 - D(points)


@pytest.mark.parametrize(("blame", "claimed", "taken"), [(1, 0, 0), (2, -2, -2), (3, -4, -4), (9, -16, -5)])
def test_a_penalty_beside_points_goes_down_to_its_floor(blame: int, claimed: int, taken: int) -> None:
    score = score_item(BLAMED, Entry(D(2), {"blame": D(blame)}))
    assert (score.base, score.penalty_claimed, score.penalty, score.points) == (2, claimed, taken, 2 + taken)
    assert (score.bonus_claimed, score.bonus_allowed) == (0, 0)


def test_a_penalty_that_nobody_counted_is_not_missing() -> None:
    score = score_item(LATE, Entry())
    assert (score.missing, score.points) == (False, None)
    assert score_item(LATE, entry(delay="0")).points == 0


@pytest.mark.parametrize(
    ("gate", "answer", "tripped"),
    [
        (Gate.REQUIRED, "1", False),
        (Gate.REQUIRED, "0", True),
        (Gate.VETO, "1", True),
        (Gate.VETO, "0", False),
        (Gate.VETO_TOP, "1", True),
        (Gate.VETO_TOP, "0", False),
    ],
)
def test_a_gate_trips_and_has_no_points(gate: Gate, answer: str, tripped: bool) -> None:
    item = Item("gate", None, None, gate=gate)
    score = score_item(item, entry(gate=answer))
    assert (score.tripped, score.status, score.points, score.applicable) == (tripped, SCORED, None, 0)
    assert score_item(item, Entry()).missing


def test_a_gate_for_others_is_neither_asked_nor_tripped() -> None:
    score = score_item(LAST, Entry(), "industrial")
    assert (score.missing, score.tripped) == (False, False)


@pytest.mark.parametrize(
    ("item", "given", "reason", "measure"),
    [
        (MARKED, entry(a="0"), Misplaced.NOT_ONE, ""),
        (MARKED, entry(a="1", b="1"), Misplaced.NOT_ONE, ""),
        (MARKED, entry(a="2"), Reason.TOO_LARGE, "a"),
        (FOUR, entry(who="2"), Reason.TOO_LARGE, "who"),
        (FOUR, entry(who="0.5"), Reason.NOT_WHOLE, "who"),
        (PANEL, entry(lead="5.5"), Reason.TOO_LARGE, "lead"),
        (PANEL, entry(lead="0.3"), Reason.OFF_STEP, "lead"),
        (BUILT, entry(rate="65.05"), Reason.OFF_STEP, "rate"),
        (LICENCE, entry(gate="2"), Reason.TOO_LARGE, "gate"),
        (LICENCE, Entry(D(1)), Misplaced.COMPUTED, ""),
        (LICENCE, Entry(not_applicable=True), Misplaced.ALWAYS_APPLIES, ""),
        (TRAINED, Entry(D(1)), Misplaced.COMPUTED, ""),
    ],
)
def test_refuses_answers_that_no_sheet_may_hold(
    item: Item, given: Entry, reason: Reason | Misplaced, measure: str
) -> None:
    with pytest.raises(EntryError) as caught:
        score_item(item, given)
    assert (caught.value.item, caught.value.reason, caught.value.measure) == (item.key, reason, measure)


@quick
@given(st.sampled_from(BEYOND).flatmap(lambda item: st.tuples(st.just(item), entries_of(item))))
def test_every_rule_stays_within_its_row_and_never_falls_with_a_better_answer(asked: tuple[Item, Entry]) -> None:
    item, given = asked
    score, better = score_item(item, given), score_item(item, raised(item, given))
    assert 0 <= (score.base or 0) <= (item.points or 0)
    assert score.penalty <= 0 <= score.bonus_allowed
    assert (better.points or 0) >= (score.points or 0)
    assert (better.base is None) <= (score.base is None)


@quick
@given(st.sampled_from(BEYOND).flatmap(lambda item: st.tuples(st.just(item), entries_of(item))), st.randoms())
def test_the_order_of_answers_does_not_matter(asked: tuple[Item, Entry], random: Random) -> None:
    item, given = asked
    shuffled = list(given.counts.items())
    random.shuffle(shuffled)
    again = Entry(given.points, dict(shuffled), given.not_applicable)
    assert score_item(item, again) == score_item(item, given)


@quick
@given(multiples(D("0.5"), D(20)), multiples(D("0.1"), D(99)), st.sampled_from([D("0.1"), D("0.5"), D(1)]))
def test_a_share_is_the_nearest_step_half_up(points: Decimal, count: Decimal, step: Decimal) -> None:
    item = Item("row", points + 1, Rate((measure("n", "0", per="99", step="0.1"),)), step=step)
    found = score_item(item, entry(n=str(count))).base
    exact = Fraction(item.points) * Fraction(count) / 99
    assert found == item.points or (found is not None and -step / 2 <= Fraction(found) - exact <= step / 2)
    assert count or found == 0


@quick
@given(st.lists(st.tuples(st.integers(1, 9), multiples(D("0.5"), D(5))), min_size=1, max_size=4))
def test_a_mean_lies_between_what_was_given_and_is_only_cut(given: list[tuple[int, Decimal]]) -> None:
    scorers = tuple(Measure(str(place), "", D(weight)) for place, (weight, _points) in enumerate(given))
    counts = {str(place): points for place, (_weight, points) in enumerate(given)}
    found = score_item(Item("row", D(5), SeveralScorers(scorers)), Entry(counts=counts)).base
    exact = sum(Fraction(weight) * Fraction(points) for weight, points in given) / sum(weight for weight, _p in given)
    assert found is not None
    assert min(counts.values()) <= found <= max(counts.values())
    assert 0 <= exact - Fraction(found) < Fraction(1, 10_000)


def test_bonus_and_penalty_rows_are_worth_what_they_give_and_take() -> None:
    assert score_item(PAPERS, entry(paper="3")).points == 3
    assert score_item(LATE, entry(delay="3")).points == D("-1.5")
