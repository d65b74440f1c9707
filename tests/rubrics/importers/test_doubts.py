"""What a doubt says and what settling it changes."""

import pytest
from documents import Paper
from unseen import RUBRICS

from rubrics.blueprint import Blueprint
from rubrics.importers.doubts import (
    Code,
    Doubt,
    Option,
    Reason,
    StaleDoubtError,
    apply,
    option_label,
    refusal,
    sentence,
)
from rubrics.importers.read import Found, read_tables

HEAD = ("项目", "序号", "考核内容", "分值", "自评", "考评")


def read(*rows, title="考核标准") -> Found:
    paper = Paper(title).row(*HEAD)
    for row in rows:
        paper.row(*row)
    (found,) = read_tables([paper.table()])
    return found


def the(found: Found, code: Code) -> Doubt:
    (doubt,) = [doubt for doubt in found.doubts if doubt.code == code]
    return doubt


def items(blueprint: Blueprint):
    return [(item.key, item.text, item.points) for item in blueprint.items]


PLAIN = (("组织", "1", "依法建立工会组织", "60", "", ""), ("作用", "2", "服务职工群众", "40", "", ""))


def test_a_sound_table_has_no_doubt():
    assert read(*PLAIN).doubts == ()


def test_each_reason_each_option_and_each_code_has_words():
    names = "label printed sum labels sums number points expected text rows phrase heading measures table"
    names += " read other base plan"
    kinds = {"rule": "judged", "gate": "veto", "electorate": "members", "reason": "money", "kind": "bonus"}
    facts = dict.fromkeys(names.split(), "1") | kinds
    said = [sentence(code, facts) for code in Code]
    labels = [option_label(option, facts) for option in Option]
    assert len({*said, *labels, *map(refusal, Reason)}) == len(Code) + len(Option) + len(Reason)


def test_an_option_that_is_not_offered_is_refused():
    found = read(*PLAIN, ("", "4", "上报信息", "10", "", ""))
    with pytest.raises(ValueError, match="take_sum"):
        apply(found.blueprint, the(found, Code.NUMBER), Option.TAKE_SUM)


def test_a_doubt_whose_row_is_gone_says_so():
    found = read(*PLAIN, ("", "4", "上报信息", "10", "", ""))
    doubt = the(found, Code.NUMBER)
    gone = read(*PLAIN).blueprint
    with pytest.raises(StaleDoubtError):
        apply(gone, doubt, Option.RENUMBER)
    assert apply(gone, doubt, Option.AS_PRINTED) == gone


def test_a_row_that_a_page_cut_is_joined_to_the_one_above():
    found = read(PLAIN[0], ("", "", "，并按期换届。", "", "", ""), PLAIN[1])
    doubt = the(found, Code.NO_POINTS)
    assert (doubt.ref, doubt.options[0]) == ("1:3", Option.JOIN_ABOVE)
    joined = apply(found.blueprint, doubt, Option.JOIN_ABOVE)
    assert items(joined) == [("1", "依法建立工会组织，并按期换届。", 60), ("2", "服务职工群众", 40)]
    assert items(apply(found.blueprint, doubt, Option.DROP_ROW)) == [
        ("1", "依法建立工会组织", 60),
        ("2", "服务职工群众", 40),
    ]


def test_points_said_twice_and_differently():
    found = read(PLAIN[0], ("作用", "2", "服务职工群众。（30分）", "40", "", ""))
    doubt = the(found, Code.POINTS)
    assert (doubt.facts["read"], doubt.facts["other"]) == ("40", "30")
    assert apply(found.blueprint, doubt, Option.ACCEPT).points == 100
    assert apply(found.blueprint, doubt, Option.READ_OTHER).points == 90


def test_a_range_of_points_is_read_at_its_top_and_doubted():
    found = read(PLAIN[0], ("作用", "2", "服务职工群众", "20-40分", "", ""))
    doubt = the(found, Code.POINTS)
    assert (found.blueprint.points, doubt.facts["other"]) == (100, "20")


def test_a_number_in_the_wording_that_may_be_points_or_a_condition():
    paper = (
        Paper("标准")
        .row("项目", "考核内容", "自评")
        .row("组织", "依法建会（5分）", "")
        .row("", "和谐企业自评分达80分", "")
    )
    (found,) = read_tables([paper.table()])
    doubt = the(found, Code.POINTS)
    assert (found.blueprint.points, doubt.facts["other"], doubt.options) == (
        5,
        "80",
        (Option.BY_HAND, Option.READ_OTHER),
    )
    read_as_points = apply(found.blueprint, doubt, Option.READ_OTHER)
    assert [(item.points, item.rule) for item in read_as_points.items] == [(5, "judged"), (80, "judged")]


