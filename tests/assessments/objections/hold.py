"""Objections for tests, through their services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments import services
from assessments.models import Assessment, Channel, Notice, Objection
from assessments.services import objections
from assessments.services.objections import Entry
from assessments.workflow import Action, Stage
from orgs.models import User
from orgs.roles import Role
from tests import factories as make
from tests.remembering import remembered

NAME, CONTACT, STATEMENT = "王秘密", "13900000001", "第一项得分偏低，请复查。"
ITEM = "1-1"


@remembered
def on_notice(stages: int = 2, **options: Any) -> make.Cast:
    cast = make.cast(rubric=make.small_rubric(stages=stages, **options))
    make.publish_cycle(cast)
    return cast


def notice(cast: make.Cast) -> Notice:
    return Notice.objects.get(snapshot__cycle=cast.cycle)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def visited(cast: make.Cast, by: User | None = None, **said: Any) -> Objection:
    """Registered by the deciding union for a person who came in."""
    values = {
        "statement": STATEMENT,
        "items": [ITEM],
        "channel": Channel.VISIT,
        "objector": NAME,
        "contact": CONTACT,
        "received_on": timezone.localdate(),
    }
    return objections.register(make.again(by or cast.reviewer), cast.now(), Entry(**values | said))


def entered(cast: make.Cast, by: User, about: Assessment | None = None, **said: Any) -> Objection:
    """Entered by login."""
    return objections.register(make.again(by), about or cast.now(), Entry(**{"statement": STATEMENT} | said))


def rechecked(cast: make.Cast, objection: Objection | None = None, *items: str) -> Objection:
    """With its recheck open."""
    return objections.open_recheck(make.again(cast.reviewer), objection or visited(cast), items or [ITEM])


def second_assessor(cast: make.Cast) -> User:
    return make.person((cast.county, Role.ASSESSOR))


def confirm(cast: make.Cast) -> Assessment:
    """The assess stage ends again."""
    make.sign_all(cast.assessor, cast.now())
    return services.move(make.again(cast.assessor), cast.now(), Action.CONFIRM)


def marked_again(cast: make.Cast, points: str = "3", by: User | None = None) -> None:
    make.save(by or second_assessor(cast), cast.now(), Stage.ASSESS, ITEM, points)


def done(cast: make.Cast, points: str = "3") -> Objection:
    """An objection whose recheck gave its item so many points of five and is confirmed."""
    second = second_assessor(cast)
    objection = rechecked(cast)
    if points:
        marked_again(cast, points, second)
    else:
        services.stand_by_marks(make.again(second), cast.now())
    confirm(cast)
    return Objection.objects.get(pk=objection.pk)


def settle(cast: make.Cast, objection: Objection, state: str, outcome: str = "已复查。") -> Objection:
    return objections.settle(make.again(cast.reviewer), objection, state, outcome)
