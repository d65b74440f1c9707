"""A batch during which processes are killed. Afterwards every unit is there once, and nothing else lies about."""

import os
import random
import signal
import time
from contextlib import suppress

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from orgs import background
from reports.exports import files, ordering
from reports.models import Export
from tests.orgs.background.workers import Worker, until
from tests.reports.exports import lines

UNITS = 60
SECONDS = 0.04
"""For one unit: 20 parts of an eighth of a second and the joining take two workers some three seconds."""
MODULE = "tests.reports.exports.worker_settings"
PATIENCE = 90


class Yard:
    """Two workers, and what can be done to them."""

    def __init__(self, folder):
        self.folder = folder
        self.workers = []
        for _one in range(2):
            self.start()
        until(lambda: background.workers() == 2, folder)

    def start(self):
        self.workers.append(Worker(connection.settings_dict["NAME"], self.folder, MODULE))

    def mend(self):
        """Starts again what could not start while the server was away, as systemd does."""
        for worker in [worker for worker in self.workers if worker.process.poll() is not None]:
            self.workers.remove(worker)
            self.start()

    def busy(self):
        return [int(path.name.partition("-")[2]) for path in self.folder.glob("busy-*")]

    def kill_process(self):
        """The process that is making or joining; its worker starts another. If none is, the whole worker."""
        for pid in self.busy():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                (self.folder / f"busy-{pid}").unlink(missing_ok=True)
                return
        self.kill_worker()

    def kill_worker(self):
        """One of the two, with all its processes; another takes its place, as systemd would have it."""
        self.workers.pop(random.randrange(len(self.workers))).kill()
        self.start()

    def cut(self):
        """Every connection of others to the database, as its restart does."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def end(self):
        for worker in self.workers:
            worker.kill()


def batch(yard, admin, strikes):
    """An order; the strikes, each at its moment; the seconds until it is ready. Asserts that it is whole."""
    yard.mend()
    asked = {"first": 1, "count": UNITS, "seconds": SECONDS, "folder": str(yard.folder), "at": str(timezone.now())}
    export = ordering.order(admin, lines.SPEC, asked, name="一批")
    began = time.monotonic()
    for moment, strike in sorted(strikes, key=lambda one: one[0]):
        time.sleep(max(0, began + moment - time.monotonic()))
        strike()
    until(lambda: _ended(export.pk), yard.folder, PATIENCE)
    seconds = time.monotonic() - began
    export.refresh_from_db()
    told = [(moment, strike.__name__) for moment, strike in strikes]
    assert (export.state, export.sentence) == ("done", ""), told
    assert files.whole(export).read_text().split() == [str(unit) for unit in range(1, UNITS + 1)], told
    assert export.parts.filter(done_at=None).count() == 0
    until(lambda: [path.name for path in files.folder(export).iterdir()] == ["whole"], yard.folder, PATIENCE)
    return seconds


def _ended(pk):
    try:
        return not Export.objects.get(pk=pk).active
    except (OperationalError, InterfaceError):  # the server has not come back yet
        connection.close()
        return False
