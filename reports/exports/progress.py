"""How far an export is, in words: counted from the parts that are done, so that it is true on every machine."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.models import Export, ExportState

MINUTE = 60


class Progress(NamedTuple):
    """So many units of so many; `left`: seconds until all parts are made at the pace so far, None: nobody knows yet."""

    done: int
    total: int
    left: float | None


def progress_of(export: Export) -> Progress:
    """In one query. Parts that were made before the last try say nothing of its pace."""
    since = Q(done_at__gte=export.started_at) if export.started_at else Q(pk=None)
    found = export.parts.exclude(done_at=None).aggregate(
        done=Sum("count", default=0), since=Sum("count", default=0, filter=since)
    )
    left = _left(export.started_at, found["since"], export.total - found["done"])
    return Progress(found["done"], export.total, left)


def words_of(export: Export, progress: Progress) -> str:
    """One line under the bar."""
    if export.state == ExportState.WAITING:
        return _("%(done)d of %(total)d done; waiting for a worker that is free") % progress._asdict()
    if progress.done == progress.total:
        return _("All %(total)d are done and are being put together into one file") % progress._asdict()
    done = _("%(done)d of %(total)d done") % progress._asdict()
    return done if progress.left is None else _("%(done)s; %(left)s") % {"done": done, "left": _words(progress.left)}


def _left(started_at: datetime | None, since: int, missing: int) -> float | None:
    if started_at is None or not since:
        return None
    return (timezone.now() - started_at).total_seconds() / since * missing


def _words(seconds: float) -> str:
    if seconds < MINUTE:
        return _("less than a minute left")
    minutes = round(seconds / MINUTE)
    return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {"count": minutes}
