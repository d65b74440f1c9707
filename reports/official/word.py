"""A `Document` -> .docx to edit in Word or WPS, by python-docx: the same layout as on paper, in styles with names.

仿宋_GB2312 and 方正小标宋简体 are named as the standard has them; a computer without them shows its own 仿宋 and 宋体.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import docx
from django.utils import translation
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from orgs.printable import printable
from reports.fit import em_width
from reports.official.grid import grid, rows_of
from reports.official.values import Annex, Block, Document, Grid, Heading, Long, Paragraph, Row, Table
from reports.tables.cards import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as File
    from docx.text.paragraph import Paragraph as Written

TEXT, TITLE_FACE, HEAD, SECOND, PLAIN = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
BODY, LINE, NARROWER = 16.0, 28.95, -4
"""Points of the type and of a line, and twentieths of a point that characters stand closer: 28 to a line."""

MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}
NUMBER_FROM_EDGE = 22.5
"""Millimetres below the page number, whose line then stands 7 below the type area."""

EDGE = 4 * BODY
"""Points between the signature and the right edge: four characters."""

Marks = dict[int, str]
"""What stands for the rows of each long table, by the table's id."""

STYLES = {
    # name: (based on, face, points, points of a line, first line indented)
    "Normal": ("", TEXT, BODY, LINE, False),
    "Body Text": ("Normal", TEXT, BODY, LINE, True),
    "Title": ("Normal", TITLE_FACE, 22.0, 33.0, False),
    "Heading 1": ("Normal", HEAD, BODY, LINE, True),
    "Heading 2": ("Normal", SECOND, BODY, LINE, True),
    "Caption": ("Normal", HEAD, 12.0, 20.0, False),
    "Footer": ("Normal", PLAIN, 14.0, 17.0, False),
    "Signature": ("Normal", TEXT, BODY, LINE, False),
    "Note": ("Normal", TEXT, 9.0, 14.0, False),
    "Cell": ("Normal", TEXT, 12.0, 17.0, False),
    "Cell small": ("Normal", TEXT, 10.5, 15.0, False),
}
CENTRED = {"Title", "Caption"}
TOGETHER = {"Title", "Heading 1", "Heading 2", "Caption"}


AT_ONCE = 1000
"""Rows of a long table that are written at once."""

CONTENTS = "word/document.xml"


def render(document: Document) -> bytes:
    file = BytesIO()
    write(document, file)
    return file.getvalue()


def write(document: Document, target: IO[bytes]) -> None:
    """Into a file, which takes no more memory for a table of 100,000 rows: only its head goes through python-docx, with
    a mark where the rows shall stand."""
    marks = {uuid4().hex: table for table in document.tables if isinstance(table, Long)}
    file = BytesIO()
    with translation.override(LANGUAGE):
        _drawn(document, {id(table): mark for mark, table in marks.items()}).save(file)
        with ZipFile(file) as made, ZipFile(target, "w", ZIP_DEFLATED) as book:
            for member in made.infolist():
                with book.open(member.filename, "w", force_zip64=True) as part:
                    content = made.read(member)
                    for piece in _filled(content, marks) if member.filename == CONTENTS else (content,):
                        part.write(piece)


def _filled(content: bytes, marks: dict[str, Long]) -> Iterator[bytes]:
    """The contents with rows in the place of each row that holds a mark; tables stand in the order of their marks."""
    for mark, table in marks.items():
        at = content.index(mark.encode())
        yield content[: content.rindex(b"<w:tr>", 0, at)]
        for stretch in _stretches(table):
            yield rows_of(stretch).encode()
        content = content[content.index(b"</w:tr>", at) + len(b"</w:tr>") :]
    yield content


def _stretches(table: Long) -> Iterator[Table]:
    """All of it; a heading that only says again what still holds is left out."""
    heading: Row | None = None
    for first in range(0, table.count, AT_ONCE):
        rows = table.stretch(first, first + AT_ONCE).rows
        rows = rows[1:] if rows[0] == heading else rows
        heading = next((row for row in reversed(rows) if row.across), heading)
        yield Table(table.columns, rows)


def _drawn(document: Document, marks: Marks) -> File:
    book = _book(document)
    _title(book, document.title_lines)
    if document.addressee:
        _add(book, f"{document.addressee}：", "Normal")
    _blocks(book, document.blocks, marks)
    _listed(book, document.listed)
    _signature(book, document.issuer, document.day)
    for number, annex in document.numbered:
        _annex(book, number, annex, marks)
    return book


# --- Page and styles --------------------------------------------------------------------------------------------------


def _book(document: Document) -> File:
    book = docx.Document()
    book.core_properties.title = printable(document.title)
    book.core_properties.author = printable(document.issuer)
    book.core_properties.comments = ""
    for name, said in STYLES.items():
        _style(book, name, *said)
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(NUMBER_FROM_EDGE)
    book.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], "right")
    _number(section.even_page_footer.paragraphs[0], "left")
    return book


