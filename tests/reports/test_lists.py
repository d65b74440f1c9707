"""Lists as files: what the page shows by and by, with its filters, and nothing that it keeps secret."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessments.listing import Wanted as All
from assessments.listing import for_list, list_rows, matching
from assessments.models import Objection
from assessments.workflow import State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def table(client, route, *args, **asked):
    answer = client.get(reverse(f"reports:{route}", args=args), asked)
    assert answer.status_code == 200
    sheets = load_workbook(BytesIO(b"".join(answer))).worksheets
    return [[list(line) for line in sheet.iter_rows(min_row=4, values_only=True)] for sheet in sheets]


def test_the_list_of_assessments_is_what_the_page_finds(client):
    cast = make.cast()
    make.bring_to(cast, State.ASSESSING)
    client.force_login(cast.admin)
    [found] = table(client, "assessments_xlsx")
    shown = list_rows(make.again(cast.admin), for_list(matching(make.again(cast.admin), All())))
    assert [[line[0], line[5], f"{line[9]} / {line[10]}"] for line in found] == [
        [row.name, float(row.self_points) if row.self_points else None, row.marked] for row in shown
    ]
    assert len(found) == 3
    [some] = table(client, "assessments_xlsx", state="assessing")
    assert [line[0] for line in some] == [cast.assessment.name]
    assert client.get(reverse("reports:assessments_xlsx"), {"branch": "0"}).status_code == 404


def test_more_assessments_take_no_more_queries(client):
    cast = make.cast()
    client.force_login(cast.admin)
    counts = []
    for asked in ({"state": "self_scoring", "q": cast.assessment.name}, {}):
        with CaptureQueriesContext(connection) as queries:
            table(client, "assessments_xlsx", **asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_grading_objections_and_coverage_of_a_published_cycle(client):
    cast = make.cast(rubric=make.small_rubric(stages=2, bands=make.STARS))
    notice = make.publish_cycle(cast)
    said = {"statement": "得分与材料不符", "received_on": notice.starts_on, "due_on": notice.ends_on}
    secret = {"objector": "匿名的人", "objector_contact": "13900000000", "registered_by": cast.reviewer}
    Objection.objects.create(
        notice=notice,
        assessment=cast.assessment,
        number=1,
        channel="visit",
        registered_at=notice.snapshot.at,
        **said,
        **secret,
    )
    client.force_login(cast.reviewer)
    [graded] = table(client, "grading_xlsx", cast.cycle.pk)
    assert len(graded) == cast.cycle.assessments.count()
    assert len(table(client, "grading_xlsx", cast.cycle.pk, shown="unfinished")[0]) == len(graded) - 1
    [objections] = table(client, "objections_xlsx", cast.cycle.pk)
    assert objections[0][:3] == [1, cast.assessment.name, "得分与材料不符"]
    assert not {"匿名的人", "13900000000"} & {cell for line in objections for cell in line}
    Objection.objects.all().delete()  # else nothing is closed
    make.closed(cast)
    years, _unions = table(client, "coverage_xlsx", cast.city.pk)
    assert years[-1][0] == cast.cycle.year
