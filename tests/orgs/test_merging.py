"""Two organisations become one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from orgs.models import Change, Membership, Organization, User
from orgs.permissions import Post, posts
from orgs.queries import tops, visible_to
from orgs.roles import Role
from orgs.services import (
    Refused,
    add_department,
    close_organization,
    create_organization,
    grant,
    merge_organizations,
    move_organization,
    plan_merger,
    reopen_organization,
    revoke,
)


@pytest.fixture
def top(cast, tree):
    """An administrator above both districts."""
    user = User.objects.create(username="top", full_name="top")
    grant(None, user, tree.city, Role.ADMIN)
    return user


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def held(user):
    return set(user.memberships.values_list("organization__name", "role", "department__name"))


def paths_are_right():
    return all(
        one.path == (one.parent.path if one.parent else "") + str(one.pk).zfill(9)
        for one in Organization.objects.select_related("parent")
    )


def test_children_departments_and_posts_go_to_the_target(tree, cast, top):
    other = add_department(None, tree.other, "组织人事部", "组织部")
    press = add_department(None, tree.district, "宣传部", position=3)
    writer = cast.nobody
    grant(None, writer, tree.district, Role.DEPARTMENT_ASSESSOR, press)
    grant(None, cast.assessor, tree.other, Role.ASSESSOR)
    merger = merge_organizations(top, tree.district, tree.other)
    assert [child.name for child in merger.children] == ["甲街道工会"]
    assert (now(tree.street).parent, now(tree.factory).parent) == (tree.other, tree.street)
    assert paths_are_right()
    assert held(cast.assessor) == {("乙区总工会", "assessor", None)}  # held twice, now once
    assert held(cast.branch_admin) == {("乙区总工会", "admin", None)}
    assert held(cast.department_assessor) == {("乙区总工会", "department_assessor", "组织人事部")}
    assert held(writer) == {("乙区总工会", "department_assessor", "宣传部")}
    assert now(other).names == {"组织人事部", "组织部", "基层部"}
    assert set(tree.other.departments.values_list("name", flat=True)) == {"组织人事部", "宣传部"}
    assert tree.district.departments.count() == 2  # what was signed off in their name stays theirs
    closed = now(tree.district)
    assert (closed.merged_into, bool(closed.closed_on), closed.parent) == (tree.other, True, tree.city)


def test_every_change_has_its_line(tree, cast, top):
    merge_organizations(top, tree.street, tree.other_street)
    lines = Change.objects.filter(by=top).order_by("pk").values_list("name", "field", "old", "new")
    today = str(now(tree.street).closed_on)
    role, admin = Role.CLERK.label, Role.ADMIN.label
    assert list(lines) == [
        ("甲厂工会", "parent", "甲街道工会", "乙街道工会"),
        ("clerk", "post", f"甲街道工会 · {role}", f"乙街道工会 · {role}"),
        ("own_admin", "post", f"甲街道工会 · {admin}", f"乙街道工会 · {admin}"),
        ("甲街道工会", "closed_on", "", today),
        ("甲街道工会", "merged_into", "", "乙街道工会"),
        ("乙街道工会", "absorbed", "", "甲街道工会"),
    ]


def everything():
    return (
        list(Organization.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        Change.objects.count(),
    )


def test_what_cannot_be_merged_leaves_everything(tree, cast, top):
    create_organization(None, tree.other_street, "甲厂工会", tree.kind, "grassroots")
    gone = create_organization(None, tree.city, "撤销", tree.kind, "county")
    close_organization(None, gone)
    before = everything()
    for source, target in [
        (tree.street, tree.street),
        (tree.district, tree.street),  # below itself
        (tree.district, tree.factory),
        (tree.street, now(gone)),
        (now(gone), tree.street),
        (tree.street, tree.other_street),  # both have a 甲厂工会
    ]:
        with pytest.raises(Refused):
            merge_organizations(top, source, target)
    assert everything() == before


def test_a_department_that_means_two_is_refused(tree, top):
    add_department(None, tree.street, "综合部", "组织部 宣传部")
    for name in ("组织部", "宣传部"):
        add_department(None, tree.other_street, name)
    with pytest.raises(Refused):
        plan_merger(tree.street, tree.other_street)


def test_who_may_merge_places_the_source_and_manages_the_target(tree, cast, top):
    second = create_organization(None, tree.district, "丙街道工会", tree.kind, "township")
    for by, source, target in [
        (cast.own_admin, tree.street, second),
        (cast.branch_admin, tree.street, tree.other_street),
        (cast.branch_admin, tree.district, tree.other),
        (cast.other_admin, tree.street, tree.other_street),
        (cast.auditor, tree.street, second),
    ]:
        with pytest.raises(PermissionDenied):
            merge_organizations(by, source, target)
    merge_organizations(cast.branch_admin, tree.street, second)


def test_into_the_superior(tree, cast):
    merge_organizations(cast.branch_admin, tree.street, tree.district)
    assert now(tree.factory).parent == tree.district
    assert paths_are_right()


def test_closed_children_stay_behind(tree, cast):
    close_organization(None, tree.factory)
    merge_organizations(cast.branch_admin, tree.street, tree.district)
    assert now(tree.factory).parent == tree.street


def test_what_was_merged_stays_closed(tree, cast):
    merge_organizations(cast.branch_admin, tree.street, tree.district)
    with pytest.raises(Refused):
        reopen_organization(cast.branch_admin, now(tree.street))
    with pytest.raises(Refused):
        move_organization(cast.branch_admin, now(tree.factory), now(tree.street))


def test_the_targets_people_answer_for_what_was_merged(tree, cast, top):
    merge_organizations(top, tree.street, tree.other_street)
    clerk = now(cast.clerk)
    street, other = now(tree.street), now(tree.other_street)
    assert set(posts(clerk)) == {
        Post(Role.CLERK, other.pk, other.path, organization_name=other.name),
        Post(Role.CLERK, street.pk, street.path, organization_name=other.name, heir_id=other.pk),
    }
    assert set(tops(clerk)) == {other}
    assert set(visible_to(clerk)) == {other, street}
    merge_organizations(top, tree.other_street, tree.district)  # and on
    assert now(tree.street).merged_into == tree.district
    assert {post.organization_id for post in posts(now(cast.clerk))} == {tree.district.pk, street.pk, other.pk}
    revoke(None, Membership.objects.get(user=cast.clerk))
    assert posts(now(cast.clerk)) == ()


# --- The pages --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_will_happen_and_does_it_when_told(client, tree, cast, top):
    client.force_login(top)
    url = reverse("orgs:merge", args=[tree.street.pk])
    assert tree.other_street in client.get(url, {"q": "乙街道"}).context["candidates"]
    assert tree.street not in client.get(url).context["candidates"]
    page = client.get(url, {"target": tree.other_street.pk})
    merger = page.context["merger"]
    assert [child.name for child in merger.children] == ["甲厂工会"]
    assert {post.user for post in merger.posts} == {cast.clerk, cast.own_admin}
    assert now(tree.street).closed_on is None
    answer = client.post(url, {"target": tree.other_street.pk})
    assert answer.url == reverse("orgs:detail", args=[tree.other_street.pk])
    text = client.get(reverse("orgs:detail", args=[tree.street.pk])).content.decode()
    assert f'href="{reverse("orgs:detail", args=[tree.other_street.pk])}"' in text
    assert reverse("orgs:reopen", args=[tree.street.pk]) not in text


def test_a_refusal_leads_back_to_the_choice(client, tree, cast, top):
    create_organization(None, tree.other_street, "甲厂工会", tree.kind, "grassroots")
    client.force_login(top)
    url = reverse("orgs:merge", args=[tree.street.pk])
    for answer in (
        client.get(url, {"target": tree.other_street.pk}),
        client.post(url, {"target": tree.other_street.pk}),
    ):
        assert answer.url == url
    assert client.post(url, {"target": tree.factory.pk}).status_code == 404
    assert client.post(url, {"target": "٣"}).status_code == 404
