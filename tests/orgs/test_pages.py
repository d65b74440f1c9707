import pytest
from django.urls import reverse

from orgs.models import Membership, Organization, User
from orgs.roles import Role
from orgs.services import NewPost, close_organization, create_organization, create_person, grant

pytestmark = [pytest.mark.any_database]

PASSWORD = "opensesame-27"
FACTS = {"name": "新工会", "kind": "", "level": "grassroots", "code": "", "members": ""}

READERS = {"clerk": 200, "own_admin": 200, "branch_admin": 200, "auditor": 200}
MANAGERS = {"clerk": 403, "own_admin": 200, "branch_admin": 200, "auditor": 403}
PLACERS = {"clerk": 403, "own_admin": 403, "branch_admin": 200, "auditor": 403}
OVERSEERS = {"clerk": 403, "own_admin": 200, "branch_admin": 200, "auditor": 200}
STRANGERS = {"assessor": 404, "department_assessor": 404, "other_admin": 404, "nobody": 404}

ROUTES = [
    ("orgs:detail", "street", READERS),
    ("orgs:changes", "street", OVERSEERS),
    ("orgs:create", "street", MANAGERS),
    ("orgs:edit", "street", MANAGERS),
    ("orgs:add_department", "street", MANAGERS),
    ("orgs:add_person", "street", MANAGERS),
    ("orgs:move", "street", PLACERS),
]
POSTS = [
    ("orgs:create", "street", MANAGERS),
    ("orgs:edit", "street", MANAGERS),
    ("orgs:add_department", "street", MANAGERS),
    ("orgs:add_person", "street", MANAGERS),
    ("orgs:move", "street", PLACERS | {"branch_admin": 404}),  # no parent was chosen
    ("orgs:close", "street", PLACERS | {"branch_admin": 302}),
    ("orgs:reopen", "street", PLACERS | {"branch_admin": 302}),
]


@pytest.fixture
def visit(client, cast):
    """visit("clerk") -> a client that is logged in as that person."""

    def login(name):
        client.force_login(getattr(cast, name))
        return client

    return login


@pytest.mark.parametrize("who", READERS | STRANGERS)
@pytest.mark.parametrize(("route", "place", "answers"), ROUTES)
def test_who_may_open_what(visit, tree, route, place, answers, who):
    answer = visit(who).get(reverse(route, args=[getattr(tree, place).pk]))
    assert answer.status_code == (answers | STRANGERS)[who]


@pytest.mark.parametrize("who", READERS | STRANGERS)
@pytest.mark.parametrize(("route", "place", "answers"), POSTS)
def test_who_may_send_what(visit, tree, route, place, answers, who):
    answer = visit(who).post(reverse(route, args=[getattr(tree, place).pk]))
    assert answer.status_code == (answers | STRANGERS)[who]


@pytest.mark.parametrize(
    ("who", "seen", "written"),
    [
        ("clerk", 404, 404),
        ("assessor", 404, 404),
        ("own_admin", 200, 200),
        ("branch_admin", 200, 200),
        ("other_admin", 404, 404),
        ("auditor", 200, 403),
        ("nobody", 404, 404),
    ],
)
def test_who_may_manage_a_person(visit, tree, cast, who, seen, written):
    client, person = visit(who), cast.clerk
    assert client.get(reverse("people:edit", args=[person.pk])).status_code == seen
    assert client.post(reverse("people:edit", args=[person.pk])).status_code == written
    assert client.post(reverse("people:reset_password", args=[person.pk])).status_code == written
    moved = {200: 302}.get(written, written)
    assert client.post(reverse("people:set_active", args=[person.pk]), {"active": "0"}).status_code == moved
    post = Membership.objects.get(user=person)
    assert client.post(reverse("people:revoke", args=[post.pk])).status_code == moved
    assert Membership.objects.filter(pk=post.pk).exists() == (moved != 302)


@pytest.mark.parametrize(
    ("who", "listed", "added"),
    [
        ("clerk", 403, 403),
        ("assessor", 403, 403),
        ("own_admin", 200, 200),
        ("branch_admin", 200, 200),
        ("auditor", 200, 403),
        ("nobody", 403, 403),
    ],
)
def test_who_may_list_and_add_people(visit, who, listed, added):
    assert visit(who).get(reverse("people:list")).status_code == listed
    assert visit(who).get(reverse("people:create")).status_code == added


def test_adding_people_stops_at_the_own_branch(visit, tree):
    client = visit("branch_admin")
    assert client.get(reverse("people:create"), {"organization": tree.street.pk}).status_code == 200
    assert client.get(reverse("people:create"), {"organization": tree.other.pk}).status_code == 404
    assert client.get(reverse("people:create"), {"organization": tree.city.pk}).status_code == 404
    assert client.get(reverse("people:create"), {"organization": "٣"}).status_code == 404


