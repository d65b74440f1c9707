"""A post goes from one person to the next."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from orgs.models import Change, Membership, User
from orgs.roles import Role
from orgs.services import (
    NewPost,
    Refused,
    close_organization,
    create_person,
    grant,
    hand_over,
    hand_over_to_new,
    revoke,
    set_active,
)


@pytest.fixture
def post(cast):
    return Membership.objects.get(user=cast.clerk)


@pytest.fixture
def successor(tree):
    return create_person(None, "李娜", [NewPost(tree.other, Role.CLERK)], phone="13900000002").person


def held(person):
    return set(person.memberships.values_list("organization__name", "role", "department__name"))


def lines(person):
    found = Change.objects.filter(subject="person", subject_id=person.pk).order_by("pk")
    return list(found.values_list("by__username", "field", "old", "new", "path"))


def test_the_post_changes_hands_and_both_logs_say_so(tree, cast, post, successor):
    hand_over(cast.own_admin, post, successor)
    assert held(cast.clerk) == set()
    assert held(successor) == {("乙区总工会", "clerk", None), ("甲街道工会", "clerk", None)}
    role = Role.CLERK.label
    told = f"甲街道工会 · {role}"
    assert lines(cast.clerk)[-1] == ("own_admin", "handed_over", told, "李娜", tree.street.path)
    assert lines(successor)[-1] == ("own_admin", "taken_over", "clerk", told, tree.street.path)


def test_a_department_goes_along(tree, cast, successor):
    hand_over(cast.branch_admin, Membership.objects.get(user=cast.department_assessor), successor)
    assert ("甲区总工会", "department_assessor", "组织部") in held(successor)


def test_an_administrator_hands_the_own_post_over(tree, cast, successor):
    post = Membership.objects.get(user=cast.own_admin)
    with pytest.raises(Refused):
        revoke(cast.own_admin, post)
    hand_over(cast.own_admin, post, successor)
    assert ("甲街道工会", "admin", None) in held(successor)
    with pytest.raises(PermissionDenied):
        grant(User.objects.get(pk=cast.own_admin.pk), successor, tree.street, Role.CHAIR)


def test_what_cannot_be_handed_over(tree, cast, post, successor):
    with pytest.raises(Refused):  # to oneself
        hand_over(cast.own_admin, post, cast.clerk)
    grant(None, successor, tree.street, Role.CLERK)
    with pytest.raises(Refused):  # to who has it
        hand_over(cast.own_admin, post, successor)
    gone = create_person(None, "离职", [NewPost(tree.street, Role.CHAIR)]).person
    set_active(None, gone, active=False)
    with pytest.raises(Refused):  # to a closed account
        hand_over(cast.own_admin, post, User.objects.get(pk=gone.pk))
    for by in (cast.clerk, cast.other_admin, cast.auditor):
        with pytest.raises(PermissionDenied):
            hand_over(by, post, cast.assessor)
    close_organization(None, tree.factory)
    close_organization(None, tree.street)
    with pytest.raises(Refused):
        hand_over(None, post, cast.assessor)
    assert held(cast.clerk) == {("甲街道工会", "clerk", None)}


def test_a_post_that_is_gone_is_not_handed_over(cast, post, successor):
    revoke(None, Membership.objects.get(pk=post.pk))
    with pytest.raises(Refused):
        hand_over(cast.own_admin, post, successor)


def test_a_new_successor_is_made_with_a_first_password(tree, cast, post):
    slip = hand_over_to_new(cast.own_admin, post, "王芳", "13900000003")
    assert held(slip.person) == {("甲街道工会", "clerk", None)}
    assert User.objects.get(pk=slip.person.pk).check_password(slip.password)
    assert [line[1] for line in lines(slip.person)] == ["created", "taken_over"]


def test_a_refused_hand_over_makes_no_person(cast, post):
    count = User.objects.count()
    with pytest.raises(PermissionDenied):
        hand_over_to_new(cast.other_admin, post, "王芳")
    with pytest.raises(Refused):
        hand_over_to_new(cast.own_admin, post, "王芳", username="clerk")
    assert User.objects.count() == count


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_takes_a_known_login_or_a_new_name_and_not_both(client, cast, post, successor):
    client.force_login(cast.own_admin)
    url = reverse("people:hand_over", args=[post.pk])
    for typed in ({"login": ""}, {"login": "13900000002", "full_name": "王芳"}, {"login": "nix"}):
        answer = client.post(url, typed)
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert held(successor) == {("乙区总工会", "clerk", None)}
    assert client.post(url, {"login": "139 0000 0002"}).status_code == 302
    assert ("甲街道工会", "clerk", None) in held(successor)
    assert client.post(url, {"login": "13900000002"}).status_code == 404


def test_the_page_shows_a_new_successors_first_password(client, cast, post):
    client.force_login(cast.own_admin)
    answer = client.post(reverse("people:hand_over", args=[post.pk]), {"full_name": "王芳"})
    made = User.objects.get(full_name="王芳")
    assert made.check_password(answer.context["password"])
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("who", "answer"), [("clerk", 404), ("auditor", 403), ("other_admin", 404), ("branch_admin", 200)]
)
def test_who_may_open_it(client, cast, post, who, answer):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("people:hand_over", args=[post.pk])).status_code == answer
