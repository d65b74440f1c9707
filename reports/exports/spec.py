"""What a kind of export says of itself. The engine (`reports.exports.making`) knows nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from orgs.models import User

Asked = Mapping[str, Any]
"""What the export shall hold, plain JSON."""

Paths = Sequence[Path]


@dataclass(frozen=True, slots=True)
class ExportSpec:
    """A kind of export.

    units     keys of what it holds, in the order of the file. Asks the person's rights: raises PermissionDenied where
              they may not have it, `assessments.services.Refused` with a sentence where there is nothing in it.
              `user` is narrowed to the seat that they acted for (`orgs.acting.narrowed_to`); where the file is for all
              who read a page, it is nobody, without any right, and the page has asked
    make      one part: writes what these units say into the file at the path. Asks the rights again and leaves out
              nothing in silence: what the person may no longer read raises PermissionDenied. May be called twice for
              the same part, by two workers at once, each with a path of its own
    join      the whole file from the parts' files in their order, into the file at the path
    per_part  units that one worker makes in well under a minute
    """

    kind: str
    label: str | Promise
    ending: str
    units: Callable[[User, Asked], Sequence[int]]
    make: Callable[[User, Asked, Sequence[int], Path], None]
    join: Callable[[Asked, Paths, Path], None]
    per_part: int