def test_a_row_that_only_may_be_a_bonus():
    found = read(*PLAIN, ("加分项目", "3", "工作有创新的", "5", "", ""))
    doubt = the(found, Code.BONUS_ROW)
    assert doubt.options == (Option.USE_RULE, Option.MAKE_BASE, Option.BY_HAND)
    assert found.blueprint.points == 100
    bonus = list(apply(found.blueprint, doubt, Option.USE_RULE).items)[-1]
    assert (bonus.points, bonus.bonus_rule, bonus.bonus_cap) == (None, "add_per_unit", 5)
    (measure,) = bonus.measures
    assert (measure.unit, measure.amount, measure.per, measure.step) == ("分", *[measure.step] * 3)
    base = list(apply(found.blueprint, doubt, Option.MAKE_BASE).items)[-1]
    assert (base.points, base.rule, base.bonus_rule, base.measures) == (5, "judged", "none", ())


def test_labels_move_and_keys_follow():
    found = read(
        ("甲20分", "1", "第一项工作内容", "10", "", ""),
        ("", "1", "第二项工作任务", "10", "", ""),
        ("", "1", "第三项工作要求", "30", "", ""),
        ("乙50分", "1", "第四项工作措施", "20", "", ""),
    )
    doubt = the(found, Code.LABEL_DISPLACED)
    moved = apply(found.blueprint, doubt, Option.MOVE_LABELS)
    assert [(one.name, [item.key for item in one.items], one.points) for one in moved.sections] == [
        ("甲", ["1-1", "1-2"], 20),
        ("乙", ["2-1", "2-2"], 50),
    ]
    assert apply(moved, doubt, Option.MOVE_LABELS) == moved


def test_a_part_whose_number_is_not_the_sum_of_its_sections():
    paper = Paper("标准").row("一级指标", "二级指标", "三级指标", "分值")
    paper.row(("组织（50分）", 3, 1), ("建会", 2, 1), "依法建会情况", "20").row(None, None, "按期换届情况", "10")
    paper.row(None, "入会", "职工入会情况", "10")
    (found,) = read_tables([paper.table()])
    assert the(found, Code.LABEL_SUM).facts == {"label": "组织（50分）", "printed": "50", "sum": "40"}


def test_a_column_without_a_place_is_told_of():
    paper = Paper("标准").row("项目", "考核内容", "分值", "备注").row("组织", "依法建立工会组织", "60", "见附表")
    (found,) = read_tables([paper.row("作用", "服务职工群众", "40", "").table()])
    assert the(found, Code.COLUMN).facts == {"heading": "备注"}


def test_scores_that_somebody_filled_in_are_not_taken_and_told_of():
    found = read(("组织", "1", "依法建立工会组织", "60", "55", ""), PLAIN[1])
    assert the(found, Code.COLUMN).facts == {"heading": "自评"}


def test_another_table_of_the_file_is_told_of():
    other = Paper("通讯录").row("序号", "姓名", "手机").row("1", "张三", "13800000000")
    (found,) = read_tables([RUBRICS["sheet"]()[0], other.table()])
    assert the(found, Code.TABLE).facts == {"table": "2", "reason": "roster"}


def test_assessed_organisations_of_no_known_kind():
    paper = Paper("标准").row("项目", "考核内容", "分值", "考核对象")
    paper.row("组织", "依法建立工会组织", "60", "各区市县总工会").row(
        "作用", "服务职工群众", "40", "甲乙丙俱乐部、市总组织部"
    )
    (found,) = read_tables([paper.table()])
    assert the(found, Code.KIND).facts == {"label": "甲乙丙俱乐部"}
    assert [(one.kind, one.label) for one in found.blueprint.audiences] == [
        ("county", "各区市县总工会"),
        ("kind-2", "甲乙丙俱乐部"),
    ]
    assert [(set(item.kinds), item.offices) for item in found.blueprint.items] == [
        ({"county"}, ()),
        ({"kind-2"}, ("组织部",)),
    ]


def test_a_printed_text_longer_than_its_field_is_cut_and_said_in_full():
    long = "各区市县总工会、" * 20
    paper = (
        Paper("标准").row("项目", "考核内容", "分值", "考核对象").row("组织", "依法建立工会组织", "60", "各产业工会")
    )
    (found,) = read_tables([paper.row("作用", "服务职工群众", "40", long).table()])
    assert the(found, Code.TOO_LONG).facts == {"field": "subject", "text": long}
    assert len(list(found.blueprint.items)[1].subject) == 120
