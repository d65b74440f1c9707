"""Whatever stands in a table, it is read or refused, and soon."""

from contextlib import suppress
from time import process_time

import pytest
from documents import Paper
from hypothesis import given, settings
from hypothesis import strategies as st

from rubrics.importers.read import NotARubric, read_tables

WORDS = (
    "项目", "考核内容", "分值", "自评", "考评", "序号", "合计", "小计", "注：一", "一票否决",
    "加分项（最高5分）", "减分项", "党政重视10分", "1", "2", "3", "10", "1-3分", "最高5分", "0", "-5", "０",
    "1000000", "1.甲；1分\n2.乙；2分", "建立健全制度（5分）", "每缺一次扣0.5分", "达70%得3分，60%得2分",
    "PAGE", "办公室", "各产业工会、市总组织部", "附件1", "签字：年月日", "考核标准", "评分标准", "责任部门",
    "考核对象", "复核分", "标准分", "单项分", "备注", "一、组织建设（40分）", "工会会员满意率达到85%",
)  # fmt: skip
HEAD = ("项目", "考核内容", "分值", "自评", "考评", "备注", "序号")

cells = st.sampled_from([*WORDS, "", "", ""])
rows = st.lists(st.lists(cells, min_size=1, max_size=7), max_size=8)

BOMBS = (
    "每" * 30000, "每1" * 15000, "1" * 30000, "(1分" * 8000, "一次扣" * 10000, "得1分" * 9000,
    "1.甲；1分\n" * 3000, "满意率" * 9000, "国家级" * 9000, "、甲" * 15000, "每甲" * 15000 + "扣1分",
    "8%得" * 9000, "（" * 20000, " \n" * 15000 + "x", "年 " * 15000,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 7), rows, st.lists(cells, max_size=3), st.lists(cells, max_size=2))
def test_any_table_is_read_or_refused(columns, below, titles, notes):
    paper = Paper(*titles).row(*HEAD[:columns])
    for row in below:
        paper.row(*row)
    with suppress(NotARubric):
        read_tables([paper.table(*notes)])


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:4])
def test_a_long_text_takes_no_long_time(bomb):
    paper = Paper("标准").row("项目", "考核内容", "分值", "评分标准").row("甲", "依法建会", "5", bomb)
    table = paper.row("甲", bomb, "5", "丙").row(bomb, "丁", bomb, "戊").table(bomb)
    start = process_time()
    with suppress(NotARubric):
        read_tables([table])
    assert process_time() - start < 3
