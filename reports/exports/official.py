"""Long documents in the official layout, for all who may read their page: a notice, the report of a cycle.

`asked` has what it is, the key of the snapshot, and `said`, the digest of the document that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from shutil import copyfile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Snapshot
from assessments.services import Refused
from orgs.models import User
from reports.exports.spec import Asked, ExportSpec, Paths
from reports.official import notice, paper, report, word
from reports.official.values import Document, parts

PER_PART = 1000
"""Rows of an annex that are laid out together, in some six seconds."""

NOTICE, REPORT = "notice", "report"


def document_of(asked: Asked) -> Document:
    """As it is now. Nothing of its long tables is read."""
    found = Snapshot.objects.select_related("notice", "cycle__owner__parent", "cycle__branch", "cycle__document")
    snapshot = found.get(pk=asked["snapshot"])
    if asked["what"] == NOTICE:
        return notice.document(snapshot.notice)
    return report.document(snapshot, report.text_of(snapshot))


def digest_of(document: Document) -> str:
    """The same for documents that say the same."""
    return sha256(repr(document).encode()).hexdigest()


def pages(_user: User, asked: Asked) -> Sequence[int]:
    """The numbers of the parts that are laid out by themselves, from 0."""
    return range(len(parts(_still(asked), PER_PART)))


def make_pdf(_user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    (number,) = part
    path.write_bytes(paper.render_part(parts(_still(asked), PER_PART)[number]))


def join_pdf(asked: Asked, paths: Paths, path: Path) -> None:
    paper.joined(paths, path, _still(asked).title)


def only_one(_user: User, asked: Asked) -> Sequence[int]:
    _still(asked)
    return [0]


def make_docx(_user: User, asked: Asked, _part: Sequence[int], path: Path) -> None:
    with path.open("wb") as file:
        word.write(_still(asked), file)


def take(_asked: Asked, paths: Paths, path: Path) -> None:
    copyfile(paths[0], path)


def _still(asked: Asked) -> Document:
    """The document that was asked for; raises Refused where it says something else by now."""
    found = document_of(asked)
    if digest_of(found) != asked["said"]:
        raise Refused(_("The document was changed while its file was being made. Ask for it anew."))
    return found


PDF = ExportSpec("official_pdf", gettext_lazy("Official document (PDF)"), "pdf", pages, make_pdf, join_pdf, 1)
DOCX = ExportSpec("official_docx", gettext_lazy("Official document (Word)"), "docx", only_one, make_docx, take, 1)
SPECS = (PDF, DOCX)
