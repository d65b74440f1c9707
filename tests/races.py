"""People at the same moment, on a real PostgreSQL: SQLite lets writers in one by one and would hide every race.

Each race is run twice: as it is, and with its lock taken away and both held where it would have kept them apart. Then
the wrong outcome must come about, so that the test knows that it is the lock that prevents it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from assessments.models import Assessment
from assessments.services import Refused
from orgs.services import Refused as RefusedByOrgs

PATIENCE = 20
"""Seconds after which nobody comes any more."""

ON_POSTGRESQL = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="races need PostgreSQL"),
    pytest.mark.django_db(transaction=True),
]


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Runs the acts at the same moment, each on a connection of its own. What each returned or raised."""
    start = threading.Barrier(len(acts), timeout=PATIENCE)
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = act()
        except (Refused, RefusedByOrgs, DatabaseError) as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
        assert not thread.is_alive()
    return results


def kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def words(results: list[Any]) -> list[str]:
    """What each came to: the name of its error, or "done"."""
    return [type(result).__name__ if isinstance(result, Exception) else "done" for result in results]


def come_to(*acts: Callable[[], Any]) -> list[str]:
    """Runs the acts at the same moment; what they came to, whoever was first."""
    return sorted(words(together(*acts)))


def wait_for_a_waiter(come_to_rest: Callable[[], bool] = lambda: False) -> None:
    """Until somebody waits for what this transaction holds, or has otherwise come to rest."""
    behind_us = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    for _moment in range(PATIENCE * 20):
        with connection.cursor() as cursor:
            cursor.execute(behind_us)
            if cursor.fetchone()[0] or come_to_rest():
                return
        time.sleep(0.05)
    pytest.fail("nobody waited")


def meeting(people: int = 2) -> threading.Barrier:
    return threading.Barrier(people, timeout=PATIENCE)


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Holds both after this function, so that neither has written when the other has looked."""
    act, met = getattr(module, name), meeting()

    def meet(*args: Any) -> Any:
        result = act(*args)
        met.wait()
        return result

    monkeypatch.setattr(module, name, meet)


def unlocked(pk: int) -> Assessment:
    """The assessment as `services.locking.locked` fetches it, without the lock."""
    return Assessment.objects.select_related("rubric", "kind", "cycle").get(pk=pk)
