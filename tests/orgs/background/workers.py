"""A worker of the tests: `manage.py qcluster` in a process group of its own, beside the test's database."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

from django.conf import settings

POLL = 0.05


class Worker:
    def __init__(self, database, folder, module="tests.orgs.background.worker_settings"):
        self.log = (folder / "worker.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": module,
                "TEST_DATABASE": database,
                "TEST_CACHE": str(folder / "cache"),
                "TEST_MEDIA": str(settings.MEDIA_ROOT),
            },
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def kill(self):
        """All of its processes, without a chance to say good-bye."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def until(condition, folder, seconds=60):
    """What the condition says once it says anything; the worker's log where it does not in time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, (folder / "worker.log").read_text()
        time.sleep(POLL)
    return found
