"""The pages where a rubric becomes another: next version, copy, overlay, workbook, difference."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from orgs.models import Level
from orgs.roles import Role
from rubrics import exchange, versions
from rubrics.blueprint import GroupPlan, SectionPlan, read, write
from rubrics.drafting.codec import digest
from rubrics.models import Document, Rubric
from rubrics.services import freeze
from tests.factories import cast, organization, person, small_rubric

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def city():
    return organization(None, "city", Level.CITY, "市总工会")


@pytest.fixture
def admin(client, city):
    user = person((city, Role.ADMIN))
    client.force_login(user)
    return user


@pytest.fixture
def issued(city):
    document = Document.objects.create(slug="city", title="市文件", owner=city)
    return freeze(small_rubric(document=document, title="市标准", declared="43", overlay_points=Decimal(8)))


def url(name, rubric):
    return reverse(f"rubrics:{name}", args=[rubric.pk])


def page(client, name, rubric, **query):
    response = client.get(url(name, rubric), query)
    assert response.status_code == 200
    return response.content.decode()


def workbook(blueprint, name="标准.xlsx"):
    return SimpleUploadedFile(name, exchange.write(blueprint))


def with_wording(blueprint, text):
    """The blueprint with another wording of its first row."""
    first, *others = blueprint.sections
    group, *groups = first.groups
    row, *rows = group.items
    changed = GroupPlan((replace(row, text=text), *rows), group.points, group.label)
    section = SectionPlan(first.name, first.label, (changed, *groups), first.points, first.part, first.inherited)
    return replace(blueprint, sections=(section, *others))


def test_the_next_version_opens_in_the_editor_and_a_second_click_finds_it(client, admin, issued):
    first = client.post(url("next_version", issued))
    draft = versions.open_draft(issued)
    assert first["Location"] == url("draft", draft)
    assert client.post(url("next_version", issued))["Location"] == url("draft", draft)
    assert Rubric.objects.count() == 2
    assert url("draft", draft) in page(client, "detail", issued)


def test_buttons_stand_where_they_may_be_used(client, city, admin, issued):
    county = organization(city, "county", Level.COUNTY)
    people = {
        "city": (admin, {"next_version", "copy"}),
        "county": (person((county, Role.ADMIN)), {"overlay", "copy"}),
        "clerk": (person((county, Role.CLERK)), set()),
    }
    for user, expected in people.values():
        client.force_login(user)
        shown = page(client, "detail", issued)
        assert {
            name for name in ("next_version", "copy", "overlay", "replace") if url(name, issued) in shown
        } == expected
        assert url("export", issued) in shown
        assert reverse("reports:form_pdf", args=[issued.pk]) in shown


def test_a_copy_comes_into_a_document_that_was_chosen(client, admin, city, issued):
    assert "New document of 市总工会" in page(client, "copy", issued)
    answer = client.post(url("copy", issued), {"title": "乡镇标准", "place": f"in-{issued.document_id}"})
    draft = Rubric.objects.get(title="乡镇标准")
    assert answer["Location"] == url("draft", draft)
    assert draft.document == issued.document
    client.post(url("copy", issued), {"title": "企业标准", "place": f"new-{city.pk}"})
    assert Rubric.objects.get(title="企业标准").document.title == "企业标准"


def test_a_copy_without_a_title_or_for_another_union_is_asked_again(client, admin, issued):
    other = organization(None, "city", Level.CITY)
    for typed in ({"title": "", "place": f"in-{issued.document_id}"}, {"title": "标准", "place": f"new-{other.pk}"}):
        assert client.post(url("copy", issued), typed).status_code == 422
    assert Rubric.objects.count() == 1


def test_a_county_adds_its_own_items(client, city, admin, issued):
    county = organization(city, "county", Level.COUNTY, "县总工会")
    client.force_login(person((county, Role.ADMIN)))
    answer = client.post(url("overlay", issued), {"place": f"new-{county.pk}"})
    draft = Rubric.objects.get(overlays=issued)
    assert answer["Location"] == url("draft", draft)
    assert client.post(url("overlay", issued), {"place": f"new-{county.pk}"}).status_code == 422
    assert Rubric.objects.filter(overlays=issued).count() == 1


def test_a_newer_base_is_offered_and_taken_over(client, city, admin, issued):
    county = organization(city, "county", Level.COUNTY)
    mine = person((county, Role.ADMIN))
    draft = versions.overlay(mine, issued, county)
    newer = versions.next_version(admin, issued)
    write(with_wording(read(newer), "改过的一条。"), newer)
    Rubric.objects.filter(pk=newer.pk).update(published_at=timezone.now())
    client.force_login(mine)
    assert url("rebase", draft) in page(client, "detail", draft)
    assert client.post(url("rebase", draft))["Location"] == url("draft", draft)
    assert next(read(Rubric.objects.get(pk=draft.pk)).items).text == "改过的一条。"
    assert url("rebase", draft) not in page(client, "detail", draft)


def test_versions_say_their_state_and_how_many_cycles_use_them(client):
    people = cast()
    client.force_login(people.clerk)
    shown = page(client, "detail", people.rubric)
    assert "Version 1" in shown
    assert "used by 1 cycle<" in shown


def test_a_draft_is_no_version_for_others(client, admin, issued):
    draft = versions.next_version(admin, issued)
    assert url("detail", draft) in page(client, "detail", issued)
    client.force_login(person())
    assert url("detail", draft) not in page(client, "detail", issued)
    assert client.get(url("difference", issued), {"old": draft.pk}).status_code == 404
    assert client.get(url("export", draft)).status_code == 404


def test_the_difference_marks_what_went_and_what_came(client, admin, issued):
    draft = versions.next_version(admin, issued)
    write(with_wording(replace(read(issued), subtitle="（修订）"), "考核内容 1-1，不少于三次。"), draft)
    shown = page(client, "difference", draft)
    assert "考核内容 1-1<ins>，不少于三次。</ins>" in "".join(shown.split("\n"))
    assert "<ins>（修订）</ins>" in shown
    back = page(client, "difference", issued, old=draft.pk)
    assert "<del>，不少于三次。</del>" in back
    assert "word for word" in page(client, "difference", issued, old=issued.pk)


@pytest.mark.parametrize("typed", ["x", "0", "99999999999999999999"])
def test_a_difference_from_what_does_not_exist(client, admin, issued, typed):
    assert client.get(url("difference", issued), {"old": typed}).status_code == 404


def test_a_rubric_without_another_version_has_nothing_to_compare(client, admin, issued):
    assert "empty-state" in page(client, "difference", issued)
    assert url("difference", issued) not in page(client, "detail", issued)


def test_an_exported_workbook_is_the_rubric(client, admin, issued):
    answer = client.get(url("export", issued))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert exchange.read(BytesIO(answer.content)) == read(issued)


def test_an_exported_workbook_comes_in_as_a_new_draft(client, city, admin, issued):
    file = workbook(replace(read(issued), title="从工作簿来"))
    answer = client.post(reverse("rubrics:import"), {"file": file, "owner": city.pk})
    draft = Rubric.objects.get(title="从工作簿来")
    assert answer["Location"] == url("draft", draft)
    assert read(draft) == replace(read(issued), title="从工作簿来")
    assert (draft.document.owner, draft.document.title, draft.published_at) == (city, "从工作簿来", None)


def test_a_wrong_workbook_names_its_cells_and_leaves_nothing(client, city, admin, issued):
    broken = replace(read(issued), sections=(replace(read(issued).sections[0]),), offices=())
    answer = client.post(reverse("rubrics:import"), {"file": workbook(broken), "owner": city.pk})
    assert answer.status_code == 422
    assert "“内容”" in answer.content.decode()
    assert Rubric.objects.count() == Document.objects.count() == 1


def test_a_workbook_replaces_a_draft_after_its_difference_was_seen(client, admin, issued):
    draft = versions.next_version(admin, issued)
    wanted = with_wording(read(draft), "改过的一条。")
    preview = client.post(url("replace", draft), {"file": workbook(wanted)})
    assert "<ins>改过的一条。" in preview.content.decode()
    assert read(Rubric.objects.get(pk=draft.pk)) == read(issued)
    said = {name: preview.context[name] for name in ("workbook", "seen")}
    assert client.post(url("replace", draft), said)["Location"] == url("draft", draft)
    assert read(Rubric.objects.get(pk=draft.pk)) == wanted
    assert client.post(url("replace", draft), said).status_code == 409


def test_a_page_that_was_tampered_with_changes_nothing(client, admin, issued):
    draft = versions.next_version(admin, issued)
    said = {"workbook": "eyJ0aXRsZSI6ICIifQ:1:x", "seen": digest(read(draft))}
    assert client.post(url("replace", draft), said)["Location"] == url("replace", draft)
    assert read(Rubric.objects.get(pk=draft.pk)) == read(issued)


def test_another_file_does_not_replace_a_draft(client, admin, issued):
    draft = versions.next_version(admin, issued)
    for file in (None, SimpleUploadedFile("标准.xlsx", b"PK\x03\x04"), SimpleUploadedFile("标准.docx", b"-")):
        answer = client.post(url("replace", draft), {"file": file} if file else {})
        assert answer.status_code == 422
    assert read(Rubric.objects.get(pk=draft.pk)) == read(issued)


def test_the_page_of_a_rubric_costs_the_same_for_one_version_and_for_many(
    client, admin, issued, django_assert_num_queries
):
    page(client, "detail", issued)  # a frozen rubric is read once in a process
    with CaptureQueriesContext(connection) as few:
        page(client, "detail", issued)
    last = issued
    for _number in range(3):
        last = versions.next_version(admin, Rubric.objects.get(pk=last.pk))
        Rubric.objects.filter(pk=last.pk).update(published_at=timezone.now())
        last.refresh_from_db()
    with django_assert_num_queries(len(few)):
        page(client, "detail", issued)
