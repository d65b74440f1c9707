"""What stands around a table: annex, title, subtitle, declared total, the note under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rubrics.importers.body import SIGNATURE
from rubrics.importers.marks import ANNEX, NOTE, is_annex, is_layout
from rubrics.importers.text import narrow, plain, wording

DECLARED = re.compile(
    r"(?:总分|满分|共计|合计|总计|总分值)(?:值)?(?:为|是|共|计|:)?(?P<n>[0-9]{2,4})分(?![(]?含|以上|以下|及)|[(](?P<m>1000|100)分[)]$"
)
HUNDRED = re.compile(r"百分制|(?<![0-9])100分制")
THOUSAND = re.compile(r"千分制|1000分制")
FORM = re.compile(r"^.{0,8}(?:单位|日期|时间|姓名|填报人|部门)[:：(].*|^[0-9_\s]*年[0-9_\s]*月.*日$")
LONGEST_TITLE, LONGEST_ANNEX = 60, 40


@dataclass(frozen=True, slots=True)
class Title:
    annex: str = ""
    title: str = ""
    subtitle: str = ""


def read_title(lines: Sequence[str]) -> Title:
    """The last lines before a table: 附件1, its title over one or two lines, and a line in brackets below it."""
    kept = [wording(line) for line in lines if not is_layout(line) and not _form(line)]
    at = next((index for index in range(len(kept) - 1, -1, -1) if is_annex(kept[index])), None)
    annex = ""
    if at is not None:
        annex, kept = kept[at], kept[at + 1 :]
        if annex.endswith(("：", ":")) and len(kept) > 1 and len(annex + kept[0]) <= LONGEST_ANNEX:
            annex, kept = annex + kept[0], kept[1:]
    elif kept and (begun := ANNEX.match(kept[-1])) and len(kept[-1]) > begun.end():
        annex, kept = kept[-1][: begun.end()].rstrip("：: "), [kept[-1][begun.end() :].strip()]
    subtitle = ""
    while kept and _bracketed(kept[-1]) and len(kept) > 1:
        subtitle = kept.pop() + subtitle
    return Title(annex, _title(kept if at is not None else kept[-2:], whole=at is not None), subtitle)


def _title(kept: list[str], *, whole: bool) -> str:
    """The last line; with the one before it where that is a title's first half and no sentence."""
    if not kept:
        return ""
    title = kept[-1]
    if len(kept) > 1 and (whole or _half(kept[-2])):
        before = kept[-2]
        if (len(before) <= LONGEST_TITLE and not before.endswith(("。", "；", "：", "）", ")"))) or (
            whole and _half(before)
        ):
            title = before + title
    return title


def _half(line: str) -> bool:
    return len(line) <= 40 and not re.search(
        r"[。；;：:，,]|^[一二三四五六七八九十（(][一二三四五六七八九十]?[、）)]", line
    )


def _bracketed(line: str) -> bool:
    return bool(re.fullmatch(r"[（(][^（()）]*[）)]", line))


def _form(line: str) -> bool:
    squeezed = plain(line)
    return bool(FORM.match(squeezed)) or (len(squeezed) <= 30 and bool(SIGNATURE.search(line)))


def declared_total(lines: Sequence[str]) -> Decimal | None:
    """The total that the text around the tables declares: 百分制, 满分100分, 总分1000分. The last word counts."""
    total = None
    for line in lines:
        flat = plain(narrow(line))
        found = DECLARED.search(flat)
        if found:
            total = Decimal(found["n"] or found["m"])
        elif THOUSAND.search(flat):
            total = Decimal(1000)
        elif HUNDRED.search(flat):
            total = Decimal(100)
    return total


def footnote(notes: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The note under the table, a printed line each, and the lines after it that are none."""
    kept = [line for line in notes if not is_layout(line) and not _form(line)]
    rest = [line for line in notes if line not in kept]
    first = next((at for at, line in enumerate(kept) if NOTE.match(plain(line))), None)
    if first is None:
        return "", tuple(notes)
    return "\n".join(wording(line) for line in kept[first:]), (*kept[:first], *rest)
