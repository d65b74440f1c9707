"""Lists of people: who a row means, which post it gives, and that an export imports back unchanged."""

from io import BytesIO
from string import ascii_lowercase

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from orgs.importing.people.check import check
from orgs.importing.people.export import export_rows
from orgs.importing.people.fields import FIELDS
from orgs.importing.people.write import write
from orgs.importing.spec import CLEAR, ListRow, guarded
from orgs.models import Change, Membership, Organization, OrganizationKind, Upload, UploadState, User
from orgs.roles import Role
from orgs.services import (
    NewPost,
    Refused,
    add_department,
    close_organization,
    create_organization,
    create_person,
    grant,
    set_active,
)
from orgs.services.crowd import Arrival, PostKeys, write_people
from tests.orgs.importing.conftest import xlsx

NAMES = tuple(field.name for field in FIELDS)
ZHANG = {"name": "张伟", "phone": "13900000001", "organization": "甲街道工会", "role": "填报员"}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def checked(tree, cast):
    """checked({"name": "张伟", …}, …) -> one Checked for each row, rows numbered from 2."""

    def run(*rows, by=None, branch=None):
        listed = [ListRow(number, row) for number, row in enumerate(rows, 2)]
        return list(check(listed, branch or tree.district, by or cast.branch_admin))

    return run


def outcomes(found):
    return [one.outcome.value for one in found]


def wrong(found):
    return [[column for column, _sentence in one.problems] for one in found]


def posts(person):
    return set(person.memberships.values_list("organization__name", "role", "department__name"))


def everything():
    people = User.objects.order_by("pk").values("pk", "full_name", "phone", "username", "password", "sort_key")
    return list(people), list(Membership.objects.order_by("pk").values())


# --- Who is meant -----------------------------------------------------------------------------------------------------


def test_a_new_person_with_several_posts_is_one(checked, tree, cast):
    found = checked(
        ZHANG,
        {"phone": "139 0000 0001", "organization": "甲区总工会", "role": "department_assessor", "department": "基层部"},
        {"name": "张伟", "organization": "甲街道工会", "role": "Chair"},
    )
    assert outcomes(found) == ["new", "new", "new"]
    assert len({one.values["who"] for one in found}) == 1
    assert found[0].values["facts"] == {"full_name": "张伟", "phone": "13900000001"}
    assert [one.values["post"] for one in found] == [
        (tree.street.pk, "clerk", None),
        (tree.district.pk, "department_assessor", cast.office.pk),
        (tree.street.pk, "chair", None),
    ]


def test_namesakes_without_logins_in_two_organisations_are_two(checked):
    row = {"name": "张伟", "role": "clerk"}
    found = checked(row | {"organization": "甲街道工会"}, row | {"organization": "甲厂工会"})
    assert outcomes(found) == ["new", "new"]
    assert found[0].values["who"] != found[1].values["who"]


@pytest.mark.parametrize(
    "login", [{"phone": "13900000001"}, {"username": "ZHANGWEI"}, {"phone": "13900000001", "username": "zhangwei"}]
)
def test_a_known_person_is_found_by_either_login(checked, tree, login):
    person = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], phone="13900000001").person
    place = {"organization": "甲街道工会"}
    found = checked(login | place | {"role": "clerk"}, login | place | {"role": "admin"})
    assert outcomes(found) == ["unchanged", "changed"]
    assert {one.target for one in found} == {person.pk}
    assert found[1].changes == [("role", "", f"甲街道工会 · {Role.ADMIN.label}")]


def test_a_known_person_is_found_by_name_where_they_have_a_post(checked, tree):
    person = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)]).person
    row = {"name": "张伟", "role": "chair"}
    found = checked(row | {"organization": "甲街道工会"}, row | {"organization": "甲厂工会"})
    assert (outcomes(found), [one.target for one in found]) == (["changed", "new"], [person.pk, None])
    create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)])
    assert wrong(checked(row | {"organization": "甲街道工会"})) == [["name"]]


def test_names_and_logins_change_only_for_who_manages_the_person(checked, tree, cast):
    person = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], phone="13900000001").person
    row = {"username": "zhangwei", "name": "张薇", "phone": CLEAR, "organization": "甲街道工会", "role": "clerk"}
    (found,) = checked(row)
    assert found.values["facts"] == {"full_name": "张薇", "phone": None}
    assert found.changes == [("name", "张伟", "张薇"), ("phone", "13900000001", "")]
    grant(None, person, tree.other, Role.CLERK)
    assert wrong(checked(row)) == [["name"]]
    assert outcomes(checked({"phone": "13900000001", "organization": "甲街道工会", "role": "chair"})) == ["changed"]


