"""What a whole cohort is awarded: bands within a quota, what persons ruled, and places among equals.

The machine never chooses between equals: who ties at the last seat keeps waiting, with the next lower band, until a
person rules (domain.md I4). An award is never above the band of the points (trust.md invariant 7), and nobody loses
by having more points (invariant 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.scoring.grades import Scale, qualified
from rubrics.scoring.quota import Allotment, allot
from rubrics.scoring.rubric import Gate


class Decision(StrEnum):
    """What a person may rule on an award."""

    SEAT = "seat"  # gets one of the seats over which several tie
    OVERRIDE = "override"  # is given this band, the quota notwithstanding
    VETO = "veto"  # is given none


@dataclass(frozen=True, slots=True)
class Ruling:
    """`rank` is the band given; a veto has none."""

    decision: Decision
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation with a final result.

    rank   the band of its points, as far as no gate bars it; None: none
    group  among whom it has its place: its kind
    pool   with whom it shares seats: its kind, or the whole cohort
    """

    key: str
    points: Decimal
    rank: int | None
    scale: Scale | None
    gates: frozenset[Gate] = frozenset()
    group: str = ""
    pool: str = ""
    ruling: Ruling | None = None

    @property
    def overridden(self) -> int | None:
        """The band that a ruling gives it, if it may: one of its scale, not above the band of the points."""
        if self.ruling is None or self.ruling.decision is not Decision.OVERRIDE:
            return None
        given = self.ruling.rank
        known = self.scale is not None and given in {band.rank for band in self.scale.bands}
        return given if known and given is not None and self.rank is not None and given <= self.rank else None

    @property
    def vetoed(self) -> bool:
        return self.ruling is not None and self.ruling.decision is Decision.VETO

    @property
    def best(self) -> int | None:
        return self.scale.bands[0].rank if self.scale else None

    @property
    def contends(self) -> bool:
        """Whether it stands for a seat: it reached the best band of its scale, and no ruling gives it less."""
        return (
            self.rank is not None
            and self.rank == self.best
            and not self.vetoed
            and self.overridden in (None, self.rank)
        )

    @property
    def next_lower(self) -> int | None:
        """The band for whom the quota leaves no seat; None where the best is the only one."""
        return self.scale.bands[1].rank if self.scale and len(self.scale.bands) > 1 else None


@dataclass(frozen=True, slots=True)
class Contest:
    """How the seats of a pool were taken; all by key, the best first.

    seats     None: there is no quota
    holders   who is awarded the best band, those whom a ruling gave it beyond the quota included
    tied      who waits for a person to share out `open_seats` among them
    limited   who reached the best band and found no seat
    standing  the place of each contender in its pool, equals alike
    """

    seats: int | None
    holders: frozenset[str]
    tied: tuple[str, ...]
    open_seats: int
    limited: frozenset[str]
    standing: Mapping[str, int]

    @property
    def beyond(self) -> int:
        """How many hold the band beyond the seats, each by a ruling."""
        return 0 if self.seats is None else max(0, len(self.holders) - self.seats)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one organisation is awarded.

    place      rank in its group by points: 1, 1, 3
    awarded    rank of the band; None: none
    qualified  达标; the quota takes it from nobody, a ruling does; None where the scale says nothing
    limited    it reached the best band, and the quota left no seat
    tied       whether it gets the best band waits for a person; until then it has the next lower
    void       a ruling stands on it that does not fit its result (any more)
    """

    place: int
    awarded: int | None
    qualified: bool | None
    limited: bool = False
    tied: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True)
class Cohort:
    outcomes: Mapping[str, Outcome]
    contests: Mapping[str, Contest]


def grade_cohort(candidates: Sequence[Candidate], seats: Mapping[str, int] | None) -> Cohort:
    """Award all candidates at once. `seats` is by pool; None: no quota, the best band is open to all who reach it."""
    pools: dict[str, list[Candidate]] = defaultdict(list)
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        groups[one.group].append(one)
        if one.contends:
            pools[one.pool].append(one)
    contests = {
        pool: _contest(pools[pool], None if seats is None else seats[pool]) for pool in {*pools, *(seats or ())}
    }
    places = {key: place for group in groups.values() for key, place in places_of(group).items()}
    outcomes = {one.key: _outcome(one, places[one.key], contests.get(one.pool)) for one in candidates}
    return Cohort(outcomes, contests)


def places_of(candidates: Iterable[Candidate]) -> dict[str, int]:
    """Each one's place by points, equals alike: 1, 1, 3."""
    ranking = sorted(candidates, key=lambda one: one.points, reverse=True)
    first: dict[Decimal, int] = {}
    return {one.key: first.setdefault(one.points, place) for place, one in enumerate(ranking, start=1)}


def _contest(contenders: Sequence[Candidate], seats: int | None) -> Contest:
    standing = places_of(contenders)
    if seats is None:
        return Contest(None, frozenset(standing), (), 0, frozenset(), standing)
    allotment = allot({one.key: one.points for one in contenders}, seats)
    given = frozenset(one.key for one in contenders if one.overridden is not None)
    shared, open_seats = _shared_out(allotment, contenders, given)
    holders = {*allotment.seated, *given, *shared}
    waiting = tuple(key for key in allotment.tied if key not in holders) if open_seats else ()
    return Contest(seats, frozenset(holders), waiting, open_seats, frozenset(standing) - holders - {*waiting}, standing)


def _shared_out(
    allotment: Allotment, contenders: Iterable[Candidate], given: frozenset[str]
) -> tuple[frozenset[str], int]:
    """Which of the tied got seats by rulings, and how many seats are still open among the others.

    Rulings for more seats than there are share out none of them: that would be choosing. Who is given the band
    notwithstanding the quota takes one of the open seats as long as there is one.
    """
    if not allotment.tied:
        return frozenset(), 0
    asked = frozenset(one.key for one in contenders if _seat(one)).intersection(allotment.tied)
    shared = asked if len(asked) <= allotment.seats_left else frozenset[str]()
    taken = len(shared) + len(given.intersection(allotment.tied))
    return shared, max(0, allotment.seats_left - taken)


def _seat(one: Candidate) -> bool:
    return one.ruling is not None and one.ruling == Ruling(Decision.SEAT, one.best)


def _outcome(one: Candidate, place: int, contest: Contest | None) -> Outcome:
    if one.vetoed:
        return Outcome(place, None, qualified=False)
    limited = contest is not None and one.key in contest.limited
    tied = contest is not None and one.key in contest.tied
    awarded = one.next_lower if limited or tied else one.rank if one.overridden is None else one.overridden
    counted = one.rank if one.overridden is None else one.overridden
    return Outcome(place, awarded, _qualified(one, counted), limited, tied, _void(one, contest))


def _qualified(one: Candidate, rank: int | None) -> bool | None:
    if one.scale is None:
        return None if {Gate.VETO, Gate.REQUIRED}.isdisjoint(one.gates) else False
    band = next((band for band in one.scale.bands if band.rank == rank), None)
    return qualified(band, one.scale, one.gates)


def _void(one: Candidate, contest: Contest | None) -> bool:
    """Whether a ruling stands that gives nothing: a band above the points', or a seat that is not there to be given."""
    if one.ruling is None:
        return False
    if one.ruling.decision is Decision.OVERRIDE:
        return one.overridden is None
    return not (_seat(one) and contest is not None and one.key in contest.holders)
