"""Somebody takes the whole database away, rows and their physical traces, and learns nothing of who voted what.

The attacker even knows who held which code, which nobody writes down, and sees half of the elections while they
are open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from assessments.models import Ballot, BallotCode, BallotOption, BallotState, Purpose
from assessments.services import ballots
from assessments.services.ballots import votes
from assessments.services.ballots.codes import digest_of, write_codes
from tests import factories as make
from tests.assessments.ballots import hold

ELECTIONS, VOTERS, TOLERANCE = 1000, 4, 0.02
POSTGRES = connection.vendor == "postgresql"
TRACES = "xmin::text::bigint, ctid::text" if POSTGRES else "rowid, rowid"


@dataclass(frozen=True)
class Trace:
    """A row as the attacker sees it: its key, the transaction that wrote it last, where it lies."""

    key: str
    written: int
    place: tuple[int, ...]
    said: str


def traces(model: type, key: str, said: str, ballot: str = "ballot_id") -> dict[int, list[Trace]]:
    """Every row of a table by ballot, as a dump shows it: in the order in which the rows lie."""
    found: dict[int, list[Trace]] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {ballot}, {key}, {TRACES}, {said} FROM {model._meta.db_table}")  # noqa: S608
        for owner, name, written, place, value in cursor.fetchall():
            at = tuple(map(int, place.strip("()").split(","))) if POSTGRES else (place,)
            found.setdefault(owner, []).append(Trace(str(name), written, at, str(value)))
    return found


Guess = Callable[[list[Trace], list[Trace]], dict[str, int]]
"""Codes and options of an election -> the option guessed for each code. Half of the votes were for each."""


def by(*features: str) -> Guess:
    """Sorts codes and options alike: who comes first voted for what comes first."""

    def guess(codes: list[Trace], options: list[Trace]) -> dict[str, int]:
        ordered = sorted(codes, key=lambda code: [getattr(code, one) for one in features])
        first, second = (int(one.key) for one in sorted(options, key=lambda one: [getattr(one, f) for f in features]))
        half = len(ordered) // 2
        return {code.key: first if place < half else second for place, code in enumerate(ordered)}

    return guess


def last_is_freshest(codes: list[Trace], options: list[Trace]) -> dict[str, int]:
    """Whose code was written last voted for the option that was written last."""
    *others, last = sorted(codes, key=lambda code: (code.written, code.place))
    stale, fresh = sorted(options, key=lambda option: (option.written, option.place))
    half = len(codes) // 2
    return {last.key: int(fresh.key)} | {
        code.key: int(stale.key if place < half else fresh.key) for place, code in enumerate(others)
    }


STRATEGIES: dict[str, Guess] = {
    "key": by("key"),
    "written": by("written", "place"),
    "place": by("place"),
    "said": by("said", "key"),
    "last is freshest": last_is_freshest,
}


def hold_elections(cast: make.Cast, number: int) -> dict[int, dict[str, int]]:
    """So many elections, half of them closed; the truth by ballot and digest. Only votes and closing are services.

    Each order of votes comes twice, the second time with the answers exchanged, so that chance is one half and not the
    luck of a seed.
    """
    random = Random(20261121)
    common = {
        "assessment": cast.assessment,
        "purpose": Purpose.ANNEX,
        "electorate": "members",
        "title": "测评",
        "question": "满意吗？",
        "roster": VOTERS,
        "minimum": 1,
        "last_day": timezone.localdate() + timedelta(days=1),
        "state": BallotState.OPEN,
    }
    made = Ballot.objects.bulk_create(Ballot(**common) for _each in range(number))
    BallotOption.objects.bulk_create(
        BallotOption(ballot=ballot, position=place, label=label, satisfied=place == 0)
        for ballot in made
        for place, label in enumerate(("满意", "不满意"))
    )
    truth: dict[int, dict[str, int]] = {}
    choices: list[int] = []
    for count, ballot in enumerate(made):
        codes = [f"E{count}V{voter}" for voter in range(VOTERS)]
        write_codes(ballot, [(digest_of(code), False) for code in codes])
        if count % 2:
            choices = [1 - choice for choice in choices]
        else:
            choices = [0, 1] * (VOTERS // 2)
            random.shuffle(choices)
        random.shuffle(codes)
        for code, choice in zip(codes, choices, strict=True):
            ballots.cast_vote(code, choice)
        truth[ballot.pk] = {digest_of(code): choice for code, choice in zip(codes, choices, strict=True)}
        if count % 4 > 1:
            ballots.close_ballot(cast.assessor, ballot)
    return truth


def accuracy(truth: dict[int, dict[str, int]], guess: Guess) -> float:
    codes = traces(BallotCode, "digest", "used")
    options = traces(BallotOption, "position", "votes")
    right = wrong = 0
    for ballot, voted in truth.items():
        for digest, guessed in guess(codes[ballot], options[ballot]).items():
            right, wrong = right + (voted[digest] == guessed), wrong + (voted[digest] != guessed)
    return right / (right + wrong)


@pytest.fixture
def cast(transactional_db, settings):
    settings.SECRET_KEY = "the same digests in every run, so that a failure can be seen again"
    if POSTGRES:  # rows that earlier tests deleted leave holes, which later rows fill before they lie one after another
        with connection.cursor() as cursor:
            cursor.execute(
                f"TRUNCATE {', '.join(one._meta.db_table for one in (BallotCode, BallotOption, Ballot))} CASCADE"
            )
    return make.cast()


@pytest.mark.long
@pytest.mark.skipif(not POSTGRES, reason="the dump of PostgreSQL says all that SQLite's does, and more")
def test_the_attacker_guesses_no_better_than_chance(cast):
    truth = hold_elections(cast, ELECTIONS)
    found = {name: accuracy(truth, guess) for name, guess in STRATEGIES.items()}
    assert {name: share for name, share in found.items() if abs(share - 0.5) > TOLERANCE} == {}


@pytest.mark.skipif(not POSTGRES, reason="only PostgreSQL keeps which transaction wrote a row")
def test_the_attacker_would_find_a_leak(cast, monkeypatch):
    """Positive control: were only the chosen option written, the last voter's choice would lie open."""

    def leaky(ballot, added):
        for position, number in added.items():
            BallotOption.objects.filter(ballot=ballot, position=position).update(votes=F("votes") + number)

    monkeypatch.setattr(votes, "add_votes", leaky)
    truth = hold_elections(cast, 100)
    assert accuracy(truth, last_is_freshest) > 0.5 + 2 * TOLERANCE


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


