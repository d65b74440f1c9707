"""What the workers do with an export. Each job may be begun again after a kill, or by two at once, and is done once.

No transaction is open while a part is made: that takes seconds, and SQLite has one writer. The finished file is renamed
into its place in the same short transaction that marks the part as done and hands out what comes next.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.services import Refused
from orgs import background
from orgs.acting import narrowed_to
from orgs.models import User
from reports.exports import files, telling
from reports.exports.registry import SPECS
from reports.models import ACTIVE, Export, ExportPart, ExportState

JOIN_FAILED = "reports.exports.making.join_failed"
AHEAD = 3
"""Parts in the workers' hands for each worker: one being made and two that it holds ready. The others wait in our table
and not in the queue, so that whoever orders something short meanwhile does not wait for all of them."""
REMAINS_DAYS = 1
"""How long the parts of an export that failed or was cancelled are kept, to go on with them."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def make(pk: int, number: int) -> None:
    """One part. Does nothing where it is done already, or where nobody waits for it any more."""
    part = _begin(pk, number)
    if part is None:
        return
    export = part.export
    with _ending_it(export), files.draft(export) as path:
        SPECS[export.kind].make(asker(export), export.asked, part.units, path)
        files.flush(path)
        _keep(part, path)


def join(pk: int) -> None:
    """The whole from its parts; then the parts are deleted."""
    export = Export.objects.select_related("by").filter(pk=pk).first()
    if export is None or not (export.active or export.state == ExportState.DONE):
        return
    parts = list(export.parts.defer("units"))
    if export.active and all(part.done_at for part in parts):
        with _ending_it(export), files.draft(export) as path:
            _require_rights(export)
            _join(export, [files.place(part) for part in parts], path)
    if Export.objects.filter(pk=pk, state=ExportState.DONE).exists():
        files.forget(export, but_whole=True)  # also what a worker left that was killed just here


def part_failed(pk: int, number: int) -> None:
    """The part raised what nobody foresaw, took too long, or was given up."""
    if ExportPart.objects.filter(export=pk, number=number, done_at=None).exists():
        join_failed(pk)


def join_failed(pk: int) -> None:
    fail(pk, _("Something went wrong on the server. Try again; if it fails again, tell whoever runs the server."))


# --- Shared with the steps of a person --------------------------------------------------------------------------------


def asker(export: Export) -> User:
    """Who ordered it, as they acted then, with the rights of this moment; nobody, if it is for all who read a page."""
    if export.by_id is None:
        return User()
    by = User.objects.get(pk=export.by_id)
    if not by.is_active:
        raise PermissionDenied
    return narrowed_to(by, export.seat_id)


def hand_out(export: Export) -> None:
    """Give the workers the next parts, or the joining after the last. Call it last, holding the row."""
    waiting = export.parts.filter(done_at=None)
    if not waiting.exists():
        background.run("reports.exports.making.join", export.pk, name=f"export {export.pk}", failed=JOIN_FAILED)
        return
    room = AHEAD * max(background.workers(), 1) - waiting.exclude(handed_at=None).count()
    numbers = list(waiting.filter(handed_at=None).values_list("number", flat=True)[: max(room, 0)])
    export.parts.filter(number__in=numbers).update(handed_at=timezone.now())
    for number in numbers:
        background.run(
            "reports.exports.making.make",
            *(export.pk, number),
            name=f"export {export.pk}, part {number}",
            failed="reports.exports.making.part_failed",
            seconds=settings.PART_SECONDS,
        )


def held(pk: int) -> Export | None:
    """The export, held until the transaction ends, if somebody still waits for it."""
    return Export.objects.select_for_update(of=("self",)).filter(pk=pk, state__in=ACTIVE).first()


def end(export: Export, state: ExportState, days: float) -> None:
    export.state, export.finished_at = state, timezone.now()
    export.expires_at = export.finished_at + timedelta(days=days)
    export.save()


def fail(pk: int, sentence: str, *, keep: bool = True) -> None:
    """keep  the parts that are done, for another try."""
    with transaction.atomic():
        export = held(pk)
        if export is None:
            return
        export.sentence = sentence
        end(export, ExportState.FAILED, REMAINS_DAYS)
        telling.tell(export)
        if not keep:
            export.parts.update(done_at=None)
    if not keep:
        files.forget(export)


# --- One part ---------------------------------------------------------------------------------------------------------


def _begin(pk: int, number: int) -> ExportPart | None:
    now = timezone.now()
    Export.objects.filter(pk=pk, state=ExportState.WAITING).update(state=ExportState.RUNNING, started_at=now)
    found = ExportPart.objects.filter(export=pk, number=number, done_at=None, export__state__in=ACTIVE)
    return found.select_related("export__by").first()


@transaction.atomic
def _keep(part: ExportPart, path: Path) -> None:
    export = held(part.export_id)
    if export is None or not export.parts.filter(pk=part.pk, done_at=None).exists():
        return
    files.settle(path, files.place(part))
    export.parts.filter(pk=part.pk).update(done_at=timezone.now())
    hand_out(export)


@contextmanager
def _ending_it(export: Export) -> Iterator[None]:
    """Whatever can be foreseen ends the export with a sentence; all else goes on to the worker's log and `failed`."""
    try:
        yield
    except PermissionDenied:
        fail(export.pk, _("You may no longer read what this file was to hold, so it was not made."), keep=False)
    except Refused as refused:
        fail(export.pk, str(refused))
    except Exception as error:
        if _is_full(error):
            fail(export.pk, _("The disk of the server is full. Nothing of the file was kept."), keep=False)
        elif Export.objects.filter(pk=export.pk, state__in=ACTIVE).exists():
            raise  # else its folder was deleted meanwhile, and nobody waits for it


def _is_full(error: BaseException | None) -> bool:
    """Whether the disk is behind it: libraries wrap what the system says into errors of their own."""
    if error is None:
        return False
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    return _is_full(error.__cause__ or error.__context__)


# --- The whole --------------------------------------------------------------------------------------------------------


def _require_rights(export: Export) -> None:
    """Once more for the whole: parts may have been made before a right was taken."""
    SPECS[export.kind].units(asker(export), export.asked)


def _join(export: Export, parts: list[Path], path: Path) -> None:
    if not all(part.exists() for part in parts):  # this machine reads another folder than the one that made them
        sentence = _(
            "Parts of the file were not found: the workers do not share one folder. Tell whoever runs the server."
        )
        fail(export.pk, sentence, keep=False)
        return
    SPECS[export.kind].join(export.asked, parts, path)
    files.flush(path)
    _finish(export, path)


@transaction.atomic
def _finish(export: Export, path: Path) -> None:
    current = held(export.pk)
    if current is None:
        return
    files.settle(path, files.whole(current))
    current.size = files.whole(current).stat().st_size
    end(current, ExportState.DONE, settings.EXPORT_DAYS)
    telling.tell(current)
