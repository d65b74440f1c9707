"""What a public notice says on paper and in Word; its table is the annex."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.template.defaultfilters import yesno
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments import publications
from assessments.models import Notice, SnapshotRow
from assessments.publications import Columns
from reports.official.values import Annex, Column, Document, Long, Paragraph, Row, filled, paragraphs, written
from reports.tables.cards import LANGUAGE
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from assessments.models import Snapshot

DIGEST_SHOWN = 16
MANY, NUMBER, LONG_NUMBER = 10_000, 12, 17
"""From how many rows on the column of numbers is wider, and how wide."""


def document(notice: Notice) -> Document:
    """What the notice says: the text with issuer and date, then the annex."""
    snapshot = notice.snapshot
    with translation.override(LANGUAGE):
        blocks = [*paragraphs(notice.body)]
        if snapshot.reason:
            blocks.append(Paragraph(snapshot.reason, _("Why published again")))
        blocks += [
            Paragraph(publications.window_in_words(notice), _("On public notice")),
            Paragraph(notice.contact, _("Where to object")),
        ]
        digest = _("Digest of the results")
        note = f"{digest} SHA-256: {snapshot.digest[:DIGEST_SHOWN]}"
        annex = Annex(_("Table of results"), (_results(snapshot),), note)
        return Document(
            notice.title, "", tuple(blocks), (annex,), notice.issuer, written(timezone.localdate(snapshot.at))
        )


def published(
    snapshot: Snapshot, place: str, columns: list[Column], cells: Callable[[int, SnapshotRow], tuple[str, ...]]
) -> Long:
    """The published results by kind, in ranking order.

    place  heads the first column, for a number
    cells  of a row and its place among all of them, from 1
    """
    rows = publications.published_rows(snapshot)
    count = rows.count()

    def read(first: int, last: int) -> tuple[Row, ...]:
        lines, kind = [], ""
        with translation.override(LANGUAGE):
            for number, row in enumerate(rows.defer("explanation")[first:last], first + 1):
                if row.kind != kind:
                    kind = row.kind
                    lines.append(Row((kind,)))
                lines.append(Row(cells(number, row)))
        return tuple(lines)

    first = Column(place, NUMBER if count < MANY else LONG_NUMBER)
    return Long(filled(first, *columns), snapshot.digest, 0, count, read)


def _results(snapshot: Snapshot) -> Long:
    """With the columns that say something about them."""
    shown = publications.columns_of(snapshot)
    columns = [Column(_("Organisation"), words=True), Column(_("Points reached"), 32 if shown.maximum else 26)]
    columns += [Column(_("Awarded"), 22)] * shown.awarded + [Column(_("Qualified"), 22)] * shown.qualified
    return published(snapshot, _("No."), columns, partial(_cells, shown))


def _cells(shown: Columns, number: int, row: SnapshotRow) -> tuple[str, ...]:
    awards = [row.awarded or "—"] * shown.awarded + [qualified(row.qualified)] * shown.qualified
    return str(number), row.name, points(row, shown), *awards


def points(row: SnapshotRow, shown: Columns) -> str:
    """With what they are out of, where organisations differ in that."""
    reached = format_points(row.points)
    return f"{reached}/{format_points(row.maximum)}" if shown.maximum else reached


def qualified(value: bool | None) -> str:
    return "—" if value is None else str(yesno(value, _("Qualified,Not qualified")))
