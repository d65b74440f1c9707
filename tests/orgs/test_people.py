import re

import pytest
from django.core.exceptions import PermissionDenied

from orgs.models import Change, Membership, User
from orgs.permissions import may_manage_person
from orgs.roles import Role
from orgs.services import (
    NewPost,
    Refused,
    add_department,
    change_own_password,
    create_person,
    edit_department,
    edit_person,
    grant,
    remove_department,
    reset_password,
    revoke,
    set_active,
)


def hire(tree, name="张伟", by=None, **logins):
    return create_person(by, name, [NewPost(tree.street, Role.CLERK)], **logins)


def test_a_new_person_has_a_password_for_paper(tree):
    made = hire(tree, phone="139 0000 0001")
    assert re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", made.password)
    assert made.person.check_password(made.password)
    assert made.person.must_change_password
    assert (made.person.username, made.person.phone) == ("zhangwei", "13900000001")


def test_namesakes_get_a_number(tree):
    assert [hire(tree).person.username for _ in range(3)] == ["zhangwei", "zhangwei2", "zhangwei3"]


@pytest.mark.parametrize(
    "login", ["zhangwei", " ZhangWei ", "13900000001", "１３９００００ ０００１", "+86 13900000001"]
)
def test_log_in_by_user_name_or_phone(tree, login):
    person = hire(tree, phone="13900000001", password="opensesame").person
    assert User.objects.get_by_natural_key(login) == person


def test_unknown_logins_are_unknown(tree):
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key("nix")


@pytest.mark.parametrize("logins", [{"phone": "13900000001"}, {"username": "13900000001"}, {"username": "ZHANGWEI"}])
def test_no_login_means_two_people(tree, logins):
    hire(tree, phone="13900000001")
    with pytest.raises(Refused):
        hire(tree, "别人", **logins)
    other = hire(tree, "别人").person
    with pytest.raises(Refused):
        edit_person(None, other, "别人", logins.get("phone", ""), logins.get("username", "bieren"))


def test_a_phone_number_may_be_the_own_user_name(tree):
    assert hire(tree, phone="13900000001", username="13900000001").person.pk


@pytest.mark.parametrize("number", ["hello", "12", "1" * 16, "1390000000x"])
def test_what_is_no_phone_number_is_refused(tree, number):
    with pytest.raises(Refused):
        hire(tree, phone=number)


def test_a_department_assessor_names_a_department_of_the_organisation(tree, cast):
    elsewhere = add_department(None, tree.other, "组织部")
    for role, department in [
        (Role.DEPARTMENT_ASSESSOR, None),
        (Role.DEPARTMENT_ASSESSOR, elsewhere),
        (Role.CLERK, cast.office),
        ("emperor", None),
    ]:
        with pytest.raises(Refused):
            grant(None, cast.clerk, tree.district, role, department)
    grant(None, cast.clerk, tree.district, Role.DEPARTMENT_ASSESSOR, cast.office)
    with pytest.raises(Refused):
        grant(None, cast.clerk, tree.district, Role.DEPARTMENT_ASSESSOR, cast.office)


def test_rights_over_a_person_are_rights_over_all_their_posts(tree, cast):
    assert may_manage_person(cast.branch_admin, cast.clerk)
    assert not may_manage_person(cast.other_admin, cast.clerk)
    assert not may_manage_person(cast.own_admin, cast.branch_admin)
    grant(cast.other_admin, cast.clerk, tree.other, Role.CLERK)
    for by in (cast.branch_admin, cast.other_admin):
        with pytest.raises(PermissionDenied):
            reset_password(by, cast.clerk)
        with pytest.raises(PermissionDenied):
            edit_person(by, cast.clerk, "新", "", "new")
        with pytest.raises(PermissionDenied):
            set_active(by, cast.clerk, active=False)


def test_nobody_manages_the_system_administrator(tree, cast):
    root = User.objects.create_superuser("root", password="x", full_name="root")
    grant(None, root, tree.street, Role.CLERK)
    with pytest.raises(PermissionDenied):
        reset_password(cast.branch_admin, root)


def test_an_administrator_keeps_the_own_post_and_account(tree, cast):
    with pytest.raises(Refused):
        revoke(cast.branch_admin, Membership.objects.get(user=cast.branch_admin))
    with pytest.raises(Refused):
        set_active(cast.branch_admin, cast.branch_admin, active=False)


def test_passwords_never_stand_in_the_log(tree, cast):
    password = reset_password(cast.branch_admin, cast.clerk).password
    change_own_password(User.objects.get(pk=cast.clerk.pk), "my own choice 7")
    lines = Change.objects.filter(field="password").values_list("by__username", "path", "name")
    assert set(lines) == {("branch_admin", tree.street.path, "clerk"), ("clerk", tree.street.path, "clerk")}
    text = " ".join(Change.objects.values_list("new", flat=True))
    assert password not in text
    assert "my own choice 7" not in text
    assert not User.objects.get(pk=cast.clerk.pk).must_change_password


def test_a_name_of_a_department_means_one(tree, cast):
    assert cast.office.names == {"组织部", "基层部"}
    for name, aliases in [("组织部", ""), ("新部", "基层部"), ("基层部", ""), (" ", "")]:
        with pytest.raises(Refused):
            add_department(None, tree.district, name, aliases)
    made = add_department(None, tree.district, "宣教部", "宣传部、 宣传教育部；宣传部")
    assert made.aliases == "宣传部 宣传教育部"
    with pytest.raises(Refused):
        edit_department(None, made, "宣教部", "组织部")


def test_a_department_with_people_stays(tree, cast):
    with pytest.raises(Refused):
        remove_department(None, cast.office)
    revoke(None, Membership.objects.get(department=cast.office))
    remove_department(None, cast.office)
    assert not tree.district.departments.exists()
