"""What a spreadsheet lets people enter, and says beside the cell: a help to them; reading trusts none of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments.offline.asked import Answer
from orgs.workbooks import write_text
from rubrics.scoring.numbers import LARGEST, format_points

LISTED_AT = 10
"""Column of the hidden sheet from which on lists stand that are too long for a rule."""
LONGEST_LIST = 250
"""Characters of a list inside a rule."""
CHOOSE = "请从下拉列表中选择。"


class Limits:
    """The rules of a form, one for all cells that take the same."""

    def __init__(self) -> None:
        self.cells: dict[tuple[object, ...], list[str]] = {}

    def answer(self, cell: str, answer: Answer) -> None:
        if answer.taken is None:
            self.choice(cell, tuple(answer.options))
        else:
            self._keep(cell, "decimal", answer.taken.maximum or LARGEST, answer.taken.step)

    def choice(self, cell: str, words: Sequence[str]) -> None:
        self._keep(cell, "list", *words)

    def length(self, cell: str, most: int) -> None:
        self._keep(cell, "textLength", most)

    def _keep(self, cell: str, *rule: object) -> None:
        self.cells.setdefault(rule, []).append(cell)

    def apply(self, sheet: Worksheet, lists: Worksheet) -> None:
        """Puts the rules on the sheet; lists too long for one of them go onto the hidden one."""
        column = LISTED_AT
        for (kind, *rest), cells in self.cells.items():
            if kind == "list":
                words = [str(word) for word in rest]
                rule = _choice(words) or _listed(lists, column, words)
                column += 1
            elif kind == "decimal":
                rule = _number(format_points(rest[0]), format_points(rest[1]), limited=rest[0] != LARGEST)  # type: ignore[arg-type]
            else:
                rule = _length(cast("int", rest[0]))
            for cell in cells:
                rule.add(cell)
            sheet.add_data_validation(rule)


def _rule(rule: DataValidation, prompt: str) -> DataValidation:
    rule.allowBlank = rule.showErrorMessage = rule.showInputMessage = True
    rule.promptTitle, rule.prompt = "填写", prompt
    rule.errorTitle, rule.error, rule.errorStyle = "不能这样填", prompt, "stop"
    return rule


def _number(most: str, step: str, *, limited: bool) -> DataValidation:
    told = (
        f"填 0 到 {most} 的数，最小单位 {step}；空白表示还没有评分。"
        if limited
        else f"填数量，最小单位 {step}；没有的填 0。"
    )
    return _rule(DataValidation("decimal", operator="between", formula1="0", formula2=most), told)


def _length(most: int) -> DataValidation:
    return _rule(DataValidation("textLength", operator="lessThanOrEqual", formula1=str(most)), f"最多 {most} 字。")


def _choice(words: Sequence[str]) -> DataValidation | None:
    """A list inside the rule; None where its words do not fit there."""
    joined = ",".join(words)
    if len(joined) > LONGEST_LIST or any(sign in word for word in words for sign in ',"'):
        return None
    return _rule(DataValidation("list", formula1=f'"{joined}"'), CHOOSE)


def _listed(sheet: Worksheet, column: int, words: Sequence[str]) -> DataValidation:
    for row, word in enumerate(words, 1):
        write_text(cast("Cell", sheet.cell(row, column)), word)
    letter = get_column_letter(column)
    return _rule(DataValidation("list", formula1=f"'{sheet.title}'!${letter}$1:${letter}${len(words)}"), CHOOSE)
