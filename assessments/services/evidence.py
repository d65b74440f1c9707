"""Evidence files: accepted by content, kept under a random key, never replaced after submission."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO, TypeVar

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.filetypes import content_type_of
from assessments.models import Assessment, Claim, Evidence
from assessments.models.evidence import StoredFile
from assessments.services.locking import locked
from assessments.services.reach import check_reach, open_sheet
from assessments.services.refusals import Refused, WrongState
from assessments.workflow import Stage
from orgs.models import User

MEGABYTE = 1024 * 1024
MAX_SIZE = 20 * MEGABYTE
MAX_FILES = 20
NAME_LENGTH, LONGEST_SUFFIX = 200, 10

Kept = TypeVar("Kept", bound=StoredFile)


def attach(by: User, assessment: Assessment, stage: Stage, key: str, upload: File[bytes]) -> Evidence:
    """Keeps a file as evidence for an item of the open sheet.

    The file is read and stored before the assessment is locked, so that nobody's save waits for 20 MB, and taken away
    again if it turns out that it may not stay. Raises Refused with a sentence when it is empty, larger than 20 MB, of a
    kind we do not take (judged by its content, never its name), already there, or one too many; WrongState or Forbidden
    as `save_marks` does.
    """
    evidence = examined(by, upload, Evidence)
    with in_storage([(evidence, upload)]):
        _place(evidence, assessment, stage, key)
    return evidence


@contextmanager
def in_storage(files: Sequence[tuple[StoredFile, File[bytes]]]) -> Iterator[None]:
    """Stores examined files, and takes all of them away again if what follows fails."""
    try:
        for one, upload in files:
            upload.seek(0)
            one.file.save(one.name, upload, save=False)
        yield
    except BaseException:
        for one, _upload in files:
            if one.file:
                one.file.storage.delete(str(one.file.name))
        raise


def examined(by: User, upload: File[bytes], model: type[Kept]) -> Kept:
    """What is known of a file from itself alone, not stored yet. Raises Refused with a sentence if we don't take it."""
    name = safe_name(upload.name or "")
    size = upload.size
    if not size:
        raise Refused(_("“%(name)s” is empty.") % {"name": name})
    if size > MAX_SIZE:
        raise Refused(_("“%(name)s” is larger than 20 MB. Please make it smaller.") % {"name": name})
    content_type = content_type_of(upload, name)
    if content_type is None:
        raise Refused(
            _("“%(name)s” can't be taken: please upload a PDF, a picture, or a Word, Excel, PowerPoint or WPS file.")
            % {"name": name}
        )
    return model(name=name, content_type=content_type, size=size, sha256=_sha256(upload), uploaded_by=by)


@transaction.atomic
def _place(evidence: Evidence, assessment: Assessment, stage: Stage, key: str) -> None:
    """Puts a stored file beside its item, if the person may do that and it is neither there nor one too many."""
    assessment = locked(assessment.pk)
    sheet = open_sheet(evidence.uploaded_by, assessment, stage)
    _reach, (row,) = check_reach(evidence.uploaded_by, assessment, sheet, [key])
    present = sheet.evidence.filter(item=row.pk, removed_at=None)
    if present.filter(sha256=evidence.sha256).exists():
        raise Refused(_("“%(name)s” is already there.") % {"name": evidence.name})
    if present.count() >= MAX_FILES:
        raise Refused(_("An item takes at most %(count)d files.") % {"count": MAX_FILES})
    evidence.sheet, evidence.item_id, evidence.uploaded_at = sheet, row.pk, timezone.now()
    evidence.save(force_insert=True)


@transaction.atomic
def remove(by: User, evidence: Evidence) -> None:
    """Takes a file away while its sheet is still open. The row and the file stay for the log.

    What proves a claim of the sheet stays until the claim names another proof: else Refused.
    """
    assessment = locked(evidence.sheet.assessment_id)
    sheet = open_sheet(by, assessment, Stage(evidence.sheet.stage))
    check_reach(by, assessment, sheet, [evidence.item.key])
    if Claim.objects.filter(file=evidence, mark__sheet=sheet).exists():
        raise Refused(
            _("“%(name)s” proves a claim. Remove the claim, or give it another proof, first.") % {"name": evidence.name}
        )
    changed = Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_by=by, removed_at=timezone.now())
    if not changed:
        raise WrongState(_("This file has already been removed."))


def safe_name(name: str) -> str:
    """The last part of an uploaded name, for showing only: no path, control or bidirectional characters."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in {"Cc", "Cf"})
    path = PurePosixPath(kept.strip(" ."))
    suffix = path.suffix if len(path.suffix) <= LONGEST_SUFFIX else ""
    return (path.name.removesuffix(suffix)[: NAME_LENGTH - len(suffix)] + suffix) or "file"


def _sha256(upload: BinaryIO | File[bytes]) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    while block := upload.read(MEGABYTE):
        digest.update(block)
    return digest.hexdigest()
