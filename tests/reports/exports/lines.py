"""A line for each number asked for. Whoever administers an organisation may have them."""

import time
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


def make(user, asked, part, path):
    for call in BEFORE:
        call(user)
    units(user, asked)
    path = Path(asked.get("into", path))
    with path.open("w") as file:
        for unit in part:
            time.sleep(asked.get("seconds", 0))
            file.write(f"{unit}\n")


def join(asked, paths, path):
    path.write_text("".join(each.read_text() for each in paths))


SPEC = ExportSpec("lines", "数字", "txt", units, make, join, per_part=3)
