"""Awards in the demo: titles from before, and rounds with candidates in every state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from assessments.models import Candidacy, Ladder, Rung
from assessments.services import awards
from assessments.services.awards import Call, Earlier
from orgs.models import Organization, User
from orgs.roles import Role

if TYPE_CHECKING:
    from assessments.demo.story import Roster

OPENED_AGO, OPEN_FOR = timedelta(20), timedelta(25)


@dataclass(frozen=True, slots=True)
class Held:
    """A title that a union was awarded before the software came, with its document."""

    unit: str
    rung: str
    on: date
    document: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """`refused` says why it is not awarded; a candidate that is not `decided` waits."""

    unit: str
    rung: str
    recommended_by: str
    role: Role
    statement: str
    decided: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the union `owner`, which has a reviewer."""

    owner: str
    name: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Honours:
    """What a site awards by one ladder. `recorder` is the union whose administrator writes the earlier titles down."""

    ladder: str
    recorder: str
    held: tuple[Held, ...]
    rounds: tuple[Round, ...]

    def bestow(self, organizations: Mapping[str, Organization], roster: Roster) -> None:
        ladder = Ladder.objects.get(slug=self.ladder)
        rungs = {rung.code: rung for rung in ladder.rungs.all()}
        recorder = roster[organizations[self.recorder].pk, Role.ADMIN, ""]
        for held in self.held:
            earlier = Earlier(rungs[held.rung], held.on, held.document)
            awards.record_title(recorder, organizations[held.unit], earlier)
        for one in self.rounds:
            _hold(one, ladder, rungs, organizations, roster)


def _hold(
    one: Round,
    ladder: Ladder,
    rungs: Mapping[str, Rung],
    organizations: Mapping[str, Organization],
    roster: Roster,
) -> None:
    owner, today = organizations[one.owner], timezone.localdate()
    reviewer = roster[owner.pk, Role.REVIEWER, ""]
    call = Call(ladder, owner, one.name.format(year=today.year), today - OPENED_AGO, today + OPEN_FOR)
    award_round = awards.open_round(reviewer, call)
    for candidate in one.candidates:
        by = roster[organizations[candidate.recommended_by].pk, candidate.role, ""]
        unit = organizations[candidate.unit]
        made = awards.propose(by, award_round, rungs[candidate.rung], unit, statement=candidate.statement)
        _decide(candidate, made, reviewer)


def _decide(candidate: Candidate, made: Candidacy, reviewer: User) -> None:
    if candidate.refused:
        awards.decline(reviewer, made, candidate.refused)
    elif candidate.decided:
        awards.award(reviewer, made)
