import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orgs.models import Change, Organization, OrganizationKind
from orgs.queries import ancestors, in_subtree, named, subtree, visible_to
from orgs.services import (
    NewOrganization,
    Refused,
    bulk_create_organizations,
    close_organization,
    create_organization,
    edit_organization,
    move_organization,
    reopen_organization,
)

CODE = "91350100M000100Y43"


def fresh(organization):
    return Organization.objects.get(pk=organization.pk)


def assert_forest():
    """Each path is the parent's path and the own key; so there is no loop."""
    for organization in Organization.objects.select_related("parent"):
        above = organization.parent.path if organization.parent else ""
        assert organization.path == above + str(organization.pk).zfill(9)


def test_path_says_who_stands_above(tree):
    assert tree.factory.ancestor_ids == [tree.city.pk, tree.district.pk, tree.street.pk]
    assert list(ancestors(tree.factory)) == [tree.city, tree.district, tree.street]
    assert list(subtree(tree.district)) == [tree.district, tree.street, tree.factory]


def test_create_cleans_names_and_codes(tree):
    made = create_organization(None, tree.city, " 丙区\x0b总工会 (筹) ", tree.kind, "county", CODE.lower(), 12)
    assert (made.name, made.code, made.members) == ("丙区 总工会（筹）", CODE, 12)
    assert fresh(made).path == tree.city.path + str(made.pk).zfill(9)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"name": " \x0b "}, "missing"),
        ({"name": "长" * 121}, "longer"),
        ({"name": "甲区总工会"}, "already"),
        ({"level": "planet"}, "no level"),
        ({"code": "81"}, "18 characters"),
        ({"code": CODE}, "belongs to"),
    ],
)
def test_create_refuses(tree, settings, facts, sentence):
    settings.LANGUAGE_CODE = "en"
    create_organization(None, tree.city, "有码", tree.kind, "county", CODE)
    count = Organization.objects.count(), Change.objects.count()
    wanted = {"name": "新", "kind": tree.kind, "level": "county"} | facts
    with pytest.raises(Refused, match=sentence):
        create_organization(None, tree.city, **wanted)
    assert (Organization.objects.count(), Change.objects.count()) == count


def test_a_root_name_stands_once(tree):
    with pytest.raises(Refused):
        create_organization(None, None, "市总工会", tree.kind, "city")


def test_roots_are_not_for_people(tree, cast):
    with pytest.raises(PermissionDenied):
        create_organization(cast.branch_admin, None, "新", tree.kind, "city")
    with pytest.raises(PermissionDenied):
        move_organization(cast.branch_admin, tree.street, None)


def test_bulk_create_finds_parents_in_any_order(tree):
    district = NewOrganization("丙区总工会", tree.kind, "county", tree.city)
    street = NewOrganization("丙街道", tree.kind, "township", district)
    factory = NewOrganization("丙厂", tree.kind, "grassroots", street)
    made = bulk_create_organizations(None, [factory, street, district])
    assert [organization.name for organization in made] == ["丙厂", "丙街道", "丙区总工会"]
    assert fresh(made[0]).ancestor_ids == [tree.city.pk, made[2].pk, made[1].pk]
    assert_forest()


@pytest.mark.parametrize("second", [{"name": "同名"}, {"code": CODE}])
def test_bulk_create_is_whole_or_nothing(tree, second):
    count = Organization.objects.count()
    rows = [
        NewOrganization("同名", tree.kind, "county", tree.city, CODE),
        NewOrganization(**{"name": "别名", "kind": tree.kind, "level": "county", "parent": tree.city} | second),
    ]
    with pytest.raises(Refused):
        bulk_create_organizations(None, rows)
    assert Organization.objects.count() == count


def test_bulk_create_runs_the_same_queries_for_more_rows(tree, django_assert_max_num_queries):
    rows = [NewOrganization(f"第{number}厂", tree.kind, "grassroots", tree.street) for number in range(60)]
    with django_assert_max_num_queries(15):
        bulk_create_organizations(None, rows)


