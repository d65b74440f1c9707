"""The last part made by two at once, on PostgreSQL: joined once. The positive control takes the lock away."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection

from orgs import background
from orgs.roles import Role
from reports.exports import files, making, ordering
from reports.models import ACTIVE, Export
from tests import factories as make
from tests.reports.exports import lines

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


@pytest.fixture
def export(spec, settings, tmp_path, monkeypatch):
    """Of one part, handed to two workers."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(background, "run", lambda *_args, **_options: None)
    admin = make.person((make.organization(), Role.ADMIN))
    return ordering.order(admin, lines.SPEC, {"first": 1, "count": 2}, name="数字")


def joined(export, monkeypatch):
    """How often the joining is ordered when two keep the part at the same moment."""
    orders, together, settle = [], Barrier(2, timeout=2), files.settle

    def wait_and_settle(path, target):
        with suppress(BrokenBarrierError):  # with the lock the other one can't come here
            together.wait()  # the worst moment: both have read, neither has written
        settle(path, target)

    monkeypatch.setattr(background, "run", lambda job, *_args, **_options: orders.append(job))
    monkeypatch.setattr(files, "settle", wait_and_settle)
    workers = [Thread(target=lambda: (making.make(export.pk, 1), connection.close())) for _worker in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [path.name for path in files.folder(export).iterdir()] == ["000001"]
    return orders


def test_two_at_the_last_part_order_the_joining_once(export, monkeypatch):
    assert joined(export, monkeypatch) == ["reports.exports.making.join"]


def test_without_the_lock_it_is_ordered_twice(export, monkeypatch):
    monkeypatch.setattr(making, "held", lambda pk: Export.objects.filter(pk=pk, state__in=ACTIVE).first())
    assert joined(export, monkeypatch) == ["reports.exports.making.join"] * 2
