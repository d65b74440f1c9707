"""The sheets of the workbook, column by column: the words of the format, the same in every language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rubrics.exchange.cells import Cell, Choice, Flag, Number, Text, Whole
from rubrics.models import (
    Audience,
    Band,
    BaseRule,
    BonusRule,
    Cap,
    Column,
    ColumnSource,
    Electorate,
    Gate,
    Group,
    Item,
    Measure,
    MeasureRole,
    NotApplicablePolicy,
    Office,
    Rubric,
    Section,
    TotalPolicy,
)

MARK = "考评·考核标准工作簿·1"
"""Stands in the first cell of the sheet of facts: by it an import recognises the workbook. Ends with its version."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a line among the facts. `name` is that of the blueprint; `width` in characters."""

    name: str
    head: str
    cell: Cell
    width: int = 12
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    fields: tuple[Field, ...]

    def head(self, name: str) -> str:
        return next(field.head for field in self.fields if field.name == name)


def _text(model: Any, name: str, *, required: bool = False) -> Text:
    return Text(model._meta.get_field(name).max_length, required)


BASE_RULES = {
    BaseRule.NONE: "不计基本分",
    BaseRule.JUDGED: "评分人评定",
    BaseRule.DEDUCT_PER_UNIT: "按次扣分",
    BaseRule.SUM_OF_PARTS: "分部分相加",
    BaseRule.TIERS: "分档（越多越好）",
    BaseRule.TIERS_DOWN: "分档（越少越好）",
    BaseRule.RATE: "按完成率折算",
    BaseRule.N_OF_M: "若干条件达到几项",
    BaseRule.LEVELS: "按等级得分",
    BaseRule.SEVERAL_SCORERS: "多部室加权",
}
BONUS_RULES = {
    BonusRule.NONE: "",
    BonusRule.ADD_PER_UNIT: "按次加分",
    BonusRule.HIGHEST_LEVEL: "就高加分",
    BonusRule.TAKE_PER_UNIT: "按次倒扣",
}
GATES = {Gate.NONE: "", Gate.REQUIRED: "必备", Gate.VETO: "一票否决", Gate.VETO_TOP: "一票否优"}
ELECTORATES = {
    Electorate.NONE: "",
    Electorate.MEMBERS: "会员",
    Electorate.WORKERS: "职工",
    Electorate.BASE_UNIONS: "下级工会",
    Electorate.BASE_CHAIRS: "下级工会主席",
    Electorate.RANDOM_MEMBERS: "随机抽取的会员",
}
ROLES = {MeasureRole.BASE: "基本分", MeasureRole.BONUS: "加减分", MeasureRole.GATE: "必备或否决"}
SOURCES = {
    ColumnSource.PART: "部分",
    ColumnSource.SECTION: "项目",
    ColumnSource.NUMBER: "序号",
    ColumnSource.TEXT: "考核内容",
    ColumnSource.POINTS: "分值",
    ColumnSource.GROUP_POINTS: "单项分",
    ColumnSource.BASIS: "评分依据",
    ColumnSource.OFFICE: "责任部室",
    ColumnSource.SUBJECT: "考核对象",
    ColumnSource.SELF: "自评分",
    ColumnSource.ASSESS: "考核分",
    ColumnSource.REVIEW: "复核分",
}
TOTALS = {TotalPolicy.AS_PRINTED: "按印发的分值", TotalPolicy.SCALED: "折算为声明总分"}
NOT_APPLICABLE = {
    NotApplicablePolicy.EXCLUDE: "不计入并折算",
    NotApplicablePolicy.FULL: "计满分",
    NotApplicablePolicy.ZERO: "计零分",
}

CENT = Decimal("0.01")
MOST = Decimal("9999.99")
MOST_COUNTED = Decimal("9999999999.99")

