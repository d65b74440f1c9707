"""Quantities that a wording asks for, and ballots that it hangs on."""

from __future__ import annotations

import re

from rubrics.importers.text import digits

COUNT = r"(?:[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十半]+)(?:[-至到][0-9一二两三四五六七八九十]+)?"
UNIT = r"(?:次|项|个|篇|家|人|名|年|分|元|场|期|天|件|支|部|份|条|以上|会议)"
QUANTITY = re.compile(
    r"[0-9]+(?:\.[0-9]+)?\s*%"
    r"|万分之[一二三四五六七八九十]"
    rf"|(?:不少于|至少|不低于|不超过|达到?|每年|每届|每月|每季度|每半年|任期)[^，。；;]{{0,12}}?{COUNT}{UNIT}"
    rf"|[0-9]+(?:[-至到][0-9]+)?(?:人|篇|家|个|元|次|场|名){{1}}(?:以上|以下)?"
)
CLAUSES = re.compile(r"[^，,。；;]+")
POINTED = re.compile(r"[扣加减][0-9.]+分")
LONGEST = 120
SEARCHED = 1500  # signs; a hostile text must not take minutes

SATISFIED = re.compile(r"满意[率度].{0,6}?[0-9]{2}")
ELECTORATES = (
    ("base_chairs", re.compile(r"主席")),
    ("random_members", re.compile(r"随机抽[取查].*(?:会员|职工)")),
    ("members", re.compile(r"会员")),
    ("base_unions", re.compile(r"(?:基层|下级|所属)工会.*对")),
    ("workers", re.compile(r"职工|群众")),
)


def threshold(text: str) -> str:
    """The first run of clauses that ask for a quantity, a part of the text; blank where none does."""
    flat = digits(text[:SEARCHED])
    run: list[tuple[int, int]] = []
    for clause in CLAUSES.finditer(flat):
        if QUANTITY.search(clause.group()) and not POINTED.search(clause.group()):
            run.append(clause.span())
        elif run:
            break
    while run and run[-1][1] - run[0][0] > LONGEST:
        run.pop()
    return text[run[0][0] : run[-1][1]].strip() if run else ""


def electorate(text: str) -> tuple[str, str]:
    """Whose satisfaction decides, and the clause that says so; blanks where none does."""
    for clause in re.findall(r"[^，,。；;]+", digits(text[:SEARCHED])):
        if SATISFIED.search(clause):
            found = next((who for who, pattern in ELECTORATES if pattern.search(clause)), "")
            return found, clause.strip() if found else ""
    return "", ""
