"""Files of all marks: who gets which, what is left blank, and that nothing in them is a formula."""

from __future__ import annotations

import csv

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from assessments.models import Assessment, Mark
from assessments.services import Refused
from assessments.workflow import Stage, State
from reports.exports.marks import LONG, PLAIN, SPECS, WORKBOOK
from reports.models import Export
from rubrics.rows import rows
from tests import factories as make

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast(db):
    return make.cast()


def asked(cast, **said):
    return {"cycle": cast.cycle.pk, "kind": cast.assessment.kind_id, "branch": None, "stage": "", **said}


def made(spec, user, what, folder):
    user = make.again(user)
    part, whole = folder / "part", folder / f"whole.{spec.ending}"
    spec.make(user, what, spec.units(user, what), part)
    spec.join(what, [part], whole)
    return whole


def lines(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_people_get_the_sheets_that_they_may_read(cast, tmp_path):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.now(), Stage.ASSESS)
    for who, stages in (
        ("assessor", {"Self-score", "Assessment"}),
        ("admin", {"Self-score"}),
        ("reviewer", {"Self-score"}),
    ):
        found = lines(made(LONG, getattr(cast, who), asked(cast), tmp_path))
        own = {line["Stage"] for line in found if line["Organisation"] == cast.assessment.name}
        assert own == stages, who
        book = load_workbook(made(WORKBOOK, getattr(cast, who), asked(cast), tmp_path))
        assert set(book.sheetnames) == {*stages, "Items"}, who


def test_of_the_neighbour_who_has_marked_nothing_all_is_blank(cast, tmp_path):
    make.bring_to(cast, State.ASSESSING)
    found = {line["Organisation"]: line for line in lines(made(PLAIN, cast.assessor, asked(cast), tmp_path))}
    mine, other = found[cast.assessment.name], found[cast.neighbour.name]
    totals = [name for name in mine if name.startswith("Self-score") and name.endswith("Total")]
    assert [bool(mine[name]) for name in totals] == [True]
    assert {other[name] for name in other if "Self-score" in name} == {""}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.kind)
def test_who_fills_in_or_stands_elsewhere_gets_none(cast, spec, tmp_path):
    for who in ("clerk", "chair", "department_assessor", "superuser"):
        with pytest.raises(PermissionDenied):
            spec.units(make.again(getattr(cast, who)), asked(cast))
    keys = spec.units(make.again(cast.admin), asked(cast))
    with pytest.raises(PermissionDenied):
        spec.make(make.again(cast.stranger), asked(cast), keys, tmp_path / "part")
    with pytest.raises(PermissionDenied):
        spec.units(make.again(cast.assessor), asked(cast, branch=cast.other_county.pk))
    with pytest.raises(PermissionDenied):
        spec.units(make.again(cast.admin), asked(cast, kind=0))
    Assessment.objects.filter(organization=cast.other_township).delete()
    with pytest.raises(Refused):
        spec.units(make.again(cast.admin), asked(cast, branch=cast.other_county.pk))


def test_no_text_is_a_formula(cast, tmp_path):
    key = rows(cast.rubric)[0].key
    make.bring_to(cast, State.ASSESSING)
    Mark.objects.filter(sheet__assessment=cast.assessment, item__key=key).update(remark="=HYPERLINK(1)")
    Assessment.objects.filter(pk=cast.assessment.pk).update(name="=cmd|' /C calc'!A0")
    wide, long = (lines(made(spec, cast.admin, asked(cast), tmp_path)) for spec in (PLAIN, LONG))
    assert wide[0]["Organisation"] == "'=cmd|' /C calc'!A0"
    assert "'=HYPERLINK(1)" in {line["Remark"] for line in long}
    book = load_workbook(made(WORKBOOK, cast.admin, asked(cast), tmp_path))
    cell = next(cell for line in book.worksheets[0].iter_rows() for cell in line if str(cell.value).startswith("=cmd"))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_more_organisations_take_no_more_queries(cast, tmp_path):
    make.bring_to(cast, State.ASSESSING)
    user, what = make.again(cast.admin), asked(cast)
    keys = WORKBOOK.units(user, what)
    counts = []
    for some in (keys[:1], keys):
        WORKBOOK.make(user, what, some, tmp_path / "part")
        with CaptureQueriesContext(connection) as queries:
            WORKBOOK.make(user, what, some, tmp_path / "part")
        counts.append(len(queries))
    assert len(keys) == 3
    assert counts[0] == counts[1] <= 14


def test_it_is_ordered_on_a_page(client, cast):
    make.bring_to(cast, State.ASSESSING)
    client.force_login(cast.assessor)
    page = reverse("reports:order_marks", args=[cast.cycle.pk])
    assert client.get(page).status_code == 200
    refused = client.post(page, {"kind": "0", "file": "marks_csv"})
    assert refused.status_code == 200
    assert not Export.objects.exists()
    answer = client.post(page, {"kind": cast.assessment.kind_id, "stage": "self", "file": "marks_xlsx"})
    export = Export.objects.get()
    assert answer["Location"] == reverse("reports:export", args=[export.pk])
    assert (export.by, export.kind, export.total) == (cast.assessor, "marks_xlsx", 2)
    assert export.asked == asked(cast, stage="self")