FACTS = Sheet(
    "标准",
    (
        Field("title", "标题", _text(Rubric, "title")),
        Field("subtitle", "副标题", _text(Rubric, "subtitle")),
        Field("annex", "附件名", _text(Rubric, "annex")),
        Field("footnote", "表后附注", Text()),
        Field("declared_total", "声明总分", Number(), hint="文件写明的总分；没有写明则留空"),
        Field("total_label", "合计行名称", _text(Rubric, "total_label"), hint="文件没有合计行则留空"),
        Field("printed_total", "合计行内容", _text(Rubric, "printed_total")),
        Field("total_policy", "总分算法", Choice(TOTALS)),
        Field("not_applicable_policy", "合理缺项", Choice(NOT_APPLICABLE)),
        Field("step", "打分最小单位", Number(CENT, required=True), hint="例如 0.5"),
        Field("total_floor", "最低总分", Number(-MOST, required=True), hint="扣分最多扣到这里；一般为 0"),
        Field("qualified_rank", "达标的最低等次", Whole(), hint="“等次”表中的序位；没有达标线则留空"),
        Field("overlay_points", "下级自设项目分值", Number(), hint="允许下级工会自设项目的分值；不允许则留空"),
    ),
)
ITEMS = Sheet(
    "内容",
    (
        Field("section", "项目号", Whole(1), 8, "从 1 起；留空表示与上一行同一项目"),
        Field("part", "部分", _text(Section, "part"), 10, "跨几个项目的大类；写在项目的第一行"),
        Field("name", "项目", _text(Section, "name"), 14, "写在项目的第一行"),
        Field("label", "项目栏原文", _text(Section, "label"), 16, "文件中印的字样；写在项目的第一行"),
        Field("section_points", "项目分", Number(), 8, "项目栏写明的分值；写在项目的第一行"),
        Field("inherited", "上级项目", Flag(), 8, "来自上级标准、不得改动的项目"),
        Field("group", "单项号", Whole(1), 8, "几行合用一个分值时填写，从 1 起，逐行填写"),
        Field("group_points", "单项分", Number(), 8, "写在单项的第一行"),
        Field("group_label", "单项分原文", _text(Group, "label"), 10, "写在单项的第一行"),
        Field("key", "编号", _text(Item, "key", required=True), 8, "不得重复"),
        Field("number", "序号原文", _text(Item, "number"), 8),
        Field("text", "考核内容", Text(), 60),
        Field("points", "分值", Number(CENT), 8, "没有基本分的行留空"),
        Field("printed_points", "分值原文", _text(Item, "printed_points"), 10),
        Field("basis", "评分依据", _text(Item, "basis"), 18),
        Field("subject", "考核对象原文", _text(Item, "subject"), 18),
        Field("threshold", "量化条件", _text(Item, "threshold"), 18, "考核内容中的一段，突出显示"),
        Field("note", "备注", _text(Item, "note"), 18),
        Field("rule", "计分规则", Choice(BASE_RULES, ""), 16, "留空为评分人评定；没有分值的行为不计基本分"),
        Field("bonus_rule", "加减分规则", Choice(BONUS_RULES, BonusRule.NONE), 12),
        Field("bonus_cap", "加分上限", Number(), 8),
        Field("claimed", "逐项申报", Flag(), 8, "加分是否逐项申报，每项写明事由、日期和佐证"),
        Field("floor", "最低得分", Number(-MOST, Decimal(0)), 8, "0 或负数；不写则扣到 0 或不限"),
        Field("needed", "需达到项数", Whole(), 8, "只用于“若干条件达到几项”"),
        Field("gate", "必备或否决", Choice(GATES, Gate.NONE), 10),
        Field("cap", "累计限额", Text(), 12, "“累计限额”表中的名称"),
        Field("electorate", "满意度测评", Choice(ELECTORATES, Electorate.NONE), 12),
        Field("kinds", "适用对象", Text(), 18, "“对象与部室”表中的称谓或代码，用；隔开；留空为全部"),
        Field("offices", "责任部室", Text(), 18, "“对象与部室”表中的部室，用；隔开，牵头的在前"),
    ),
)
MEASURES = Sheet(
    "规则",
    (
        Field("item", "编号", Text(), 8, "“内容”表中的编号；档次的续行留空"),
        Field("role", "用于", Choice(ROLES, ""), 12),
        Field("key", "代号", _text(Measure, "key"), 12, "字母、数字、连字符；同一编号下不得重复"),
        Field("label", "名称", _text(Measure, "label"), 24),
        Field("unit", "单位", _text(Measure, "unit"), 8),
        Field("amount", "分值", Number(blank=Decimal(0)), 8),
        Field("per", "每多少", Number(CENT, MOST_COUNTED, blank=Decimal(1)), 10),
        Field("above", "超出多少起", Number(most=MOST_COUNTED, blank=Decimal(0)), 10),
        Field("step", "计数最小单位", Number(CENT, MOST_COUNTED, blank=Decimal(1)), 10),
        Field("office", "评分部室", Text(), 14, "只用于“多部室加权”"),
        Field("bound", "档次界限", Number(most=MOST_COUNTED), 10, "每档一行，从高到低"),
        Field("points", "档次得分", Number(), 10),
    ),
)
BANDS = Sheet(
    "等次",
    (
        Field("rank", "序位", Whole(required=True), 8, "越大越好"),
        Field("name", "名称", _text(Band, "name"), 16),
        Field("lower", "最低分", Number(required=True), 10),
        Field("quota", "名额比例", Number(Decimal("0.0001"), Decimal(1), 4), 10, "例如 0.2；不限则留空"),
    ),
)
COLUMNS = Sheet(
    "栏目",
    (
        Field("source", "内容", Choice(SOURCES), 14),
        Field("heading", "表头", _text(Column, "heading"), 20),
        Field("width", "宽度", Whole(required=True), 8, "毫米"),
        Field("added", "系统增加", Flag(), 10, "文件没有、系统补上的栏目"),
    ),
)
CAPS = Sheet(
    "累计限额",
    (
        Field("name", "名称", _text(Cap, "name", required=True), 24),
        Field("most", "最多加", Number(), 10),
        Field("least", "最多扣", Number(-MOST, Decimal(0)), 10, "0 或负数"),
    ),
)
AUDIENCES = Sheet(
    "对象与部室",
    (
        Field("kind", "类别代码", _text(Audience, "kind"), 16, "系统中单位类别的代码"),
        Field("label", "文件中的称谓", _text(Audience, "label"), 24),
        Field("office", "责任部室", _text(Office, "name"), 24, "与左边两列无关，逐行列出"),
    ),
)
TABLES = (ITEMS, MEASURES, BANDS, COLUMNS, AUDIENCES, CAPS)
"""The sheets that have one thing a line, in their order after the facts."""

