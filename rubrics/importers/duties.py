"""Departments and assessed organisations, as cells name them."""

from __future__ import annotations

import re

from rubrics.importers.text import compact, lines, narrow

OFFICE = re.compile(r".*(?:(?<!俱乐)(?<!干)部|部门|办公室|办|处|科|室|中心|经审会|女工委|委员会|科室)$")
NOT_ALONE = {"干部", "全部", "内部", "支部"}  # words that end like a department and go on
OWNER = re.compile(r"^(?:[省市县区]总工会|[省市县区]总|[省市县]级?工会)(?=.{2,})")
SIGNS = re.compile(r"[、，,;；/]+")
KINDS = (
    ("county", re.compile(r"(?:区市县|县.{0,3}市.{0,3}区|县[(]?区|区[(]?县|各县|各区).*|县.{0,6}总工会|县级工会")),
    ("industry", re.compile(r".*产业(?:局|[(])?.{0,6}工会|.*产业$")),
    ("party_government_system", re.compile(r".*(?:党群|政法).*")),
    ("system", re.compile(r".*系统.{0,3}(?:工会)?$")),
    ("federation", re.compile(r".*联合会.*")),
    ("township", re.compile(r".*(?:乡镇|街道|开发区|园区).*")),
    ("village", re.compile(r".*(?:村|社区).*")),
    ("agency", re.compile(r".*机关.*")),
    ("private", re.compile(r".*(?:非公|民办|社会组织).*")),
    ("direct_enterprise", re.compile(r".*直属企业.*")),
    ("public_enterprise", re.compile(r".*(?:国有|集体|事业单位|企业).*")),
    ("new_employment", re.compile(r".*新就业.*")),
    ("city", re.compile(r"(?:各)?市总工会")),
)


def offices(text: str) -> tuple[str, ...]:
    """The departments of a cell, the first one leads. A name broken over lines (厂务/公开/办公室) is put together."""
    found: list[str] = []
    for piece in SIGNS.split("、".join(lines(text)).replace("和", "、") if _listed(text) else _glued(text)):
        name = OWNER.sub("", compact(piece))[:60]
        if name and name not in found:
            found.append(name)
    return tuple(found)


def _listed(text: str) -> bool:
    """Whether each line or listed piece is a department by itself."""
    pieces = [compact(piece) for line in lines(text) for piece in SIGNS.split(line) if piece.strip()]
    return all(OFFICE.match(piece) and piece not in NOT_ALONE for piece in pieces)


def _glued(text: str) -> str:
    """Lines and blanks joined until a department is complete; listed pieces stay apart."""
    done: list[str] = []
    open_one = ""
    for piece in re.split(r"(\s+|[、，,;；/]+)", text):
        if SIGNS.fullmatch(piece):
            done, open_one = [*done, open_one], ""
        elif piece.strip():
            open_one += piece.strip()
            if OFFICE.match(open_one) and open_one not in NOT_ALONE and len(open_one) > 2:
                done, open_one = [*done, open_one], ""
    return "、".join(filter(None, [*done, open_one]))


def subjects(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A cell that mixes assessed organisations with departments -> (assessed, departments). (domain.md 1.3)"""
    pieces = [compact(piece) for line in lines(text) for piece in SIGNS.split(line) if piece.strip()]
    assessed = tuple(dict.fromkeys(piece for piece in pieces if not OFFICE.match(piece)))
    named = (OWNER.sub("", piece) for piece in pieces if OFFICE.match(piece))
    return assessed, tuple(dict.fromkeys(named))


def kind_of(label: str) -> str:
    """The usual kind of organisation that a name means; blank where it is none of the usual ones."""
    flat = narrow(compact(label))
    return next((kind for kind, pattern in KINDS if pattern.match(flat)), "")
