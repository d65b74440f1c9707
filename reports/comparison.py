"""How far the reviews of a draw are from the assessments, as a workbook and on paper: all that the page says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.draws import reviewing
from assessments.views.answers import Request
from assessments.views.draws import followed_or_404
from orgs.downloads import download, download_workbook, file_name
from orgs.services.base import batches
from reports.paper import printed
from reports.standings import workbook
from reports.standings.table import Column, Line, Part
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import FileResponse, HttpResponse

    from assessments.draws.reviewing import Compared
    from assessments.models import Draw

BATCH = 500
PAPER = 1000
"""Rows of a table on paper; the workbook has all."""

HEADINGS = "th { white-space: nowrap; }"
"""They are short, and a long name would break them into single signs."""

POINTS = (
    Column(gettext_lazy("Assessment"), 12),
    Column(gettext_lazy("Review"), 12),
    Column(gettext_lazy("Difference"), 12),
)
ORGANIZATION = Column(gettext_lazy("Organisation"), 36, number=False)
UNION = Column(gettext_lazy("Assessing union"), 30, number=False)
ORGANIZATIONS = (
    ORGANIZATION,
    Column(gettext_lazy("Kind"), 20, number=False),
    UNION,
    *POINTS,
    Column(gettext_lazy("Items that differ"), 12),
)
ITEMS = (
    ORGANIZATION,
    Column(gettext_lazy("Item no."), 10, number=False),
    Column(gettext_lazy("Content"), 70, number=False),
    *POINTS,
    Column(gettext_lazy("How they add up"), 20, number=False),
)
UNIONS = (
    UNION,
    Column(gettext_lazy("Reviews confirmed"), 12),
    Column(gettext_lazy("Mean change"), 12, decimals=2),
    Column(gettext_lazy("Mean distance"), 12, decimals=2),
)
WAITING = (ORGANIZATION, UNION, Column(gettext_lazy("State"), 20, number=False))


@require_safe
@never_cache
def comparison_xlsx(request: Request, pk: int) -> FileResponse:
    draw = followed_or_404(request, pk)
    tables = [(part.title, part.table) for part in parts(draw)]
    return download_workbook(
        _name(draw), lambda file: workbook.write(file, workbook.as_of(draw.cycle.name, _title(draw)), tables)
    )


@require_safe
@never_cache
def comparison_pdf(request: Request, pk: int) -> HttpResponse:
    draw = followed_or_404(request, pk)
    with translation.override(LANGUAGE):
        context = {"cycle": draw.cycle, "name": _title(draw), "words": workbook.as_of(), "parts": parts(draw)}
        html = render_to_string("reports/standings/print.html", context)
        return download(printed(html, "statistics.css", HEADINGS), _name(draw), "pdf")


def parts(draw: Draw) -> list[Part]:
    """What the comparison says, the furthest first: organisations, their items, unions, and what is to come."""
    found = list(_compared(draw))
    waiting = reviewing.waiting(draw).select_related("assessor").order_by("path")
    nothing = _("No review is confirmed yet.")
    return [
        Part(
            _("Reviewed organisations"),
            _("How far the reviews are from the assessments, the furthest first."),
            ORGANIZATIONS,
            tuple(_organization(one) for one in found),
            empty=nothing,
            shown=PAPER,
        ),
        Part(
            _("Items that differ"),
            _("Every item that the review gave other points than the assessment."),
            ITEMS,
            tuple(line for one in found for line in _items(one)),
            empty=_("The reviews agree with the assessments in every item.") if found else nothing,
            shown=PAPER,
        ),
        Part(
            _("By assessing union"),
            _("Mean distance: differences without their sign."),
            UNIONS,
            tuple(Line((one.name, one.count, one.mean, one.apart)) for one in reviewing.by_assessor(draw)),
            empty=nothing,
            shown=PAPER,
        ),
        Part(
            _("Still to be confirmed"),
            "",
            WAITING,
            tuple(Line((one.name, one.assessor.name, one.get_state_display())) for one in waiting),
            empty=_("All reviews are confirmed."),
            shown=PAPER,
        ),
    ]


def _compared(draw: Draw) -> Iterator[Compared]:
    """In batches: the marks of a few hundred organisations are read at once."""
    found = list(reviewing.reviewed(draw).select_related("rubric", "kind", "assessor"))
    for batch in batches(found, BATCH):
        yield from reviewing.compared(batch)


def _organization(one: Compared) -> Line:
    assessed, found, gap = (getattr(one.assessment, name) for name in ("assessed", "found", "gap"))
    who = (one.assessment.name, one.assessment.kind.name, one.assessment.assessor.name)
    return Line((*who, assessed, found, _plain(gap), len(one.items)))


def _items(one: Compared) -> Iterator[Line]:
    for gap in one.items:
        made = f"{gap.assessed or '—'} → {gap.found or '—'}"
        yield Line((one.assessment.name, gap.key, gap.text, gap.before, gap.after, gap.by, made))


def _plain(gap: object) -> Decimal | None:
    """A difference that the database computed, exact to the places that totals have."""
    return None if gap is None else Decimal(str(gap)).quantize(reviewing.STORED)


def _title(draw: Draw) -> str:
    said = {"purpose": draw.get_purpose_display(), "number": draw.number}
    return _("%(purpose)s no. %(number)s: assessment and review") % said


def _name(draw: Draw) -> str:
    return file_name(draw.cycle.name, _title(draw), timezone.localdate().isoformat())
