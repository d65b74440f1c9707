"""Evidence over the web: a sentence for each refused file, the rights of its sheet, nothing for a browser to run."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Evidence
from assessments.workflow import Stage, State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def cast():
    return make.cast()


def as_(user, *, script=False):
    client = Client(headers={"accept": "application/json"} if script else None)
    client.force_login(user)
    return client


def upload(name="附件1 （定稿）.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def attach(user, cast, *files, script=False, stage=Stage.SELF, key="1-1", **options):
    url = reverse("assessments:attach", args=[cast.assessment.pk, stage, key])
    return as_(user, script=script).post(url, {"files": list(files)}, **options)


@pytest.fixture
def kept(cast):
    return services.attach(make.again(cast.clerk), cast.assessment, Stage.SELF, "1-1", upload())


def read(user, evidence):
    response = as_(user).get(reverse("assessments:evidence", args=[evidence.pk]))
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


def test_files_are_kept_and_the_script_gets_the_list(cast):
    answer = attach(cast.clerk, cast, upload(), upload("照片.pdf", PDF + b"x"), script=True)
    assert answer.status_code == 200
    assert answer.json()["errors"] == []
    assert answer.json()["html"].count("<li>") == Evidence.objects.count() == 2


def test_each_refused_file_has_its_own_sentence_and_the_others_are_kept(cast):
    answer = attach(cast.clerk, cast, upload("a.pdf"), upload("b.pdf", b"MZ"), upload("c.exe", b"MZ"), script=True)
    assert len(answer.json()["errors"]) == 2
    assert [one.name for one in Evidence.objects.all()] == ["a.pdf"]


def test_without_javascript_the_answer_is_the_sheet_at_the_item(cast):
    response = attach(cast.clerk, cast, upload("b.pdf", b"MZ"))
    sheet = reverse("assessments:sheet", args=[cast.assessment.pk, "self"])
    assert (response.status_code, response.url) == (302, f"{sheet}#item-1-1")
    assert "b.pdf" in str(next(iter(get_messages(response.wsgi_request))))


def test_attaching_where_one_may_not(cast):
    assert attach(cast.stranger, cast, upload()).status_code == 404
    assert attach(cast.assessor, cast, upload()).status_code == 403
    assert attach(cast.assessor, cast, upload(), stage=Stage.ASSESS).status_code == 409
    assert attach(cast.clerk, cast, upload(), key="9-9").status_code == 404
    make.bring_to(cast, State.ASSESSING)
    closed = attach(cast.clerk, cast, upload(), script=True)
    assert (closed.status_code, list(closed.json())) == (409, ["error"])
    assert not Evidence.objects.exists()


def test_a_file_comes_as_an_attachment_under_its_own_name(cast, kept):
    response = read(cast.clerk, kept)
    assert response.body == PDF
    headers = response.headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%99%84%E4%BB%B61")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in headers["Cache-Control"]


def test_a_file_is_read_by_whom_its_sheet_is_read(cast, kept):
    assert read(cast.assessor, kept).status_code == read(cast.admin, kept).status_code == 403
    assert read(cast.stranger, kept).status_code == read(cast.unposted, kept).status_code == 404
    make.bring_to(cast, State.ASSESSING)
    for user in (cast.clerk, cast.assessor, cast.department_assessor, cast.reviewer, cast.auditor):
        assert read(user, kept).status_code == 200


def test_a_removed_file_is_for_who_reads_the_log(cast, kept):
    response = as_(cast.clerk).post(reverse("assessments:remove_evidence", args=[kept.pk]))
    assert response.status_code == 302
    assert read(cast.clerk, kept).status_code == 404
    make.bring_to(cast, State.ASSESSING)
    assert read(cast.assessor, kept).status_code == 404
    assert read(cast.auditor, kept).status_code == 200


def test_removing_answers_a_script_with_the_rest(cast, kept):
    answer = as_(cast.clerk, script=True).post(reverse("assessments:remove_evidence", args=[kept.pk]))
    assert answer.json()["html"] == ""


def test_removing_where_one_may_not(cast, kept):
    url = reverse("assessments:remove_evidence", args=[kept.pk])
    assert as_(cast.stranger).post(url).status_code == 404
    make.bring_to(cast, State.ASSESSING)
    assert as_(cast.assessor).post(url).status_code == 409
    assert as_(cast.clerk).post(url).status_code == 409
    assert as_(cast.clerk).get(url).status_code == 405
    assert Evidence.objects.get().removed_at is None


def test_a_file_that_the_disk_lost_is_not_there(cast, kept):
    kept.file.storage.delete(kept.file.name)
    assert read(cast.clerk, kept).status_code == 404
