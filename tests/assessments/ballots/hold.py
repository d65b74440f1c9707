"""Ballots for tests, through their services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.models import Ballot, Purpose
from assessments.services import ballots
from assessments.services.ballots import Answer, Draft
from orgs.models import User
from tests import factories as make

ANSWERS = (Answer("满意", satisfied=True), Answer("基本满意", satisfied=True), Answer("不满意", satisfied=False))
ITEM = "1-2"
"""The item of the small rubric that looks at a ballot: 3 points."""


def draft(**changes: Any) -> Draft:
    values: dict[str, Any] = {
        "purpose": Purpose.ITEM,
        "item": ITEM,
        "electorate": "members",
        "title": "会员测评",
        "question": "您对工会工作满意吗？",
        "roster": 10,
        "minimum": 2,
        "last_day": timezone.localdate() + timedelta(days=7),
        "answers": ANSWERS,
        "threshold": Decimal(85),
    }
    if changes.get("purpose", Purpose.ITEM) != Purpose.ITEM:
        values["item"] = ""
    return Draft(**values | changes)


def prepared(cast: make.Cast, **changes: Any) -> Ballot:
    return ballots.save_ballot(make.again(cast.assessor), cast.now(), draft(**changes))


def opened(cast: make.Cast, **changes: Any) -> Ballot:
    return ballots.open_ballot(make.again(cast.assessor), prepared(cast, **changes))


def codes(cast: make.Cast, ballot: Ballot, number: int) -> list[str]:
    return ballots.issue_codes(make.again(cast.assessor), ballot, number)


def vote(cast: make.Cast, ballot: Ballot, *positions: int) -> None:
    """So many people vote, each for the option at a position."""
    for code, position in zip(codes(cast, ballot, len(positions)), positions, strict=True):
        ballots.cast_vote(code, position)


def closed(cast: make.Cast, *positions: int, **changes: Any) -> Ballot:
    """A closed ballot in which people voted so."""
    ballot = opened(cast, **changes)
    vote(cast, ballot, *positions)
    return ballots.close_ballot(make.again(cast.assessor), ballot)


def other_assessor(cast: make.Cast) -> User:
    return make.person((cast.county, "assessor"))


def counters(ballot: Ballot) -> list[int]:
    return list(ballot.options.values_list("votes", flat=True))