def test_logins_of_two_people_in_one_row_and_contradictions_are_named(checked, tree):
    create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], phone="13900000001")
    create_person(None, "李娜", [NewPost(tree.street, Role.CLERK)])
    both = {"phone": "13900000001", "username": "lina", "organization": "甲街道工会", "role": "chair"}
    assert wrong(checked(both)) == [["phone"]]
    new = ZHANG | {"phone": "13900000009"}
    assert wrong(checked(new, new | {"name": "王芳", "role": "chair"}, new)) == [[], ["name"], ["role"]]


def test_a_closed_account_gets_no_post(checked, tree):
    person = create_person(None, "张伟", [NewPost(tree.street, Role.CLERK)], phone="13900000001").person
    set_active(None, person, active=False)
    assert outcomes(checked(ZHANG)) == ["unchanged"]
    assert wrong(checked(ZHANG | {"role": "admin"})) == [[""]]


# --- Which post -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"phone": "1.39E+10"}, "phone"),
        ({"username": "x"}, "username"),
        ({"username": CLEAR}, "username"),
        ({"organization": ""}, "organization"),
        ({"organization": "乙区总工会"}, "organization"),  # outside the branch
        ({"organization": "市总工会"}, "organization"),
        ({"role": ""}, "role"),
        ({"role": "皇帝"}, "role"),
        ({"role": "部室考核员"}, "department"),
        ({"department": "组织部"}, "department"),
        ({"role": "部室考核员", "department": "宣传部"}, "department"),  # the street has none
    ],
)
def test_what_is_wrong_is_said_of_its_column(checked, changed, column):
    assert wrong(checked(ZHANG | changed)) == [[column]]


def test_near_names_are_told(checked):
    row = {"name": "张伟", "role": "部室考核员"}
    (place,) = checked(row | {"organization": "甲街道总工会", "department": "组织部"})
    assert "甲街道工会" in place.problems[0][1]
    (office,) = checked(row | {"organization": "甲区总工会", "department": "组织一部"})
    assert "组织部" in office.problems[0][1]


def test_an_organisation_is_meant_by_code_name_or_way(checked, tree):
    code = "81210000MC0000001G"
    Organization.objects.filter(pk=tree.factory.pk).update(code=code)
    for typed in (
        code,
        "甲厂工会",
        "甲街道工会/甲厂工会",
        "甲区总工会 › 甲街道工会 › 甲厂工会",
        "市总工会/甲区总工会/甲街道工会/甲厂工会",
    ):
        (found,) = checked(ZHANG | {"organization": typed})
        assert found.values["post"][0] == tree.factory.pk


def test_a_name_that_means_two_is_refused_unless_one_is_closed(checked, tree):
    second = create_organization(None, tree.district, "甲厂工会", tree.kind, "grassroots")
    assert wrong(checked(ZHANG | {"organization": "甲厂工会"})) == [["organization"]]
    (found,) = checked(ZHANG | {"organization": "甲街道工会/甲厂工会"})
    assert found.values["post"][0] == tree.factory.pk
    close_organization(None, second)
    (found,) = checked(ZHANG | {"organization": "甲厂工会"})
    assert found.values["post"][0] == tree.factory.pk


# --- Writing ----------------------------------------------------------------------------------------------------------


def arrival(*posts, key=None, **facts):
    return Arrival(key, {"full_name": "张伟"} | facts if key is None else facts, posts)


