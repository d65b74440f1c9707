"""A real worker, killed in the midst of its work: the work is done exactly once, by another."""

import os
import signal
from pathlib import Path

import pytest
from django.db import connection
from django_q.models import OrmQ, Task

from orgs import background
from orgs.background import Done, Progress
from orgs.models import KnownHeader, Upload
from orgs.models.upload import ListKind, UploadState
from tests import factories as make
from tests.orgs.background.workers import Worker, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="other processes can't see SQLite's test database"),
]
HERE = "tests.orgs.background.jobs"


@pytest.fixture
def folder(settings, tmp_path):
    """Where the worker and the test meet beside the database."""
    settings.BACKGROUND_INLINE = False
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    return tmp_path


@pytest.fixture
def worker(folder):
    started = []

    def start():
        started.append(Worker(connection.settings_dict["NAME"], folder))
        return started[-1]

    yield start
    for one in started:
        one.kill()


@pytest.fixture
def upload():
    union = make.organization(name="沈阳市总工会")
    return Upload.objects.create(
        kind=ListKind.ORGANIZATIONS, state=UploadState.WRITING, branch=union, by=make.person(), name="名单.xlsx"
    )


def begun(folder):
    return [int(path.name.partition("-")[2]) for path in folder.glob("begun-*")]


def gone(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("all_of_it", [False, True], ids=["one process", "the whole worker"])
def test_work_of_a_killed_worker_is_done_exactly_once(worker, folder, upload, all_of_it):
    background.run(f"{HERE}.work", upload.pk, str(folder))
    assert not background.alive()
    first = worker()
    (killed,) = until(lambda: begun(folder), folder)
    assert background.alive()
    assert Progress(f"upload-{upload.pk}").read() == Done(1, 2), "read while its transaction is open"
    assert KnownHeader.objects.count() == 0
    if all_of_it:
        first.kill()
        until(lambda: not background.alive(), folder)
        worker()
    else:
        os.kill(killed, signal.SIGKILL)
    until(lambda: gone(killed), folder)

    until(lambda: Upload.objects.get().state == UploadState.DONE, folder)
    until(lambda: not OrmQ.objects.exists(), folder)

    (other,) = set(begun(folder)) - {killed}
    assert [header.heading for header in KnownHeader.objects.all()] == [f"by {other}"]
    assert [task.success for task in Task.objects.all()] == [True]


def test_work_that_takes_too_long_is_ended_and_told(worker, folder):
    background.run(f"{HERE}.sleep", str(folder), failed=f"{HERE}.write_down")
    worker()
    until((folder / "asleep").exists, folder)
    until((folder / "failed").exists, folder)
    until(lambda: not OrmQ.objects.exists(), folder)
    assert [task.success for task in Task.objects.all()] == [False]
