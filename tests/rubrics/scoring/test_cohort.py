"""Awards within a quota, against an oracle that counts who is ahead instead of ranking, in fractions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scoring.cohort import Candidate, Cohort, Contest, Decision, Outcome, Ruling, grade_cohort, places_of
from rubrics.scoring.grades import Band, Scale, grade
from rubrics.scoring.quota import Quota, seats
from rubrics.scoring.rubric import Gate
from tests.rubrics.scoring.samples import D, quick

STARS = Scale(
    tuple(
        Band(rank, f"{name}星级", D(lower))
        for rank, name, lower in zip((5, 4, 3, 2, 1), "五四三二一", (90, 80, 70, 60, 0), strict=True)
    ),
    lowest_qualified=2,
)
PASS_OR_FAIL = Scale((Band(2, "合格", D(60)), Band(1, "不合格", D(0))), lowest_qualified=2)
ONE_BAND = Scale((Band(1, "参评", D(0)),))
SEAT, GIVE, VETO = Ruling(Decision.SEAT, 5), lambda rank: Ruling(Decision.OVERRIDE, rank), Ruling(Decision.VETO)


def one(
    key: str,
    points: str | Decimal,
    ruling: Ruling | None = None,
    gates: frozenset[Gate] = frozenset(),
    scale: Scale | None = STARS,
    **more: str,
) -> Candidate:
    band = grade(D(points), scale, gates) if scale else None
    return Candidate(key, D(points), band.rank if band else None, scale, gates, ruling=ruling, **more)


def awarded(cohort: Cohort) -> dict[str, int | None]:
    return {key: outcome.awarded for key, outcome in cohort.outcomes.items()}


# --- The seats --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cohort", "expected"), [(4, 0), (5, 1), (9, 1), (10, 2)])
def test_of_so_many_who_all_reach_five_stars_so_many_get_them(cohort: int, expected: int) -> None:
    candidates = [one(str(n), D(90) + n) for n in range(cohort)]
    found = grade_cohort(candidates, {"": seats(Quota(D("0.2")), cohort)})
    best = {str(n) for n in range(cohort - expected, cohort)}
    assert {key for key, rank in awarded(found).items() if rank == 5} == best
    assert {key for key, outcome in found.outcomes.items() if outcome.limited} == set(map(str, range(cohort))) - best
    assert all(outcome.qualified for outcome in found.outcomes.values())


def test_a_tie_at_the_last_seat_waits_for_a_person_with_the_next_lower_band() -> None:
    found = grade_cohort([one("a", "95"), one("b", "92"), one("c", "92"), one("d", "91"), one("e", "85")], {"": 2})
    assert found.outcomes == {
        "a": Outcome(1, 5, qualified=True),
        "b": Outcome(2, 4, qualified=True, tied=True),
        "c": Outcome(2, 4, qualified=True, tied=True),
        "d": Outcome(4, 4, qualified=True, limited=True),
        "e": Outcome(5, 4, qualified=True),
    }
    places = {"a": 1, "b": 2, "c": 2, "d": 4}
    assert found.contests == {"": Contest(2, frozenset("a"), ("b", "c"), 1, frozenset("d"), places)}


def test_a_ruling_gives_the_last_seat_and_the_others_are_limited() -> None:
    found = grade_cohort([one("a", "95"), one("b", "92", SEAT), one("c", "92")], {"": 2})
    assert awarded(found) == {"a": 5, "b": 5, "c": 4}
    assert found.outcomes["c"] == Outcome(2, 4, qualified=True, limited=True)
    assert (found.contests[""].open_seats, found.contests[""].beyond) == (0, 0)


def test_rulings_for_more_seats_than_there_are_give_none() -> None:
    found = grade_cohort([one("a", "92", SEAT), one("b", "92", SEAT), one("c", "92")], {"": 1})
    assert awarded(found) == {"a": 4, "b": 4, "c": 4}
    assert [found.outcomes[key].tied for key in "abc"] == [True, True, True]
    assert [found.outcomes[key].void for key in "abc"] == [True, True, False]


def test_a_seat_ruled_for_who_is_not_tied_any_more_is_void_or_harmless() -> None:
    found = grade_cohort([one("a", "95", SEAT), one("b", "91", SEAT), one("c", "85", SEAT)], {"": 1})
    assert awarded(found) == {"a": 5, "b": 4, "c": 4}
    assert [found.outcomes[key].void for key in "abc"] == [False, True, True]


def test_an_override_beyond_the_quota_stands_and_is_counted() -> None:
    found = grade_cohort([one("a", "95"), one("b", "92", GIVE(5)), one("c", "91")], {"": 1})
    assert awarded(found) == {"a": 5, "b": 5, "c": 4}
    assert found.contests[""].beyond == 1


def test_among_equals_a_seat_once_given_is_not_lost_to_an_override() -> None:
    found = grade_cohort([one("a", "92", SEAT), one("b", "92", GIVE(5)), one("c", "92")], {"": 1})
    assert awarded(found) == {"a": 5, "b": 5, "c": 4}
    assert (found.contests[""].beyond, found.outcomes["a"].void) == (1, False)
    shared = grade_cohort([one("a", "92"), one("b", "92", GIVE(5)), one("c", "92")], {"": 2})
    assert (shared.contests[""].open_seats, shared.contests[""].tied) == (1, ("a", "c"))


def test_who_is_given_less_or_nothing_leaves_the_seat_to_the_next() -> None:
    lowered = grade_cohort([one("a", "95", GIVE(3)), one("b", "92")], {"": 1})
    assert awarded(lowered) == {"a": 3, "b": 5}
    vetoed = grade_cohort([one("a", "95", VETO), one("b", "92")], {"": 1})
    assert vetoed.outcomes == {"a": Outcome(1, None, qualified=False), "b": Outcome(2, 5, qualified=True)}


@pytest.mark.parametrize("rank", [5, 6, 0])
def test_a_band_above_the_points_or_unknown_is_not_given(rank: int) -> None:
    assert grade_cohort([one("a", "85", GIVE(rank))], {"": 1}).outcomes == {
        "a": Outcome(1, 4, qualified=True, void=True)
    }


def test_an_override_takes_the_qualification_and_the_quota_never_does() -> None:
    found = grade_cohort([one("a", "75", GIVE(1))], None)
    assert found.outcomes == {"a": Outcome(1, 1, qualified=False)}
    limited = grade_cohort([one("a", "75", scale=PASS_OR_FAIL)], {"": 0})
    assert limited.outcomes == {"a": Outcome(1, 1, qualified=True, limited=True)}


def test_gates_bar_bands_and_who_is_barred_takes_no_seat() -> None:
    candidates = [
        one("top", "99", gates=frozenset({Gate.VETO_TOP})),
        one("veto", "98", gates=frozenset({Gate.VETO})),
        one("required", "97", gates=frozenset({Gate.REQUIRED})),
        one("clean", "91"),
    ]
    assert grade_cohort(candidates, {"": 2}).outcomes == {
        "top": Outcome(1, 4, qualified=True),
        "veto": Outcome(2, None, qualified=False),
        "required": Outcome(3, 5, qualified=False),
        "clean": Outcome(4, 5, qualified=True),
    }


def test_without_bands_there_are_places_and_no_awards() -> None:
    blocked = frozenset({Gate.REQUIRED})
    found = grade_cohort([one("a", "75", scale=None), one("b", "80", scale=None, gates=blocked)], {"": 1})
    assert found.outcomes == {"a": Outcome(2, None, None), "b": Outcome(1, None, qualified=False)}


def test_where_the_best_band_is_the_only_one_the_quota_leaves_none() -> None:
    found = grade_cohort([one("a", "75", scale=ONE_BAND), one("b", "80", scale=ONE_BAND)], {"": 1})
    assert found.outcomes == {
        "a": Outcome(2, None, qualified=True, limited=True),
        "b": Outcome(1, 1, qualified=True),
    }


def test_each_pool_has_its_seats_and_each_group_its_places() -> None:
    candidates = [
        one("a", "95", group="企业", pool="企业"),
        one("b", "94", group="企业", pool="企业"),
        one("c", "91", group="机关", pool="机关"),
    ]
    found = grade_cohort(candidates, {"企业": 1, "机关": 1, "乡镇": 3})
    assert awarded(found) == {"a": 5, "b": 4, "c": 5}
    assert [found.outcomes[key].place for key in "abc"] == [1, 2, 1]
    assert found.contests["乡镇"] == Contest(3, frozenset(), (), 0, frozenset(), {})
    together = grade_cohort([replace(c, pool="") for c in candidates], {"": 2})
    assert awarded(together) == {"a": 5, "b": 5, "c": 4}
    assert [together.outcomes[key].place for key in "abc"] == [1, 2, 1]


def test_places_of_equals_are_alike() -> None:
    assert places_of([one("a", "80"), one("b", "90.0"), one("c", "90.00")]) == {"b": 1, "c": 1, "a": 3}


def test_a_cohort_of_ten_thousand() -> None:
    candidates = [one(str(n), D(n % 1000) / 10) for n in range(10_000)]
    found = grade_cohort(candidates, {"": 200})
    contest = found.contests[""]
    assert (len(contest.holders), len(contest.tied), len(contest.limited)) == (200, 0, 800)


# --- Against the oracle -----------------------------------------------------------------------------------------------

RULINGS = st.sampled_from([None, None, None, SEAT, *(GIVE(rank) for rank in range(1, 6)), VETO])
CANDIDATES = st.lists(
    st.tuples(st.integers(176, 192), RULINGS, st.sampled_from("xy"), st.sampled_from(Gate)), max_size=9
).map(
    lambda rows: [
        one(f"{n}", D(halves) / 2, ruling, frozenset({gate} if gate else ()), group=group)
        for n, (halves, ruling, group, gate) in enumerate(rows)
    ]
)
SEATS = st.integers(0, 6)


def oracle(candidates: list[Candidate], seats: int) -> dict[str, tuple[int | None, bool]]:
    """Award and tie of each, from how many stand ahead of it: exact, quadratic, and nothing like the kernel."""
    points = {c.key: Fraction(c.points) for c in candidates}
    given = {
        c.key: c.ruling.rank
        for c in candidates
        if c.ruling and c.ruling.decision == "override" and c.rank is not None and (c.ruling.rank or 0) <= c.rank
    }
    vetoed = {c.key for c in candidates if c.ruling == VETO}
    rivals = {c.key for c in candidates if c.rank == 5 and c.key not in vetoed and given.get(c.key, 5) == 5}
    ahead = {key: sum(points[other] > points[key] for other in rivals) for key in rivals}
    level = {key: sum(points[other] == points[key] for other in rivals) for key in rivals}
    clear = {key for key in rivals if ahead[key] + level[key] <= seats}
    at_last = {key for key in rivals - clear if ahead[key] < seats}
    asked = {c.key for c in candidates if c.ruling == SEAT} & at_last
    shared = asked if len(asked) <= seats - len(clear) else set()
    open_seats = seats - len(clear) - len(shared) - len(at_last & given.keys())
    found: dict[str, tuple[int | None, bool]] = {}
    for c in candidates:
        if c.key in vetoed or c.rank is None:
            found[c.key] = (None, False)
        elif c.key in given:
            found[c.key] = (given[c.key], False)
        elif c.key in clear | shared:
            found[c.key] = (5, False)
        elif c.key in rivals:
            found[c.key] = (4, c.key in at_last and open_seats > 0)
        else:
            found[c.key] = (c.rank, False)
    return found


@quick
@given(CANDIDATES, SEATS)
def test_awards_and_ties_are_what_the_oracle_says(candidates: list[Candidate], seats: int) -> None:
    found = grade_cohort(candidates, {"": seats})
    assert {key: (o.awarded, o.tied) for key, o in found.outcomes.items()} == oracle(candidates, seats)


@quick
@given(CANDIDATES, SEATS)
def test_invariant_7_nothing_above_the_band_and_the_quota_holds_but_for_overrides(candidates, seats) -> None:
    found = grade_cohort(candidates, {"": seats})
    by_key = {c.key: c for c in candidates}
    assert all(o.awarded is None or o.awarded <= (by_key[key].rank or 0) for key, o in found.outcomes.items())
    best = {key for key, o in found.outcomes.items() if o.awarded == 5}
    overridden = {key for key in best if by_key[key].overridden == 5}
    assert len(best - overridden) <= seats
    assert len(best) <= seats or found.contests[""].beyond == len(best) - seats <= len(overridden)


@quick
@given(CANDIDATES.filter(bool), SEATS, st.data())
def test_invariant_6_more_points_never_lower_place_or_award(candidates, seats, data) -> None:
    chosen = data.draw(st.sampled_from(candidates))
    points = chosen.points + data.draw(st.integers(1, 12)) * D("0.5")
    band = grade(points, STARS, chosen.gates)
    raised = replace(chosen, points=points, rank=band.rank if band else None)
    after = grade_cohort([raised if c is chosen else c for c in candidates], {"": seats}).outcomes[chosen.key]
    before = grade_cohort(candidates, {"": seats}).outcomes[chosen.key]
    assert after.place <= before.place
    assert (after.awarded or 0) >= (before.awarded or 0)
    assert not (before.qualified and not after.qualified)


@quick
@given(CANDIDATES, SEATS, st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_come_does_not_matter(candidates, seats, random) -> None:
    shuffled = random.sample(candidates, len(candidates))
    before, after = grade_cohort(candidates, {"": seats}), grade_cohort(shuffled, {"": seats})
    assert (before.outcomes, before.contests) == (after.outcomes, after.contests)


@quick
@given(CANDIDATES)
def test_places_count_who_is_ahead_in_the_group(candidates: list[Candidate]) -> None:
    found = grade_cohort(candidates, None).outcomes
    assert {key: o.place for key, o in found.items()} == {
        c.key: 1 + sum(o.points > c.points for o in candidates if o.group == c.group) for c in candidates
    }
