import pytest
from django.urls import reverse

from orgs.models import Change, Membership, Organization, OrganizationKind, User
from orgs.roles import Role
from orgs.services import NewPost, create_person

NO_POSTS = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def root(client, db):
    person = User.objects.create_superuser("root", password="x", full_name="root")
    client.force_login(person)
    return client


@pytest.mark.parametrize("model", ["organizationkind", "organization", "user", "change"])
def test_lists_open(root, tree, model):
    assert root.get(reverse(f"admin:orgs_{model}_changelist")).status_code == 200


def test_a_top_organisation_is_added_through_the_services(root, kind):
    facts = {"name": " 市总工会 ", "kind": kind.pk, "level": "city", "code": "", "members": ""}
    assert root.post(reverse("admin:orgs_organization_add"), facts).status_code == 302
    made = Organization.objects.get()
    assert (made.name, made.path) == ("市总工会", str(made.pk).zfill(9))
    assert Change.objects.get(field="created").by.username == "root"
    again = root.post(reverse("admin:orgs_organization_add"), facts, follow=True)
    assert Organization.objects.count() == 1
    assert "市总工会" in str(next(iter(again.context["messages"])))


def test_the_first_administrator_gets_the_post(root, tree):
    answer = root.post(
        reverse("admin:orgs_user_add"), {"full_name": "王建国", "phone": "", "username": "wang"} | NO_POSTS
    )
    assert answer.status_code == 302
    person = User.objects.get(username="wang")
    assert person.must_change_password
    data = {"full_name": "王建国", "phone": "13900000001", "username": "wang", "is_active": "on"}
    post = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organization": tree.city.pk,
        "memberships-0-role": "admin",
        "memberships-0-department": "",
    }
    assert root.post(reverse("admin:orgs_user_change", args=[person.pk]), data | post).status_code == 302
    assert Membership.objects.get(user=person).role == Role.ADMIN
    assert list(Change.objects.filter(subject="person").values_list("field", flat=True))[:2] == ["post", "phone"]


def test_logins_are_judged_here_too(root, cast):
    User.objects.filter(pk=cast.clerk.pk).update(phone="13900000001")
    data = {"full_name": "X", "phone": "", "username": "13900000001"} | NO_POSTS
    answer = root.post(reverse("admin:orgs_user_add"), data)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors


def test_export_and_import_of_kinds(root, kind):
    url = reverse("admin:orgs_organizationkind_export")
    fields = {f"kindresource_{name}": "on" for name in ("code", "name", "position")}
    answer = root.post(url, {"format": "1", "resource": "0"} | fields)
    assert answer.content.decode("utf-8-sig").splitlines()[0] == "code,name,position"
    assert OrganizationKind.objects.get().code == "any"


def test_a_password_that_the_system_administrator_sets_is_a_first_password(root, tree):
    person = create_person(None, "王建国", [NewPost(tree.city, Role.ADMIN)]).person
    User.objects.filter(pk=person.pk).update(password_expires_at="2026-01-01T00:00Z")
    typed = {"password1": "kaoping-set-27", "password2": "kaoping-set-27", "usable_password": "true"}
    assert root.post(reverse("admin:auth_user_password_change", args=[person.pk]), typed).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.must_change_password, person.first_password_expired) == (True, False)
    assert person.check_password("kaoping-set-27")
