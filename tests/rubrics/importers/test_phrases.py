"""Phrases, points, departments and titles as documents write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.blueprint import ItemPlan
from rubrics.importers.conditions import electorate, threshold
from rubrics.importers.duties import kind_of, offices, subjects
from rubrics.importers.phrases import proposals
from rubrics.importers.plans import planned, to_plan
from rubrics.importers.points import in_cell, in_wording, parts
from rubrics.importers.text import label_points, lines, plain, wording
from rubrics.importers.titles import declared_total, footnote, read_title


def rules(text, points=None, basis="", **how):
    item = ItemPlan("1", text, points=None if points is None else Decimal(points), basis=basis)
    return [
        (one.rule, [(m.unit, str(m.amount), str(m.per), str(m.above)) for m in one.measures])
        for one in proposals(item, bonus=how.get("bonus", points is None), penalty=how.get("penalty", False))
    ]


@pytest.mark.parametrize(
    ("text", "points", "found"),
    [
        ("按时参加会议，每缺席一次扣0.5分。", "2", [("deduct_per_unit", [("次", "0.5", "1", "0")])]),
        (
            "每迟报一次扣０.５分，缺报一次扣1分",
            "5",
            [("deduct_per_unit", [("次", "0.5", "1", "0"), ("次", "1", "1", "0")])],
        ),
        ("未达到90%的，每低1个百分点扣0.1分", "5", [("deduct_per_unit", [("%", "0.1", "1", "0")])]),
        ("每少一次扣1分，情节严重的扣3分", "5", []),  # half a rule is none
        ("企业建会每超1%加0.2分", "8", [("add_per_unit", [("%", "0.2", "1", "0")])]),
        (
            "资金不少于4000元，每增加1000元加0.2分，最高不超过2分",
            "7",
            [("add_per_unit", [("元", "0.2", "1000", "4000")])],
        ),
        ("签订率达到85%得8分；建立队伍得4分", "12", [("sum_of_parts", [("分", "8", "1", "0"), ("分", "4", "1", "0")])]),
        ("签订率达到85%得8分；建立队伍得4分", "10", []),
        ("达70%得3分，60%得2分，50%得1分", "3", [("tiers", [("%", "0", "1", "0")])]),
        ("信访量不超过5件得3分，10件得2分", "3", [("tiers_down", [("件", "0", "1", "0")])]),
        ("达70%得3分，60%得2分，50%得1分", "5", []),
        ("按完成率×分值计分", "4", [("rate", [("%", "0", "100", "0")])]),
        (
            "优秀10分、良好8分、一般6分、差0分",
            "10",
            [("levels", [("级", amount, "1", "0") for amount in ("10", "8", "6", "0")])],
        ),
        ("建立健全各项工作制度", "5", []),
        ("对照标准自评分达80分", "2", []),
    ],
)
def test_rules_are_proposed_only_where_the_whole_phrase_is_understood(text, points, found):
    assert rules(text, points) == found


def test_bonus_and_penalty_phrases():
    assert rules("经验在市、省、全国交流分别加2分、3分、5分。取最高级别加分。") == [
        ("highest_level", [("项", "2", "1", "0"), ("项", "3", "1", "0"), ("项", "5", "1", "0")])
    ]
    assert rules("被市总、省总、全总推广的加1-3分") == [
        ("add_per_unit", [("项", "1", "1", "0"), ("项", "2", "1", "0"), ("项", "3", "1", "0")])
    ]
    assert rules("被市总、省总推广的加1-3分") == []  # two names, three numbers
    assert rules("发生群体性事件的，每起扣5分", penalty=True) == [("take_per_unit", [("起", "5", "1", "0")])]


@pytest.mark.parametrize("text", ["每缺席一次扣0.5分", "达70%得3分，60%得2分", "每超1%加0.2分，最高不超过2分"])
def test_a_plan_carries_a_whole_proposal(text):
    item = ItemPlan("1", text, points=Decimal(3))
    (one,) = proposals(item, bonus=False)
    done = planned(item, to_plan(one))
    assert done.measures == one.measures
    assert {name: getattr(done, name) for name in one.changes} == dict(one.changes)


def test_points_at_the_end_of_a_wording():
    assert in_wording("听取汇报不少于1次。      （3分）") == (
        "听取汇报不少于1次。      ",
        in_cell("3").__class__("number", Decimal(3), "（3分）"),
    )
    texts = ("化解率95%；1分", "自评分达80分；     ２分", "每次扣1分", "自评分达80分", "满100分")
    assert [in_wording(text)[1].value for text in texts] == [1, 2, None, None, None]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("5", "number", 5), (" ５分 ", "number", 5), ("0.5", "number", Decimal("0.5")), ("0", "odd", None),
        ("最高\n\n5\n\n分", "bonus", 5), ("加分\n\n项目", "bonus", None), ("+3", "bonus", 3), ("-5", "penalty", 5),
        ("扣5分", "penalty", 5), ("一票否决", "veto", None), ("一票否优", "veto_top", None),
        ("必备项", "required", None),
        ("1-3分", "range", 3), ("", "blank", None), ("—", "blank", None), ("视情况", "odd", None), ("1,000", "odd", 1),
    ],
)  # fmt: skip
def test_cells_of_points(text, kind, value):
    said = in_cell(text)
    assert (said.kind, said.value) == (kind, value)


def test_parts_are_cut_at_one_two_three_and_nowhere_else():
    text = "1.协调劳\n动关系，每年2.5次，开通\n12351热线； 2分\n２.调解组织健全。1分"
    assert [(number, wording(body)) for number, body in parts(text)] == [
        ("1.", "协调劳动关系，每年2.5次，开通12351热线； 2分"),
        ("２.", "调解组织健全。1分"),
    ]
    assert parts("建立制度；1.有人员 2.有场所") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("生产   保护部", ("生产保护部",)),
        ("厂务\n公开\n办公室", ("厂务公开办公室",)),
        ("组织部\n办公室", ("组织部", "办公室")),
        ("市总组织部、女职工部", ("组织部", "女职工部")),
        ("", ()),
    ],
)
def test_departments_of_a_cell(text, found):
    assert offices(text) == found


def test_assessed_organisations_and_departments_in_one_cell():
    assert subjects("各区市县总工会\n\n各产业工会、市总组织部\n女职工部、经审办") == (
        ("各区市县总工会", "各产业工会"),
        ("组织部", "女职工部", "经审办"),
    )
    assert [kind_of(label) for label in ("各区市县总工会", "各产业工会", "开发区、乡镇", "俱乐部")] == [
        "county", "industry", "township", "",
    ]  # fmt: skip


def test_labels_and_their_numbers():
    assert label_points("企业文化建设专项行动(18分)") == ("企业文化建设专项行动", 18)
    assert label_points("党政重视10分") == ("党政重视", 10)
    assert label_points("加分项（最高10分）") == ("加分项", 10)
    assert label_points("工会组织健全") == ("工会组织健全", None)


def test_titles_over_two_lines_annexes_and_subtitles():
    def said(*lines):
        title = read_title(lines)
        return title.annex, title.title, title.subtitle

    assert said("附件1", "全县工会工作细则", "（开发区、乡镇）   ") == ("附件1", "全县工会工作细则", "（开发区、乡镇）")
    assert said("附件3", "江苏省模范职工之家（县总工会）", "考核验收细则（试行）") == (
        "附件3", "江苏省模范职工之家（县总工会）考核验收细则（试行）", "",
    )  # fmt: skip
    assert said("正文一段。", "附件：", "分类考评标准", "（一）机关工会考评标准") == (
        "附件：分类考评标准",
        "（一）机关工会考评标准",
        "",
    )
    assert said("附件2：考评表", "单位（盖章）：   年  月  日") == ("附件2", "考评表", "")
    assert said() == ("", "", "")


def test_totals_that_the_text_declares():
    assert declared_total(["实行百分制考评。总分为90分（含）以上可评定为五星级"]) == 100
    assert declared_total(["考核标准（1000分）"]) == 1000
    assert declared_total(["考核总分为120分。"]) == 120
    assert declared_total(["满意率85%以上", "60分以下为不合格"]) is None


def test_the_note_under_a_table_begins_with_its_mark():
    assert footnote(["PAGE", "注：一。", "依据：二。", "考核人（签字）：    年  月  日"]) == (
        "注：一。\n依据：二。",
        ("PAGE", "考核人（签字）：    年  月  日"),
    )
    assert footnote(["PAGE", "2"]) == ("", ("PAGE", "2"))


def test_thresholds_and_ballots():
    assert (
        threshold("健全制度，职工入会率达到90%以上，女职工参与率80%；建立台账")
        == "职工入会率达到90%以上，女职工参与率80%"
    )
    assert threshold("每缺席一次扣0.5分") == ""
    assert electorate("会员评家满意率达到85%以上") == ("members", "会员评家满意率达到85%以上")
    assert electorate("服务职工群众满意") == ("", "")


@given(st.text("甲乙 a1\n\t　，。", max_size=30))
def test_wording_keeps_every_sign_and_drops_only_layout(text):
    assert plain(wording(text)) == plain(text)
    assert wording(wording(text)) == wording(text)
    assert len(lines(wording(text))) <= 1
