"""Evidence files: accepted by content, kept under a random key, never replaced after submission."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.filetypes import content_type_of
from assessments.models import Assessment, Evidence
from assessments.permissions import marked_departments, may_mark
from assessments.services.locking import locked
from assessments.services.marks import open_items, open_sheet
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.workflow import Stage
from orgs.models import User
from rubrics.rows import Row, rows

MEGABYTE = 1024 * 1024
MAX_SIZE = 20 * MEGABYTE
MAX_FILES = 20
NAME_LENGTH = 200


@transaction.atomic
def attach(by: User, assessment: Assessment, stage: Stage, key: str, upload: File[bytes]) -> Evidence:
    """Keeps a file as evidence for an item of the open sheet.

    Raises Refused with a sentence when it is empty, larger than 20 MB, of a kind we do not take (judged by its content, never its name),
    already there, or one too many; WrongState or Forbidden as `save_marks` does.
    """
    assessment = locked(assessment.pk)
    sheet = open_sheet(by, assessment, stage)
    row = next((row for row in rows(assessment.rubric) if row.key == key and row.applies(assessment.kind.code)), None)
    if row is None:
        raise Forbidden(_("This item does not belong to this sheet."))
    _check_reach(by, assessment, row, open_items(sheet))
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
    present = sheet.evidence.filter(item=row.pk, removed_at=None)
    digest = _sha256(upload)
    if present.filter(sha256=digest).exists():
        raise Refused(_("“%(name)s” is already there.") % {"name": name})
    if present.count() >= MAX_FILES:
        raise Refused(_("An item takes at most %(count)d files.") % {"count": MAX_FILES})
    evidence = Evidence(
        sheet=sheet,
        item_id=row.pk,
        name=name,
        content_type=content_type,
        size=size,
        sha256=digest,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    upload.seek(0)
    evidence.file.save(name, upload, save=False)
    try:
        with transaction.atomic():
            evidence.save()
    except Exception:
        evidence.file.storage.delete(evidence.file.name)
        raise
    return evidence


@transaction.atomic
def remove(by: User, evidence: Evidence) -> None:
    """Takes a file away while its sheet is still open. The row and the file stay for the log."""
    assessment = locked(evidence.sheet.assessment_id)
    sheet = open_sheet(by, assessment, Stage(evidence.sheet.stage))
    row = next(row for row in rows(assessment.rubric) if row.pk == evidence.item_id)
    _check_reach(by, assessment, row, open_items(sheet))
    changed = Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(
        removed_by=by, removed_at=timezone.now()
    )
    if not changed:
        raise WrongState(_("This file has already been removed."))


def _check_reach(by: User, assessment: Assessment, row: Row, named: frozenset[int] | None) -> None:
    if not may_mark(marked_departments(by, assessment), row):
        raise Forbidden(_("Item %(item)s belongs to another department.") % {"item": row.key})
    if named is not None and row.pk not in named:
        raise WrongState(_("Item %(item)s was not sent back and stays as it is.") % {"item": row.key})


def safe_name(name: str) -> str:
    """The last part of an uploaded name, for showing and downloading only: no path, no control or bidirectional-override characters."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in {"Cc", "Cf"})
    stem, dot, suffix = kept.rpartition(".")
    return (f"{stem[: NAME_LENGTH - len(suffix) - 1]}{dot}{suffix}" if dot else kept)[:NAME_LENGTH] or "file"


def _sha256(upload: BinaryIO | File[bytes]) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    while block := upload.read(MEGABYTE):
        digest.update(block)
    return digest.hexdigest()
