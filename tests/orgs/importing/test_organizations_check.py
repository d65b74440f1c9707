"""What the check of a list of organisations finds, row by row. 市 > 甲区 > 甲街道 > 甲厂; the branch is 甲区."""

import pytest
from django.utils.translation import override

from orgs.models import Organization, OrganizationKind
from orgs.services import close_organization, create_organization, edit_organization

CODE, OTHER_CODE, THIRD_CODE = "81210000MC0000001G", "81210000MC0000002K", "81210000MC0000003N"
NEW = {"kind": "任意", "level": "基层"}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def outcomes(found):
    return [one.outcome.value for one in found]


def problems(found):
    return [one.problems for one in found]


def parents(found):
    return [one.values.get("parent") for one in found]


def test_a_new_row_gets_all_that_it_says(checked, tree):
    row = {
        "name": " 乙厂工会 (筹) ",
        "parent": "甲街道工会",
        "kind": "ANY",
        "level": "Grassroots",
        "members": "1,200人",
    }
    (found,) = checked(row | {"code": CODE.lower(), "contact": "王 芳", "phone": "024-2345 6789转8"})
    assert (found.outcome, found.title, found.target, found.problems) == ("new", "乙厂工会（筹）", None, [])
    assert found.values == {
        "name": "乙厂工会（筹）",
        "code": CODE,
        "level": "grassroots",
        "members": 1200,
        "contact": "王 芳",
        "phone": "024-2345 6789转8",
        "parent": ["key", tree.street.pk],
        "kind": tree.kind.pk,
        "sort_key": found.values["sort_key"],
    }
    assert ("parent", "", "甲街道工会") in found.changes


def test_blank_cells_leave_what_is_stored_and_a_dash_empties_it(checked, tree, cast):
    edit_organization(None, tree.factory, "甲厂工会", tree.kind, "grassroots", CODE, 30, contact="王芳", phone="12345")
    blank = {
        "name": "甲厂工会",
        "parent": "甲街道工会",
        "kind": "",
        "level": "",
        "members": "",
        "contact": "",
        "phone": "",
    }
    dashes = blank | {"code": "-", "members": "-", "contact": "-"}
    assert outcomes(checked(blank)) == ["unchanged"]
    (found,) = checked(dashes)
    assert found.changes == [("code", CODE, ""), ("members", "30", ""), ("contact", "王芳", "")]
    (found,) = checked(blank | {"kind": "-"})
    assert found.problems == [("kind", "This can't be emptied.")]


@pytest.mark.parametrize(
    "written",
    [
        "甲街道工会",
        "甲区总工会/甲街道工会",
        "市总工会＞甲区总工会＞甲街道工会",
        "甲区总工会 › 甲街道工会",
        "甲 街道工会",
        "甲区总工会、甲街道工会",
    ],
)
def test_a_superior_is_named_in_many_ways(checked, tree, written):
    assert parents(checked({"name": "乙厂", "parent": written} | NEW)) == [["key", tree.street.pk]]


def test_a_superior_is_named_by_its_code(checked, tree):
    edit_organization(None, tree.street, "甲街道工会", tree.kind, "township", CODE)
    assert parents(checked({"name": "乙厂", "parent": CODE.lower()} | NEW)) == [["key", tree.street.pk]]


def test_rows_may_be_each_others_superiors_in_any_order(checked, tree):
    found = checked(
        {"name": "丙车间", "parent": "丙厂"} | NEW,
        {"name": "丙厂", "parent": "甲区总工会/丙街道"} | NEW,
        {"name": "丁车间", "parent": "丙街道/丙厂"} | NEW,
        {"name": "丙街道", "parent": ""} | NEW,
        {"name": "戊车间", "parent": CODE} | NEW,
        {"name": "戊厂", "parent": "甲街道工会", "code": CODE} | NEW,
    )
    assert parents(found) == [
        ["row", 3],
        ["row", 5],
        ["row", 3],
        ["key", tree.district.pk],
        ["row", 7],
        ["key", tree.street.pk],
    ]


