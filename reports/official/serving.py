"""Hands out a notice or a report as a file: a short one at once, a long one when the workers have made it.

Either way it is made once for all who may read it, and kept by a digest of what it says: whoever asks gets what the
document says now, and nobody makes it again.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from orgs import background
from orgs.downloads import download, file_name
from reports.exports import files, ordering
from reports.exports.official import DOCX, PDF, digest_of, document_of
from reports.exports.progress import progress_of, words_of
from reports.models import Export, ExportState
from reports.official import paper, word

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assessments.models import Snapshot
    from reports.official.values import Document

AT_ONCE = 300
"""Rows of all tables that are laid out in two seconds."""

DAY = 24 * 60 * 60
MADE_ONCE = Lock()
DRAWN = {"pdf": paper.render, "docx": word.render}


def answer(request: HttpRequest, what: str, snapshot: Snapshot, ending: str) -> HttpResponseBase:
    """The file; or a page that says how far it is, and asks anew by itself. The caller has asked for the right."""
    asked = {"what": what, "snapshot": snapshot.pk}
    document = document_of(asked)
    said, name = digest_of(document), file_name(document.title)
    if sum(table.count for table in document.tables) <= AT_ONCE:
        return download(_small(document, said, ending), name, ending)
    spec = {"pdf": PDF, "docx": DOCX}[ending]
    export = ordering.shared(spec, {**asked, "said": said}, said=said, name=name)
    if export.state == ExportState.DONE:
        return files.response(export)
    return _waiting(request, export)


def _small(document: Document, said: str, ending: str) -> bytes:
    """Made by one of those who ask for it at the same moment."""
    name = f"official-{said}-{ending}"
    with MADE_ONCE:
        content: bytes | None = cache.get(name)
        if content is None:
            content = DRAWN[ending](document)
            cache.set(name, content, DAY)
    return content


def _waiting(request: HttpRequest, export: Export) -> HttpResponse:
    progress = progress_of(export)
    context = {
        "export": export,
        "progress": progress,
        "words": words_of(export, progress),
        "alive": background.alive(),
        "frame": "base.html" if request.user.is_authenticated else "notices/_public_frame.html",
    }
    return render(request, "reports/official/waiting.html", context)
