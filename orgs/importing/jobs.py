"""What the workers do with an upload. Each job may be begun again after a kill and is done once."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.files import FileRefused
from orgs.importing.reading import listed
from orgs.importing.registry import SPECS
from orgs.importing.steps import RUNNING, forget, progress_of, start_check
from orgs.models import Change, Upload, UploadRow, UploadState
from orgs.permissions import may_manage
from orgs.services.base import BATCH, Refused, lock_people, lock_tree, require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orgs.importing.spec import Checked, ListSpec


class _OvertakenError(Exception):
    """The upload was discarded, or another worker has begun the same check."""


def check(pk: int) -> None:
    """Read the file and keep what each row would do. Stored batch by batch, so that nobody has to wait for it."""
    upload = _begin_check(pk)
    if upload is None:
        return
    try:
        require(upload.by, may_manage, upload.branch)
        _store(upload, SPECS[upload.kind])
    except _OvertakenError:
        return
    except FileRefused as refused:
        _fail(pk, UploadState.CHECKING, refused.sentence)
    except (Refused, PermissionDenied) as refusal:
        _fail(pk, UploadState.CHECKING, _sentence(refusal))


def write(pk: int) -> None:
    """Write the rows in one transaction; where something has changed since the check, check again instead."""
    try:
        _write(pk)
    except (Refused, PermissionDenied) as refusal:
        _fail(pk, UploadState.WRITING, _sentence(refusal))


def failed(pk: int) -> None:
    """The job raised what nobody foresaw, or was given up."""
    for state in RUNNING:
        _fail(pk, state, _("Something went wrong on the server; nothing was written. Try again, or tell who runs it."))


# --- Checking --------------------------------------------------------------------------------------------------------


def _begin_check(pk: int) -> Upload | None:
    """Forget what an earlier run stored and note how long the log is: what comes later, the check may not have seen."""
    with transaction.atomic():
        upload = _held(pk, UploadState.CHECKING)
        if upload is None:
            return None
        upload.rows.all().delete()
        upload.started_at, upload.seen = timezone.now(), _log_length(SPECS[upload.kind])
        upload.save(update_fields=["started_at", "seen"])
        return upload


def _store(upload: Upload, spec: ListSpec) -> None:
    progress = progress_of(upload)
    rows = []
    for row in listed(upload):
        rows.append(row)
        if len(rows) % BATCH == 0:
            progress.report(len(rows), 0)
    if not rows:
        raise FileRefused(_("There is no row below the headings."))
    figures: Counter[str] = Counter()
    total = len(rows)
    found = spec.check(rows, upload.branch, upload.by)
    while batch := list(islice(found, BATCH)):
        figures.update(one.outcome.value for one in batch)
        _keep(upload, batch)
        progress.report(figures.total(), total)
    with _own_check(upload) as current:
        current.figures, current.total = dict(figures), total
        current.state, current.finished_at = UploadState.CHECKED, timezone.now()
        current.save()


def _keep(upload: Upload, batch: list[Checked]) -> None:
    with _own_check(upload):
        UploadRow.objects.bulk_create(
            UploadRow(
                upload=upload,
                number=one.number,
                outcome=one.outcome,
                title=one.title[:120],
                values=one.values,
                changes=one.changes,
                problems=one.problems,
                target=one.target,
            )
            for one in batch
        )


# --- Writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def _write(pk: int) -> None:
    lock_tree()
    lock_people()
    upload = _held(pk, UploadState.WRITING)
    if upload is None:
        return
    spec = SPECS[upload.kind]
    if _log_length(spec) != upload.seen:
        start_check(
            upload, _("Something was changed since the check. The list was checked again: look at it once more.")
        )
        return
    progress = progress_of(upload)
    spec.write(upload, lambda done: progress.report(done, upload.total))
    forget(upload, UploadState.DONE)


# --- Shared ----------------------------------------------------------------------------------------------------------


def _held(pk: int, state: UploadState) -> Upload | None:
    """The upload, held until the transaction ends, if it is still in this state."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("branch", "by")
    return held.filter(pk=pk, state=state).first()


@contextmanager
def _own_check(upload: Upload) -> Iterator[Upload]:
    """A transaction that holds the upload, if this run is still the one that checks it."""
    with transaction.atomic():
        current = _held(upload.pk, UploadState.CHECKING)
        if current is None or current.started_at != upload.started_at:
            raise _OvertakenError
        yield current


@transaction.atomic
def _fail(pk: int, state: UploadState, sentence: str) -> None:
    upload = _held(pk, state)
    if upload is None:
        return
    upload.rows.all().delete()
    upload.state, upload.sentence, upload.finished_at, upload.figures = UploadState.FAILED, sentence, timezone.now(), {}
    upload.save()


def _sentence(refusal: Refused | PermissionDenied) -> str:
    if isinstance(refusal, Refused):
        return refusal.sentence
    return _("You may no longer change organisations in this branch.")


def _log_length(spec: ListSpec) -> int:
    """How many lines the log has about what the list is about. Counted, as keys may become visible out of order.

    Without passwords: no list says anything of them, and people choose theirs all day.
    """
    return Change.objects.filter(subject__in=spec.subjects).exclude(field="password").count()
