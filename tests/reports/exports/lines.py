"""A line for each number asked for. Whoever administers an organisation may have them."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import PermissionDenied

from orgs.permissions import may_manage_people
from reports.exports.spec import ExportSpec

BEFORE = []
"""Called with the user before a part is made: what a test wants to happen just then."""


def units(user, asked):
    if not may_manage_people(user):
        raise PermissionDenied
    return list(range(asked["first"], asked["first"] + asked["count"]))


@contextmanager
def busy(asked):
    """A file says which process is at it, for who wants to kill that one."""
    if "folder" not in asked:
        yield
        return
    sign = Path(asked["folder"]) / f"busy-{os.getpid()}"
    sign.touch()
    yield
    sign.unlink(missing_ok=True)


def make(user, asked, part, path):
    for call in BEFORE:
        call(user)
    units(user, asked)
    with busy(asked), Path(asked.get("into", path)).open("w") as file:
        for unit in part:
            time.sleep(asked.get("seconds", 0))
            file.write(f"{unit}\n")
            file.flush()


def join(asked, paths, path):
    with busy(asked), path.open("w") as file:
        for each in paths:
            time.sleep(asked.get("seconds", 0))
            file.write(each.read_text())
            file.flush()


SPEC = ExportSpec("lines", "数字", "txt", units, make, join, per_part=3)
