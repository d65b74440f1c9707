"""A ballot before it opens: what is asked, of whom, and what counts as satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.appraisal import fed_by_ballots
from assessments.models import (
    BY_ORGANIZATION,
    Assessment,
    Ballot,
    BallotOption,
    BallotScoring,
    BallotState,
    Purpose,
    Subject,
)
from assessments.services.ballots.base import check_holder, check_time, held_by
from assessments.services.locking import locked
from assessments.services.refusals import Refused
from assessments.services.words import said
from orgs.models import User

MOST_OPTIONS = 6
MOST_VOTERS = 100_000


@dataclass(frozen=True, slots=True)
class Answer:
    label: str
    satisfied: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A ballot as it was filled in. `item` is the key of the item that it feeds, empty otherwise."""

    purpose: str
    electorate: str
    title: str
    question: str
    roster: int
    minimum: int
    last_day: date
    answers: tuple[Answer, ...]
    item: str = ""
    listed: str = ""
    threshold: Decimal = Decimal(85)
    scoring: str = BallotScoring.ALL_OR_NOTHING
    subject: str = Subject.UNION


@transaction.atomic
def save_ballot(by: User, assessment: Assessment, draft: Draft, ballot: Ballot | None = None) -> Ballot:
    """Keeps a ballot that is being prepared, a new one or, if given, the ballot in place of what it said.

    A ballot that feeds an item asks the electorate that the rubric names. Raises Forbidden, WrongState when it has
    opened or comes too late, Refused with what is wrong.
    """
    assessment = locked(assessment.pk)
    check_holder(by, assessment)
    check_time(assessment, draft.purpose)
    kept = held_by(by, ballot, BallotState.DRAFT) if ballot else Ballot(assessment=assessment)
    answers = _answers(draft)
    for name, value in _values(assessment, draft, kept).items():
        setattr(kept, name, value)
    kept.save()
    kept.options.all().delete()
    BallotOption.objects.bulk_create(
        BallotOption(ballot=kept, position=position, label=one.label, satisfied=one.satisfied)
        for position, one in enumerate(answers)
    )
    return kept


@transaction.atomic
def drop_ballot(by: User, ballot: Ballot) -> None:
    """Throws a ballot away that never opened. Raises Forbidden or WrongState."""
    held_by(by, ballot, BallotState.DRAFT).delete()


def _values(assessment: Assessment, draft: Draft, kept: Ballot) -> dict[str, object]:
    item, electorate = _item(assessment, draft, kept)
    _check_numbers(draft)
    return {
        "purpose": draft.purpose,
        "item_id": item,
        "electorate": electorate,
        "subject": draft.subject,
        "title": _text(draft.title, 60),
        "question": _text(draft.question, 300),
        "roster": draft.roster,
        "listed": _listed(draft.listed, electorate, draft.roster),
        "minimum": draft.minimum,
        "threshold": draft.threshold,
        "scoring": draft.scoring,
        "last_day": draft.last_day,
    }


def _item(assessment: Assessment, draft: Draft, kept: Ballot) -> tuple[int | None, str]:
    if draft.purpose != Purpose.ITEM:
        return None, draft.electorate
    row = next((row for row in fed_by_ballots(assessment) if row.key == draft.item), None)
    if row is None:
        raise Refused(_("Choose the item that the ballot gives its points."))
    others = Ballot.objects.filter(assessment=assessment, item=row.pk).exclude(state=BallotState.VOID)
    if others.exclude(pk=kept.pk).exists():
        raise Refused(_("There is already a ballot for item %(item)s.") % {"item": row.key})
    return row.pk, row.electorate


def _check_numbers(draft: Draft) -> None:
    if not 1 <= draft.roster <= MOST_VOTERS:
        raise Refused(_("Between 1 and %(most)s people may be entitled to vote.") % {"most": MOST_VOTERS})
    if not 1 <= draft.minimum <= draft.roster:
        raise Refused(_("The minimum returned lies between 1 and the number entitled to vote."))
    if not 0 < draft.threshold <= 100:
        raise Refused(_("The threshold is a percentage above 0 and up to 100."))


def _answers(draft: Draft) -> list[Answer]:
    answers = [Answer(_text(one.label, 20), one.satisfied) for one in draft.answers if one.label.strip()]
    if not 2 <= len(answers) <= MOST_OPTIONS:
        raise Refused(_("A ballot needs two to %(most)s answers.") % {"most": MOST_OPTIONS})
    if len({one.label for one in answers}) < len(answers):
        raise Refused(_("Two answers are the same."))
    if len({one.satisfied for one in answers}) < 2:
        raise Refused(_("At least one answer must count as satisfied, and at least one must not."))
    return answers


def _listed(text: str, electorate: str, roster: int) -> str:
    if electorate not in BY_ORGANIZATION:
        return ""
    names = [name for line in text.splitlines() if (name := _text(line, 120, needed=False))]
    if len(set(names)) < len(names):
        raise Refused(_("An organisation is on the list twice."))
    if len(names) != roster:
        raise Refused(
            _("The list has %(listed)s organisations, but %(roster)s are entitled to vote.")
            % {"listed": len(names), "roster": roster}
        )
    return "\n".join(names)


def _text(text: str, length: int, *, needed: bool = True) -> str:
    return said(text, length, _("Title, question and answers can't be empty.") if needed else "")