@contextmanager
def differences() -> Iterator[dict[str, int]]:
    """How many rows of which tables are others afterwards."""
    changed: dict[str, int] = {}
    before = everything()
    yield changed
    for table, rows in everything().items():
        if number := len([row for row in rows if row not in before[table]]):
            changed[table] = number


def test_a_vote_changes_a_flag_and_a_counter_and_nothing_else_anywhere(cast, client):
    ballot = hold.opened(cast)
    code = hold.codes(cast, ballot, 3)[1]
    with differences() as changed:
        client.post("/v/", {"code": code})
        client.post("/v/", {"code": code, "choice": "1", "voting": "1"})
    assert changed == {BallotCode._meta.db_table: 1, BallotOption._meta.db_table: 1}
    assert hold.counters(ballot) == [0, 1, 0]


@pytest.mark.skipif(not POSTGRES, reason="only PostgreSQL keeps which transaction wrote a row")
@pytest.mark.parametrize("choice", [0, 1, 2])
def test_all_options_are_written_by_the_same_transaction_in_the_same_order(cast, choice):
    ballot = hold.opened(cast)
    for code in hold.codes(cast, ballot, 3):
        ballots.cast_vote(code, choice)
        rows = traces(BallotOption, "position", "votes")[ballot.pk]
        assert len({row.written for row in rows}) == 1
        assert [row.key for row in sorted(rows, key=lambda row: row.place)] == ["0", "1", "2"]


def test_after_closing_codes_lie_in_the_order_of_their_digests(cast):
    ballot = hold.opened(cast)
    codes = hold.codes(cast, ballot, 10)
    for code in codes[::2]:
        ballots.cast_vote(code, 0)
    ballots.close_ballot(make.again(cast.assessor), ballot)
    rows = sorted(traces(BallotCode, "digest", "used")[ballot.pk], key=lambda row: row.place)
    assert [row.key for row in rows] == sorted(map(digest_of, codes))
    if POSTGRES:
        assert len({row.written for row in rows}) == 1
    assert BallotCode.objects.filter(used=True).count() == 5


def test_no_row_of_a_ballot_has_a_time_or_an_address():
    fields = {field.get_internal_type() for model in (Ballot, BallotOption, BallotCode) for field in model._meta.fields}
    assert not {"DateTimeField", "TimeField", "GenericIPAddressField", "UUIDField"} & fields
    assert {field.name for field in BallotCode._meta.fields} == {"digest", "ballot", "used"}
    assert {field.name for field in BallotOption._meta.fields} == {
        "id",
        "ballot",
        "position",
        "label",
        "satisfied",
        "votes",
    }
