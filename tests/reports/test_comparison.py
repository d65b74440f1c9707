"""How far the reviews of a draw are from the assessments, as workbook and PDF: as the page says it, in real numbers."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from subprocess import run

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.assessments.draws import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def sheets(client, draw):
    answer = client.get(reverse("reports:comparison_xlsx", args=[draw.pk]))
    assert answer.status_code == 200
    found = load_workbook(BytesIO(b"".join(answer))).worksheets
    return [[list(line) for line in sheet.iter_rows(min_row=4, values_only=True)] for sheet in found]


def words(content):
    said = run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return "".join(said.split())


def test_says_all_that_the_page_says(client):
    people = hold.finished()
    draw = hold.drawn(people, share=Decimal("0.6"))
    one, two, *rest = (member.assessment for member in hold.names_drawn(draw))
    assert rest
    client.force_login(people.reviewer)
    nothing = sheets(client, draw)
    assert [len(found) for found in nothing] == [0, 0, 0, len(rest) + 2]
    hold.review(people, one, "2", "0.5")
    with CaptureQueriesContext(connection) as first:
        sheets(client, draw)
    hold.review(people, two, "2", "2")
    with CaptureQueriesContext(connection) as second:
        organizations, items, unions, waiting = sheets(client, draw)
    assert len(first) == len(second)
    kind = one.kind.name
    assert organizations == [
        [one.name, kind, one.assessor.name, 4, 2.5, -1.5, 1],
        [two.name, kind, two.assessor.name, 4, 4, 0, 0],
    ]
    assert [(line[0], line[1], *line[3:]) for line in items] == [(one.name, "1-2", 2, 0.5, -1.5, "2 → 0.5")]
    if one.assessor_id == two.assessor_id:
        assert unions == [[one.assessor.name, 2, -0.75, 0.75]]
    else:
        assert unions == [[one.assessor.name, 1, -1.5, 1.5], [two.assessor.name, 1, 0, 0]]
    assert {(line[0], line[1]) for line in waiting} == {(each.name, each.assessor.name) for each in rest}
    paper = client.get(reverse("reports:comparison_pdf", args=[draw.pk]))
    said = words(paper.content)
    for part in (one.name, two.name, rest[0].name, "-1.5", "-0.75" if one.assessor_id == two.assessor_id else "-1.50"):
        assert "".join(part.split()) in said
    client.force_login(people.assessor)
    for ending in ("xlsx", "pdf"):
        assert client.get(reverse(f"reports:comparison_{ending}", args=[draw.pk])).status_code == 403