def test_move_takes_the_branch_along(tree, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        move_organization(None, tree.district, tree.other_street)
    assert fresh(tree.factory).ancestor_ids == [
        tree.city.pk,
        tree.other.pk,
        tree.other_street.pk,
        tree.district.pk,
        tree.street.pk,
    ]
    assert_forest()


@pytest.mark.parametrize("below", ["district", "street", "factory"])
def test_move_refuses_a_loop(tree, below):
    with pytest.raises(Refused):
        move_organization(None, tree.district, getattr(tree, below))
    assert_forest()


def test_move_trusts_the_database_and_not_the_object_it_was_given(tree):
    stale_district, stale_street = fresh(tree.district), fresh(tree.street)
    move_organization(None, tree.street, tree.other)
    move_organization(None, stale_district, stale_street)
    assert fresh(tree.district).parent == tree.street
    with pytest.raises(Refused):
        move_organization(None, stale_street, stale_district)
    assert_forest()


def test_move_needs_the_right_over_both_parents(tree, cast):
    third = create_organization(None, tree.district, "丙街道", tree.kind, "township")
    move_organization(cast.branch_admin, tree.factory, third)
    for by, moved, parent in [
        (cast.branch_admin, tree.street, tree.other),
        (cast.branch_admin, tree.district, tree.other),
        (cast.own_admin, tree.street, third),
        (cast.other_admin, tree.other_street, tree.district),
    ]:
        with pytest.raises(PermissionDenied):
            move_organization(by, moved, parent)


def test_move_refuses_a_namesake_and_a_closed_parent(tree):
    namesake = create_organization(None, tree.other, "甲街道工会", tree.kind, "township")
    with pytest.raises(Refused):
        move_organization(None, namesake, tree.district)
    close_organization(None, tree.other_street)
    with pytest.raises(Refused):
        move_organization(None, namesake, tree.other_street)


def test_the_tree_has_a_bottom(tree):
    parent = tree.factory
    for depth in range(5, 21):
        parent = create_organization(None, parent, f"第{depth}层", tree.kind, "grassroots")
    with pytest.raises(Refused):
        create_organization(None, parent, "太深", tree.kind, "grassroots")
    with pytest.raises(Refused):
        move_organization(None, tree.street, tree.other_street)


def test_close_waits_for_the_subordinates(tree, cast):
    with pytest.raises(Refused):
        close_organization(cast.branch_admin, tree.street)
    close_organization(cast.branch_admin, tree.factory)
    close_organization(cast.branch_admin, tree.street)
    with pytest.raises(Refused):
        create_organization(cast.branch_admin, tree.street, "新", tree.kind, "grassroots")
    with pytest.raises(Refused):
        reopen_organization(None, tree.factory)
    reopen_organization(None, tree.street)
    assert fresh(tree.street).closed_on is None


def test_own_admin_cannot_choose_the_own_rubric(tree, cast):
    easier = OrganizationKind.objects.create(code="easier", name="容易")
    edit_organization(cast.own_admin, tree.street, "甲街道总工会", tree.kind, "township")
    with pytest.raises(PermissionDenied):
        edit_organization(cast.own_admin, tree.street, "甲街道总工会", easier, "township")
    edit_organization(cast.branch_admin, tree.street, "甲街道总工会", easier, "township")
    assert fresh(tree.street).kind == easier


def test_each_change_leaves_its_line(tree, cast):
    last = Change.objects.first().pk
    edit_organization(cast.branch_admin, tree.street, "甲街道总工会", tree.kind, "township", "", 30)
    move_organization(None, tree.street, tree.other)
    lines = Change.objects.filter(pk__gt=last).order_by("pk")
    assert list(lines.values_list("by__username", "name", "field", "old", "new")) == [
        ("branch_admin", "甲街道总工会", "name", "甲街道工会", "甲街道总工会"),
        ("branch_admin", "甲街道总工会", "members", "", "30"),
        (None, "甲街道总工会", "parent", "甲区总工会", "乙区总工会"),
    ]


def test_the_log_is_only_added_to(tree):
    line = Change.objects.first()
    for act in (line.save, line.delete, Change.objects.all().delete, lambda: Change.objects.update(new="")):
        with pytest.raises(TypeError):
            act()


def test_search_by_name_pinyin_initials_and_code(tree):
    made = create_organization(None, tree.city, "重庆路小学", tree.kind, "grassroots", CODE)
    for typed in ("重庆", "chongqing", "cqlxx", CODE[:9].lower(), " 庆路 "):
        assert list(Organization.objects.filter(named(typed))) == [made]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("clerk", {"street"}),
        ("assessor", {"district"}),
        ("own_admin", {"street", "factory"}),
        ("branch_admin", {"district", "street", "factory"}),
        ("other_admin", {"other", "other_street"}),
        ("auditor", {"district", "street", "factory"}),
        ("nobody", set()),
    ],
)
def test_who_sees_what(tree, cast, who, sees):
    assert set(visible_to(getattr(cast, who))) == {getattr(tree, name) for name in sees}


class TreeProperties(TestCase):
    @settings(max_examples=60)
    @given(
        st.lists(
            st.one_of(
                st.tuples(st.just("create"), st.integers(0, 30)),
                st.tuples(st.just("move"), st.integers(0, 30), st.integers(0, 30)),
            ),
            max_size=25,
        )
    )
    def test_any_history_leaves_a_forest(self, history):
        kind = OrganizationKind.objects.create(code="any", name="任意")
        made = [create_organization(None, None, f"根{number}", kind, "city") for number in range(2)]
        parents = {organization.pk: None for organization in made}  # the naive tree
        for act, *places in history:
            one, *rest = [made[place % len(made)] for place in places]
            if act == "create":
                child = create_organization(None, one, f"第{len(made)}", kind, "county")
                made.append(child)
                parents[child.pk] = one.pk
                continue
            loop = one.pk in naive_chain(parents, rest[0].pk)
            try:
                move_organization(None, one, rest[0])
                assert not loop
                parents[one.pk] = rest[0].pk
            except Refused:
                assert loop
        assert_forest()
        for organization in Organization.objects.all():
            below = {pk for pk in parents if organization.pk in naive_chain(parents, pk)}
            found = Organization.objects.filter(in_subtree(organization.path))
            assert {other.pk for other in found} == below


def naive_chain(parents, key):
    """The key and all keys above it, by following parents."""
    chain = []
    while key is not None:
        chain.append(key)
        key = parents[key]
    return chain
