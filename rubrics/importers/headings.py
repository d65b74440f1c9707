"""What a column holds, by the words of its heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.importers.text import compact, lines, plain


class Role(StrEnum):
    """What a column holds; where a `ColumnSource` means the same it has its value."""

    PART = "part"
    SECTION = "section"
    SECTION_POINTS = "section_points"
    NUMBER = "number"
    TEXT = "text"
    BASIS = "basis"
    POINTS = "points"
    OFFICE = "office"
    SUBJECT = "subject"
    SELF = "self"
    ASSESS = "assess"
    REVIEW = "review"
    OTHER = "other"


SCORES = (Role.SELF, Role.ASSESS, Role.REVIEW)
JUDGE = "考核|考评|测评|检查|评定|评审|评估|验收|上级|实际|最终|综合|审核|小组|考评组|评议|专家"
WORDS = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.NUMBER, r"序号?|子项|编号|项次|条目|NO\.?|条款号"),
        (Role.SELF, r"(?:单位|基层|自我|本级)?自(?:评|查|检|测|我评价|评价|评定|验)(?:得?分数?|情况|得分)?"),
        (Role.REVIEW, rf"(?:复[核评查审验]|终[评审]|综评|核定|审定|验收|确认|(?:{JUDGE})最终)(?:得?分数?|意见)?"),
        (Role.BASIS, r".*(?:评|计|扣|加|减|打|得|赋)分(?:细则|标准|办法|方法|依据|说明|规则|方式|要点|标准及办法).*"),
        (Role.BASIS, r".*(?:佐证|依据|备查|印证|证明|台账).*|.*(?:检查|验收|考核|考评|评价)(?:办法|方法|方式|依据)"),
        (
            Role.OFFICE,
            r".*(?:责任|考核|牵头|评分|考评|负责|打分|主管|主考)(?:部室|部门|科室|处室|单位|科|处)|部门|部室",
        ),
        (Role.SUBJECT, r".*(?:考核|适用|检查|考评|被考核)(?:对象|范围|单位类别)|对象"),
        (
            Role.POINTS,
            r".*(?:分值|标准(?:得)?分|满分|应得分?|赋分|基本分|基础分|配分|权重|单项分)(?:值)?(?:[(].*[)])?|分数|分",
        ),
        (Role.ASSESS, rf"(?:{JUDGE})*(?:得分?|实得分?|评分|打分|记分|计分|给分|分)(?:数|值)?|考核|考评|测评|评审|实得"),
        (Role.OTHER, r"备注|说明|扣分(?:原因|情况|说明)?|加分|减分|完成情况|工作情况.*|.*情况说明|签字|签名"),
        (
            Role.TEXT,
            r".*(?:内容|要求|标准|要点|细则|任务|条件|事项|措施|条款|具体项目|三级指标|四级指标|考核点|观测点)",
        ),
        (Role.SECTION, r".*(?:项目|类别|大项|分类|指标|方面|部分|模块|领域|项目名称|一级|二级)|内容项目|名称"),
    )
)
TWO_WAY = {"内容", "项目", "指标", "分值", "单位", "类别", "标准"}
GENERIC = {"内容", "考核内容", "考评内容", "检查内容"}  # of a label column where a finer column stands beside it


@dataclass(frozen=True, slots=True)
class Slot:
    """A column as people see it: its heading and the grid columns it covers."""

    role: Role
    heading: str
    first: int
    last: int


POINTS_OF_ALL = re.compile(r"[(]?(?:共|满分|总分)?(\d{2,4})分[)]?$")  # 项目（100分）: the heading also says the whole


def role_of(heading: str) -> Role | None:
    squeezed = plain(heading[:60]).upper()
    bare = POINTS_OF_ALL.sub("", squeezed) or squeezed
    return next((role for role, pattern in WORDS if pattern.fullmatch(squeezed) or pattern.fullmatch(bare)), None)


def stated_total(heading: str) -> Decimal | None:
    """The points of all rows, where the heading says them: 项目（100分）."""
    found = POINTS_OF_ALL.search(plain(heading))
    return Decimal(found[1]) if found else None


def printed_heading(text: str) -> str:
    """In one line, but for a two-way heading, whose lines are words of their own."""
    parts = [compact(line) for line in lines(text)]
    return "\n".join(parts) if len(parts) == 2 and set(parts) <= TWO_WAY else "".join(parts)