def test_people_are_written_with_posts_and_log_and_without_a_password(tree, cast):
    known = create_person(None, "李娜", [NewPost(tree.street, Role.CLERK)]).person
    clerk, chair = PostKeys(tree.street.pk, "clerk"), PostKeys(tree.factory.pk, "chair")
    first, second = write_people(
        cast.branch_admin,
        [arrival(clerk, chair, phone="13900000001"), arrival(clerk), arrival(chair, key=known.pk, full_name="李那")],
    )
    assert (first.username, second.username) == ("zhangwei", "zhangwei2")
    stored = User.objects.get(pk=first.pk)
    assert (stored.must_change_password, stored.has_usable_password(), stored.phone) == (True, False, "13900000001")
    assert posts(first) == {("甲街道工会", "clerk", None), ("甲厂工会", "chair", None)}
    assert posts(known) == {("甲街道工会", "clerk", None), ("甲厂工会", "chair", None)}
    assert User.objects.get(pk=known.pk).full_name == "李那"
    lines = Change.objects.filter(by=cast.branch_admin).values_list("subject_id", "field", "path")
    assert set(lines) == {
        (first.pk, "created", tree.street.path),
        (first.pk, "post", tree.street.path),
        (first.pk, "post", tree.factory.path),
        (second.pk, "created", tree.street.path),
        (second.pk, "post", tree.street.path),
        (known.pk, "full_name", tree.street.path),
        (known.pk, "post", tree.factory.path),
    }


def test_one_thing_wrong_and_nothing_is_written(tree, cast):
    known = create_person(None, "李娜", [NewPost(tree.street, Role.CLERK)], phone="13900000005").person
    away = create_person(None, "外人", [NewPost(tree.other, Role.CLERK)]).person
    clerk = PostKeys(tree.street.pk, "clerk")
    close_organization(None, tree.factory)
    before = everything()
    for bad in (
        arrival(PostKeys(tree.street.pk, "emperor")),
        arrival(PostKeys(tree.street.pk, "clerk", cast.office.pk)),
        arrival(PostKeys(tree.street.pk, "department_assessor", cast.office.pk)),
        arrival(PostKeys(tree.factory.pk, "clerk")),
        arrival(clerk, clerk),
        arrival(clerk, full_name=" "),
        arrival(clerk, phone="13900000005"),
        arrival(clerk, username="13900000005"),
        arrival(clerk, phone="13900000006", username="good"),
        arrival(clerk, key=known.pk),
        arrival(key=known.pk, username="clerk"),
    ):
        with pytest.raises(Refused):
            write_people(cast.branch_admin, [arrival(clerk, username="good"), bad])
    for forbidden in (arrival(PostKeys(tree.other.pk, "clerk")), arrival(key=away.pk, full_name="改名")):
        with pytest.raises(PermissionDenied):
            write_people(cast.branch_admin, [arrival(clerk), forbidden])
    assert everything() == before


def test_a_login_that_another_is_about_to_give_up_is_taken_still(tree, cast):
    one, two = (create_person(None, name, [NewPost(tree.street, Role.CLERK)]).person for name in ("张", "李"))
    before = everything()
    swap = [arrival(key=one.pk, username=two.username), arrival(key=two.pk, username=one.username)]
    for wanted in (swap, [arrival(key=one.pk, username="other"), arrival(key=two.pk, username=one.username)]):
        with pytest.raises(Refused):
            write_people(cast.branch_admin, wanted)
    assert everything() == before


def test_writing_runs_the_same_queries_for_more_people(tree, cast, django_assert_max_num_queries):
    clerk = PostKeys(tree.street.pk, "clerk")
    with django_assert_max_num_queries(25) as seen:
        write_people(cast.branch_admin, [arrival(clerk)])
    with django_assert_max_num_queries(len(seen)):
        write_people(cast.branch_admin, [arrival(clerk) for _ in range(40)])


# --- The whole way ----------------------------------------------------------------------------------------------------


def test_a_list_from_file_to_slips(client, tree, cast, django_capture_on_commit_callbacks):
    client.force_login(cast.branch_admin)
    file = xlsx(
        ["姓名", "手机号", "单位", "角色", "部室"],
        ["张伟", 13900000001, "甲街道工会", "填报员", ""],
        ["张伟", 13900000001, "甲厂工会", "负责人", ""],
        ["李娜", "", "甲区总工会", "部室考核员", "组织部"],
    )
    client.post(reverse("orgs:upload", args=["people"]), {"branch": tree.district.pk, "file": file})
    upload = Upload.objects.get()
    page = client.get(reverse("orgs:upload_page", args=[upload.pk]))
    chosen = {f"column-{column['place']}": column["chosen"] for column in page.context["columns"]}
    assert list(chosen.values()) == ["name", "phone", "organization", "role", "department"]
    sight = page.context["sight"]
    client.post(reverse("orgs:match_upload", args=[upload.pk]), chosen | {"table": sight.table, "row": sight.look.row})
    upload.refresh_from_db()
    assert (upload.state, upload.figures) == (UploadState.CHECKED, {"new": 3}), upload.sentence
    assert client.get(reverse("orgs:upload_page", args=[upload.pk])).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("orgs:confirm_upload", args=[upload.pk]))
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE, upload.sentence
    made = list(User.objects.filter(full_name__in=["张伟", "李娜"]).order_by("pk"))
    assert [len(posts(person)) for person in made] == [2, 1]
    slips = f"{reverse('reports:print_slips')}?upload={upload.pk}"
    assert slips in client.get(reverse("orgs:upload_page", args=[upload.pk])).content.decode()
    assert client.get(slips).context["count"] == 2
    answer = client.post(reverse("reports:print_slips"), {"upload": upload.pk})
    assert answer["Content-Type"] == "application/pdf"
    assert all(person.has_usable_password() for person in User.objects.filter(pk__in=[one.pk for one in made]))
    client.force_login(cast.own_admin)
    assert client.get(slips).status_code == 404


