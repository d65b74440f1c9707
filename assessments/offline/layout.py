"""The workbook of a sheet: its words, the same in every language, and what is known of it in writing and reading."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.models import Assessment
from assessments.workflow import Stage

MARK = "考评·离线评分表·1"
"""Stands in the first cell of the hidden sheet: by it an upload is recognised. Ends with its version."""

NAME = "离线填写"
FORM, GUIDE, MACHINE = "填写", "填写说明", "系统信息"
CODE, VALUE, REASON, REMARK, ABSENT = "code", "value", "reason", "remark", "na"
SECTION, LOCKED, TOTAL = "=项目", "=锁定", "=合计"
"""What stands in the hidden column of a line that takes no answer."""

YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the form. `width` in characters."""

    name: str
    head: str
    width: float


FIRST = (Column(CODE, "编码", 4), Column("key", "编号", 8), Column("text", "考核内容", 48))
BASIS, POINTS = Column("basis", "评分依据", 16), Column("points", "分值", 8)
ASKED = (Column("asked", "填什么", 26), Column(VALUE, "填写", 14))
NOT_APPLICABLE = (Column(ABSENT, "不适用", 8), Column(REASON, "不适用的理由", 22))
LAST = (Column(REMARK, "备注", 28), Column("note", "说明", 24))
CHECKED = {CODE, "key", "text", "asked", VALUE, ABSENT, REASON, REMARK}
"""Columns whose heads must stand where they stood."""

TITLE = "{title}　{stage}（离线填写）"
FACTS = "单位：{organization}　　考核活动：{cycle}　　环节：{stage}　　下载时间：{made}"
ASK = (
    "只填黄色格子。空白表示还没有评分，0 表示得零分。填好后保存为 .xlsx，"
    "回到系统的“离线填写”页面上传；看过改动、点了确认，才会存入系统。"
)
LEGEND = (("黄色：要填的格子", "input"), ("灰色：已锁定，不用填", "locked"), ("蓝色：小计、合计仅供参考", "sum"))
SUBTOTAL = "小计（仅供参考）"
GRAND_TOTAL = "合计（仅供参考，官方合计以系统为准）"
WITHOUT = "不含按次数、数量或等级折算的 {count} 条"
SOME = "本表只列由您评分的 {count} 条，共 {all} 条。"
OTHERS = "灰色的格子由其他部室填写，或已经签字确认。"
BALLOT = "由民主测评结果决定，不在这里填写。"

GUIDE_LINES = (
    "填写说明",
    "一、只填黄色格子；灰色格子已锁定。工作表没有密码，请不要撤销保护，也不要增删行列、移动格子或改表头。",
    "二、空白与 0 不同：空白表示还没有评分，0 表示得零分。原来填过的格子如果清空，上传后也会变为空白。",
    "三、分数可以写 4、4.5，也可以写“4.5分”；带下拉箭头的格子请从中选择。不能超过右边提示的最高分，也要符合最小单位。",
    "四、某条内容不适用于本单位时，在“不适用”一列选“是”，并写明理由；这时不要再填分数。",
    "五、格子里可以写公式，上传时按算出的数字存入；文字结果不采用。",
    "六、填好后保存为 .xlsx（不要另存为 .xls 或 .et），回到系统打开这张评分表，点“离线填写”，上传这个文件。",
    "七、上传后先看到“将要改动”的清单，确认后才存入。下载之后别人在网上改过的条目，不会被这个文件悄悄覆盖，会让您选择。",
    "八、这个文件只能上传到它所属的单位、考核活动和环节。小计与合计仅供参考，官方合计以系统为准。",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose sheet a workbook is: the keys, and the names that a person reads.

    rubric  key and the moment of freezing: another version has another
    """

    assessment: str
    organization: str
    cycle: str
    cycle_name: str
    stage: str
    rubric: str
    rubric_title: str


def identity(assessment: Assessment, stage: Stage) -> Identity:
    rubric = assessment.rubric
    frozen = rubric.frozen_at.isoformat() if rubric.frozen_at else ""
    return Identity(
        str(assessment.pk),
        assessment.name,
        str(assessment.cycle_id),
        assessment.cycle.name,
        str(stage),
        f"{rubric.pk}@{frozen}",
        f"{rubric.title} {rubric.version}",
    )
