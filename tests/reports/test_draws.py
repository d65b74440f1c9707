"""What is printed of draws: the record of one, and the review on cards whose documents print no column for it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from subprocess import run

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Mark, Sheet
from assessments.workflow import Stage
from reports import draws as records
from reports import excel, pdf
from reports.tables import scorecard
from rubrics.rows import rows
from tests import factories as make
from tests.assessments.draws import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

EVERY = tuple(Stage)


def words(content: bytes) -> str:
    """All that a PDF says, without blanks and line ends."""
    said = run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return "".join(said.split())


def test_record_says_all_that_the_page_says():
    people = hold.finished()
    draw = hold.seeded(people)
    client = Client()
    client.force_login(people.reviewer)
    record = reverse("reports:draw_record", args=[draw.pk])
    assert client.get(record).url == reverse("draws:population", args=[draw.pk])
    left = people.cycle.assessments.filter(assessor=people.county).order_by("pk").last()
    hold.draws.exclude(make.again(people.reviewer), draw, left, "上月刚检查过")
    draw = hold.draws.freeze_population(make.again(people.admin), draw)
    hold.draws.draw_names(make.again(people.reviewer), draw)
    gone = hold.names_drawn(draw)[0]
    hold.draws.redraw(make.again(people.reviewer), draw, [gone.pk], "已整建制撤并")
    answer = client.get(record)
    assert answer["Content-Type"] == "application/pdf"
    said = words(answer.content)
    for part in (draw.digest, draw.seed, draw.seed_source, "已整建制撤并", "上月刚检查过", str(people.reviewer)):
        assert "".join(part.split()) in said
    for one in draw.members.all():
        assert one.name in said
        assert one.rank in said
    assert "第1页" in said
    stranger = Client()
    stranger.force_login(people.clerk)
    assert stranger.get(record).status_code == 403


def test_a_long_population_stands_in_its_file(monkeypatch):
    draw = hold.frozen(hold.finished())
    monkeypatch.setattr(records, "WHOLE", 3)
    assert records.contents(draw)["population"] is None
    assert draw.digest in words(records.render(draw))


def called_up(assessed, rubric, **marks):
    """A final assessment of a document with two columns, reviewed after a draw. `marks` are points by item key."""
    assessment = assessed(rubric)
    assert assessment.stages == 2
    assessment.stages = 3
    assessment.save()
    sheet = Sheet.objects.create(assessment=assessment, stage=Stage.REVIEW)
    own = Mark.objects.filter(sheet__assessment=assessment, sheet__stage=Stage.ASSESS)
    for mark in own.prefetch_related("counts"):
        counts = list(mark.counts.all())
        mark.pk, mark.sheet = None, sheet
        mark.save(force_insert=True)
        for count in counts:
            count.pk, count.mark = None, mark
            count.save(force_insert=True)
    for key, points in marks.items():
        found = sheet.marks.filter(item__key=key.replace("_", "-"))
        assert found.update(points=Decimal(points), remark="现场查看不符") == 1
    return assessment


@pytest.mark.parametrize("document", ["g1", "j1", "d"])
def test_review_of_the_drawn_stands_below_the_card(rubric_of, assessed, document):
    rubric = rubric_of(document)
    key = next(row.key for row in rows(rubric) if row.rule == "judged" and row.applies(rubric.audiences.first().kind))
    assessment = called_up(assessed, rubric, **{key.replace("-", "_"): "0"})
    plain, table = scorecard(assessment, (Stage.SELF, Stage.ASSESS)), scorecard(assessment, EVERY)
    assert (table.widths, table.headings) == (plain.widths, plain.headings)
    assert len(table.signatures) == len(plain.signatures) + 1
    (note,) = [one for one in table.notes if one not in plain.notes and one.startswith("复核")][:1]
    assert "→ 0" in note
    assert any(remark.text == "现场查看不符" for remark in table.remarks)
    told = words(pdf.render(table))
    assert "".join(note.split()) in told
    book = load_workbook(BytesIO(excel.render(table)))
    cells = [str(cell.value) for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert any(note in cell for cell in cells)


def test_review_that_says_the_same_and_one_that_has_not_begun(rubric_of, assessed):
    assessment = called_up(assessed, rubric_of("g1"))
    (note,) = [one for one in scorecard(assessment, EVERY).notes if one.startswith("复核")]
    assert "→" not in note
    Sheet.objects.get(assessment=assessment, stage=Stage.REVIEW).marks.all().delete()
    assert not [one for one in scorecard(assessment, EVERY).notes if one.startswith("复核")]
