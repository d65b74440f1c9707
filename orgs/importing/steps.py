"""What a person does with an upload, step by step. Each is one transaction and refuses with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs import background
from orgs.files import Format, encoding_of
from orgs.importing.reading import remember
from orgs.importing.registry import SPECS
from orgs.models import Outcome, Upload, UploadState
from orgs.permissions import may_manage
from orgs.services.base import Refused, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from orgs.importing.reading import Sight
    from orgs.models import Organization, User

RUNNING = (UploadState.CHECKING, UploadState.WRITING)
ENDED = (UploadState.DONE, UploadState.DISCARDED)


@transaction.atomic
def receive(by: User, kind: str, branch: Organization, file: UploadedFile, format_: Format) -> Upload:
    """Keep the file under a random key. Nobody but `by` sees it."""
    require(by, may_manage, branch)
    upload = Upload(kind=kind, branch=branch, by=by, name=(file.name or "")[-200:], format=format_)
    if format_ is Format.CSV:
        upload.encoding = encoding_of(file)
    upload.file.save("", file, save=False)
    upload.save()
    return upload


@transaction.atomic
def match(by: User, upload: Upload, sight: Sight, columns: Sequence[str]) -> None:
    """Say what each column means, remember it for the next list, and have the rows checked."""
    current = _mine(by, upload, UploadState.MATCHING)
    spec = SPECS[current.kind]
    for field in spec.fields:
        if columns.count(field.name) > 1:
            raise Refused(_("“%(field)s” is chosen for more than one column.") % {"field": field.label})
        if field.needed and field.name not in columns:
            raise Refused(_("Choose the column with “%(field)s”.") % {"field": field.label})
    names = {"", *(field.name for field in spec.fields)}
    if len(columns) != len(sight.look.headings) or not names.issuperset(columns):
        raise Refused(_("The file has other columns than those chosen. Choose again."))
    remember(current, sight.look.headings, columns)
    current.table, current.header_row, current.columns = sight.table, sight.look.row, list(columns)
    start_check(current)


@transaction.atomic
def match_again(by: User, upload: Upload) -> None:
    """Back to the columns: the rows that were checked are forgotten."""
    current = _mine(by, upload, UploadState.CHECKED, UploadState.FAILED)
    current.rows.all().delete()
    current.state, current.sentence, current.figures = UploadState.MATCHING, "", {}
    current.save()


@transaction.atomic
def check_again(by: User, upload: Upload) -> None:
    """The same file and columns once more, against what is stored now."""
    current = _mine(by, upload, UploadState.CHECKED, UploadState.FAILED)
    if not current.columns:
        raise Refused(_("Say first what the columns mean."))
    start_check(current)


@transaction.atomic
def confirm(by: User, upload: Upload) -> None:
    """Have the list written, whole. Refuses while a row is wrong, and when there is nothing to write."""
    current = _mine(by, upload, UploadState.CHECKED)
    require(by, may_manage, current.branch)
    if current.figures.get(Outcome.WRONG):
        raise Refused(_("Nothing is written while a row is wrong. Mend the file and upload it again."))
    if not current.figures.get(Outcome.NEW) and not current.figures.get(Outcome.CHANGED):
        raise Refused(_("Nothing in this list is new or changed."))
    _start(current, UploadState.WRITING, "orgs.importing.jobs.write")


@transaction.atomic
def discard(by: User, upload: Upload) -> None:
    """Forget file and rows. Not while they are being written."""
    states = [state for state in UploadState if state not in {UploadState.WRITING, *ENDED}]
    forget(_mine(by, upload, *states), UploadState.DISCARDED)


# --- Shared with the jobs --------------------------------------------------------------------------------------------


def start_check(upload: Upload, sentence: str = "") -> None:
    """Call it last: in tests the job is done at once."""
    upload.sentence = sentence
    _start(upload, UploadState.CHECKING, "orgs.importing.jobs.check")


def progress_of(upload: Upload) -> background.Progress:
    return background.Progress(f"upload-{upload.pk}")


def forget(upload: Upload, state: UploadState) -> None:
    """End an upload: its rows go now, its file when the transaction is committed. The figures stay."""
    upload.rows.all().delete()
    storage, name = upload.file.storage, upload.file.name
    upload.state, upload.file, upload.finished_at = state, "", timezone.now()
    upload.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _start(upload: Upload, state: UploadState, job: str) -> None:
    upload.state, upload.started_at, upload.finished_at = state, timezone.now(), None
    upload.save()
    progress_of(upload).forget()
    background.run(job, upload.pk, name=f"{state} {upload.pk}", failed="orgs.importing.jobs.failed")


def _mine(by: User, upload: Upload, *states: UploadState) -> Upload:
    """The upload as it stands, held until the transaction ends; refuses if it is not one's own or in another state."""
    current = Upload.objects.select_for_update(of=("self",)).select_related("branch", "by").get(pk=upload.pk)
    require(by, lambda user, held: held.by_id == user.pk, current)
    if current.state not in states:
        raise Refused(_("The list is in another state by now: %(state)s.") % {"state": current.get_state_display()})
    return current
