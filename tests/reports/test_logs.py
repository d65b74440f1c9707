"""Logs as workbooks: for who reads the whole page, with its filters, all lines, and in memory that does not grow."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from assessments.services import change_deadlines
from orgs.models import Change
from orgs.queries import changes_in
from reports.exports.logs import SPEC
from reports.lists import log_views
from reports.models import Export
from reports.standings import workbook
from reports.standings.table import Column, Line, Table
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _in_english():
    with override_settings(LANGUAGE_CODE="en"), translation.override("en"):
        yield


def ask(client, route, pk, **asked):
    address = f"{reverse(f'reports:{route}', args=[pk])}?{urlencode(asked)}"
    return client.post(address) if route == "changes_xlsx" else client.get(address)


def lines(client, route, pk, **asked):
    answer = ask(client, route, pk, **asked)
    assert answer.status_code == 200
    [sheet] = load_workbook(BytesIO(b"".join(answer))).worksheets
    return [list(line) for line in sheet.iter_rows(min_row=4, values_only=True)]


def logged(organization, name, field="name", old="", new="", by=None, *, days_ago=0, **values):
    at = timezone.now() - timedelta(days=days_ago)
    about = {"subject": "organization", "subject_id": organization.pk, **values}
    return Change.objects.create(
        by=by, path=organization.path, name=name, field=field, old=old, new=new, at=at, **about
    )


def test_the_log_of_a_branch_is_what_its_page_shows(client):
    cast = make.cast()
    logged(cast.township, "𠮷田镇总工会", "code", "", "=1+1", cast.admin, days_ago=400)
    logged(cast.other_township, "外县", "name", "甲", "乙", cast.admin)
    person = logged(cast.county, "张三", "full_name", "张二", "张三", subject="person")
    at = f"{timezone.localtime(person.at):%Y-%m-%d %H:%M}"
    client.force_login(cast.auditor)
    found = lines(client, "changes_xlsx", cast.county.pk)
    assert len(found) == changes_in(cast.county).count()
    assert found[0] == [at, "a command on the server", "Person", "张三", "full name", "张二", "张三"]
    assert "外县" not in {line[3] for line in found}
    old = ["𠮷田镇总工会", "credit code", None, "=1+1"]
    assert [line[3:] for line in found if line[3] == "𠮷田镇总工会"] == [old]
    day = (timezone.localdate() - timedelta(days=399)).isoformat()
    for asked, names in (
        ({"until": day}, ["𠮷田镇总工会"]),
        ({"q": "田镇"}, ["𠮷田镇总工会"]),
        ({"subject": "person", "q": "张"}, ["张三"]),
        ({"since": day, "q": "田镇"}, []),
    ):
        assert [line[3] for line in lines(client, "changes_xlsx", cast.county.pk, **asked)] == names
        page = client.get(reverse("orgs:changes", args=[cast.county.pk]), asked)
        assert [one.name for one in page.context["page"]] == names
    for asked in ({"since": "gestern"}, {"subject": "vote"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}):
        assert ask(client, "changes_xlsx", cast.county.pk, **asked).status_code == 404
        assert client.get(reverse("orgs:changes", args=[cast.county.pk]), asked).status_code == 200
    assert lines(client, "changes_xlsx", cast.county.pk, until="2999-12-31", since="1900-01-01") == found


def test_only_who_reads_the_page_gets_its_file(client):
    cast = make.cast()
    logged(cast.township, "街道")
    for name in ("clerk", "department_assessor", "assessor", "reviewer", "admin", "auditor", "stranger", "superuser"):
        client.force_login(getattr(cast, name))
        for unit in (cast.township, cast.county, cast.city):
            page = client.get(reverse("orgs:changes", args=[unit.pk]))
            file = ask(client, "changes_xlsx", unit.pk)
            assert (name, file.status_code) == (name, page.status_code)
            b"".join(file) if file.streaming else None


def test_a_cycle_log_has_what_its_page_cut_off(client, monkeypatch):
    cast = make.cast()
    new = cast.cycle.self_deadline - timedelta(days=1)
    days = {"self_deadline": new, "assess_deadline": cast.cycle.assess_deadline}
    change_deadlines(make.again(cast.admin), cast.cycle, **days, review_deadline=cast.cycle.review_deadline)
    monkeypatch.setattr("assessments.cycle_changes.SHOWN", 0)
    client.force_login(cast.clerk)
    [line] = lines(client, "cycle_changes_xlsx", cast.cycle.pk)
    assert (line[1], line[4]) == (str(cast.admin), new.isoformat())
    client.force_login(make.person())
    assert client.get(reverse("reports:cycle_changes_xlsx", args=[cast.cycle.pk])).status_code == 404


def test_more_lines_take_no_more_queries(client):
    cast = make.cast()
    client.force_login(cast.admin)
    counts = []
    for _more in range(2):
        logged(cast.township, "街道", by=make.person())
        with CaptureQueriesContext(connection) as queries:
            lines(client, "changes_xlsx", cast.township.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_long_log_is_written_by_the_workers_and_is_the_same(client, monkeypatch, tmp_path):
    cast = make.cast()
    for count in range(5):
        logged(cast.township, f"第{count}街道", by=cast.admin)
    client.force_login(cast.admin)
    at_once = lines(client, "changes_xlsx", cast.county.pk, q="街道")
    monkeypatch.setattr(log_views, "AT_ONCE", 4)
    ordered = ask(client, "changes_xlsx", cast.county.pk, q="街道")
    (export,) = Export.objects.all()
    assert ordered["Location"] == reverse("reports:export", args=[export.pk])
    assert (export.kind, export.ending, export.total) == ("changes", "xlsx", 5)
    admin, paths = make.again(cast.admin), [tmp_path / "1", tmp_path / "2"]
    found = list(SPEC.units(admin, export.asked))
    logged(cast.township, "后来的街道")
    for path, part in zip(paths, (found[:2], found[2:]), strict=True):
        SPEC.make(admin, export.asked, part, path)
    SPEC.join(export.asked, paths, tmp_path / "whole.xlsx")
    [sheet] = load_workbook(tmp_path / "whole.xlsx").worksheets
    assert [list(line) for line in sheet.iter_rows(min_row=4, values_only=True)] == at_once
    assert len(at_once) == 5
    for who in (cast.clerk, cast.assessor, cast.stranger):
        with pytest.raises(PermissionDenied):
            SPEC.make(make.again(who), export.asked, found, paths[0])


def test_what_a_worksheet_does_not_hold_stands_on_the_next(monkeypatch):
    monkeypatch.setattr(workbook, "MOST", 3)
    columns = (Column("n"),)
    file = BytesIO()
    tables = [(f"t{count}", Table(columns, (Line((n,)) for n in range(count)))) for count in (0, 3, 7, 1)]
    workbook.write(file, "", tables)
    found = load_workbook(file).worksheets
    assert [sheet.title for sheet in found] == ["1 t0", "2 t3", "3 t7", "4 t7", "5 t7", "6 t1"]
    values = [[line[0] for line in sheet.iter_rows(min_row=4, values_only=True)] for sheet in found]
    assert values == [[], [0, 1, 2], [0, 1, 2], [3, 4, 5], [6], [0]]
