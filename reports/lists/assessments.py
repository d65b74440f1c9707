"""The list of assessments: what its page shows of a row, with numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assessments.listing import ListRow, list_rows
from assessments.models import Assessment
from reports.standings.table import Column, Line

if TYPE_CHECKING:
    from orgs.models import User

COLUMNS = (
    Column(_("Organisation"), 36, number=False),
    Column(_("Kind"), 20, number=False),
    Column(_("Cycle"), 30, number=False),
    Column(_("Assessing union"), 26, number=False),
    Column(_("State"), 16, number=False),
    Column(_("Self-score"), 10),
    Column(_("Assessment"), 10),
    Column(_("Review"), 10),
    Column(_("Band"), 12, number=False),
    Column(_("Marked items"), 10),
    Column(_("Items to mark"), 10),
)
BATCH = 500


def lines(user: User, found: Iterable[Assessment]) -> Iterator[Line]:
    """Two queries for every batch."""
    rows = iter(found)
    while part := list(islice(rows, BATCH)):
        yield from (_line(row) for row in list_rows(user, part))


def _line(row: ListRow) -> Line:
    scored, _slash, required = row.marked.partition(" / ")
    points = (Decimal(text) if text else None for text in (row.self_points, row.assess_points, row.review_points))
    told = (row.name, row.kind, row.cycle, row.assessor, row.state)
    return Line((*told, *points, row.band, int(scored), int(required)))
