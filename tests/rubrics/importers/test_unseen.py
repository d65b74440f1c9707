"""Documents of other shapes: right, or doubted by name, or refused with the reason."""

from decimal import Decimal

import pytest
from documents import as_docx, as_xlsx, logical
from unseen import OTHERS, RUBRICS

from rubrics.importers.docx import read_docx
from rubrics.importers.doubts import Code, Option, apply, refusal
from rubrics.importers.read import NotARubric, read_tables
from rubrics.importers.xlsx import read_xlsx

WAYS = {
    "docx": lambda make: read_docx(as_docx(make())),
    "xlsx": lambda make: read_xlsx(as_xlsx(logical(make()))),
}

# sections as name, points of the label, sum; then the declared total and the doubts
EXPECTED = {
    "thousand": ([("自身建设", 350, 350), ("维权服务", 400, 400), ("创新发展", 250, 250)], 1000, []),
    "merged_points": ([("组织建设", None, 25), ("作用发挥", None, 25)], 50, ["shared_points"]),
    "headed": (
        [("组织建设", 40, 40), ("维权", 60, 55), ("一票否决", None, 0)],
        100,
        ["total_sum", "rule", "label_sum", "rule", "gate_row"],
    ),
    "deductions": ([("组织机构", None, 18), ("教育培训", None, 32)], 50, ["rule", "rule", "rule"]),
    "three_levels": (
        [("建会", 25, 25), ("入会", 15, 15), ("维权", 30, 30), ("服务", 30, 30)], 100, ["rule", "rule", "rule"],
    ),
    "gates": (
        [("必备条件", None, 0), ("组织建设", 60, 60), ("作用发挥", 40, 40), ("一票否决", None, 0)],
        None,
        ["gate_row", "gate_row", "ballot", "gate_row"],
    ),
    "plus_and_minus": (
        [("基础工作", 100, 100), ("加分项", None, 0), ("减分项", None, 0)], 100, ["rule", "rule", "rule", "rule"],
    ),
    "tiers": ([("考核内容", None, 10)], None, ["rule", "rule"]),
    "cut_in_two": ([("思想引领", 30, 30), ("服务职工", 70, 70)], None, []),
    "sheet": ([("一、基层组织建设", 40, 40), ("二、服务职工", 60, 60)], 100, []),
    "wrong_label": (
        [("组织健全", 30, 25), ("维护权益", 70, 70)], 100, ["total_sum", "label_sum", "number", "duplicate"],
    ),
    "group_cells": ([("组织健全", 10, 9)], 10, ["total_sum", "label_sum", "group_sum"]),
}  # fmt: skip


def only(name, way="docx"):
    (found,) = read_tables(WAYS[way](RUBRICS[name]))
    return found


def settled(found):
    """The draft after its first proposals."""
    blueprint = found.blueprint
    for doubt in found.doubts:
        blueprint = apply(blueprint, doubt, doubt.options[0])
    return blueprint


