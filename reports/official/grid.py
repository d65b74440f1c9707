"""A `Table` as Word's own XML, in one piece: cell by cell, python-docx takes a minute for a thousand rows."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from orgs.printable import printable
from reports.official.values import Column, Grid

TWENTIETHS = 1440 / 25.4
"""Twentieths of a point, Word's unit, in a millimetre."""

BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
PROPERTIES = (
    '<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>' + BORDERS + "</w:tblBorders>"
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr>"
)
HEAD_FACE = '<w:rPr><w:rFonts w:ascii="黑体" w:hAnsi="黑体" w:eastAsia="黑体"/></w:rPr>'
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def grid(table: Grid) -> Any:
    """The element of the table; the head row is repeated on each page, and no row is parted."""
    widths, style = _widths(table.columns), _style(table)
    head = "".join(
        _cell(column.label, width, style, head=True) for column, width in zip(table.columns, widths, strict=True)
    )
    rows = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows_of(table)}"
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = PROPERTIES.format(width=sum(widths))
    return parse_xml(f"<w:tbl {nsdecls('w')}>{properties}<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>")


def rows_of(table: Grid) -> str:
    """The table's rows without the head, as they stand in its element."""
    widths, style = _widths(table.columns), _style(table)
    rows = []
    for row, cells in table.lines:
        if row.across:
            inner = _cell(row.cells[0], sum(widths), style, head=True, words=True, span=len(widths))
        else:
            inner = "".join(
                _cell(text, width, style, words=words) for (text, words), width in zip(cells, widths, strict=True)
            )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{inner}</w:tr>")
    return "".join(rows)


def _widths(columns: tuple[Column, ...]) -> list[int]:
    return [round(column.width * TWENTIETHS) for column in columns]


def _style(table: Grid) -> str:
    return "Cellsmall" if table.small else "Cell"


def _cell(text: str, width: int, style: str, *, head: bool = False, words: bool = False, span: int = 1) -> str:
    """`head`: in 黑体, and on one page with what follows."""
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    said = escape(printable(text).strip()).replace("\n", BREAK)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{"<w:keepNext/>" if head else ""}'
        f'<w:spacing w:before="60" w:after="60"/><w:jc w:val="{"left" if words else "center"}"/></w:pPr>'
        f'<w:r>{HEAD_FACE if head else ""}<w:t xml:space="preserve">{said}</w:t></w:r></w:p></w:tc>'
    )
