"""A Word file -> its tables as grids, with the paragraphs around them. Reads the XML, for what python-docx leaves out:
rows and cells inside content controls, inserted text, soft breaks, missing leading cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from docx import Document
from docx.oxml.ns import qn

from rubrics.importers.grids import Cell, Table
from rubrics.importers.joining import join, notes_before
from rubrics.importers.numbering import Numbering

WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "customXml", "smartTag", "hyperlink", "moveTo")}
P, TBL, TR, TC, R = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "r"))
SIGNS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
FIELD = re.compile(r"PAGE|NUMPAGES")


def read_docx(file: IO[bytes]) -> tuple[Table, ...]:
    """The tables of a .docx in printed order, one that was split over pages as one. The file is a sound .docx."""
    document = Document(file)
    numbering = Numbering(document)
    tables: list[Table] = []
    between: list[str] = []
    for block in _inside(document.element.body, {P, TBL}):
        if block.tag == P:
            between.append(_paragraph(block, numbering))
            continue
        notes, titles = notes_before(between) if tables else ((), tuple(filter(None, map(str.strip, between))))
        if tables:
            tables[-1] = replace(tables[-1], notes=notes)
        tables.append(_table(block, titles, numbering))
        between = []
    if tables:
        tables[-1] = replace(tables[-1], notes=tuple(filter(None, map(str.strip, between))))
    return join(tables)


def _inside(element: Any, wanted: set[str]) -> Iterator[Any]:
    """Children of the wanted kinds, also where a content control or an insertion wraps them."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, wanted)


def _paragraph(paragraph: Any, numbering: Numbering) -> str:
    text = "".join(_run(run) for run in _inside(paragraph, {R}))
    return numbering.label(paragraph) + text if text.strip() else ""


def _run(run: Any) -> str:
    return "".join(child.text or "" if child.tag == qn("w:t") else SIGNS.get(child.tag, "") for child in run)


def _table(table: Any, titles: tuple[str, ...], numbering: Numbering) -> Table:
    cells: list[Cell] = []
    open_areas: dict[int, int] = {}  # column -> index in cells of the area that a vertical merge may continue
    nested: list[int] = []
    width = rows = 0
    for rows, row in enumerate(_inside(table, {TR}), start=1):
        column = 1 + _number(row.find(qn("w:trPr")), "w:gridBefore", 0)
        for element in _inside(row, {TC}):
            properties = element.find(qn("w:tcPr"))
            span = max(1, _number(properties, "w:gridSpan", 1))
            above = open_areas.pop(column, None)
            if next(_inside(element, {TBL}), None) is not None:
                nested.append(rows)
            if above is not None and _continues(properties):
                cells[above] = replace(cells[above], rows=rows - cells[above].row + 1)
                open_areas[column] = above
            else:
                open_areas[column] = len(cells)
                text = "\n".join(_paragraph(one, numbering) for one in _inside(element, {P}))
                cells.append(Cell(text.strip("\n"), rows, column, 1, span))
            column += span
        width = max(width, column - 1)
    return squeeze(Table(titles, tuple(cells), rows, width, nested=tuple(nested)))


def _continues(properties: Any) -> bool:
    merge = properties.find(qn("w:vMerge")) if properties is not None else None
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _number(properties: Any, name: str, default: int) -> int:
    found = properties.find(qn(name)) if properties is not None else None
    value = found.get(qn("w:val")) if found is not None else None
    return int(value) if value and value.isdecimal() and int(value) < 100 else default


def squeeze(table: Table) -> Table:
    """Without the columns at which no cell begins: Word's grid has one for every edge it ever drew."""
    begins = sorted({cell.column for cell in table.cells})
    place = {column: index for index, column in enumerate(begins, start=1)}

    def inside(cell: Cell) -> int:
        return sum(1 for column in begins if cell.column <= column < cell.column + cell.columns)

    cells = tuple(replace(cell, column=place[cell.column], columns=inside(cell)) for cell in table.cells)
    return replace(table, cells=cells, column_count=len(begins))
