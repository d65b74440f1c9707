"""A notice on paper and in Word, in the layout of official documents (GB/T 9704-2012); its table is the annex.

What was published never changes, so the file is made once a day at most, however many people fetch it without a login.
"""

from __future__ import annotations

from threading import Lock

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import yesno
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from assessments import publications
from assessments.models import Notice, SnapshotRow
from assessments.publications import Columns
from assessments.views.answers import Request
from assessments.views.notices import followed_or_404
from orgs.downloads import download, file_name
from reports.official import paper, word
from reports.official.values import Annex, Column, Document, Paragraph, Row, Table, filled, paragraphs, written
from reports.tables.cards import LANGUAGE
from rubrics.scoring.numbers import format_points

MOST_ROWS = 2000
"""Rows of the annex, which take some twelve seconds; what more there is everybody finds on the notice's page."""

DIGEST_SHOWN = 16
DAY = 24 * 60 * 60
MADE_ONCE = Lock()


@login_not_required
@require_safe
def notice_pdf(request: HttpRequest, key: str) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.select_related("snapshot"), key=key)
    return download(file_of(notice), file_name(notice.title), "pdf")


@require_safe
def notice_docx(request: Request, pk: int, number: int) -> HttpResponse:
    """The same to edit, for those who read how the cycle is decided."""
    cycle = followed_or_404(request, pk)
    notice = get_object_or_404(
        Notice.objects.select_related("snapshot"), snapshot__cycle=cycle, snapshot__number=number
    )
    return download(word.render(document(notice)), file_name(notice.title), "docx")


def file_of(notice: Notice) -> bytes:
    """The notice as a PDF, made by one of those who ask for it at the same moment."""
    name = f"notice-{notice.key}"
    with MADE_ONCE:
        content: bytes | None = cache.get(name)
        if content is None:
            content = paper.render(document(notice))
            cache.set(name, content, DAY)
    return content


def document(notice: Notice) -> Document:
    """What the notice says: the text with issuer and date, then the annex."""
    snapshot = notice.snapshot
    rows = publications.published_rows(snapshot)
    with translation.override(LANGUAGE):
        blocks = [*paragraphs(notice.body)]
        if snapshot.reason:
            blocks.append(Paragraph(snapshot.reason, _("Why published again")))
        blocks += [
            Paragraph(publications.window_in_words(notice), _("On public notice")),
            Paragraph(notice.contact, _("Where to object")),
        ]
        table = results(list(rows[:MOST_ROWS]), publications.columns_of(snapshot))
        digest = _("Digest of the results")
        note = f"{digest} SHA-256: {snapshot.digest[:DIGEST_SHOWN]}"
        annex = Annex(_("Table of results"), (table,), _left_out(max(rows.count() - MOST_ROWS, 0)) + note)
        return Document(
            notice.title, "", tuple(blocks), (annex,), notice.issuer, written(timezone.localdate(snapshot.at))
        )


def _left_out(count: int) -> str:
    if not count:
        return ""
    told = ngettext(
        "%(count)s more organisation stands on the notice's page.",
        "%(count)s more organisations stand on the notice's page.",
        count,
    )
    return f"{told % {'count': count}} "


def results(rows: list[SnapshotRow], shown: Columns) -> Table:
    """The rows by kind, with the columns that say something about them."""
    columns = [
        Column(_("No."), 12),
        Column(_("Organisation"), words=True),
        Column(_("Points reached"), 32 if shown.maximum else 26),
    ]
    columns += [Column(_("Awarded"), 22)] * shown.awarded + [Column(_("Qualified"), 22)] * shown.qualified
    lines, kind = [], ""
    for number, row in enumerate(rows, 1):
        if row.kind != kind:
            kind = row.kind
            lines.append(Row((kind,)))
        lines.append(Row((str(number), row.name, points(row, shown), *_awards(row, shown))))
    return Table(filled(*columns), tuple(lines))


def points(row: SnapshotRow, shown: Columns) -> str:
    """With what they are out of, where organisations differ in that."""
    reached = format_points(row.points)
    return f"{reached}/{format_points(row.maximum)}" if shown.maximum else reached


def _awards(row: SnapshotRow, shown: Columns) -> list[str]:
    return [row.awarded or "—"] * shown.awarded + [qualified(row.qualified)] * shown.qualified


def qualified(value: bool | None) -> str:
    return "—" if value is None else str(yesno(value, _("Qualified,Not qualified")))
