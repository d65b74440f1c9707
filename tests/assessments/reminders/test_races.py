"""The same occasion told by two at once, on a real PostgreSQL: the database holds that it is told once."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.models import Message
from assessments.services.messages import tell
from tests import factories as make
from tests.races import ON_POSTGRESQL, come_to, meeting

pytestmark = ON_POSTGRESQL


def done_by_two(act):
    """Two do it in a transaction of their own, and neither commits before both have begun."""
    met = meeting()

    def begun_and_done():
        with transaction.atomic():
            met.wait()
            act()

    return come_to(begun_and_done, begun_and_done)


@pytest.fixture
def people():
    return [make.person().pk for _each in range(200)]


def test_an_occasion_that_two_tell_at_once_is_told_once(people):
    orders = iter((people, people[::-1]))
    assert done_by_two(lambda: tell(next(orders), "due-1", "请尽快上报")) == ["done", "done"]
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(people)


def test_who_looks_before_writing_tells_twice_but_for_the_database(people):
    """The control: what `tell` would be without leaving it to the database."""
    looked = meeting()

    def look_and_write():
        known = set(Message.objects.filter(occasion="due-1").values_list("to", flat=True))
        looked.wait()
        new = [person for person in people if person not in known]
        Message.objects.bulk_create(
            Message(to_id=person, occasion="due-1", text="-", at=timezone.now()) for person in new
        )

    assert done_by_two(look_and_write) == ["IntegrityError", "done"]