def _style(book: File, name: str, base: str, face: str, size: float, line: float, indented: bool) -> None:
    known = {style.name for style in book.styles}
    style: Any = book.styles[name] if name in known else book.styles.add_style(name, 1)
    style.base_style = book.styles[base] if base else None
    style.quick_style, style.hidden = True, False
    font, form = style.font, style.paragraph_format
    font.size, font.bold, font.italic = Pt(size), False, False
    font.color.rgb = RGBColor(0, 0, 0)
    _faces(style.element.get_or_add_rPr(), face)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    form.space_before, form.space_after = Pt(0), Pt(29 if name == "Title" else 0)
    form.first_line_indent = Pt(2 * size) if indented else Pt(0)
    form.keep_with_next, form.widow_control = name in TOGETHER, False
    form.alignment = WD_ALIGN_PARAGRAPH.CENTER if name in CENTRED else WD_ALIGN_PARAGRAPH.JUSTIFY
    for name_ in ("w:autoSpaceDE", "w:autoSpaceDN"):  # else Word puts air between Chinese and digits
        spaced = OxmlElement(name_)
        spaced.set(qn("w:val"), "0")
        form._element.get_or_add_pPr().insert_element_before(
            spaced, "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
        )
    for border in style.element.pPr.findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _faces(properties: Any, face: str) -> None:
    """Chinese and Latin alike in the face: without eastAsia Word sets Chinese in the theme's."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    properties.insert(0, fonts)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _number(paragraph: Written, side: str) -> None:
    """— 1 —, one character from the outer edge."""
    right = side == "right"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    setattr(paragraph.paragraph_format, f"{side}_indent", Pt(14))
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
    paragraph.add_run(" —")


# --- What it says -----------------------------------------------------------------------------------------------------


def _add(book: File, text: str, style: str, label: str = "") -> Written:
    paragraph = book.add_paragraph(style=style)
    if label:
        run = paragraph.add_run(f"{printable(label)}：")
        _faces(run._r.get_or_add_rPr(), HEAD)
    paragraph.add_run(printable(text))
    if style in {"Normal", "Body Text", "Heading 1", "Heading 2"}:
        for run in paragraph.runs:
            _narrow(run._r.get_or_add_rPr())
    return paragraph


def _narrow(properties: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(NARROWER))
    properties.append(spacing)


def _title(book: File, lines: list[str]) -> None:
    paragraph = book.add_paragraph(style="Title")
    for number, line in enumerate(lines):
        run = paragraph.add_run(printable(line))
        if number < len(lines) - 1:
            run.add_break()


def _blocks(book: File, blocks: tuple[Block, ...], marks: Marks) -> None:
    for block in blocks:
        match block:
            case Heading(text, level):
                _add(book, text, f"Heading {level}")
            case Paragraph(text, label, plain):
                _add(book, text, "Normal" if plain else "Body Text", label)
            case Table() | Long() as table:
                if table.title:
                    _add(book, table.title, "Caption").paragraph_format.space_before = Pt(6)
                book.element.body.insert(len(book.element.body) - 1, grid(_marked(table, marks)))
                after = _add(book, "", "Note")  # a table at the end of a file needs a paragraph behind it
                after.paragraph_format.line_spacing = Pt(10)


def _marked(table: Grid, marks: Marks) -> Table:
    """The table, with a mark for its rows if it is a long one."""
    return Table(table.columns, (Row((marks[id(table)],)),)) if isinstance(table, Long) else table


def _listed(book: File, listed: list[tuple[str, str]]) -> None:
    """附件：1. …, one below the other, a blank line under the text."""
    word = _("Annex")
    for place, (number, title) in enumerate(listed):
        paragraph = _add(book, f"{number}{title}", "Normal", word if place == 0 else "")
        form = paragraph.paragraph_format
        form.space_before, form.alignment = Pt(0 if place else LINE), WD_ALIGN_PARAGRAPH.LEFT
        wide = em_width(number) * BODY
        form.left_indent = Pt(5 * BODY + wide)
        form.first_line_indent = Pt(-3 * BODY - wide if place == 0 else -wide)
        if place == 0:
            _faces(paragraph.runs[0]._r.get_or_add_rPr(), TEXT)


def _signature(book: File, issuer: str, day: str) -> None:
    """The wider line ends four characters from the edge, the others stand centred over and under it."""
    seal = _("(seal)")
    widest = max(em_width(text) * BODY for text in (issuer, day))
    for text, size, above in ((issuer, BODY, 2 * LINE), (day, BODY, 0), (seal, 12.0, 0)):
        paragraph = _add(book, text, "Signature")
        form = paragraph.paragraph_format
        form.alignment, form.space_before = WD_ALIGN_PARAGRAPH.RIGHT, Pt(above)
        form.right_indent = Pt(EDGE + (widest - em_width(text) * size) / 2)
        form.keep_with_next = text is not seal
        if text is seal:
            paragraph.runs[0].font.size = Pt(size)
            paragraph.runs[0].font.color.rgb = RGBColor(0x77, 0x77, 0x77)


def _annex(book: File, number: str, annex: Annex, marks: Marks) -> None:
    word = _("Annex")
    mark = _add(book, f"{word}{number}", "Normal")
    mark.paragraph_format.page_break_before = True
    _faces(mark.runs[0]._r.get_or_add_rPr(), HEAD)
    _title(book, [annex.title])
    _blocks(book, annex.blocks, marks)
    if annex.note:
        _add(book, annex.note, "Note")
