"""Headings found and recognised; texts guarded and laid bare again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgs.importing.matching import heading_key, look, propose
from orgs.importing.organizations.fields import FIELDS
from orgs.importing.spec import RISKY, guarded, unguarded


@pytest.mark.parametrize(
    "heading",
    [
        "会员人数",
        "会员人数（人）",
        " 会 员 人 数 ",
        "*会员人数：",
        "会员人数\n(截至6月)",
        "【会员人数】",
        "会员人数[必填]",
    ],
)
def test_what_surrounds_a_heading_makes_no_difference(heading):
    assert heading_key(heading) == "会员人数"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("单位名称", "name"),
        ("工会名称", "name"),
        ("上级工会", "parent"),
        ("上级单位", "parent"),
        ("统一社会信用代码", "code"),
        ("信用代码", "code"),
        ("社会信用代码", "code"),
        ("单位类别", "kind"),
        ("单位性质", "kind"),
        ("层级", "level"),
        ("级别", "level"),
        ("会员人数", "members"),
        ("会员数", "members"),
        ("联系人", "contact"),
        ("电话", "phone"),
        ("联系电话", "phone"),
        ("手机", "phone"),
        ("备注", ""),
        ("", ""),
    ],
)
def test_the_usual_headings_are_known(heading, field):
    assert propose([heading], FIELDS, {}) == [field]


def test_a_field_is_proposed_once_and_what_was_said_before_goes_first():
    assert propose(["电话", "手机"], FIELDS, {}) == ["phone", ""]
    assert propose(["电话", "手机"], FIELDS, {"电话": ""}) == ["", "phone"]
    assert propose(["备注", "联系人"], FIELDS, {"备注": "contact"}) == ["contact", ""]
    assert propose(["备注"], FIELDS, {"备注": "gone"}) == [""]


def rows(*lines):
    return list(enumerate((list(line) for line in lines), 1))


def test_titles_above_the_headings_are_skipped_and_told():
    found = look(rows(["某区名单"], ["填报：", "甲"], ["序号", "单位名称", "联系人"], ["1", "甲厂"]), FIELDS)
    assert (found.row, found.headings, found.skipped) == (3, ("序号", "单位名称", "联系人"), ("某区名单", "填报： 甲"))
    assert found.column(1) == ["甲厂"]
    assert found.column(2) == []


def test_without_known_headings_the_first_wide_row_is_taken_and_a_person_may_say_another():
    lines = rows(["题目"], ["a", "b"], ["c", "d", "e"], ["f"])
    assert look(lines, FIELDS).row == 2
    said = look(lines, FIELDS, 3)
    assert (said.row, said.headings, said.samples) == (3, ("c", "d", "e"), (("f",),))
    assert look(lines, FIELDS, 99).row == 2
    assert look([], FIELDS) is None


def test_only_the_beginning_of_a_long_file_is_read():
    def endless():
        number = 0
        while True:
            number += 1
            yield number, ["单位名称", "x"]

    assert look(endless(), FIELDS).row == 1


@given(st.text())
def test_a_guarded_text_is_the_text_again(text):
    assert unguarded(guarded(text)) == text


@given(st.sampled_from("=+-@"), st.text())
def test_no_guarded_text_is_calculated(sign, text):
    assert guarded(sign + text).startswith("'")
    assert not guarded(text).startswith(RISKY) or guarded(text).startswith("'")
