"""A list from file to done, as its administrator sees it. Background work is done at once here."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from orgs.importing import jobs, steps
from orgs.models import Change, KnownHeader, Organization, Outcome, Upload, UploadRow, UploadState
from orgs.services import Refused, create_organization
from tests.orgs.importing.conftest import text, xlsx

HEADINGS = ["单位名称", "上级工会", "单位类别", "会员人数", "备注"]
ROWS = (
    ["丙厂工会", "乙厂工会", "任意", "", ""],
    ["乙厂工会", "甲街道工会", "任意", 20, "x"],
    ["甲厂工会", "甲街道工会", "", 33, ""],
    ["甲街道工会", "", "", "", ""],
)


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.branch_admin)
    return client


@pytest.fixture
def uploaded(admin, tree):
    """uploaded(file) -> the upload, its columns not matched yet."""

    def send(file, branch=None):
        answer = admin.post(
            reverse("orgs:upload", args=["organizations"]), {"branch": (branch or tree.district).pk, "file": file}
        )
        assert answer.status_code == 302, answer.context["form"].errors
        return Upload.objects.get()

    return send


def match(admin, upload, **changed):
    """Take the proposal of the page, with some columns changed."""
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    data = {f"column-{column['place']}": column["chosen"] for column in page.context["columns"]}
    sight = page.context["sight"]
    data |= {"table": sight.table, "row": sight.look.row} | changed
    answer = admin.post(reverse("orgs:match_upload", args=[upload.pk]), data, follow=True)
    return [str(message) for message in answer.context["messages"]]


def confirm(admin, upload):
    answer = admin.post(reverse("orgs:confirm_upload", args=[upload.pk]), follow=True)
    return [str(message) for message in answer.context["messages"]]


def stored():
    return set(Path(settings.MEDIA_ROOT, "lists").glob("*"))


def test_a_list_is_written_whole(admin, uploaded, tree, django_capture_on_commit_callbacks):
    before = stored()
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    assert match(admin, upload) == []
    upload.refresh_from_db()
    assert (upload.state, upload.figures) == (UploadState.CHECKED, {"new": 2, "changed": 1, "unchanged": 1})
    assert Organization.objects.count() == 6
    with django_capture_on_commit_callbacks(execute=True):
        assert confirm(admin, upload) == []
    upload.refresh_from_db()
    assert (upload.state, upload.figures["new"], upload.file.name) == (UploadState.DONE, 2, "")
    assert not upload.rows.exists()
    assert stored() == before
    made = Organization.objects.get(name="丙厂工会")
    assert (made.parent.name, made.parent.members, made.parent.parent) == ("乙厂工会", 20, tree.street)
    assert made.path == made.parent.path + str(made.pk).zfill(9)
    assert made.level == "grassroots"
    tree.factory.refresh_from_db()
    assert tree.factory.members == 33
    by = {line.by.username for line in Change.objects.filter(field__in=("created", "members")).order_by("-pk")[:3]}
    assert by == {"branch_admin"}
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    assert "甲区总工会" in page.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_files_of_every_usual_encoding_are_read(admin, uploaded, encoding):
    upload = uploaded(text(HEADINGS, *ROWS, encoding=encoding))
    assert match(admin, upload) == []
    assert set(upload.rows.values_list("title", flat=True)) == {row[0] for row in ROWS}


def test_titles_above_the_table_and_repeated_headings_are_passed_over(admin, uploaded):
    upload = uploaded(xlsx(["某某区基层工会名单"], [], ["填报单位：", "甲区"], HEADINGS, ROWS[0], HEADINGS, ROWS[1]))
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    assert page.context["sight"].look.row == 4
    assert "某某区基层工会名单" in page.content.decode()
    match(admin, upload)
    assert list(upload.rows.values_list("number", "outcome")) == [(5, "new"), (7, "new")]


def test_the_sheet_with_the_headings_is_chosen_and_another_can_be(admin, uploaded):
    upload = uploaded(xlsx(["说明"], ["请填写"], 乙区=[HEADINGS, ROWS[0]], 丙区=[HEADINGS[:2], ["别的", ""]]))
    address = reverse("orgs:upload_page", args=[upload.pk])
    assert admin.get(address).context["sight"].table == "乙区"
    sight = admin.get(address, {"table": "丙区"}).context["sight"]
    assert (sight.table, sight.columns) == ("丙区", ("name", "parent"))


def test_what_a_heading_means_is_remembered_for_the_next_list(admin, uploaded, cast):
    upload = uploaded(xlsx(["工会", "归口", "类别"], ["乙厂工会", "甲街道工会", "任意"]))
    assert match(admin, upload, **{"column-0": "name", "column-1": "parent"}) == []
    assert dict(KnownHeader.objects.values_list("heading", "field")) == {
        "工会": "name",
        "归口": "parent",
        "类别": "kind",
    }
    admin.post(reverse("orgs:discard_upload", args=[upload.pk]))
    Upload.objects.all().delete()
    upload = uploaded(xlsx(["归 口（上级）", "工会"], ["甲街道工会", "乙厂工会"]))
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    assert page.context["sight"].columns == ("parent", "name")


def test_columns_that_make_no_list_are_refused(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    assert len(match(admin, upload, **{"column-0": ""})) == 1
    assert len(match(admin, upload, **{"column-4": "name"})) == 1
    assert len(match(admin, upload, **{"column-4": "is_superuser"})) == 1
    upload.refresh_from_db()
    assert upload.state == UploadState.MATCHING


def test_one_wrong_row_stops_the_whole_list(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS, ["丁厂工会", "无此工会", "任意", "", ""]))
    match(admin, upload)
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    assert (page.context["shown"], page.context["writable"]) == ("wrong", False)
    assert "无此工会" in page.content.decode()
    assert len(confirm(admin, upload)) == 1
    assert Organization.objects.count() == 6
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED


def test_the_wrong_rows_are_given_back_with_their_reasons(admin, uploaded):
    upload = uploaded(xlsx(["名单"], HEADINGS, *ROWS, ["丁厂工会", "无此工会", "任意", 7, "=1+1"]))
    match(admin, upload)
    answer = admin.get(reverse("orgs:wrong_rows", args=[upload.pk]))
    rows = list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(values_only=True))
    assert [row[1:5] for row in rows] == [tuple(HEADINGS[:4]), ("丁厂工会", "无此工会", "任意", "7")]
    assert "无此工会" in rows[1][0]


def test_what_changed_since_the_check_is_checked_again_before_anything_is_written(admin, uploaded, tree):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload)
    create_organization(None, tree.street, "乙厂工会", tree.kind, "grassroots")
    confirm(admin, upload)
    upload.refresh_from_db()
    assert (upload.state, upload.figures) == (UploadState.CHECKED, {"new": 1, "changed": 2, "unchanged": 1})
    assert upload.sentence
    assert Organization.objects.count() == 7
    confirm(admin, upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE
    assert Organization.objects.count() == 8


def test_a_right_lost_since_the_check_is_missed_when_it_is_written(admin, uploaded, cast):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload)
    Upload.objects.update(state=UploadState.WRITING)
    cast.branch_admin.memberships.all().delete()
    jobs.write(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert Organization.objects.count() == 6


def test_a_discarded_list_leaves_neither_file_nor_rows(admin, uploaded, django_capture_on_commit_callbacks):
    before = stored()
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload)
    assert len(stored() - before) == 1
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(reverse("orgs:discard_upload", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, upload.file.name, UploadRow.objects.count(), stored()) == ("discarded", "", 0, before)
    assert admin.get(reverse("orgs:uploads")).context["page"].object_list == []


def test_a_finished_list_is_neither_written_twice_nor_discarded(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload)
    confirm(admin, upload)
    count = Organization.objects.count()
    assert len(confirm(admin, upload)) == 1
    jobs.write(upload.pk)
    jobs.check(upload.pk)
    jobs.failed(upload.pk)
    admin.post(reverse("orgs:discard_upload", args=[upload.pk]))
    upload.refresh_from_db()
    assert (upload.state, Organization.objects.count()) == (UploadState.DONE, count)


def test_nothing_new_is_nothing_to_confirm(admin, uploaded, cast):
    upload = uploaded(xlsx(HEADINGS, ROWS[3]))
    match(admin, upload)
    with pytest.raises(Refused):
        steps.confirm(cast.branch_admin, upload)


def test_the_columns_can_be_chosen_again(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload, **{"column-3": ""})
    assert not upload.rows.filter(outcome=Outcome.CHANGED).exists()
    admin.post(reverse("orgs:rematch_upload", args=[upload.pk]))
    assert not upload.rows.exists()
    match(admin, upload, **{"column-3": "members"})
    assert upload.rows.filter(outcome=Outcome.CHANGED).count() == 1


def test_a_check_begins_anew_after_a_killed_one(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    match(admin, upload)
    Upload.objects.update(state=UploadState.CHECKING)
    jobs.check(upload.pk)
    assert upload.rows.count() == 4
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED


def test_an_empty_table_says_so(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS))
    match(admin, upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert upload.sentence


def test_nobody_else_sees_an_upload(client, uploaded, cast):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    client.force_login(cast.own_admin)
    assert client.get(reverse("orgs:upload_page", args=[upload.pk])).status_code == 404
    assert client.post(reverse("orgs:discard_upload", args=[upload.pk])).status_code == 404


def test_a_branch_that_one_does_not_administer_is_refused(admin, tree):
    data = {"branch": tree.other.pk, "file": xlsx(HEADINGS, *ROWS)}
    answer = admin.post(reverse("orgs:upload", args=["organizations"]), data)
    assert "branch" in answer.context["form"].errors
    assert not Upload.objects.exists()


def test_the_list_of_uploads_asks_as_often_for_three_as_for_one(admin, cast, tree, django_assert_num_queries):
    def add():
        Upload.objects.create(kind="organizations", branch=tree.district, by=cast.branch_admin, name="x", format="csv")

    address = reverse("orgs:uploads")
    add()
    admin.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        admin.get(address)
    add()
    add()
    with django_assert_num_queries(len(one)):
        admin.get(address)


def test_progress_is_told_to_the_script(admin, uploaded):
    upload = uploaded(xlsx(HEADINGS, *ROWS))
    address = reverse("orgs:upload_progress", args=[upload.pk])
    Upload.objects.update(state=UploadState.CHECKING)
    steps.progress_of(upload).report(10, 10)
    found = admin.get(address).json()
    assert (found["running"], found["done"], found["total"]) == (True, 10, 10)
    page = admin.get(reverse("orgs:upload_page", args=[upload.pk]))
    assert address in page.content.decode()
    Upload.objects.update(state=UploadState.CHECKED)
    assert admin.get(address).json()["running"] is False


def test_the_template_has_drop_downs_and_imports_its_own_headings(admin, uploaded):
    answer = admin.get(reverse("orgs:upload_template", args=["organizations"]))
    content = b"".join(answer)
    book = load_workbook(BytesIO(content))
    sheet = book.worksheets[0]
    assert len(sheet.data_validations.dataValidation) == 2
    words = book.worksheets[2]
    assert words.sheet_state == "hidden"
    assert [cell.value for cell in words["A"]][:1] == ["任意"]
    upload = uploaded(SimpleUploadedFile("模板.xlsx", content))
    columns = admin.get(reverse("orgs:upload_page", args=[upload.pk])).context["sight"].columns
    assert columns == ("name", "code", "parent", "industrial_union", "kind", "level", "members", "contact", "phone")
