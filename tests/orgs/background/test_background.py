"""Work in the background: how it is ordered, what becomes of its end, and how far it is."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import override
from django_q.brokers import get_broker
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from orgs import background
from orgs.background import Done, Progress
from tests.orgs.background import jobs

HERE = "tests.orgs.background.jobs"


@pytest.fixture(autouse=True)
def _nothing_seen():
    jobs.SEEN.clear()
    cache.clear()


def ordered():
    """The orders in the queue: function, arguments, name."""
    tasks = [SignedPackage.loads(row.payload) for row in OrmQ.objects.order_by("pk")]
    return [(task["func"], task["args"][1:], task["name"]) for task in tasks]


@pytest.mark.django_db(transaction=True)
def test_ordered_with_the_commit(settings):
    settings.BACKGROUND_INLINE = False
    with transaction.atomic(), override("en"):
        background.run(f"{HERE}.remember", 1, "x", name="remember", failed=f"{HERE}.fail")
    expected = (f"{HERE}.remember", (1, "x"), f"{HERE}.fail", "en")
    assert ordered() == [("orgs.background.perform", expected, "remember")]
    assert jobs.SEEN == []


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_ordered(settings):
    settings.BACKGROUND_INLINE = False
    with transaction.atomic():
        background.run(f"{HERE}.remember", 1)
        transaction.set_rollback(True)
    assert ordered() == []


def test_done_at_once_in_tests():
    with override("en"):
        background.run(f"{HERE}.remember", 1)
    assert jobs.SEEN == [(1, "en")]
    assert background.alive()


def test_performed_in_the_language_of_who_asked():
    background.perform("order", f"{HERE}.remember", (1,), "", "en")
    assert jobs.SEEN == [(1, "en")]


def test_a_job_that_raises_says_so_and_is_told():
    with pytest.raises(ValueError, match="7"):
        background.perform("order", f"{HERE}.fail", (7,), f"{HERE}.remember", "en")
    assert jobs.SEEN == [(7, "en")]


def killed(times):
    for _attempt in range(times):
        with pytest.raises(KeyboardInterrupt):
            background.perform("order", f"{HERE}.die", (1,), f"{HERE}.remember", "en")


def test_a_job_that_kills_its_workers_is_given_up_and_told(caplog):
    killed(3)
    assert jobs.SEEN == []
    background.perform("order", f"{HERE}.die", (1,), f"{HERE}.remember", "en")
    assert jobs.SEEN == [(1, "en")]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        f"{HERE}.die(1,) was begun 3 times and never ended: given up"
    ]


def test_each_order_is_counted_by_itself_and_from_its_last_end():
    killed(3)
    background.perform("another", f"{HERE}.remember", (2,), "", "en")
    background.perform("order", f"{HERE}.die", (1,), "", "en")
    jobs.SEEN.clear()
    for _time in range(5):
        background.perform("twice", f"{HERE}.remember", (3,), f"{HERE}.fail", "en")
    assert jobs.SEEN == [(3, "en")] * 5


def test_a_job_whose_database_went_away_is_begun_again(monkeypatch):
    monkeypatch.setattr(background, "PAUSES", (0, 0))
    jobs.LOST.extend([OperationalError("gone")] * 2)
    background.perform("order", f"{HERE}.lose", (1,), f"{HERE}.fail", "en")
    assert jobs.SEEN == [(1, "en")]
    jobs.LOST.extend([OperationalError("gone")] * 3)
    with pytest.raises(OperationalError):
        background.perform("order", f"{HERE}.lose", (2,), f"{HERE}.remember", "en")
    assert jobs.SEEN == [(1, "en"), (2, "en")], "told, and by then it is there again"


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
@pytest.mark.parametrize(("said", "held"), [({"seconds": 120}, 150), ({}, 330)])
def test_killed_work_comes_back_the_sooner_the_shorter_it_is(settings, said, held):
    settings.BACKGROUND_INLINE = False
    background.run(f"{HERE}.remember", 1, **said)
    assert len(get_broker().dequeue()) == 1
    assert get_broker().dequeue() is None
    left = OrmQ.objects.get().lock - timezone.now()
    assert held - 10 < left.total_seconds() <= held


@pytest.mark.django_db
def test_no_worker_is_known_where_none_has_spoken(settings):
    settings.BACKGROUND_INLINE = False
    assert not background.alive()


def test_progress_is_read_by_others_and_forgotten():
    progress = Progress("x")
    assert progress.read() is None
    progress.report(1, 10)
    progress.report(2, 10)
    assert Progress("x").read() == Done(1, 10), "told twice a second at most"
    progress.report(10, 10)
    assert Progress("x").read() == Done(10, 10), "the end is always told"
    assert Progress("y").read() is None
    progress.forget()
    assert Progress("x").read() is None


def test_progress_is_told_again_after_half_a_second(monkeypatch):
    now = 100.0
    monkeypatch.setattr(background, "monotonic", lambda: now)
    progress = Progress("x")
    for now, done in ((100.0, 1), (100.4, 2), (100.6, 3), (100.9, 4)):  # noqa: B007  # read by the clock above
        progress.report(done, 10)
    assert progress.read() == Done(3, 10)


@pytest.mark.django_db
def test_health_says_that_nobody_works(client, settings):
    settings.BACKGROUND_INLINE = False
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok, but no background worker")
