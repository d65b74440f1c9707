"""Why a table is no points table."""

from __future__ import annotations

import re

from rubrics.importers.doubts.kinds import Reason
from rubrics.importers.grids import Grid, Table
from rubrics.importers.text import plain

PEOPLE = re.compile(r"姓名|电话|手机|联系|签到|身份证|性别|职务|出生|民族|学历|邮箱|地址|职称|政治面貌")
MONEY = re.compile(r"工资|金额|预算|单价|津贴|补贴|实发|应发|支出|收入|决算|余额|经费|报销|万元|\(元\)")
RESULT = re.compile(r"名次|排名|位次|得分|总分|成绩|等次|星级|评定结果|分数")
WHOSE = re.compile(r"单位|姓名|名称|工会|部门|选手|代表队|班组")
NUMERIC = re.compile(r"[-+]?[0-9][0-9,.]*%?")


def reason(table: Table) -> Reason:
    """The kind of list that a table without points looks like, by the words of its first rows."""
    if not any(cell.text.strip() for cell in table.cells):
        return Reason.EMPTY
    grid = Grid(table)
    head = max(range(1, min(table.row_count, 6) + 1), key=lambda row: len(grid.texts(row)))
    words = [plain(text) for row in range(1, head + 1) for text in grid.texts(row)]
    people = sum(bool(PEOPLE.search(word)) for word in words if len(word) <= 12)
    if any(RESULT.search(word) for word in words) and any(WHOSE.search(word) for word in words if len(word) <= 12):
        return Reason.RESULTS
    if any(MONEY.search(word) for word in words if len(word) <= 20):
        return Reason.MONEY
    if people >= 2:
        return Reason.ROSTER
    below = [plain(cell.text) for cell in table.cells if cell.row > head and cell.text.strip()]
    numeric = sum(bool(NUMERIC.fullmatch(text)) for text in below)
    return Reason.STATISTICS if numeric * 5 >= len(below) * 2 > 0 else Reason.NO_POINTS