def test_an_ambiguous_superior_is_refused_naming_the_candidates(checked, tree):
    create_organization(None, tree.street, "工会小组", tree.kind, "grassroots")
    create_organization(None, tree.factory, "工会小组", tree.kind, "grassroots")
    found = checked(
        {"name": "甲", "parent": "工会小组"} | NEW,
        {"name": "乙", "parent": "甲厂工会/工会小组"} | NEW,
    )
    sentence = (
        "“工会小组” may mean 甲区总工会/甲街道工会/甲厂工会/工会小组; 甲区总工会/甲街道工会/工会小组: "
        "write its credit code or the names above it."
    )
    assert problems(found) == [[("parent", sentence)], []]


def test_a_row_that_repeats_an_organisation_makes_its_name_no_more_ambiguous(checked, tree):
    found = checked(
        {"name": "甲街道工会", "parent": "甲区总工会", "members": "9"},
        {"name": "甲厂工会", "parent": "甲街道工会"},
    )
    assert outcomes(found) == ["changed", "unchanged"]


def test_an_orphan_is_told_where_was_looked(checked, tree):
    (found,) = checked({"name": "乙厂", "parent": "丙街道"} | NEW)
    assert found.problems == [
        ("parent", "The superior “丙街道” is neither in the branch of “甲区总工会” nor in this list.")
    ]


def test_a_mangled_code_of_a_superior_is_recognised(checked, tree):
    (found,) = checked({"name": "乙厂", "parent": "8.1E+17"} | NEW)
    assert [field for field, _sentence in found.problems] == ["parent"]


def test_a_loop_in_the_file_is_named_at_each_of_its_rows(checked, tree):
    found = checked(
        {"name": "甲", "parent": "乙"} | NEW,
        {"name": "乙", "parent": "丙"} | NEW,
        {"name": "丙", "parent": "甲"} | NEW,
        {"name": "丁", "parent": "丁"} | NEW,
        {"name": "戊", "parent": "甲"} | NEW,
    )
    circle = "These stand under each other in a circle: 甲 → 乙 → 丙 → 甲."
    assert problems(found) == [
        [("parent", circle)],
        [("parent", circle)],
        [("parent", circle)],
        [("parent", "It would stand under itself.")],
        [],
    ]


def test_a_loop_with_what_stands_already_is_found(checked, tree):
    edit_organization(None, tree.street, "甲街道工会", tree.kind, "township", CODE)
    (found,) = checked({"name": "甲街道工会", "code": CODE, "parent": "甲厂工会"})
    assert found.problems == [
        ("parent", "These stand under each other in a circle: 甲街道工会 → 甲厂工会 → 甲街道工会.")
    ]


def test_an_endless_chain_is_answered(checked, tree):
    found = checked(*({"name": f"第{n}组", "parent": f"第{n + 1}组"} | NEW for n in range(3000)))
    assert set(outcomes(found)) <= {"wrong", "new"}
    assert found[0].outcome == "wrong"


@pytest.mark.parametrize("again", ["乙厂工会", "乙 厂工会", "乙厂工会　", "乙厂工会\u200b"])
def test_the_same_name_twice_under_one_superior_is_named_by_row(checked, tree, again):
    found = checked({"name": "乙厂工会"} | NEW, {"name": again, "parent": "甲区总工会"} | NEW)
    assert problems(found) == [[], [("name", "The same name stands under the same superior in row 2.")]]


def test_width_and_case_make_no_other_name(checked, tree):
    found = checked({"name": "abc厂"} | NEW, {"name": "ＡＢＣ厂"} | NEW)
    assert outcomes(found) == ["new", "wrong"]
    create_organization(None, tree.district, "Xyz厂", tree.kind, "grassroots")
    (found,) = checked({"name": "ＸＹＺ厂"})
    assert found.changes == [("name", "Xyz厂", "XYZ厂")]


def test_one_organisation_in_two_rows_is_named(checked, tree):
    edit_organization(None, tree.factory, "甲厂工会", tree.kind, "grassroots", CODE)
    found = checked(
        {"name": "甲厂工会", "code": CODE},
        {"name": "甲厂工会", "code": "", "parent": "甲街道工会"},
        {"name": "别的名称", "code": CODE},
    )
    assert problems(found) == [
        [],
        [("name", "It is the same organisation as in row 2.")],
        [("code", f"The credit code {CODE} stands in row 2 already.")],
    ]