def test_the_export_has_no_passwords_and_stops_at_the_branch(client, tree, cast):
    client.force_login(cast.own_admin)
    answer = client.get(reverse("orgs:export_people", args=[tree.street.pk]))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[0] == tuple(str(field.label) for field in FIELDS)
    assert [line[2] for line in lines[1:]] == ["clerk", "own_admin"]
    assert client.get(reverse("orgs:export_people", args=[tree.district.pk])).status_code == 404


# --- Round trip -------------------------------------------------------------------------------------------------------

TEXT = st.text(st.sampled_from("张伟李娜王芳㐂𠮷·AbZ ='-+@/›（）1"), min_size=1, max_size=8)
TREE = st.lists(st.tuples(st.integers(0, 4), TEXT), max_size=5)
PEOPLE = st.lists(
    st.tuples(
        TEXT,
        st.one_of(st.none(), st.from_regex(r"1[0-9]{10}|\+[0-9]{8}", fullmatch=True)),
        st.one_of(st.none(), st.text(ascii_lowercase + ".-_+@0123456789", min_size=2, max_size=8)),
        st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Role.values)), min_size=1, max_size=3),
    ),
    max_size=5,
)


class RoundTrip(TestCase):
    """Whatever stands in a branch, its export changes nothing when it is imported, and restores what was lost."""

    @settings(max_examples=40)
    @given(tree=TREE, people=PEOPLE)
    def test_the_export_imports_back_unchanged(self, tree, people):
        kind = OrganizationKind.objects.get_or_create(code="any", defaults={"name": "任意"})[0]
        top = create_organization(None, None, f"市{Organization.objects.count()}", kind, "city")
        head = create_organization(None, top, "区 总工会", kind, "county")
        places = [head]
        for above, name in tree:
            try:
                places.append(create_organization(None, places[above % len(places)], name, kind, "township"))
            except Refused:
                continue
        offices = {place.pk: add_department(None, place, "组织部", "基层部") for place in places}
        admin = create_person(None, "管理", [NewPost(head, Role.ADMIN)], password="x").person
        for name, phone, username, held in people:
            wanted = {(places[place % len(places)].pk, role) for place, role in held}
            known = {place.pk: place for place in places}
            given = [
                NewPost(known[place], role, offices[place] if role == Role.DEPARTMENT_ASSESSOR else None)
                for place, role in wanted
            ]
            try:
                create_person(None, name, given, phone or "", username or "", password="x")
            except Refused:
                continue
        exported = [[guarded(text) for text in row] for row in export_rows(head)]
        rows = [ListRow(number, dict(zip(NAMES, row, strict=True))) for number, row in enumerate(exported, 2)]
        found = list(check(rows, head, admin))
        assert [one.problems for one in found if one.problems] == []
        assert {one.outcome.value for one in found} == {"unchanged"}
        self.restored(head, admin, rows)

    def restored(self, head, admin, rows):
        """Who is lost is made again by the same list, equal but for the key and the password."""
        before = list(export_rows(head))
        User.objects.filter(memberships__organization__path__startswith=head.path).exclude(pk=admin.pk).delete()
        found = list(check(rows, head, admin))
        assert [one.problems for one in found if one.problems] == []
        upload = Upload.objects.create(kind="people", branch=head, by=admin, name="x", format="xlsx")
        for one in found:
            upload.rows.create(number=one.number, outcome=one.outcome, values=one.values, target=one.target)
        write(upload, lambda _done: None)
        assert sorted(export_rows(head)) == sorted(before)
