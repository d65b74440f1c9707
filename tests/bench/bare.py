"""The least that Django needs to show or write the same rows: no rights, no kernel, no frame around the page."""

from decimal import Decimal
from functools import lru_cache
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone
from weasyprint import HTML

from assessments.models import Assessment, Mark, MarkRevision, Sheet
from assessments.workflow import Stage
from reports import pdf
from reports.tables import ScoreTable, scorecard
from rubrics.models import Item

PAGE = engines["django"].from_string(
    """<!DOCTYPE html><html><head><title>{{ assessment.name }}</title></head><body>
    <form method="post">{% csrf_token %}<table>
    {% for item, earlier, own in rows %}
    <tr><th>{{ item.section.name }}</th><td>{{ item.number }}</td><td>{{ item.text }}</td>
    <td>{{ item.threshold }}</td><td>{{ item.points }}</td><td>{{ earlier.points }}</td><td>{{ earlier.remark }}</td>
    <td><input name="points-{{ item.pk }}" value="{{ own.points|default:'' }}"></td>
    <td><textarea name="remark-{{ item.pk }}">{{ own.remark }}</textarea></td></tr>
    {% endfor %}</table><button>Save</button></form></body></html>"""
)
LIST = engines["django"].from_string(
    """<!DOCTYPE html><html><body><table>{% for one in assessments %}
    <tr><td>{{ one.name }}</td><td>{{ one.kind.name }}</td>
    <td>{{ one.cycle.name }}</td><td>{{ one.get_state_display }}</td>
    {% for sheet in one.sheets.all %}
    <td>{{ sheet.points }}</td><td>{{ sheet.scored }}/{{ sheet.required }}</td>
    {% endfor %}</tr>{% endfor %}</table></body></html>"""
)

RANKING = engines["django"].from_string(
    """<!DOCTYPE html><html><body><p>{{ user }}: {{ final }} of {{ all }}</p><table>{% for row in rows %}
    <tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table></body></html>"""
)


def page(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = Assessment.objects.select_related("cycle", "rubric").get(pk=pk)
    sheets = {sheet.stage: sheet for sheet in assessment.sheets.all()}
    earlier = {mark.item_id: mark for mark in Mark.objects.filter(sheet=sheets["self"])}
    own = {mark.item_id: mark for mark in Mark.objects.filter(sheet=sheets["assess"])}
    items = Item.objects.filter(rubric=assessment.rubric).select_related("section")
    rows = [(item, earlier.get(item.pk), own.get(item.pk)) for item in items]
    return HttpResponse(PAGE.render({"assessment": assessment, "rows": rows, "user": request.user.full_name}, request))


@transaction.atomic
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """An upsert of a mark, its revision and its sheet; the numbers come from the browser unread."""
    now, points = timezone.now(), Decimal(request.POST["points"])
    sheet = Sheet.objects.get(assessment=pk, stage="assess")
    mark, _created = Mark.objects.update_or_create(
        sheet=sheet,
        item_id=request.POST["item"],
        defaults={"points": points, "version": int(request.POST["version"]), "saved_at": now, "saved_by": request.user},
    )
    MarkRevision.objects.create(
        sheet=sheet, item_id=mark.item_id, version=mark.version, points=points, by=request.user, at=now
    )
    sheet.base = sheet.points = points
    sheet.saved_at = now
    sheet.save(update_fields=("base", "points", "saved_at"))
    return JsonResponse({"version": mark.version})


def listing(request: HttpRequest, cycle: int) -> HttpResponse:
    assessments = Assessment.objects.filter(cycle=cycle).select_related("cycle", "kind").prefetch_related("sheets")
    return HttpResponse(LIST.render({"assessments": assessments[:50], "user": request.user.full_name}, request))


def card(request: HttpRequest, pk: int) -> HttpResponse:
    """WeasyPrint on the card's finished HTML, with its style sheets and fonts already read."""
    html, options = _kept(pk)
    return HttpResponse(HTML(string=html).render(**options).write_pdf(), content_type="application/pdf")


@lru_cache
def _kept(pk: int) -> tuple[str, dict[str, Any]]:
    assessment = Assessment.objects.select_related("cycle", "kind", "rubric__document").get(pk=pk)
    return finished(scorecard(assessment, (Stage.SELF, Stage.ASSESS)))


def finished(table: ScoreTable) -> tuple[str, dict[str, Any]]:
    """What the product gives to WeasyPrint at its last layout of a card."""
    given: list[tuple[str, dict[str, Any]]] = []

    class Recorder(pdf.Paper):
        def __init__(self, string: str) -> None:
            super().__init__(string)
            self.text = string

        def render(self, **options: Any) -> Any:
            given.append((self.text, options))
            return super().render(**options)

    with patch.object(pdf, "Paper", Recorder):
        pdf.render(table)
    return given[-1]


def ranking(request: HttpRequest, cycle: int) -> HttpResponse:
    """Plain SQL on kept totals: 50 rows with their ranks, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE state = 'final'), count(*) FROM assessments_assessment WHERE cycle_id = %s",
            [cycle],
        )
        final, everybody = cursor.fetchone()
        cursor.execute(
            "SELECT rank() OVER (ORDER BY a.points DESC), a.name, o.name, a.points, a.self_points, a.band_rank "
            "FROM assessments_assessment a JOIN orgs_organization o ON o.id = a.assessor_id "
            "WHERE a.cycle_id = %s AND a.kind_id = (SELECT kind_id FROM assessments_cyclekind WHERE cycle_id = %s AND "
            "rubric_id IS NOT NULL LIMIT 1) AND a.state = 'final' ORDER BY a.points DESC, a.sort_key, a.id LIMIT 50",
            [cycle, cycle],
        )
        rows = cursor.fetchall()
    said = {"rows": rows, "final": final, "all": everybody, "user": request.user.full_name}
    return HttpResponse(RANKING.render(said))
