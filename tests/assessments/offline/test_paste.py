"""Lines copied from WPS or Excel: which item each is for, what is taken, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import MarkRevision
from assessments.offline.columns import Meaning
from assessments.offline.filled import Unusable
from assessments.offline.pasting import table
from assessments.results import Content
from assessments.workflow import Stage
from tests import factories as make
from tests.assessments.offline.books import Person, contents, fates

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
SELF = Stage.SELF
NUMBER, WORDING, SCORE, REMARK, NOTHING = Meaning


# --- A block as spreadsheets copy it ---


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("4\r\n4.5\r\n\r\n3\r\n", [("4",), ("4.5",), ("",), ("3",)]),
        ("\r\n4\r\n", [("",), ("4",)]),
        ("4\t\r\n5\t\r\n", [("4",), ("5",)]),
        ("4\t\t好\n\t\t\n5", [("4", "好"), ("", ""), ("5", "")]),
        ('4\t"第一行\n第二行"\r\n5\t"说""好"""\r\n', [("4", "第一行\n第二行"), ("5", '说"好"')]),
        ('4\t"没有闭合\n5\t好', [("4", '"没有闭合'), ("5", "好")]),
        ("5分\x0b\n５．５\t", [("5分",), ("５．５",)]),
        ("4\r5", [("4",), ("5",)]),
    ],
)
def test_a_block_is_read_as_the_spreadsheet_wrote_it(text, cells):
    assert table(text) == cells


@pytest.mark.parametrize("text", ["", "\r\n\t\r\n", " \n", "1\n" * 2001, "\t".join("1" * 31)])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(Unusable):
        table(text)


@given(st.text(alphabet='1\t\n\r"分\x0b， ', max_size=60))
def test_no_text_breaks_it(text):
    try:
        block = table(text)
    except Unusable:
        return
    assert len({len(line) for line in block}) == 1
    assert any(block[-1])


# --- On the page ---


@pytest.fixture
def cast():
    items = [make.Asked(f"{n // 3 + 1}-{n % 3 + 1}", "5", text=f"第{n + 1}条考核内容的文字") for n in range(6)]
    items += [
        make.Asked(
            "3-1", "4", "deduct_per_unit", (make.Counted("absent", "0.5", label="缺席"),), text="每缺席一次扣0.5分"
        ),
        make.Asked(
            "3-2",
            "12",
            "sum_of_parts",
            (make.Counted("a", "8", "分", label="甲"), make.Counted("b", "4", "分", label="乙")),
            text="甲乙两部分",
        ),
        make.Asked(
            "3-3",
            "10",
            "levels",
            (make.Counted("a", "10", "", label="优秀"), make.Counted("b", "0", "", label="不合格")),
            text="台账资料的等级",
        ),
    ]
    return make.cast(rubric=make.small_rubric(items=items))


@pytest.fixture
def clerk(cast):
    return Person(cast.clerk, cast.assessment, SELF)


def lines(preview):
    """By line, its item and what becomes of it, or the sentence why nothing does."""
    found = {}
    for one in preview.context["lines"]:
        line, entry = one["line"], one["entry"]
        reasons = [fault.sentence for fault in entry.faults] if entry else []
        found[line.number] = (
            line.key,
            line.sentence or "".join(reasons) or (entry.says.mark if entry and entry.says else "="),
        )
    return found


def test_a_column_in_the_order_of_the_items(cast, clerk):
    preview = clerk.paste("4分\r\n４．５\r\n\r\n5.5\r\n满\r\n0\r\n2\r\n3\r\n优秀\r\n", start="1-1")
    assert lines(preview) == {
        1: ("1-1", "4"),
        2: ("1-2", "4.5"),
        3: ("1-3", "="),
        4: ("2-1", "Item 2-1: 5.5 is more than the maximum of 5."),
        5: ("2-2", "Item 2-2: “满” is not a number. Please type it like 4 or 4.5."),
        6: ("2-3", "0"),
        7: ("3-1", "缺席 2次"),
        8: ("3-2", "Item 3-2 asks for several answers: 甲（分）、乙（分）. Type them on the scoring page."),
        9: ("3-3", "优秀"),
    }
    assert not MarkRevision.objects.exists()
    assert clerk.confirm(preview).status_code == 302
    assert contents(cast.now(), SELF) == {
        "1-1": Content(points=Decimal(4)),
        "1-2": Content(points=Decimal("4.5")),
        "2-3": Content(points=Decimal(0)),
        "3-1": Content(counts={"absent": Decimal(2)}),
        "3-3": Content(counts={"a": Decimal(1)}),
    }


def test_it_may_begin_further_down_and_says_which_items_got_no_line(clerk):
    preview = clerk.paste("3\n4\n", start="2-2")
    assert lines(preview) == {1: ("2-2", "3"), 2: ("2-3", "4")}
    assert preview.context["pasted"].left == ("3-1", "3-2", "3-3")
    assert "3 at the end got no line" in preview.content.decode()
    preview = clerk.paste("优秀\n1\n\n2\n", start="3-3")
    assert lines(preview) == {
        1: ("3-3", "优秀"),
        2: ("", "Nothing is left for this line to go to."),
        3: ("", "="),
        4: ("", "Nothing is left for this line to go to."),
    }


