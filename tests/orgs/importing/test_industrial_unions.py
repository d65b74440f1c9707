"""The column of a list that names second superiors."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from orgs.importing.organizations.write import write
from orgs.models import Change, ListKind, Organization, Upload
from orgs.services import Refused, close_organization, create_organization, set_industrial_union
from orgs.services.lists import ChangedOrganization, write_organizations

NEW = {"kind": "任意", "level": "基层"}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def union(tree):
    return create_organization(None, tree.city, "教科文卫工会", tree.kind, "industry", "81210000MC0000001G")


@pytest.fixture
def written(checked, tree, cast):
    """written(rows…) -> what the check found, after writing it."""

    def run(*rows, by=None):
        found = checked(*rows, by=by)
        assert not any(one.problems for one in found), [one.problems for one in found]
        upload = Upload.objects.create(kind=ListKind.ORGANIZATIONS, branch=tree.district, by=by or cast.branch_admin)
        for one in found:
            upload.rows.create(number=one.number, outcome=one.outcome, values=one.values, target=one.target)
        write(upload, lambda _rows: None)
        return found

    return run


def union_of(name):
    return Organization.objects.get(name=name).industrial_union


def test_it_is_named_by_code_name_or_path_inside_the_branch_or_near_it(written, tree, union):
    own = create_organization(None, tree.district, "机械工会", tree.kind, "industry")
    found = written(
        {"name": "甲街道工会", "industrial_union": "81210000mc0000001g"},
        {"name": "甲厂工会", "parent": "甲街道工会", "industrial_union": "市总工会/教科文卫工会"},
        {"name": "乙厂工会", "parent": "甲街道工会", "industrial_union": "机械工会", **NEW},
        {"name": "丙厂工会", "parent": "甲街道工会", "industrial_union": "", **NEW},
    )
    assert [one.changes[-1] for one in found[:2]] == [("industrial_union", "", "教科文卫工会")] * 2
    assert [union_of(name) for name in ("甲街道工会", "甲厂工会", "乙厂工会", "丙厂工会")] == [union, union, own, None]
    logged = Change.objects.filter(field="industrial_union").order_by("pk").values_list("name", "old", "new")
    assert sorted(logged) == [
        ("乙厂工会", "", "机械工会"),
        ("甲厂工会", "", "教科文卫工会"),
        ("甲街道工会", "", "教科文卫工会"),
    ]


def test_it_may_be_a_row_of_the_same_list(written, tree):
    written(
        {"name": "第一小学工会", "industrial_union": "教育工会", "parent": "甲街道工会", **NEW},
        {"name": "教育工会", "kind": "任意", "level": "产业"},
    )
    assert union_of("第一小学工会").name == "教育工会"


def test_a_dash_takes_it_away_and_a_blank_leaves_it(written, tree, union):
    set_industrial_union(None, tree.street, union)
    (kept,) = written({"name": "甲街道工会", "industrial_union": ""})
    assert (kept.outcome, union_of("甲街道工会")) == ("unchanged", union)
    (taken,) = written({"name": "甲街道工会", "industrial_union": "-"})
    assert (taken.changes, union_of("甲街道工会")) == ([("industrial_union", "教科文卫工会", "")], None)


def test_superiors_may_change_places(written, tree, cast):
    own = create_organization(None, tree.district, "机械工会", tree.kind, "industry")
    school = create_organization(None, tree.district, "第二小学", tree.kind, "grassroots")
    other = create_organization(None, tree.district, "教育工会", tree.kind, "industry")
    set_industrial_union(None, school, own)
    written({"name": "第二小学", "parent": "机械工会", "industrial_union": "教育工会", "kind": "任意", "level": "基层"})
    assert Organization.objects.filter(name="第二小学").count() == 2  # found by name under its superior: a new one
    school.code = "81210000MC0000002K"
    school.save(update_fields=["code"])
    Organization.objects.filter(name="第二小学", parent=own).delete()
    written({"name": "第二小学", "code": school.code, "parent": "机械工会", "industrial_union": "教育工会"})
    school.refresh_from_db()
    assert (school.parent, school.industrial_union) == (own, other)


def test_what_can_not_be_is_said_of_the_row(checked, tree, cast, union):
    create_organization(None, tree.street, "街道教育工会", tree.kind, "industry")
    close_organization(None, create_organization(None, tree.district, "旧产业工会", tree.kind, "industry"))
    set_industrial_union(None, tree.factory, union)
    found = checked(
        {"name": "甲街道工会", "industrial_union": "没有的工会"},
        {"name": "乙厂工会", "industrial_union": "甲厂工会", **NEW},
        {"name": "丙厂工会", "industrial_union": "甲区总工会", **NEW},
        {"name": "丁厂工会", "industrial_union": "旧产业工会", **NEW},
    )
    assert [one.problems for one in found] == [
        [
            (
                "industrial_union",
                "There is no industrial union “没有的工会” near the branch of “甲区总工会” or in this list.",
            )
        ],
        [("industrial_union", "“甲厂工会” is no industrial union: its level is not “Industry”.")],
        [("industrial_union", "“甲区总工会” is no industrial union: its level is not “Industry”.")],
        [("industrial_union", "“旧产业工会” is closed: nothing can come under it.")],
    ]
    (below,) = checked({"name": "甲街道工会", "industrial_union": "街道教育工会"})
    assert below.problems == [
        ("industrial_union", "“街道教育工会” stands below “甲街道工会” and can't be its industrial union.")
    ]
    (head,) = checked({"name": "甲区总工会", "industrial_union": "教科文卫工会"})
    assert head.problems == [("industrial_union", "The industrial union is set by the superior union.")]


def test_the_service_asks_all_of_it_again(tree, cast, union):
    own = create_organization(None, tree.district, "机械工会", tree.kind, "industry")
    set_industrial_union(None, tree.factory, own)
    before = list(Organization.objects.order_by("pk").values_list())

    def write_list(by, *changed, led):
        write_organizations(by, [], [ChangedOrganization(*one) for one in changed], led=led)

    with pytest.raises(PermissionDenied):
        write_list(cast.own_admin, (tree.street.pk, {}), led={tree.street.pk: union.pk})
    with pytest.raises(Refused):
        write_list(None, (tree.street.pk, {}), led={tree.street.pk: tree.other.pk})
    with pytest.raises(Refused, match="industrial union"):  # it would stand under its industrial union
        write_list(None, (tree.factory.pk, {}, own.pk), led={})
    with pytest.raises(Refused, match="stand below"):  # and here above it
        write_list(None, (own.pk, {}, tree.factory.pk), led={})
    assert list(Organization.objects.order_by("pk").values_list()) == before
