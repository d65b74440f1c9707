"""All certificates of a closed cycle in one PDF, by kind and place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urljoin

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pypdf import PdfWriter

from assessments.services import Refused
from orgs.models import User
from reports.certificates.printing import awarded, certificates_of, read_results, render
from reports.exports.spec import Asked, ExportSpec, Paths

PER_PART = 50


def units(user: User, asked: Asked) -> Sequence[int]:
    return list(awarded(read_results(user, asked)).values_list("pk", flat=True))


def make(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
    snapshot = read_results(user, asked)
    found = awarded(snapshot).in_bulk(part)
    if len(found) < len(part):
        raise Refused(_("The results were corrected meanwhile. Please order the certificates anew."))
    rows = [found[pk] for pk in part]
    path.write_bytes(render(certificates_of(snapshot, rows, lambda page: urljoin(asked["site"], page))))


def join(_asked: Asked, paths: Paths, path: Path) -> None:
    """What each part embeds of the fonts is embedded once for 50."""
    with PdfWriter() as book:
        for part in paths:
            book.append(part, import_outline=False)
        book.write(path)


SPEC = ExportSpec("certificates", gettext_lazy("Certificates"), "pdf", units, make, join, PER_PART)