def rules(blueprint):
    return {
        item.key: (item.rule, item.bonus_rule, [(one.unit, one.amount, one.per) for one in item.measures])
        for item in blueprint.items
        if (item.rule, item.bonus_rule) != ("judged", "none")
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", RUBRICS)
def test_an_unseen_document_is_read_right_or_doubted(name, way):
    found = only(name, way)
    sections = [
        (section.name, section.points, sum(item.points or 0 for item in section.items))
        for section in found.blueprint.sections
    ]
    doubts = [doubt.code.value for doubt in found.doubts]
    assert (sections, found.blueprint.declared_total, doubts) == EXPECTED[name]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_points_table_is_refused_with_the_reason(name, way):
    make, reason = OTHERS[name]
    with pytest.raises(NotARubric) as caught:
        read_tables(WAYS[way](make))
    assert (caught.value.reason, caught.value.sentence) == (reason, refusal(reason))


def test_a_file_without_tables_or_with_empty_ones_is_refused():
    with pytest.raises(NotARubric, match="no_table"):
        read_tables(())
    with pytest.raises(NotARubric, match="empty"):
        read_tables(read_docx(as_docx([RUBRICS["sheet"]()[0].__class__((), (), 2, 2)])))


def test_thousand_points_with_columns_named_otherwise():
    blueprint = only("thousand").blueprint
    assert blueprint.title == "××市总工会2024年度县（区）总工会重点工作目标考核评分标准（1000分）"
    assert blueprint.footnote == "说明：本标准实行千分制。"
    assert (blueprint.total_label, blueprint.printed_total) == ("合计", "1000")
    assert [(column.source, column.heading) for column in blueprint.columns] == [
        ("section", "类别"), ("number", "序号"), ("text", "考核指标"), ("points", "标准分"), ("self", "自评"),
        ("assess", "考评"),
    ]  # fmt: skip
    assert [item.key for item in blueprint.items] == list("1234567")


def test_a_cell_of_points_over_several_rows_is_one_item_or_split_evenly():
    found = only("merged_points")
    (doubt,) = found.doubts
    assert doubt.options == (Option.ONE_ITEM, Option.SPLIT_EVENLY)
    kept = apply(found.blueprint, doubt, Option.ONE_ITEM)
    assert [(item.key, item.text, item.points) for item in kept.items] == [
        ("1-1", "依法建立工会组织，按期换届。", 10),
        ("1-2", "建立工会小组，\n健全工作制度，\n档案资料齐全。", 15),
        ("2-1", "服务职工群众满意。", 25),
    ]
    split = apply(found.blueprint, doubt, Option.SPLIT_EVENLY)
    assert [(item.key, item.text, item.points) for item in split.sections[0].items] == [
        ("1-1", "依法建立工会组织，按期换届。", 10),
        ("1-2", "建立工会小组，", 5),
        ("1-3", "健全工作制度，", 5),
        ("1-4", "档案资料齐全。", 5),
    ]
    assert split.points == kept.points == 50


def test_deductions_are_proposed_from_their_own_column_and_long_texts_stay_whole():
    found = only("deductions")
    assert rules(settled(found)) == {
        "1": ("deduct_per_unit", "none", [("人", Decimal("0.5"), 1)]),
        "2": ("deduct_per_unit", "none", [("次", Decimal(2), 1)]),
        "3": ("deduct_per_unit", "none", [("%", Decimal("0.2"), 1)]),
    }
    assert rules(found.blueprint) == {}
    assert next(item.basis for item in found.blueprint.items if item.key == "4") == (
        "由考核组按资料酌情评分，资料应当真实、完整、可查。" * 8
    )
    assert "扣分" in found.skipped


def test_three_levels_keep_the_first_as_part():
    found = only("three_levels")
    assert [section.part for section in found.blueprint.sections] == ["组织覆盖（40分）"] * 2 + ["服务保障（60分）"] * 2
    done = {item.key: item for item in settled(found).items}
    assert (done["1-2"].rule, done["1-2"].measures[0].per) == ("rate", 100)
    assert [(tier.bound, tier.points) for tier in done["2-1"].measures[0].tiers] == [(80, 15), (60, 10), (40, 5)]
    assert (done["2-1"].rule, done["2-1"].measures[0].unit) == ("tiers", "%")
    assert [(one.label, one.amount) for one in done["4-1"].measures] == [
        ("A级", 30),
        ("B级", 20),
        ("C级", 10),
        ("D级", 0),
    ]
    assert done["4-1"].rule == "levels"


def test_gates_have_no_points_and_one_measure():
    done = {item.key: item for item in settled(only("gates")).items}
    gates = {key: (item.gate, item.points, item.rule) for key, item in done.items() if item.gate}
    assert gates == {
        "1-1": ("required", None, "none"),
        "1-2": ("required", None, "none"),
        "4-1": ("veto", None, "none"),
    }
    assert [(one.key, one.role) for one in done["4-1"].measures] == [("gate", "gate")]
    assert (done["3-1"].electorate, done["3-1"].points) == ("members", 40)


def test_bonus_and_penalty_sections_have_a_common_limit():
    found = only("plus_and_minus")
    assert [(cap.name, cap.most, cap.least) for cap in found.blueprint.caps] == [
        ("加分项（最高10分）", 10, None),
        ("减分项（最多扣5分）", None, -5),
    ]
    assert rules(settled(found)) == {
        "1-2": ("deduct_per_unit", "none", [("次", 2, 1)]),
        "2-1": ("none", "add_per_unit", [("项", 5, 1), ("项", 3, 1), ("项", 1, 1)]),
        "2-2": ("none", "add_per_unit", [("次", 2, 1)]),
        "3-1": ("none", "take_per_unit", [("起", 5, 1)]),
    }
    assert settled(found).points == 100


def test_a_sheet_with_titles_above_and_signatures_below():
    found = only("sheet", "xlsx")
    assert found.blueprint.title == "××县总工会2025年乡镇（街道）工会工作考核表"
    assert found.skipped == ("考核人（签字）： 被考核单位负责人（签字）：", "备注")
    assert [str(item.points) for item in found.blueprint.items] == ["20", "20", "25.5", "34.5"]


def test_sums_that_nothing_explains_are_left_to_a_person():
    found = only("wrong_label")
    doubts = {doubt.code: doubt for doubt in found.doubts}
    renumbered = apply(found.blueprint, doubts[Code.NUMBER], Option.RENUMBER)
    assert [item.number for item in renumbered.items] == ["1", "2", "3", "5", "6"]
    assert apply(found.blueprint, doubts[Code.LABEL_SUM], Option.TAKE_SUM).sections[0].points == 25
    assert apply(found.blueprint, doubts[Code.TOTAL_SUM], Option.TAKE_SUM).declared_total == 95
    scaled = apply(found.blueprint, doubts[Code.TOTAL_SUM], Option.SCALE_TOTAL)
    assert (scaled.declared_total, scaled.total_policy) == (100, "scaled")
    assert apply(found.blueprint, doubts[Code.DUPLICATE], Option.DROP_ROW).points == 75
    assert apply(found.blueprint, doubts[Code.DUPLICATE], Option.KEEP_BOTH) == found.blueprint


def test_a_condition_inside_a_part_is_not_its_points():
    items = {item.key: item for item in only("group_cells").blueprint.items}
    assert (items["2-1"].text, items["2-1"].points, items["2-1"].printed_points) == (
        "对照标准自评得分达80分；",
        2,
        "２分",
    )
    group = next(doubt for doubt in only("group_cells").doubts if doubt.code == Code.GROUP_SUM)
    mended = apply(only("group_cells").blueprint, group, Option.TAKE_SUM)
    assert [one.points for one in mended.sections[0].groups] == [6, 3]
