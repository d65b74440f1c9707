"""Points: in a cell of their own, or inside the wording; and the parts that one cell of wording holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rubrics.importers.text import compact, narrow, plain, points_of

NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
BRACKETED = re.compile(rf"[(\[]\s*(?P<n>{NUMBER})\s*分\s*[)\]]")
TAIL_BRACKETED = re.compile(rf"[(\[]\s*(?P<n>{NUMBER})\s*分\s*[)\]]\s*[。.;；]?\s*$")
TAIL_BARE = re.compile(rf"(?<![0-9.])(?P<n>{NUMBER})\s*分\s*[。;；]?\s*$")
CONDITION = re.compile(r"(?:达到?|得到?|满|为|过|于|到|不少于|加|扣|减|计|共|[-—~～至])\s*$")
TAIL = 40  # signs at the end of a wording that may say its points
LEADING = re.compile(r"\s*(?P<number>[(]?[0-9]{1,2}[)]|[0-9]{1,2}[.、](?![0-9]))\s*")
STARTS = re.compile(r"(?:^|\n|(?<=分)|(?<=分[。;；]))[ ]*(?P<number>(?P<n>[0-9]{1,2})[.、])(?![0-9])[ ]*")


class Kind(StrEnum):
    NUMBER = "number"
    BONUS = "bonus"
    PENALTY = "penalty"
    VETO = "veto"
    VETO_TOP = "veto_top"
    REQUIRED = "required"
    RANGE = "range"
    BLANK = "blank"
    ODD = "odd"


KINDS = (
    (Kind.VETO_TOP, re.compile(r"否优")),
    (Kind.VETO, re.compile(r"否决")),
    (Kind.REQUIRED, re.compile(r"必备|必达|前置")),
    (Kind.PENALTY, re.compile(r"(?:扣|减|倒扣)(?!.*加).*分|^-[0-9]")),
    (Kind.BONUS, re.compile(r"加分|附加|奖励|最高|不超过|上限|^\+[0-9]|加[0-9]")),
)


@dataclass(frozen=True, slots=True)
class Points:
    """What a cell or a wording says. `value`: the points or, of a bonus, its limit; `other`: a second reading."""

    kind: Kind = Kind.BLANK
    value: Decimal | None = None
    printed: str = ""
    other: Decimal | None = None


def in_cell(text: str) -> Points:
    """A cell of the column of points."""
    squeezed, printed = plain(text), compact(text)
    if not squeezed or not re.search(r"[0-9一-鿿]", squeezed):
        return Points()
    value = points_of(text)
    if value is not None:
        return Points(Kind.NUMBER, value, printed)
    found = [Decimal(one) for one in re.findall(NUMBER, squeezed)]
    biggest = max(found, default=None) or None
    kind = next((kind for kind, pattern in KINDS if pattern.search(squeezed)), None)
    if kind is not None:
        return Points(kind, biggest, printed)
    if len(found) == 2 and re.fullmatch(rf"{NUMBER}分?[-—~～至]+{NUMBER}分?", squeezed):
        return Points(Kind.RANGE, biggest, printed, min(found) or None)
    return Points(Kind.ODD, biggest, printed)


def label_kind(label: str) -> Kind:
    """What the rows of a section are, by its label: base points unless it says otherwise."""
    squeezed = plain(label)
    if re.search(r"加减分|加扣分", squeezed):
        return Kind.ODD
    found = next((kind for kind, pattern in KINDS if pattern.search(squeezed)), Kind.NUMBER)
    limited = found == Kind.BONUS and not re.search(r"加分|附加|奖励", squeezed)
    return Kind.NUMBER if limited else found


def in_wording(text: str) -> tuple[str, Points]:
    """The wording without the points at its end, and the points: '…汇报。（3分）', '…95%；1分', '…达80分；2分'.

    Points right after a word of condition (自评分达80分) are none, but may be: they come as `other`.
    """
    flat = narrow(text)
    tail = TAIL_BRACKETED.search(flat, max(0, len(flat.rstrip()) - TAIL))
    if tail:
        return text[: tail.start()], Points(Kind.NUMBER, Decimal(tail["n"]) or None, compact(text[tail.start() :]))
    inside = list(BRACKETED.finditer(flat))
    if len(inside) == 1:
        one = inside[0]
        return text, Points(Kind.NUMBER, Decimal(one["n"]) or None, compact(text[one.start() : one.end()]))
    if inside:
        total = sum((Decimal(one["n"]) for one in inside), Decimal(0))
        last = inside[-1]
        return text, Points(Kind.NUMBER, total, compact(text[last.start() : last.end()]), Decimal(last["n"]))
    tail = TAIL_BARE.search(flat, max(0, len(flat.rstrip()) - TAIL))
    if tail is None:
        return text, Points()
    before = flat[: tail.start()]
    value = Decimal(tail["n"]) or None
    if CONDITION.search(before[-TAIL:]) or not before.strip():
        return text, Points(other=value)
    return text[: tail.start()], Points(Kind.NUMBER, value, compact(text[tail.start() :]))


def parts(text: str) -> list[tuple[str, str]]:
    """The numbered parts of a cell, ('1.', its wording) each; empty where it is not cut into 1, 2, 3 from its start."""
    flat = re.sub(r"[\v\f\r\u2028]", "\n", narrow(text)).rstrip()
    cuts: list[re.Match[str]] = []
    for found in STARTS.finditer(flat):
        if int(found["n"]) == len(cuts) + 1 and (cuts or not flat[: found.start()].strip()):
            cuts.append(found)
    ends = [*(found.start() for found in cuts[1:]), len(flat)]
    pairs = zip(cuts, ends, strict=False)
    return [(text[slice(*found.span("number"))], text[found.end() : end]) for found, end in pairs]


def leading_number(text: str) -> tuple[str, str]:
    """('3.', the rest) of '3.建立…'; ('', the text) where it begins with no number."""
    found = LEADING.match(narrow(text))
    return (text[slice(*found.span("number"))], text[found.end() :]) if found else ("", text)
