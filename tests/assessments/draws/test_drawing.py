"""The draw as a function: recomputed here once more from its description, and what must hold whatever is drawn from."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import ROUND_CEILING, Decimal
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.draws.drawing import Member, Pot, canonical, digest_of, rank_of, replay, seats

SHARES = st.decimals("0.0001", 1, places=4)
SIZES = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚辛"), st.integers(0, 60), min_size=1)
MEMBERS = st.lists(
    st.builds(
        Member,
        st.sampled_from(["街道 / 和平区", "街道 / 沈河区", "县区", "A|B"]),
        st.integers(1, 10**6).map(str),
        st.sampled_from(["某工会", "另一工会", "Union"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda one: one.key,
)
SEEDS = st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1, max_size=20)


def pot_of(members, seed):
    return Pot.of(members, digest_of(canonical(members)), seed)


def by_hand(members, seed, share):
    """Who is drawn, as the docs describe it: sha256 over texts, a sorted table a stratum."""
    text = "\n".join(sorted(f"{m.stratum}\t{m.key}\t{m.name}" for m in members))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    table = sorted(
        (hashlib.sha256(f"{digest}|{seed}|{m.stratum}|{m.key}".encode()).hexdigest(), m.stratum, m.key)
        for m in members
        if not m.excluded
    )
    given_ = seats_by_hand(Counter(stratum for _rank, stratum, _key in table), share)
    return {key for name in given_ for key in [k for _r, s, k in table if s == name][: given_[name]]}


def seats_by_hand(sizes, share):
    """Largest remainder with whole numbers of ten-thousandths, one seat after the other."""
    parts = int(share * 10000)
    exact = {name: parts * size for name, size in sizes.items() if size}
    found = {name: max(1, quota // 10000) for name, quota in exact.items()}
    wanted = -(-parts * sum(sizes.values()) // 10000)
    while sum(found.values()) < wanted:
        best = max(exact, key=lambda name: (exact[name] - found[name] * 10000, sizes[name], [-ord(c) for c in name]))
        found[best] += 1
    return {name: found.get(name, 0) for name in sizes}


@given(MEMBERS, SEEDS, SHARES)
def test_draw_is_the_one_that_anyone_recomputes(members, seed, share):
    assert {one.key for one in pot_of(members, seed).first(share)} == by_hand(members, seed, share)


@given(SIZES, SHARES)
def test_seats_are_the_share_by_largest_remainder(sizes, share):
    found = seats(sizes, share)
    assert found == seats_by_hand(sizes, share)
    for name, size in sizes.items():
        assert min(size, 1) <= found[name] <= size
        assert abs(found[name] - share * size) < 1 or found[name] == 1
    wanted = (share * sum(sizes.values())).to_integral_value(ROUND_CEILING)
    raised = sum(1 for size in sizes.values() if 0 < share * size < 1)
    assert wanted <= sum(found.values()) <= wanted + raised


@pytest.mark.parametrize(
    ("sizes", "share", "expected"),
    [
        ({"甲": 10, "乙": 10}, "0.1", {"甲": 1, "乙": 1}),
        ({"甲": 3, "乙": 40}, "0.1", {"甲": 1, "乙": 4}),  # 0.3 is raised to one, and 5 of 43 are enough
        ({"甲": 15, "乙": 15, "丙": 5}, "0.1", {"甲": 1, "乙": 2, "丙": 1}),  # equal remainders: 乙 U+4E59, 甲 U+7532
        ({"甲": 25, "乙": 15}, "0.1", {"甲": 3, "乙": 1}),  # of equal remainders the larger stratum comes first
        ({"甲": 5, "乙": 0}, "1", {"甲": 5, "乙": 0}),
    ],
)
def test_seats_of_these(sizes, share, expected):
    assert seats(sizes, Decimal(share)) == expected


@given(MEMBERS, SEEDS, SHARES, st.randoms())
def test_order_of_the_members_makes_no_difference(members, seed, share, chance):
    shuffled = list(members)
    chance.shuffle(shuffled)
    assert canonical(shuffled) == canonical(members)
    assert pot_of(shuffled, seed).first(share) == pot_of(members, seed).first(share)


@given(MEMBERS, SEEDS, SHARES, st.data())
def test_leaving_somebody_out_moves_the_next_in_and_changes_no_rank(members, seed, share, data):
    gone = data.draw(st.sampled_from(members))
    without = [Member(m.stratum, m.key, m.name, excluded=m.excluded or m == gone) for m in members]
    before, after = pot_of(members, seed), pot_of(without, seed)
    assert after.ranks == before.ranks
    assert gone.key not in {one.key for one in after.first(Decimal(1))}
    assert not any(one.excluded for one in after.first(share))
    for name in before.queues:
        assert [one.key for one in after.queues.get(name, ())] == [
            one.key for one in before.queues[name] if one.key != gone.key
        ]


@given(MEMBERS, SEEDS, SHARES, SHARES)
def test_more_seats_of_a_stratum_keep_who_was_drawn(members, seed, one, other):
    pot = pot_of(members, seed)
    small, large = ({m.key for m in pot.first(share)} for share in sorted((one, other)))
    given_ = [seats({name: len(q) for name, q in pot.queues.items()}, share) for share in sorted((one, other))]
    assert sum(given_[0].values()) <= sum(given_[1].values())
    for name, queue in pot.queues.items():
        if given_[0][name] <= given_[1][name]:
            assert small & {m.key for m in queue} <= large


@given(MEMBERS, SEEDS, SHARES, st.data())
def test_redraw_only_replaces(members, seed, share, data):
    pot = pot_of(members, seed)
    first = pot.first(share)
    drops, now = [], {one.key for one in first}
    for _round in range(2):
        drops.append(data.draw(st.sets(st.sampled_from(sorted(now))) if now else st.just(set())))
        now = now - drops[-1] | set(replay(pot, share, drops)[-1])
    rounds = replay(pot, share, drops)
    assert rounds[0] == [one.key for one in first]
    every = [key for keys in rounds for key in keys]
    assert len(every) == len(set(every))
    stratum = {one.key: one.stratum for one in members}
    assert not {one.key for one in members if one.excluded} & set(every)
    for name, queue in pot.queues.items():
        drawn = [key for key in every if stratum[key] == name]
        assert drawn == [one.key for one in queue[: len(drawn)]]
        for dropped, came in zip(drops, rounds[1:], strict=True):
            gone = sum(stratum[key] == name for key in dropped)
            new = sum(stratum[key] == name for key in came)
            assert new == gone or (new < gone and len(drawn) == len(queue))


def test_everybody_is_drawn_about_as_often():
    """Of 12 and 30 members 25 % each, by 3,000 seeds: how often each is drawn lies within five standard deviations."""
    members = [Member(name, f"{name}{n}", "某工会") for name, size in (("甲", 12), ("乙", 30)) for n in range(size)]
    times, draws = Counter(), 3000
    for seed in range(draws):
        times.update(one.key for one in pot_of(members, str(seed)).first(Decimal("0.25")))
    expected = {"甲": 3 / 12, "乙": 8 / 30}
    for one in members:
        p = expected[one.stratum]
        assert abs(times[one.key] - draws * p) < 5 * (draws * p * (1 - p)) ** 0.5


def test_digest_is_what_sha256sum_says(tmp_path):
    members = [Member("街道", "12", "和平街道总工会"), Member("县", "3", "某县总工会", excluded=True)]
    text = canonical(members)
    assert text == "县\t3\t某县总工会\n街道\t12\t和平街道总工会"
    file = tmp_path / "population.txt"
    file.write_bytes(text.encode())
    said = run(["sha256sum", file], check=True, capture_output=True, text=True).stdout.split()[0]
    assert digest_of(text) == said
    rank = run(["sha256sum"], input=f"{said}|双色球 03 11|街道|12".encode(), check=True, capture_output=True).stdout
    assert rank_of(said, "双色球 03 11", members[0]) == rank.decode().split()[0]


@pytest.mark.parametrize(
    "members",
    [
        [Member("街道", "1", "a\tb")],
        [Member("街\n道", "1", "a")],
        [Member("街道", "1", " a")],
        [Member("街道", "1", "a"), Member("县", "1", "b")],
    ],
)
def test_ambiguous_population_is_refused(members):
    with pytest.raises(ValueError, match=r"field|key"):
        canonical(members)
