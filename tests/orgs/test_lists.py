"""The writer of whole lists: names and codes that change places, moves, rights, the log."""

import pytest
from django.core.exceptions import PermissionDenied

from orgs.models import Change, Organization
from orgs.services import NewOrganization, Refused, close_organization, create_organization, edit_organization
from orgs.services.lists import ChangedOrganization, write_organizations

CODE, OTHER_CODE = "81210000MC0000001G", "81210000MC0000002K"


def now(organization):
    return Organization.objects.select_related("parent").get(pk=organization.pk)


def paths_hold():
    """Whether every path is the parent's path and the own key."""
    return all(
        one.path == (one.parent.path if one.parent else "") + str(one.pk).zfill(9)
        for one in Organization.objects.select_related("parent")
    )


def snapshot():
    return list(Organization.objects.order_by("pk").values_list()), Change.objects.count()


def test_names_and_codes_may_change_places(tree):
    other = create_organization(None, tree.street, "乙厂工会", tree.kind, "grassroots", OTHER_CODE)
    edit_organization(None, tree.factory, "甲厂工会", tree.kind, "grassroots", CODE)
    write_organizations(
        None,
        [],
        [
            ChangedOrganization(tree.factory.pk, {"name": "乙厂工会", "code": OTHER_CODE}),
            ChangedOrganization(other.pk, {"name": "甲厂工会", "code": CODE}),
        ],
    )
    assert (now(tree.factory).name, now(tree.factory).code) == ("乙厂工会", OTHER_CODE)
    assert (now(other).name, now(other).code) == ("甲厂工会", CODE)
    assert now(other).sort_key.startswith("jiachanggonghui ")


def test_a_new_organisation_may_take_the_place_of_one_that_leaves_it(tree):
    made = NewOrganization("甲厂工会", tree.kind, "grassroots", tree.street)
    write_organizations(None, [made], [ChangedOrganization(tree.factory.pk, {}, tree.district.pk)])
    assert now(tree.factory).parent == tree.district
    assert now(tree.factory).name == "甲厂工会"
    assert Organization.objects.filter(parent=tree.street, name="甲厂工会").exclude(pk=tree.factory.pk).exists()
    assert paths_hold()


def test_whole_branches_move_under_new_ones_and_into_each_other(tree):
    group = NewOrganization("丙组", tree.kind, "township", tree.street)
    below = NewOrganization("丁厂", tree.kind, "grassroots", tree.other_street)
    write_organizations(
        None,
        [below, group],
        [
            ChangedOrganization(tree.factory.pk, {"members": 7}, tree.district.pk),
            ChangedOrganization(tree.other.pk, {}, group),
            ChangedOrganization(tree.street.pk, {}, tree.factory.pk),
        ],
    )
    assert paths_hold()
    assert [now(one).parent.name for one in (tree.factory, tree.street, tree.other)] == [
        "甲区总工会",
        "甲厂工会",
        "丙组",
    ]
    made = Organization.objects.get(name="丁厂")
    assert [Organization.objects.get(pk=key).name for key in made.ancestor_ids] == [
        "市总工会",
        "甲区总工会",
        "甲厂工会",
        "甲街道工会",
        "丙组",
        "乙区总工会",
        "乙街道工会",
    ]


def test_each_changed_field_is_a_line_of_the_log_with_its_place(tree, cast):
    facts = {"members": 5, "contact": "王芳", "level": "grassroots", "kind": tree.kind.pk}
    before = Change.objects.count()
    write_organizations(cast.branch_admin, [], [ChangedOrganization(tree.factory.pk, facts, tree.district.pk)])
    lines = Change.objects.order_by("pk")[before:]
    assert [(line.field, line.old, line.new, line.by) for line in lines] == [
        ("members", "", "5", cast.branch_admin),
        ("contact", "", "王芳", cast.branch_admin),
        ("parent", "甲街道工会", "甲区总工会", cast.branch_admin),
    ]
    assert lines[2].path == now(tree.factory).path


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: ChangedOrganization(tree.other_street.pk, {"members": 5}),
        lambda tree: ChangedOrganization(tree.district.pk, {"level": "city"}),
        lambda tree: ChangedOrganization(tree.street.pk, {}, tree.other.pk),
        lambda tree: ChangedOrganization(tree.other_street.pk, {}, tree.district.pk),
    ],
)
def test_a_right_missing_over_one_undoes_all(tree, cast, change):
    before = snapshot()
    new = [NewOrganization("新厂", tree.kind, "grassroots", tree.street)]
    with pytest.raises(PermissionDenied):
        write_organizations(
            cast.branch_admin, new, [ChangedOrganization(tree.factory.pk, {"members": 1}), change(tree)]
        )
    assert snapshot() == before


def test_a_loop_and_a_closed_organisation_are_refused_leaving_nothing(tree):
    close_organization(None, tree.factory)
    before = snapshot()
    for changes in (
        [ChangedOrganization(tree.district.pk, {}, tree.street.pk)],
        [ChangedOrganization(tree.factory.pk, {"members": 3})],
        [ChangedOrganization(tree.other_street.pk, {}, tree.factory.pk)],
    ):
        with pytest.raises(Refused):
            write_organizations(None, [], changes)
        assert snapshot() == before


def test_a_tree_that_becomes_too_deep_is_refused(tree):
    deep = tree.other_street
    for number in range(16):
        deep = create_organization(None, deep, f"第{number}层", tree.kind, "grassroots")
    before = snapshot()
    with pytest.raises(Refused):
        write_organizations(None, [], [ChangedOrganization(tree.other.pk, {}, tree.factory.pk)])
    assert snapshot() == before
    assert paths_hold()


def test_writing_asks_as_often_for_many_as_for_a_few(tree, django_assert_max_num_queries):
    new = [NewOrganization(f"第{n}厂", tree.kind, "grassroots", tree.street) for n in range(50)]
    others = [create_organization(None, tree.street, f"旧{n}厂", tree.kind, "grassroots") for n in range(50)]
    changed = [ChangedOrganization(one.pk, {"members": 9}, tree.district.pk) for one in others]
    with django_assert_max_num_queries(60):
        write_organizations(None, new, changed)
    assert paths_hold()