def test_departments_are_managed_from_above_only(visit, cast):
    routes = [("orgs:edit_department", "get"), ("orgs:edit_department", "post"), ("orgs:remove_department", "post")]
    for who, wanted in [("own_admin", [404] * 3), ("auditor", [403] * 3), ("branch_admin", [200, 200, 302])]:
        client = visit(who)
        answers = [getattr(client, verb)(reverse(route, args=[cast.office.pk])) for route, verb in routes]
        assert [answer.status_code for answer in answers] == wanted


def test_everything_but_the_door_is_locked(client, tree):
    for path in ("/organizations/", f"/organizations/{tree.city.pk}/", "/people/", "/password/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, f"/login/?next={path}")


# --- The list ---------------------------------------------------------------------------------------------------------


def listed(client, **wanted):
    return [organization.name for organization in client.get(reverse("orgs:list"), wanted).context["page"]]


def test_list_goes_branch_by_branch(visit, tree):
    client = visit("branch_admin")
    assert listed(client) == ["甲街道工会"]
    assert listed(client, branch=tree.street.pk) == ["甲厂工会"]
    assert client.get(reverse("orgs:list"), {"branch": tree.city.pk}).status_code == 404
    assert listed(visit("clerk")) == ["甲街道工会"]
    assert listed(visit("nobody")) == []


def test_list_searches_the_branch_and_no_further(visit, tree):
    client = visit("branch_admin")
    assert listed(client, q="工会") == ["甲厂工会", "甲街道工会", "甲区总工会"]
    assert listed(client, q="gonghui", level="grassroots") == ["甲厂工会"]
    assert listed(client, q="工会", branch=tree.street.pk) == ["甲厂工会", "甲街道工会"]
    assert listed(client, q="乙") == []
    assert listed(client, kind=tree.kind.pk, level="county") == ["甲区总工会"]
    assert listed(client, kind="nix", level="nix", page="٣") == ["甲街道工会"]


def test_a_found_organisation_says_where_it_stands(visit, tree):
    text = visit("branch_admin").get(reverse("orgs:list"), {"q": "甲厂"}).content.decode()
    assert '<span class="sub">甲街道工会</span>' in text


def test_subordinates_are_offered_to_who_may_see_them(visit, tree):
    link = f"?branch={tree.street.pk}"
    assert link in visit("branch_admin").get(reverse("orgs:list")).content.decode()
    assert link not in visit("clerk").get(reverse("orgs:list")).content.decode()


@pytest.mark.parametrize("wanted", [{}, {"q": "厂"}])
def test_list_runs_the_same_queries_for_more_rows(visit, tree, django_assert_num_queries, wanted):
    client, counts = visit("branch_admin"), []
    for rows in (1, 3):
        while Organization.objects.filter(parent=tree.district).count() < rows:
            name = f"{Organization.objects.count()}厂"
            create_organization(None, tree.district, name, tree.kind, "grassroots")
        with django_assert_num_queries(8) as seen:
            client.get(reverse("orgs:list"), wanted)
        counts.append(len(seen))
        assert not any("COUNT(" in query["sql"] for query in seen.captured_queries)
    assert counts[0] == counts[1]


def test_list_leafs_without_counting(visit, tree):
    for number in range(51):
        create_organization(None, tree.street, f"第{number:02}厂", tree.kind, "grassroots")
    client = visit("own_admin")
    first = client.get(reverse("orgs:list")).context["page"]
    assert (len(first), first.has_previous, first.has_next) == (50, False, True)
    second = client.get(reverse("orgs:list"), {"page": "2"}).context["page"]
    assert (len(second), second.has_previous, second.has_next) == (2, True, False)


def test_people_list_runs_the_same_queries_for_more_rows(visit, tree, django_assert_num_queries):
    client = visit("branch_admin")
    with django_assert_num_queries(6) as seen:
        client.get(reverse("people:list"))
    create_person(None, "又一位", [NewPost(tree.street, Role.CLERK), NewPost(tree.factory, Role.CHAIR)])
    with django_assert_num_queries(len(seen)):
        client.get(reverse("people:list"), {"q": ""})


def test_people_list_shows_no_posts_of_other_branches(visit, tree, cast):
    grant(None, cast.clerk, tree.other, Role.AUDITOR)
    text = visit("own_admin").get(reverse("people:list"), {"q": "clerk"}).content.decode()
    assert "甲街道工会" in text
    assert "乙区总工会" not in text


def test_detail_runs_the_same_queries_for_more_rows(visit, tree, django_assert_num_queries):
    client, url = visit("branch_admin"), reverse("orgs:detail", args=[tree.street.pk])
    with django_assert_num_queries(11) as seen:
        client.get(url)
    create_organization(None, tree.street, "又一厂", tree.kind, "grassroots")
    create_person(None, "又一位", [NewPost(tree.street, Role.CLERK)])
    with django_assert_num_queries(len(seen)):
        client.get(url)


# --- Doing ------------------------------------------------------------------------------------------------------------


def test_create_edit_move_and_close(visit, tree):
    client = visit("branch_admin")
    facts = FACTS | {"kind": tree.kind.pk}
    answer = client.post(reverse("orgs:create", args=[tree.district.pk]), facts)
    made = Organization.objects.get(name="新工会")
    assert answer.url == reverse("orgs:detail", args=[made.pk])
    client.post(reverse("orgs:edit", args=[made.pk]), facts | {"name": "改名工会", "members": "１２"})
    client.post(reverse("orgs:move", args=[made.pk]), {"parent": tree.street.pk})
    client.post(reverse("orgs:close", args=[made.pk]))
    made.refresh_from_db()
    assert (made.name, made.members, made.parent, bool(made.closed_on)) == ("改名工会", 12, tree.street, True)


def test_a_refusal_stands_in_the_form(visit, tree):
    facts = FACTS | {"kind": tree.kind.pk, "name": "甲街道工会"}
    answer = visit("branch_admin").post(reverse("orgs:create", args=[tree.district.pk]), facts)
    assert answer.status_code == 200
    assert "甲街道工会" in answer.context["form"].non_field_errors()[0]


def test_own_admin_cannot_send_another_kind(visit, tree):
    other = type(tree.kind).objects.create(code="other", name="别类")
    facts = FACTS | {"kind": other.pk, "name": "改名", "level": "county"}
    visit("own_admin").post(reverse("orgs:edit", args=[tree.street.pk]), facts)
    tree.street.refresh_from_db()
    assert (tree.street.name, tree.street.kind, tree.street.level) == ("改名", tree.kind, "township")


def test_a_new_person_logs_in_with_the_slip_and_changes_the_password(visit, tree, client):
    url = reverse("people:create") + f"?organization={tree.street.pk}"
    answer = visit("branch_admin").post(url, {"full_name": "张伟", "phone": "13900000001", "role": "clerk"})
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    client.logout()

    client.post(reverse("login"), {"username": "139 0000 0001", "password": password})
    assert client.get(reverse("orgs:list")).url == reverse("password_change")
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert client.post(reverse("password_change"), same).status_code == 200
    own = same | {"new_password1": "kaoping-mine-27", "new_password2": "kaoping-mine-27"}
    assert client.post(reverse("password_change"), own).status_code == 302
    assert client.get(reverse("orgs:list")).status_code == 200


def test_a_reset_ends_the_sessions(visit, cast, client):
    from django.test import Client

    theirs = Client()
    theirs.force_login(cast.clerk)
    assert theirs.get(reverse("orgs:list")).status_code == 200
    visit("own_admin").post(reverse("people:reset_password", args=[cast.clerk.pk]))
    assert theirs.get(reverse("orgs:list")).status_code == 302


def test_a_right_ends_with_the_next_request(visit, tree):
    client = visit("clerk")
    assert client.get(reverse("orgs:detail", args=[tree.street.pk])).status_code == 200
    Membership.objects.filter(user__username="clerk").delete()
    assert client.get(reverse("orgs:detail", args=[tree.street.pk])).status_code == 404


def test_posts_in_a_closed_organisation_give_no_rights(visit, tree):
    close_organization(None, tree.factory)
    close_organization(None, tree.street)
    assert visit("own_admin").get(reverse("orgs:detail", args=[tree.street.pk])).status_code == 404


def test_a_known_person_gets_a_post_by_exact_login(visit, tree):
    client, url = visit("other_admin"), reverse("orgs:add_person", args=[tree.other.pk])
    assert client.post(url, {"login": "cler", "role": "clerk"}).context["form"].errors.keys() == {"login"}
    assert client.post(url, {"login": "CLERK", "role": "clerk"}).status_code == 302
    assert Membership.objects.filter(user__username="clerk", organization=tree.other).exists()


def test_five_failures_close_the_door(client, cast):
    User.objects.filter(pk=cast.clerk.pk).update(phone="13900000001")
    for login in ("clerk", " CLERK", "139 00000001", "1390000 0001", "+8613900000001"):
        answer = client.post(reverse("login"), {"username": login, "password": "guess"})
    assert answer.status_code == 429
    answer = client.post(reverse("login"), {"username": "13900000001", "password": PASSWORD})
    assert answer.status_code == 429
    assert "orgs/locked_out.html" in [template.name for template in answer.templates]


# --- The frame --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "people"), [("clerk", False), ("own_admin", True), ("auditor", True)])
def test_navigation_goes_by_right(visit, who, people):
    text = visit(who).get(reverse("orgs:list")).content.decode()
    assert (f'href="{reverse("people:list")}"' in text) == people


def test_error_pages_say_the_way_back(visit, tree):
    client = visit("clerk")
    missing = client.get("/organizations/999999/")
    forbidden = client.get(reverse("orgs:edit", args=[tree.street.pk]))
    for answer, status in ((missing, 404), (forbidden, 403)):
        assert answer.status_code == status
        assert 'class="btn btn-primary" href="/' in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html", "409.html"])
def test_error_pages_stand_without_a_request(name):
    from django.template.loader import render_to_string

    assert "error-page" in render_to_string(name)
