"""总结上报: a subordinate union's yearly report to the union that opened the cycle, in the official layout.

Its text is the union's own; its figures are those of its branch, fixed when it is handed in.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.aftermath.figures import figures_of, in_lines
from assessments.models import YearReport
from assessments.views.answers import Request
from assessments.views.year_reports import report_or_404, text_for
from orgs.downloads import download, file_name
from reports.official import paper, word
from reports.official.values import Block, Column, Document, Row, Table, filled, paragraphs, written
from reports.tables.cards import LANGUAGE


def document(report: YearReport, text: str) -> Document:
    figures = report.figures if report.handed_in_at else figures_of(report.cycle, report.organization)
    day = timezone.localdate(report.handed_in_at) if report.handed_in_at else timezone.localdate()
    with translation.override(LANGUAGE):
        columns = filled(Column(pgettext("figures", "What"), words=True), Column(_("Figure"), 60))
        blocks: list[Block] = [
            *paragraphs(text),
            Table(columns, tuple(map(Row, in_lines(figures))), _("Figures of the branch")),
        ]
        said = {"union": report.organization.name, "cycle": report.cycle.name}
        title = _("Yearly report of %(union)s on %(cycle)s") % said
        return Document(title, report.cycle.owner.name, tuple(blocks), (), report.organization.name, written(day))


@require_safe
@never_cache
def year_report_pdf(request: Request, pk: int) -> HttpResponse:
    found = _document(request, pk)
    return download(paper.render(found), file_name(found.title), "pdf")


@require_safe
@never_cache
def year_report_docx(request: Request, pk: int) -> HttpResponse:
    found = _document(request, pk)
    return download(word.render(found), file_name(found.title), "docx")


def _document(request: Request, pk: int) -> Document:
    report = report_or_404(request, pk)
    return document(report, text_for(request.user, report))
