"""What organisations and people have to show for an award, read from the tables, and what conditions make of it.

An organisation is its key: what was earned before it was moved or renamed is its own; what was earned by one that was
merged into it is not. A handful of queries, however many candidates there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery

from assessments.appraisal import tally_of
from assessments.awards.conditions import (
    Finding,
    Held,
    Need,
    NeedsBallotYears,
    NeedsBase,
    NeedsQualified,
    NeedsShare,
    NeedsTitle,
    Outcome,
    Record,
    Vote,
    judge,
)
from assessments.models import (
    BY_ORGANIZATION,
    Assessment,
    Ballot,
    BallotState,
    Candidacy,
    CandidacyState,
    Condition,
    ConditionKind,
    Snapshot,
    SnapshotRow,
    Subject,
    Title,
)
from assessments.workflow import State
from orgs.models import Level, Organization

Key = tuple[int, str]
"""Who holds or seeks a title: an organisation's key, and a person's name or nothing."""


def findings(candidates: Sequence[Candidacy], year: int) -> list[list[Finding]]:
    """Of each candidate each condition of its rung, for an award in that year: five queries, six with results."""
    needs = needs_of({one.rung_id for one in candidates})
    known = records([(one.organization_id, one.person) for one in candidates], needs)
    return [
        [judge(need, known[one.organization_id, one.person], year) for need in needs[one.rung_id]] for one in candidates
    ]


def shown(candidates: Sequence[Candidacy], year: int) -> list[list[dict[str, Any]]]:
    """Of each candidate the findings as their page shows them: as they are now, of the decided as they were then."""
    waiting = [one for one in candidates if one.state == CandidacyState.PROPOSED]
    found = findings(waiting, year) if waiting else []
    live = {one.pk: [each.as_json() for each in own] for one, own in zip(waiting, found, strict=True)}
    return [live.get(one.pk, one.findings) for one in candidates]


def needs_of(rungs: Collection[int]) -> Mapping[int, list[Need]]:
    """The conditions of rungs, by rung."""
    found: dict[int, list[Need]] = defaultdict(list)
    for condition in Condition.objects.filter(rung__in=rungs).select_related("needs"):
        found[condition.rung_id].append(_need(condition))
    return found


def _need(condition: Condition) -> Need:
    match condition:
        case Condition(kind=ConditionKind.BASE):
            return NeedsBase()
        case Condition(kind=ConditionKind.TITLE, needs=rung) if rung:
            return NeedsTitle(rung.ladder_id, rung.position, rung.name)
        case Condition(kind=ConditionKind.BALLOT_YEARS, years=years, percent=percent) if years and percent:
            about = str(Subject(condition.subject).label)
            return NeedsBallotYears(condition.subject, about, years, percent)
        case Condition(kind=ConditionKind.QUALIFIED):
            return NeedsQualified()
        case Condition(kind=ConditionKind.SHARE, percent=percent) if percent:
            return NeedsShare(percent)
    raise ValueError(condition)


def records(keys: Iterable[Key], needs: Mapping[int, list[Need]]) -> dict[Key, Record]:
    """What each of these has to show, as far as the needs ask for it."""
    keys = list(dict.fromkeys(keys))
    organizations = {organization for organization, _person in keys}
    levels = dict(Organization.objects.filter(pk__in=organizations).values_list("pk", "level"))
    titles = _titles(organizations)
    votes = _votes(organizations)
    years = _years(organizations)
    asks_results = any(isinstance(need, NeedsQualified | NeedsShare) for own in needs.values() for need in own)
    outcomes = _outcomes(organizations) if asks_results else {}
    return {
        (organization, person): Record(
            base=levels[organization] == Level.GRASSROOTS,
            level=str(Level(levels[organization]).label),
            titles=tuple(titles[organization, person]),
            votes=tuple(votes[organization]),
            outcome=outcomes.get(organization),
            closed_years=frozenset(years[organization].closed),
            running=years[organization].running,
        )
        for organization, person in keys
    }


def _titles(organizations: Collection[int]) -> Mapping[Key, list[Held]]:
    found: dict[Key, list[Held]] = defaultdict(list)
    held = Title.objects.filter(organization__in=organizations, revoked_on=None).select_related("rung", "round")
    for title in held.order_by("rung__position", "awarded_on"):
        rung = title.rung
        document = title.round.name if title.round else title.evidence
        one = Held(rung.ladder_id, rung.position, rung.name, title.awarded_on, document)
        found[title.organization_id, title.person].append(one)
    return found


def _votes(organizations: Collection[int]) -> Mapping[int, list[Vote]]:
    """Of members, on union and chair: what subordinate unions or their chairs voted is no 会员评家."""
    ballots = (
        Ballot.objects.filter(
            assessment__organization__in=organizations,
            assessment__cycle__closed_at__isnull=False,
            state=BallotState.CLOSED,
            subject__in=(Subject.UNION, Subject.CHAIR),
        )
        .exclude(electorate__in=BY_ORGANIZATION)
        .exclude(assessment__state=State.WITHDRAWN)
        .annotate(
            organization=F("assessment__organization"),
            year=F("assessment__cycle__year"),
            cycle=F("assessment__cycle__name"),
        )
        .prefetch_related("options")
    )
    found: dict[int, list[Vote]] = defaultdict(list)
    for ballot in ballots:
        tally = tally_of(ballot)
        if tally is not None:
            vote = Vote(ballot.year, ballot.cycle, ballot.title, ballot.subject, tally, ballot.minimum)
            found[ballot.organization].append(vote)
    return found


@dataclass(frozen=True, slots=True)
class Years:
    """Of one organisation: the years with a closed cycle, and of the others the cycle that is running."""

    closed: set[int]
    running: dict[int, str]


def _years(organizations: Collection[int]) -> Mapping[int, Years]:
    found: dict[int, Years] = defaultdict(lambda: Years(set(), {}))
    cycles = Assessment.objects.filter(organization__in=organizations).exclude(state=State.WITHDRAWN).order_by("pk")
    told = ("organization_id", "cycle__year", "cycle__name", "cycle__closed_at")
    for organization, year, name, closed_at in cycles.values_list(*told):
        if closed_at:
            found[organization].closed.add(year)
        else:
            found[organization].running[year] = name
    return found


def _outcomes(organizations: Collection[int]) -> dict[int, Outcome]:
    """The last snapshot's row of the newest closed cycle that reached an organisation."""
    last = Snapshot.objects.filter(cycle=OuterRef("snapshot__cycle")).order_by("-number")
    published = SnapshotRow.objects.filter(
        assessment__organization__in=organizations,
        snapshot__cycle__closed_at__isnull=False,
        snapshot=Subquery(last.values("pk")[:1]),
    ).order_by("snapshot__cycle__year", "snapshot__cycle__closed_at", "pk")
    told = ("assessment__organization_id", "snapshot__cycle__year", "snapshot__cycle__name")
    return {
        organization: Outcome(year, cycle, qualified, points, maximum)
        for organization, year, cycle, qualified, points, maximum in published.values_list(
            *told, "qualified", "points", "maximum"
        )
    }
