"""The log of a branch as one workbook, where it is long to wait for. Lines are only added: what was ordered stays.

`asked` has the key of the organisation and the filters of its page as they were typed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgs.forms import LogFilter
from orgs.models import Change, Organization, User
from orgs.permissions import oversees
from orgs.queries import changes_in, visible_to
from reports.exports.spec import Asked, ExportSpec, Paths
from reports.lists import logs
from reports.standings import workbook
from reports.standings.table import Line, Table

PER_PART = 5000


def read(user: User, asked: Asked) -> QuerySet[Change]:
    """The lines that were asked for, newest first, if the person administers or audits the whole branch."""
    organization = visible_to(user).filter(pk=asked["organization"]).first()
    form = LogFilter(asked["filters"])
    if organization is None or not oversees(user, organization.path) or not form.is_valid():
        raise PermissionDenied
    return form.matching(changes_in(organization))


def units(user: User, asked: Asked) -> Sequence[int]:
    return list(read(user, asked).values_list("pk", flat=True))


def make(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    lines = [line.cells for line in logs.of_branch(read(user, asked).filter(pk__in=part))]
    if len(lines) < len(part):  # the branch has moved away
        raise PermissionDenied
    path.write_text("".join(f"{json.dumps(cells, ensure_ascii=False)}\n" for cells in lines), encoding="utf-8")


def join(asked: Asked, paths: Paths, path: Path) -> None:
    """The workbook from the parts, in constant memory."""
    scope = workbook.as_of(Organization.objects.get(pk=asked["organization"]).name)
    with path.open("wb") as file:
        workbook.write(file, scope, [(_("Log of changes"), Table(logs.BRANCH, _lines(paths)))])


def _lines(paths: Paths) -> Iterator[Line]:
    for path in paths:
        with path.open(encoding="utf-8") as file:
            yield from (Line(tuple(json.loads(line))) for line in file)


SPEC = ExportSpec("changes", gettext_lazy("Log of changes"), "xlsx", units, make, join, PER_PART)
