"""Totals with penalties, common limits, a floor, gates, and declared totals other than 100."""

import pytest

from rubrics.scoring.grades import Band, Scale, grade
from rubrics.scoring.items import Entry
from rubrics.scoring.rubric import Gate, Item, TotalPolicy
from rubrics.scoring.totals import Limited, compute_total
from tests.rubrics.scoring.samples import BELOW, BLAMED, GATES, LATE, LICENCE, PAPERS, PLAIN, REWARD, D, rubric_of

CLAIMED = Entry(not_applicable=True)
TENS = (Item("a", D(10)), Item("b", D(10)), Item("c", D(20)))


@pytest.mark.parametrize("declared", [1000, 120])
def test_a_declared_total_may_be_any_number(declared: int) -> None:
    rows = tuple(Item(str(n), D(declared) / 4) for n in range(4))
    rubric = rubric_of(*rows, declared=D(declared))
    total = compute_total(rubric, {row.key: Entry(row.points) for row in rows})
    assert (rubric.points, total.points, total.maximum) == (declared, declared, declared)
    scale = Scale((Band(2, "模范", D(declared) * 9 / 10), Band(1, "达标", D(0))))
    one_short = compute_total(rubric, {row.key: Entry(row.points) for row in rows[:3]})
    assert [band.rank for one in (total, one_short) if (band := grade(one.points, scale))] == [2, 1]


def test_a_total_other_than_printed_is_scaled_to_whatever_is_declared() -> None:
    rubric = rubric_of(*TENS, declared=D(1000), total_policy=TotalPolicy.SCALED)
    entries = {"a": Entry(D(10)), "b": Entry(D(5)), "c": Entry(D("18.5"))}
    assert compute_total(rubric, entries).points == D("837.5")


def test_a_common_limit_trims_the_sum_of_its_items_and_nothing_else() -> None:
    rubric = rubric_of(PLAIN, PAPERS, LATE, BLAMED, caps=(REWARD,))
    entries = {"plain": Entry(D(2)), "papers": Entry(counts={"paper": D(5)}), "blamed": Entry(D(2), {"blame": D(2)})}
    total = compute_total(rubric, entries)
    assert total.caps == (Limited(REWARD, claimed=D(5), allowed=D(3)),)
    assert (total.bonus_allowed, total.penalty, total.extra, total.beyond, total.points) == (5, -2, 3, 1, 5)
    both = compute_total(rubric, entries | {"late": Entry(counts={"delay": D(6)})})
    assert (both.caps[0].claimed, both.caps[0].allowed, both.beyond) == (2, 2, 0)
    late = compute_total(rubric, {"plain": Entry(D(2)), "late": Entry(counts={"delay": D(6)})})
    assert (late.caps[0].claimed, late.caps[0].allowed, late.points) == (-3, -2, 0)


@pytest.mark.parametrize(("floor", "expected"), [("0", "0"), ("-0.5", "-0.5"), ("-20", "-1.5")])
def test_penalties_take_the_total_no_further_than_its_floor(floor: str, expected: str) -> None:
    total = compute_total(rubric_of(BELOW, floor=D(floor)), {"below": Entry(counts={"absent": D(11)})})
    assert (total.base, total.penalty, total.before_floor, total.points) == (0, D("-1.5"), D("-1.5"), D(expected))


def test_below_zero_is_neither_rescaled_nor_scaled() -> None:
    rubric = rubric_of(*TENS, BELOW, declared=D(88), total_policy=TotalPolicy.SCALED)
    entries = {"a": Entry(D(10)), "b": CLAIMED, "below": Entry(counts={"absent": D(10)})}
    assert compute_total(rubric, entries).points == D("24.8823")  # 10 * 44 / 34 * 88 / 44 - 1 = 24.88235…


def test_gates_are_required_and_named_where_they_trip() -> None:
    rubric = rubric_of(PLAIN, *GATES)
    blank = compute_total(rubric, {"plain": Entry(D(2))}, "county")
    assert (blank.missing, blank.gates, blank.required) == (("licence", "accident", "last"), frozenset(), 4)
    bad = {"licence": D(0), "accident": D(1), "last": D(1)}
    answered = {key: Entry(counts={"gate": answer}) for key, answer in bad.items()}
    total = compute_total(rubric, {"plain": Entry(D(2)), **answered}, "county")
    assert ([score.item for score in total.tripped], total.points, total.complete) == (list(GATES), 2, True)
    assert total.gates == {Gate.REQUIRED, Gate.VETO, Gate.VETO_TOP}
    good = {key: Entry(counts={"gate": 1 - answer}) for key, answer in bad.items()}
    assert compute_total(rubric, good, "county").tripped == ()


def test_a_gate_alone_is_no_mark() -> None:
    total = compute_total(rubric_of(PLAIN, LICENCE), {"licence": Entry(counts={"gate": D(1)})})
    assert (total.blank, total.scored, total.required) == (True, 1, 2)
