"""Work that takes longer than a page may: handed to the workers (`manage.py qcluster`), watched from the pages.

A job is a function that a dotted path names; its arguments are keys and words. **It must be idempotent**: when its
worker is killed it is handed out again, and where the queue is long it can be handed out twice. So it locks the row
that it works for, looks at that row's state, does nothing if the work is done, and writes the work and the new state in
one transaction.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from time import monotonic, sleep
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import Error, InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override

if TYPE_CHECKING:
    from typing import Any

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""A job that was begun so often and never ended kills its workers: it is given up."""
PAUSES = (1, 1, 2, 2, *[4] * 6)
"""Seconds after which a job is begun again whose database went away: a server that restarts is back by then."""
DAY = 24 * 60 * 60
SECONDS_BETWEEN_REPORTS = 0.5


def run(job: str, *args: Any, name: str = "", failed: str = "", seconds: int | None = None) -> None:
    """Have `job(*args)` done in the background once this transaction is committed; call it last.

    The order is a row of this transaction: it stands if and only if what it is about stands, whoever is killed when.

    name     how it is called in the admin
    failed   dotted path of a function with the same arguments for a job that raises, takes too long or is given up: it
             writes down that the work will not be done. Idempotent, too
    seconds  how long it may take; the timeout of Q_CLUSTER where nothing is said. The sooner it must have ended, the
             sooner it is handed out again when its worker is killed (`orgs.broker`)

    The job speaks the language of whoever asked for it. In tests it is done at once, inside the transaction, and what
    it raises comes through (BACKGROUND_INLINE).
    """
    if settings.BACKGROUND_INLINE:
        import_string(job)(*args)
        return
    from django_q.tasks import async_task

    options: dict[str, Any] = {"task_name": (name or job.rpartition(".")[2])[:100]}
    if seconds is not None:
        options["timeout"] = seconds
    order = (uuid4().hex, job, args, failed, get_language())
    async_task("orgs.background.perform", *order, q_options=options)


def every_day(name: str, job: str, hour: int) -> None:
    """Have a job of no arguments done each day. Said again after each `migrate`, it goes on with the day it is at."""
    from django_q.models import Schedule

    if Schedule._meta.db_table not in connection.introspection.table_names():
        return  # only some app was migrated
    today = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    first = today if today > timezone.localtime() else today + timedelta(days=1)
    said = {"func": "orgs.background.run", "args": repr((job,)), "schedule_type": Schedule.DAILY}
    Schedule.objects.update_or_create(name=name, defaults=said, create_defaults={**said, "next_run": first})


def perform(order: str, job: str, args: tuple[Any, ...], failed: str, language: str) -> None:
    """What a worker does with an order of `run`. Raises what the job raised, so that it stands in the admin."""
    with override(language):
        if _attempt(order) > MOST_ATTEMPTS:
            logger.error("%s%r was begun %s times and never ended: given up", job, args, MOST_ATTEMPTS)
            _fail(failed, args)
            return
        began = monotonic()
        try:
            _do(job, args)
        except (Exception, SystemExit):  # the worker's time limit is a SystemExit
            _ended(order)
            _fail(failed, args)
            raise
        _ended(order)
        logger.info("%s%r done in %.1f s", job, args, monotonic() - began)


def _do(job: str, args: tuple[Any, ...]) -> None:
    """Begun again where the database went away in the midst: jobs are idempotent."""
    for pause in PAUSES:
        try:
            import_string(job)(*args)
        except Error as error:
            if not _passing(error):
                raise
            logger.warning("%s%r lost the database, and is begun again in %s s: %s", job, args, pause, error)
            connection.close()
            sleep(pause)
        else:
            return
    import_string(job)(*args)


def _passing(error: Error) -> bool:
    """Whether the connection is to blame: psycopg2 says so by several errors, one of which may mean anything."""
    return isinstance(error, (OperationalError, InterfaceError)) or not connection.is_usable()


def alive() -> bool:
    """Whether any worker says that it is there; it says so every half second, and is believed for three."""
    return workers() > 0


def workers() -> int:
    """How many things can be done at once, by those that say that they are there."""
    if settings.BACKGROUND_INLINE:
        return 1
    from django_q.status import Stat

    return sum(len(cluster.workers) for cluster in Stat.get_all())


class Done(NamedTuple):
    """How far a job is: so many of so many."""

    done: int
    total: int


class Progress:
    """How far one job is, kept beside the database: others can read it while the job's transaction is still open.

    progress = Progress(f"upload-{upload.pk}")
    progress.report(done, total)     # in the job, as often as it likes
    progress.read()                  # anywhere: Done, or None where nothing has been reported
    """

    def __init__(self, key: str) -> None:
        self._key = f"progress-{key}"
        self._next = 0.0

    def report(self, done: int, total: int) -> None:
        """Tell it to others; twice a second at most, and always when all is done. A total of 0 is not known yet."""
        now = monotonic()
        if now >= self._next or done == total:
            cache.set(self._key, (done, total), DAY)
            self._next = now + SECONDS_BETWEEN_REPORTS

    def read(self) -> Done | None:
        found = cache.get(self._key)
        return None if found is None else Done(*found)

    def forget(self) -> None:
        """Before a new run: nothing has been done."""
        cache.delete(self._key)


def _attempt(order: str) -> int:
    """How often this order has been begun without an end, this time included."""
    attempt: int = cache.get(f"attempts-{order}", 0) + 1
    cache.set(f"attempts-{order}", attempt, DAY)
    return attempt


def _ended(order: str) -> None:
    cache.delete(f"attempts-{order}")


def _fail(failed: str, args: tuple[Any, ...]) -> None:
    if failed:
        _do(failed, args)