@pytest.mark.parametrize(
    ("text", "meanings", "changed"),
    [
        ("1-1\t4\n1-2\t5\n2-1\t3\n", (NUMBER, SCORE), {"1-1": "4", "1-2": "5", "2-1": "3"}),
        ("序号\t得分\t备注\n1-2\t5\t见台账\n1-1\t4\t\n", (NUMBER, SCORE, REMARK), {"1-1": "4", "1-2": "5"}),
        (
            "第1条考核内容的文字\t5\t2\n第2条 考核内容的文字\t5\t3\n",
            (WORDING, NOTHING, SCORE),
            {"1-1": "2", "1-2": "3"},
        ),
        ("考核内容\t分值\t自评分\n第5条考核内容的文字\t5\t2\n", (WORDING, NOTHING, SCORE), {"2-2": "2"}),
        ("1.\t3\n2.\t4\n3.\t5\n", (NUMBER, SCORE), {"1-1": "3", "1-2": "4", "1-3": "5"}),
        ("4\t做得好\n3\t一般般吧\n", (SCORE, REMARK), {"1-1": "4", "1-2": "3"}),
        ("得分\n4\n", (SCORE,), {"1-1": "4"}),
    ],
)
def test_columns_are_recognised(clerk, text, meanings, changed):
    preview = clerk.paste(text)
    assert preview.context["pasted"].meanings == meanings
    assert {entry.row.key: entry.says.mark for entry in preview.context["groups"]["changed"]} == changed


def test_the_person_says_otherwise_what_a_column_holds(cast, clerk):
    text = "2\t4\n3\t5\n"
    assert clerk.paste(text).context["pasted"].meanings == (NUMBER, SCORE)
    preview = clerk.paste(text, column=["score", "nothing"], start="1-1")
    assert lines(preview) == {1: ("1-1", "2"), 2: ("1-2", "3")}
    preview = clerk.paste("见会议纪要\n=SUM(A1)", column=["remark"], start="1-1")
    clerk.confirm(preview)
    assert contents(cast.now(), SELF) == {"1-1": Content(remark="见会议纪要"), "1-2": Content(remark="=SUM(A1)")}


def test_lines_that_name_no_item_or_one_twice_are_refused(clerk):
    preview = clerk.paste("1-1\t4\n9-9\t5\n1-1\t3\n\t2\n", column=["number", "score"])
    assert lines(preview) == {
        1: ("1-1", "4"),
        2: ("", "This line names nothing that stands here."),
        3: ("", "“1-1” stands in line 1 already."),
        4: ("", "This line names nothing that stands here."),
    }


def test_what_stands_is_kept_beside_what_is_pasted(cast, clerk):
    make.save(cast.chair, cast.assessment, SELF, "1-1", "3", remark="见台账")
    make.save(cast.chair, cast.assessment, SELF, "1-2", not_applicable=True, reason="停产")
    make.save(cast.chair, cast.assessment, SELF, "1-3", "2")
    preview = clerk.paste("4\n5\n2\n")
    assert fates(preview) == {"changed": ["1-1", "1-2"], "same": ["1-3"]}
    make.save(cast.chair, cast.assessment, SELF, "1-1", "1", remark="改了")
    again = clerk.confirm(preview)
    assert (again.status_code, fates(again)) == (409, {"changed": ["1-2"], "overtaken": ["1-1"]})
    clerk.confirm(again)
    assert contents(cast.now(), SELF) == {
        "1-1": Content(points=Decimal(1), remark="改了"),
        "1-2": Content(points=Decimal(5)),
        "1-3": Content(points=Decimal(2)),
    }


def test_a_department_pastes_on_its_own_items_only():
    cast = make.cast()
    make.bring_to(cast, make.State.ASSESSING)
    person = Person(cast.department_assessor, cast.now(), Stage.ASSESS)
    preview = person.paste("1-1\t4\n2-2\t5\n", column=["number", "score"])
    assert lines(preview) == {1: ("1-1", "4"), 2: ("", "This line names nothing that stands here.")}
    forged = {"v-1-1": "0", "p-1-1": "4", "v-2-2": "0", "p-2-2": "5"}
    person.client.post(person.url("offline_confirm"), forged)
    assert contents(cast.now(), Stage.ASSESS) == {"1-1": Content(points=Decimal(4))}


def test_what_is_pasted_is_text(clerk):
    page = clerk.paste("<script>alert(1)</script>\n")
    assert "<script>alert" not in page.content.decode()
    assert clerk.paste("").status_code == 200
    assert clerk.paste("\t\n").status_code == 422 or "text" in clerk.paste("\t\n").context["form"].errors
