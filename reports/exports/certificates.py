"""All certificates of a closed cycle, or of an award round, in one PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urljoin

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pypdf import PdfWriter

from assessments.services import Refused
from orgs.models import User
from reports.certificates import stars, titles
from reports.certificates.printing import Batch, certificates_of, render
from reports.exports.spec import Asked, ExportSpec, Paths

PER_PART = 50


def _spec(kind: str, label: Promise, read: Callable[[User, Asked], Batch], changed: Promise) -> ExportSpec:
    """`read` asks the person's rights; `changed` is said where a certificate that was ordered is due no more."""

    def units(user: User, asked: Asked) -> Sequence[int]:
        return list(read(user, asked).rows.values_list("pk", flat=True))

    def make(user: User, asked: Asked, part: Sequence[int], path: Path) -> None:
        batch = read(user, asked)
        found = batch.rows.in_bulk(part)
        if len(found) < len(part):
            raise Refused(str(changed))
        rows = [found[pk] for pk in part]
        path.write_bytes(render(certificates_of(batch, rows, lambda page: urljoin(asked["site"], page))))

    return ExportSpec(kind, label, "pdf", units, make, _join, PER_PART)


def _join(_asked: Asked, paths: Paths, path: Path) -> None:
    """What each part embeds of the fonts is embedded once for 50."""
    with PdfWriter() as book:
        for part in paths:
            book.append(part, import_outline=False)
        book.write(path)


STARS = _spec(
    "certificates",
    _("Certificates"),
    stars.read,
    _("The results were corrected meanwhile. Please order the certificates anew."),
)
TITLES = _spec(
    "title_certificates",
    _("Certificates of titles"),
    titles.read,
    _("A title was revoked meanwhile. Please order the certificates anew."),
)
SPECS = (STARS, TITLES)
