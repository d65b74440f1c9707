"""Word's automatic numbers: they stand in no text, yet people see them printed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from docx.oxml.ns import qn

CHINESE = "零一二三四五六七八九"


class Numbering:
    """Counts through a document's numbered paragraphs, in order; single-level lists, as tables have them."""

    def __init__(self, document: Any) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._formats: dict[tuple[str, str], tuple[str, str, int]] = {}
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is not None:
            self._read(part.element)

    def _read(self, root: Any) -> None:
        abstract = {one.get(qn("w:abstractNumId")): one for one in root.findall(qn("w:abstractNum"))}
        for number in root.findall(qn("w:num")):
            target = number.find(qn("w:abstractNumId"))
            source = abstract.get(target.get(qn("w:val"))) if target is not None else None
            for level in source.findall(qn("w:lvl")) if source is not None else ():
                kind, text, start = (_value(level, f"w:{name}") for name in ("numFmt", "lvlText", "start"))
                key = (number.get(qn("w:numId")), level.get(qn("w:ilvl")))
                self._formats[key] = (kind, text, int(start) if start.isdecimal() else 1)

    def label(self, paragraph: Any) -> str:
        """The number printed before a paragraph, and the next one for the next paragraph of its list."""
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is None:
            return ""
        level = _value(found, "w:ilvl") or "0"
        key = (_value(found, "w:numId"), level)
        kind, text, start = self._formats.get(key, ("", "", 1))
        number = start + self._counts[key]
        self._counts[key] += 1
        shown = _shown(kind, number)
        return text.replace(f"%{int(level) + 1}", shown) if shown and level.isdecimal() else ""


def _shown(kind: str, number: int) -> str:
    if kind in {"decimal", "decimalZero"}:
        return str(number)
    if kind.startswith(("chinese", "japanese", "ideograph")) and number < 100:
        tens, ones = divmod(number, 10)
        return (CHINESE[tens] if tens > 1 else "") + ("十" if tens else "") + (CHINESE[ones] if ones else "")
    return ""


def _value(element: Any, name: str) -> str:
    found = element.find(qn(name))
    return found.get(qn("w:val"), "") if found is not None else ""