def test_a_name_that_another_holds_is_refused_unless_that_one_leaves_it(checked, tree):
    edit_organization(None, tree.factory, "甲厂工会", tree.kind, "grassroots", CODE)
    other = create_organization(None, tree.street, "乙厂工会", tree.kind, "grassroots", OTHER_CODE)
    rename = {"name": "乙厂工会", "code": CODE}
    assert problems(checked(rename)) == [[("name", "“乙厂工会” already stands under “甲街道工会”.")]]
    found = checked(rename, {"name": "甲厂工会", "code": OTHER_CODE})
    assert [(one.outcome, one.target) for one in found] == [("changed", tree.factory.pk), ("changed", other.pk)]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("8.121E+17", "was turned into a number by a spreadsheet"),
        ("812100000000000000", "was turned into a number by a spreadsheet"),
        ("81210000MC000000", "does not have 18 characters"),
        (CODE[:-1] + "H", "is mistyped: its last character does not fit"),
        ("81210000MCO000001G", "has a character that no code has"),
    ],
)
def test_a_spoiled_code_is_told_apart(checked, tree, code, sentence):
    (found,) = checked({"name": "乙厂", "code": code} | NEW)
    ((field, said),) = found.problems
    assert field == "code"
    assert sentence in said


def test_a_code_outside_the_branch_is_refused_without_saying_whose(checked, tree):
    edit_organization(None, tree.other_street, "乙街道工会", tree.kind, "township", CODE)
    (found,) = checked({"name": "乙街道工会", "code": CODE} | NEW)
    assert found.problems == [
        ("code", f"The credit code {CODE} belongs to an organisation outside the branch of “甲区总工会”.")
    ]


def test_a_superior_outside_the_branch_is_not_found(checked, tree):
    assert outcomes(checked({"name": "丙厂", "parent": "乙街道工会"} | NEW)) == ["wrong"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"kind": "任一"}, ("kind", "“任一” is no kind. Nearest: “任意”.")),
        ({"kind": "zzz"}, ("kind", "“zzz” is no kind.")),
        ({"level": "Countty"}, ("level", "“Countty” is no level. Nearest: “County”.")),
        ({"members": "很多"}, ("members", "“很多” is no whole number.")),
        ({"members": "12.5"}, ("members", "“12.5” is no whole number.")),
        ({"members": "-3"}, ("members", "“-3” is no whole number.")),
        ({"members": "1e3"}, ("members", "“1e3” is no whole number.")),
        ({"members": "999999999"}, ("members", "“999999999” is more members than there can be.")),
        ({"phone": "问王芳"}, ("phone", "“问王芳” is no phone number.")),
        ({"phone": "1.39E+10"}, ("phone", "“1.39E+10” is no phone number.")),
        ({"name": "长" * 121}, ("name", "The name “" + "长" * 20 + "…” is longer than 120 characters.")),
        ({"name": ""}, ("name", "The name is missing.")),
        ({"kind": ""}, ("kind", "A new organisation needs a kind.")),
        ({"contact": "长" * 61}, ("contact", "The contact person “" + "长" * 20 + "…” is longer than 60 characters.")),
    ],
)
def test_a_wrong_cell_is_named_in_one_sentence(checked, tree, cells, problem):
    (found,) = checked({"name": "乙厂", **NEW, **cells})
    assert found.problems == [problem]


def test_every_wrong_cell_of_a_row_is_named(checked, tree):
    (found,) = checked({"name": "", "kind": "x", "level": "y", "members": "z", "code": "1", "parent": "无"})
    assert [field for field, _sentence in found.problems] == ["kind", "level", "members", "code", "name", "parent"]


@pytest.mark.parametrize(
    ("word", "parent", "level"),
    [
        ("any", "甲区总工会", "township"),
        ("any", "甲街道工会", "grassroots"),
        ("any", "甲厂工会", "grassroots"),
        ("county", "甲街道工会", "county"),
    ],
)
def test_a_missing_level_follows_from_kind_or_superior(checked, tree, word, parent, level):
    OrganizationKind.objects.get_or_create(code="county", name="县总工会")
    (found,) = checked({"name": "新", "parent": parent, "kind": word})
    assert found.values["level"] == level


