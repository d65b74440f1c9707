"""Democratic appraisal, read: turnout at any time, counters only of a closed ballot, and what a ballot decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Assessment, Ballot, BallotState, Purpose
from assessments.queries import visible_to
from orgs.models import User
from rubrics.models import BaseRule
from rubrics.rows import Row, rows
from rubrics.scoring import ballots as kernel
from rubrics.scoring.exact import percent
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from assessments.results import Content


def ballots_visible_to(user: User) -> QuerySet[Ballot]:
    """The ballots of the assessments that the person may see, each with its turnout at hand."""
    return with_turnout(Ballot.objects.filter(assessment__in=visible_to(user).values("pk")))


def with_turnout(ballots: QuerySet[Ballot]) -> QuerySet[Ballot]:
    """Each ballot with `issued`, its printed codes that hold, and `used`, those that voted."""
    used = Count("codes", filter=Q(codes__used=True))
    return ballots.annotate(issued=Count("codes"), used=used)


def came_back(ballot: Ballot) -> int:
    """How many have voted; of a ballot `with_turnout`."""
    return int(ballot.used) + (ballot.papers or 0)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Answer:
    """An option with its votes and their part of the valid votes, in percent."""

    label: str
    satisfied: bool
    votes: int
    percent: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a closed ballot came to. `percent` is cut, never rounded up; `points` None: it decides none."""

    answers: tuple[Answer, ...]
    tally: kernel.Tally
    percent: str
    counts: bool
    reaches: bool
    points: Decimal | None


def result_of(ballot: Ballot) -> Result | None:
    """None unless the ballot is closed."""
    tally = tally_of(ballot)
    if tally is None:
        return None
    options = ballot.options.all()
    answers = (Answer(one.label, one.satisfied, one.votes, _percent(one.votes, tally.valid)) for one in options)
    terms = terms_of(ballot)
    return Result(
        answers=tuple(answers),
        tally=tally,
        percent=_percent(tally.satisfied, tally.valid),
        counts=kernel.counts(tally, terms),
        reaches=kernel.reaches(tally, terms),
        points=_points(ballot, tally, terms),
    )


def tally_of(ballot: Ballot) -> kernel.Tally | None:
    """None unless the ballot is closed: nothing else in the application reads the counters."""
    if ballot.state != BallotState.CLOSED:
        return None
    options = ballot.options.all()
    return kernel.Tally(tuple(kernel.Choice(one.satisfied, one.votes) for one in options), ballot.spoilt)


def terms_of(ballot: Ballot) -> kernel.BallotTerms:
    return kernel.BallotTerms(ballot.minimum, ballot.threshold, kernel.BallotScoring(ballot.scoring))


def _points(ballot: Ballot, tally: kernel.Tally, terms: kernel.BallotTerms) -> Decimal | None:
    row = row_of(ballot)
    return kernel.points(tally, terms, row.points, row.step) if row and row.points is not None else None


def row_of(ballot: Ballot) -> Row | None:
    """The item that the ballot feeds."""
    return next((row for row in rows(ballot.assessment.rubric) if row.pk == ballot.item_id), None)


def _percent(part: int, whole: int) -> str:
    return format_points(percent(part, whole)) if whole else ""


def fed_by_ballots(assessment: Assessment) -> tuple[Row, ...]:
    """The items that look at a ballot and to which a person gives the points."""
    return tuple(
        row
        for row in rows(assessment.rubric)
        if row.electorate and row.rule == BaseRule.JUDGED and row.applies(assessment.kind.code)
    )


def held(assessment: Assessment) -> list[Ballot]:
    """The ballots of an assessment that decide something, the annulled among them: two queries."""
    found = Ballot.objects.filter(assessment=assessment).exclude(purpose=Purpose.ANNEX).prefetch_related("options")
    ballots = list(found)
    for ballot in ballots:
        ballot.assessment = assessment
    return ballots


def decided(assessment: Assessment) -> dict[str, Decimal]:
    """Points by key of the items that a closed ballot with its minimum returned decided."""
    return points_by_item(beside_items(assessment).values())


def points_by_item(ballots: Iterable[Ballot]) -> dict[str, Decimal]:
    found = {}
    for ballot in ballots:
        row, result = row_of(ballot), result_of(ballot)
        if row and result and result.points is not None:
            found[row.key] = result.points
    return found


def beside_items(assessment: Assessment) -> dict[str, Ballot]:
    """The ballots that are or were held for items, by key; no query where the rubric names none."""
    if not fed_by_ballots(assessment):
        return {}
    shown = (ballot for ballot in held(assessment) if ballot.state in {BallotState.OPEN, BallotState.CLOSED})
    return {row.key: ballot for ballot in shown if (row := row_of(ballot))}


def in_short(ballot: Ballot) -> str:
    """How a ballot stands, in one sentence."""
    result = result_of(ballot)
    if result is None:
        return _("Voting is under way.")
    if not result.counts:
        return _("It does not count: too few came back.")
    told = _("%(percent)s%% satisfied") % {"percent": result.percent}
    if result.points is None:
        return told
    return _("%(share)s: %(points)s points") % {"share": told, "points": format_points(result.points)}


def contradicted(key: str, points: Decimal) -> str:
    """The sentence for a mark that says something else than the ballot."""
    return _("Item %(item)s: the ballot gives it %(points)s points; nothing else can be entered.") % {
        "item": key,
        "points": format_points(points),
    }


def obstacles(assessment: Assessment, contents: Mapping[str, Content]) -> list[str]:
    """Sentences on what ballots leave undone before the assess stage may end, whose sheet says `contents`."""
    ballots = held(assessment)
    found = [told for ballot in ballots if (told := _unfinished(ballot))]
    found += _gate_missing(ballots)
    return found + [
        contradicted(key, points)
        for key, points in points_by_item(ballots).items()
        if key in contents and contents[key].points != points
    ]


def _unfinished(ballot: Ballot) -> str:
    named = {"title": ballot.title}
    if ballot.state in {BallotState.DRAFT, BallotState.OPEN}:
        return _("The ballot “%(title)s” is not closed yet.") % named
    result = result_of(ballot)
    if result and not result.counts:
        told = _(
            "The ballot “%(title)s” does not count: too few came back. Annul it; hold another one if it is needed."
        )
        return told % named
    return ""


def _gate_missing(ballots: Iterable[Ballot]) -> list[str]:
    """Annulling a ballot that must be held does not do away with it."""
    gates = [ballot for ballot in ballots if ballot.purpose == Purpose.GATE]
    if gates and all(ballot.state == BallotState.VOID for ballot in gates):
        return [_("The ballot “%(title)s” was annulled: another one has to be held.") % {"title": gates[-1].title}]
    return []
