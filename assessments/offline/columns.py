"""What the columns of a pasted block hold, and which item a cell names."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext_lazy

from assessments.offline.asked import plainly
from assessments.offline.scope import Asked

KNOWN_START = 8


class Meaning(StrEnum):
    """What stands in a column."""

    NUMBER = "number"
    WORDING = "wording"
    SCORE = "score"
    REMARK = "remark"
    NOTHING = "nothing"


MEANINGS = {
    Meaning.NUMBER: gettext_lazy("Item number"),
    Meaning.WORDING: gettext_lazy("Wording of the item"),
    Meaning.SCORE: gettext_lazy("Score, number or level"),
    Meaning.REMARK: gettext_lazy("Remark"),
    Meaning.NOTHING: gettext_lazy("Leave out"),
}
NAMES = ("单位", "单位名称", "工会", "工会名称", "名称", "被考核单位")
HEADS = {
    Meaning.NUMBER: ("编号", "序号", "条目", "项号"),
    Meaning.WORDING: ("考核内容", "内容", "考核项目", "评分内容", "考核标准", "评分标准", *NAMES),
    Meaning.SCORE: (
        "得分",
        "评分",
        "打分",
        "自评分",
        "自查分",
        "考核分",
        "考评分",
        "复核分",
        "自评",
        "考评",
        "填写",
        "数量",
    ),
    Meaning.REMARK: ("备注", "说明"),
    Meaning.NOTHING: ("分值", "标准分", "满分", "项目", "评分依据", "责任部室", "小计", "合计"),
}
"""Words by which people head such columns."""


def heads(cell: str) -> Meaning | None:
    """What a column has under this heading; None: it is no heading that is known."""
    word = plainly(cell).partition("(")[0]
    return next((meaning for meaning, words in HEADS.items() if word in words), None)


class Items:
    """The items of a sheet, to be found by number or by wording; or organisations, whose names are their wording.

    known  characters of a wording that tell it from others, if nothing else begins so
    """

    def __init__(self, asked: Sequence[Asked], known: int = KNOWN_START) -> None:
        self.known = known
        self.asked = tuple(asked)
        self.by_key = {one.row.key: one for one in asked}
        self.order = {one.row.key: place for place, one in enumerate(asked)}
        self.texts = [(plainly(one.row.text), one.row.key) for one in asked]
        self.keys = {_number(one.row.key): one.row.key for one in asked}
        self.numbers: dict[str, list[str]] = {}
        for one in asked:
            self.numbers.setdefault(_number(one.row.number), []).append(one.row.key)

    def numbered(self, text: str, after: int = -1) -> str:
        """Key of the item of that number, of several the next behind `after`; empty: none."""
        said = _number(text)
        if not said:
            return ""
        return self.keys.get(said) or self._next(self.numbers.get(said, ()), after)

    def worded(self, text: str, after: int = -1) -> str:
        """Key of the item of that wording, or the only one that begins so."""
        said = plainly(text)
        equal = [key for wording, key in self.texts if said and wording == said]
        if equal or len(said) < self.known:
            return self._next(equal, after)
        begins = [key for wording, key in self.texts if wording.startswith(said)]
        return begins[0] if len(begins) == 1 else ""

    def _next(self, keys: Sequence[str], after: int) -> str:
        behind = [key for key in keys if self.order[key] > after]
        return next(iter(behind or keys), "")


def _number(text: str) -> str:
    return plainly(text).strip(".、,;:()").replace("—", "-").replace("–", "-")


def guessed(top: Sequence[str], body: Sequence[tuple[str, ...]], items: Items) -> tuple[Meaning, ...]:
    """What the headings say, or else what the cells look like; of several columns of numbers the last is the score."""
    columns = list(zip(*body, strict=True)) if body else [() for _head in top]
    told = [heads(head) for head in top] or [None] * len(columns)
    found: list[Meaning] = []
    alone = len(columns) == 1
    for one, column in zip(told, columns, strict=True):
        named = not {Meaning.NUMBER, Meaning.WORDING}.isdisjoint(found)
        found.append(one or (_alone(column) if alone else _looks(column, items, named=named)))
    for meaning in (Meaning.NUMBER, Meaning.WORDING, Meaning.REMARK):
        _keep_one(found, meaning, first=True)
    _keep_one(found, Meaning.SCORE, first=False)
    return tuple(found)


def _keep_one(found: list[Meaning], meaning: Meaning, *, first: bool) -> None:
    places = [place for place, one in enumerate(found) if one == meaning]
    for place in places[1:] if first else places[:-1]:
        found[place] = Meaning.NOTHING


def _looks(column: Sequence[str], items: Items, *, named: bool) -> Meaning:
    """What the cells look like, beside other columns. `named`: one of those names the items."""
    cells = [cell for cell in column if cell]
    if not named and _counts_up(cells, items):
        return Meaning.NUMBER
    if 2 * sum(bool(items.worded(cell)) for cell in cells) > len(cells):
        return Meaning.WORDING
    if not cells:
        return Meaning.NOTHING
    return Meaning.SCORE if 2 * sum(map(_numeric, cells)) > len(cells) else Meaning.REMARK


def _alone(column: Sequence[str]) -> Meaning:
    """What a single column looks like: scores, numbers or the words of levels, unless most of it is longer."""
    cells = [cell for cell in column if cell]
    return Meaning.SCORE if 2 * sum(_numeric(cell) or len(cell) < 5 for cell in cells) >= len(cells) else Meaning.REMARK


def _numeric(cell: str) -> bool:
    return any(sign.isdecimal() for sign in cell[:4]) and len(cell) < 12


def _counts_up(cells: Sequence[str], items: Items) -> bool:
    """Whether all of them are numbers of items, mostly one after the other, as a column of scores never is."""
    places: list[int] = []
    for cell in cells:
        key = items.numbered(cell, places[-1] if places else -1)
        if not key or (places and items.order[key] <= places[-1]):
            return False
        places.append(items.order[key])
    steps = [behind - before for before, behind in pairwise(places)]
    return bool(places) and 2 * steps.count(1) >= len(steps)