def test_a_missing_level_is_the_one_that_most_of_its_kind_have(checked, tree):
    kind = OrganizationKind.objects.create(code="private", name="非公企业工会")
    for name in ("乙厂", "丙厂"):
        create_organization(None, tree.street, name, kind, "grassroots")
    (found,) = checked({"name": "直属厂", "parent": "甲区总工会", "kind": "非公企业工会"})
    assert found.values["level"] == "grassroots"


def test_a_missing_level_follows_down_a_chain_of_new_rows(checked, tree):
    found = checked(
        {"name": "丙", "parent": "乙", "kind": "any"},
        {"name": "乙", "parent": "甲", "kind": "any"},
        {"name": "甲", "parent": "市总工会/甲区总工会", "kind": "any", "level": "区"},
    )
    assert [one.values["level"] for one in found] == ["grassroots", "township", "county"]


def test_nothing_comes_under_a_closed_organisation_and_none_is_changed(checked, tree):
    close_organization(None, tree.factory)
    found = checked(
        {"name": "新", "parent": "甲厂工会"} | NEW,
        {"name": "甲厂工会", "parent": "甲街道工会"},
        {"name": "甲厂工会", "parent": "甲街道工会", "members": "5"},
    )
    assert problems(found)[0] == [("parent", "“甲厂工会” is closed: nothing can come under it.")]
    assert found[1].outcome == "unchanged"
    (found,) = checked({"name": "甲厂工会", "parent": "甲街道工会", "members": "5"})
    assert found.problems == [("", "“甲厂工会” is closed: reopen it first.")]


@pytest.mark.parametrize("parent", ["", "市总工会"])
def test_a_row_about_the_head_of_the_branch_is_known_by_its_name(checked, tree, parent):
    found = checked({"name": "甲区总工会", "parent": parent}, {"name": "甲街道工会", "parent": "市总工会/甲区总工会"})
    assert [(one.outcome, one.target) for one in found] == [
        ("unchanged", tree.district.pk),
        ("unchanged", tree.street.pk),
    ]


def test_the_head_of_the_branch_keeps_what_is_its_superiors_to_say(checked, tree, cast):
    row = {"name": "甲区总工会", "parent": "市总工会", "members": "70"}
    edit_organization(None, tree.district, "甲区总工会", tree.kind, "county", CODE)
    (found,) = checked(row | {"code": CODE})
    assert found.changes == [("members", "", "70")]
    (found,) = checked(row | {"code": CODE, "level": "市"})
    assert found.problems == [("level", "Kind and level are set by the superior union.")]
    (found,) = checked(row | {"code": CODE, "parent": "乙区总工会"})
    assert found.outcome == "wrong"


def test_a_move_is_shown_with_both_superiors(checked, tree):
    edit_organization(None, tree.factory, "甲厂工会", tree.kind, "grassroots", CODE)
    (found,) = checked({"name": "甲厂工会", "code": CODE, "parent": "甲区总工会"})
    assert (found.changes, found.values, found.target) == (
        [("parent", "甲街道工会", "甲区总工会")],
        {"parent": ["key", tree.district.pk]},
        tree.factory.pk,
    )


def test_children_that_name_the_old_path_of_a_moved_superior_follow_it(checked, tree):
    edit_organization(None, tree.street, "甲街道工会", tree.kind, "township", CODE)
    group = create_organization(None, tree.district, "丙组", tree.kind, "township")
    found = checked(
        {"name": "甲街道工会", "code": CODE, "parent": "甲区总工会/丙组"},
        {"name": "甲厂工会", "parent": "市总工会/甲区总工会/甲街道工会"},
        {"name": "丁厂", "parent": "丙组/甲街道工会"} | NEW,
    )
    assert outcomes(found) == ["changed", "unchanged", "new"]
    assert parents(found) == [["key", group.pk], None, ["key", tree.street.pk]]


def test_checking_asks_the_database_as_often_for_many_rows(checked, tree, django_assert_max_num_queries):
    rows = [{"name": f"第{n}厂", "parent": "甲街道工会"} | NEW for n in range(60)]
    with django_assert_max_num_queries(12):
        checked(*rows)
    assert Organization.objects.count() == 6