GUIDE = "说明"
GUIDE_LINES = (
    "本工作簿是一份考核标准，可以打印、修改，再导入系统。",
    "一、“标准”是整份标准的内容；“内容”每行一条考核内容，次序就是行的次序。",
    "二、项目的名称、原文和分值只写在该项目的第一行；插入行时，项目号留空即可。",
    "三、“规则”列出计分所用的项目：编号与“内容”表对应；分档的每一档一行，续行只填档次界限和档次得分。",
    "四、有下拉箭头的格子请从中选择；数字直接填写，不要写公式；表头不要改动。",
    "五、导入时逐格检查，凡有一格不对，整份都不导入，并列出所有不对的格子。导入只产生草稿，不影响已发布的标准。",
)

SEPARATOR = "；"  # Chinese words are listed with Chinese punctuation


def join(names: tuple[str, ...]) -> str:
    """Several names in one cell; a separator inside a name stands behind a backslash."""
    return SEPARATOR.join(name.replace("\\", "\\\\").replace(SEPARATOR, "\\" + SEPARATOR) for name in names)


def split(text: str) -> tuple[str, ...]:
    """`split(join(names)) == names`, where none of them is empty."""
    found = re.findall(rf"(?:\\.|[^\\{SEPARATOR}])+", text, re.DOTALL)
    return tuple(re.sub(r"\\(.)", r"\1", name, flags=re.DOTALL) for name in found)
