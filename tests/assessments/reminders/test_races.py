"""The same occasion told by two at once, on a real PostgreSQL: the database holds that it is told once."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.utils import timezone

from assessments.models import Message
from assessments.services.messages import tell
from tests import factories as make

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="races need PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]
PATIENCE = 20


def together(act):
    """Two do it in a transaction of their own, and neither commits before both have begun."""
    start, results = threading.Barrier(2, timeout=PATIENCE), []

    def run():
        try:
            with transaction.atomic():
                start.wait()
                act()
            results.append(None)
        except DatabaseError as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, daemon=True) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    return results


@pytest.fixture
def people():
    return [make.person().pk for _each in range(200)]


def test_an_occasion_that_two_tell_at_once_is_told_once(people):
    orders = iter((people, people[::-1]))
    assert together(lambda: tell(next(orders), "due-1", "请尽快上报")) == [None, None]
    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(people)


def test_who_looks_before_writing_tells_twice_but_for_the_database(people):
    """The control: what `tell` would be without leaving it to the database."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def look_and_write():
        known = set(Message.objects.filter(occasion="due-1").values_list("to", flat=True))
        meeting.wait()
        new = [person for person in people if person not in known]
        Message.objects.bulk_create(
            Message(to_id=person, occasion="due-1", text="-", at=timezone.now()) for person in new
        )

    failed = [one for one in together(look_and_write) if one]
    assert [type(one) for one in failed] == [IntegrityError]
