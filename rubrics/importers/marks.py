"""Lines that are known by their words: annexes, notes, totals, page numbers."""

from __future__ import annotations

import re

from rubrics.importers.text import plain

ANNEX = re.compile(r"附(?:件|表|录)[0-9一二三四五六七八九十]{0,3}[:：.、]?")
NOTE = re.compile(r"[（(\[【]?(?:注|备注|附注|(?:填表|评分|考核)?说明|分类考核依据)[一二三0-9]?[:：】）)\].、]")
FOOTER = re.compile(r"[-—–.·]*(?:PAGE|第)?[-—–]?[0-9]{1,4}[-—–]?(?:页|/[0-9]{1,4})?(?:,?共[0-9]{1,4}页)?[-—–.·]*|PAGE")
AGAIN = re.compile(r"[（(]?(?:续表?|接上页|接上表|表[0-9一二三四]*[（(]续[）)])[0-9一二三四]*[）)]?")
TOTAL = re.compile(r"(?:分数|总分|得分|分值)?(?:合计|总计|共计|总分|总得分)[分:：]*(?:（?[0-9.]+分?）?)?")


def is_layout(line: str) -> bool:
    """Page numbers and 'continued' marks."""
    squeezed = plain(line)
    return bool(FOOTER.fullmatch(squeezed) or AGAIN.fullmatch(squeezed))


def is_annex(line: str) -> bool:
    return bool(ANNEX.fullmatch(plain(line)))
