"""What is no table or document, or was made to do harm: refused at once, with a sentence that says what to do."""

import io
import struct
import time
import zipfile

import openpyxl
import pytest

from orgs.files import FileRefused, Format, events, guarded, identify, markup, open_table, reading, tables
from tests.orgs.files.build import MAIN, RELATION, SHEET, ole, repacked, with_rows, with_sheet, word, xlsx

ALL = set(Format)
TABLES = {Format.XLSX, Format.CSV}
DOCUMENTS = {Format.DOCX, Format.XLSX}
SECOND = 1.0
"""Of the processor, so that a busy machine changes nothing."""

DAMAGED = "The file is damaged and can't be read. Open it in WPS or Office, save it again, and upload that file."
PASSWORD = "The file is protected with a password. Open it, remove the password, save it, and upload it again."
OLD_TABLE = "This is a table in the old format (.xls, .et). Save it as .xlsx in WPS or Excel, and upload that."
OLD_DOCUMENT = "This is a document in the old format (.doc, .wps). Save it as .docx in WPS or Word, and upload that."
MACROS = "The file contains macros. Save it as .xlsx or .docx, which hold none, and upload that."
BOMB = (
    "The file unpacks to far more than a table or document needs, and was not opened. "
    "Copy what is needed into a new file and upload that."
)
DOCTYPE = (
    "The file contains a document type declaration, which no office program writes, and was not opened. "
    "Copy what is needed into a new file and upload that."
)
OUTSIDE = "The file takes content from other files. Copy what it shows into a new file and upload that."
PDF_TABLE = "This is a PDF: pages, not a table. Upload the file that it was made from, as .xlsx / .csv."
PICTURE = "This is a picture. Upload the file that it was made from, as .xlsx / .csv."
PACKED = "This is a compressed archive. Unpack it, and upload the file inside."
PAGE = "This is a web page, whatever its name says. Save it as .xlsx in WPS or Excel, and upload that."
MUCH = "The file holds far more than a table needs. Copy the table into a new file and upload that."
EMPTY = "The file is empty. Save it once more in the program that made it, and upload it again."
NO_TEXT = "The text is neither UTF-8, UTF-16 nor GBK, or is damaged. Save the table as .xlsx, and upload that."
OTHER = "This is an .xlsb, .ods or .odt file. Save it as .xlsx or .docx, and upload that."

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(20))
    + b"]>"
)
OUTER = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET_BODY = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)


def zipped(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in members.items():
            archive.writestr(name.replace("__", "/"), inside)
    return content.getvalue()


def lying(content, name, size):
    """The archive whose directory says another unpacked size for one member; its sum is made to fit the first bytes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(name)
        true = struct.pack("<II", entry.CRC, entry.compress_size) + struct.pack("<I", entry.file_size)
        cut = zipfile.crc32(archive.read(name)[:size])
    return content.replace(true, struct.pack("<III", cut, entry.compress_size, size))


def encrypted_zip():
    """The first bit of the flags of every entry says: protected with a password."""
    content = bytearray(xlsx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def outside(kind, target):
    link = f'<Relationship Id="x" Type="{RELATION}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return lambda old: old.replace(b"</Relationships>", link.encode())


NULLS = bytes(60 << 20)

HOSTILE = {
    "nothing": ("a.xlsx", b"", EMPTY),
    "old table": ("a.xls", ole("Root Entry", "Workbook"), OLD_TABLE),
    "older table": ("a.xls", ole("Root Entry", "Book"), OLD_TABLE),
    "WPS table": ("a.et", ole("Root Entry", "ET"), OLD_TABLE),
    "old table called .xlsx": ("a.xlsx", ole("Root Entry", "Workbook"), OLD_TABLE),
    "old document": ("a.doc", ole("Root Entry", "WordDocument"), OLD_DOCUMENT),
    "WPS document": ("a.wps", ole("Root Entry", "WordDocument"), OLD_DOCUMENT),
    "old slides": (
        "a.ppt",
        ole("Root Entry", "PowerPoint Document"),
        "This is an old office file. Save it as .xlsx or .docx, and upload that.",
    ),
    "encrypted workbook": ("a.xlsx", ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), PASSWORD),
    "encrypted archive": ("a.xlsx", encrypted_zip(), PASSWORD),
    "PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n", PDF_TABLE),
    "PDF called .xlsx": ("附件1 （定稿最终版2）.xlsx", b"\n%PDF-1.4\n", PDF_TABLE),
    "photograph": ("a.csv", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + bytes(64), PICTURE),
    "screen shot": ("a.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64), PICTURE),
    "RAR": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(64), PACKED),
    "plain ZIP": ("a.zip", zipped(**{"list.xlsx": xlsx()}), PACKED),
    "ZIP in a ZIP": ("a.xlsx", zipped(inner=zipped(inner=xlsx())), PACKED),
    "web page called .xls": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", PAGE),
    "web page in UTF-16": ("a.csv", "<table></table>".encode("utf-16"), PAGE),
    "binary workbook": ("a.xlsb", zipped(**{"[Content_Types].xml": "<x/>", "xl__workbook.bin": "x"}), OTHER),
    "OpenDocument": ("a.ods", zipped(mimetype="application/vnd.oasis", **{"content.xml": "<x/>"}), OTHER),
    "presentation": (
        "a.pptx",
        zipped(**{"[Content_Types].xml": "<x/>", "ppt__presentation.xml": "<x/>"}),
        "This is a presentation. Upload the table or document that it was made from.",
    ),
    "office file without its main part": (
        "a.xlsx",
        repacked(xlsx(), {"xl/workbook.xml": None}),
        DAMAGED,
    ),
    "macro workbook": ("a.xlsm", repacked(xlsx(), {"xl/vbaProject.bin": b"x"}), MACROS),
    "macro workbook called .xlsx": ("a.xlsx", repacked(xlsx(), {"xl/VBAPROJECT.BIN": b"x"}), MACROS),
    "macro document": ("a.docm", repacked(word(), {"word/vbaProject.bin": b"x"}), MACROS),
    "bomb": ("a.xlsx", repacked(xlsx(), {SHEET: NULLS}), BOMB),
    "bomb of many members": ("a.xlsx", repacked(xlsx(), {f"x{n}.xml": b"<x/>" for n in range(5001)}), BOMB),
    "size that lies": ("a.xlsx", lying(repacked(xlsx(), {SHEET: bytes(9 << 20)}), SHEET, 1000), DAMAGED),
    "size that lies in a document": ("a.docx", lying(word("x" * 999), "word/document.xml", 10), DAMAGED),
    "cut off": ("a.xlsx", xlsx()[:-100], DAMAGED),
    "entities in a sheet": ("a.xlsx", repacked(xlsx(), {SHEET: LAUGHS + SHEET_BODY.encode()}), DOCTYPE),
    "file as an entity": ("a.xlsx", repacked(xlsx(), {SHEET: OUTER + SHEET_BODY.encode()}), DOCTYPE),
    "entities in UTF-16": (
        "a.xlsx",
        repacked(xlsx(), {SHEET: (OUTER.decode() + SHEET_BODY).encode("utf-16")}),
        DOCTYPE,
    ),
    "entities in a document": ("a.docx", repacked(word(), {"word/document.xml": LAUGHS + b"<x>&u;</x>"}), DOCTYPE),
    "file as an entity of a document": (
        "a.docx",
        repacked(word(), {"word/document.xml": OUTER + b"<x>&a;</x>"}),
        DOCTYPE,
    ),
    "entities in a part called a picture": (
        "a.docx",
        repacked(word(), {"word/media/x.png": LAUGHS + b"<x/>"}),
        DOCTYPE,
    ),
    "entities behind a long comment": (
        "a.docx",
        repacked(word(), {"word/styles.xml": b"<!--" + b"x" * (1 << 17) + b"-->" + LAUGHS + b"<x/>"}),
        DAMAGED,
    ),
    "markup that is none": ("a.docx", repacked(word(), {"word/document.xml": b"x"}), DAMAGED),
    "values from another workbook": (
        "a.xlsx",
        repacked(
            xlsx(),
            {
                "xl/externalLinks/_rels/externalLink1.xml.rels": outside("externalLinkPath", "file:///C:/other.xlsx")(
                    b'<Relationships xmlns="x"></Relationships>'
                )
            },
        ),
        OUTSIDE,
    ),
    "text from another document": (
        "a.docx",
        repacked(word(), {"word/_rels/document.xml.rels": outside("subDocument", "b.docx")}),
        OUTSIDE,
    ),
    "template from a server": (
        "a.docx",
        repacked(word(), {"word/_rels/document.xml.rels": outside("attachedTemplate", "http://h/t.dotm")}),
        OUTSIDE,
    ),
    "noise": ("a.csv", bytes(range(128, 256)) * 20, NO_TEXT),
    "text and noughts": ("a.csv", b"a,b\n" + bytes(99), NO_TEXT),
    "Big5": ("a.csv", ("單位名稱,聯絡人\n" + "瀋陽市總工會,張憶萍\n" * 9).encode("big5"), NO_TEXT),
    "damaged UTF-8": ("a.csv", "单位名称,联系人\n沈阳市总工会".encode()[:-1], NO_TEXT),
    "rich text": (
        "a.doc",
        rb"{\rtf1 x}",
        "This is an .rtf document. Save it as .docx in WPS or Word, and upload that.",
    ),
}


@pytest.mark.parametrize(("name", "content", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_refused_at_once_with_the_way_out(name, content, sentence):
    accept = DOCUMENTS if name.endswith(".docx") else TABLES
    file = io.BytesIO(content)
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        identify(file, name, accept)
    assert refused.value.sentence == sentence
    assert time.process_time() - began < SECOND
    assert file.getvalue() == content


def test_more_tags_than_a_sheet_has_are_refused_before_anybody_parses_them(monkeypatch):
    monkeypatch.setattr(markup, "MOST_TAGS", 20_000)
    with pytest.raises(FileRefused) as refused:
        identify(io.BytesIO(with_rows("<row/>" * 20_001)), "a.xlsx", TABLES)
    assert refused.value.sentence == MUCH


def test_larger_than_allowed_is_refused_unread(settings):
    settings.LIST_MAX_BYTES = 1 << 20
    with pytest.raises(FileRefused) as refused:
        identify(io.BytesIO(bytes((1 << 20) + 1)), "a.csv", TABLES)
    assert refused.value.sentence == (
        "The file is larger than 1 MB. Take out pictures and what is not needed, or divide it."
    )


@pytest.mark.parametrize(
    ("name", "content", "accept", "sentence"),
    [
        (
            "a.csv",
            xlsx(),
            TABLES,
            "The content is that of a .xlsx file, but the name ends in “.csv”. Give it the right ending.",
        ),
        (
            "a.xlsx",
            b"a,b\n1,2\n",
            TABLES,
            "The content is that of a .csv file, but the name ends in “.xlsx”. Give it the right ending.",
        ),
        (
            "a",
            xlsx(),
            TABLES,
            "The content is that of a .xlsx file, but the name ends in “”. Give it the right ending.",
        ),
        ("a.docx", word(), TABLES, "This is a .docx file. Here .xlsx / .csv is taken."),
        (
            "a.xlsx",
            word(),
            DOCUMENTS,
            "The content is that of a .docx file, but the name ends in “.xlsx”. Give it the right ending.",
        ),
        ("a.csv", b"a,b\n1,2\n", DOCUMENTS, "This is a .csv file. Here .xlsx / .docx is taken."),
        (
            "a.docx",
            b"plain words",
            DOCUMENTS,
            "The content is not that of an office file. Here .xlsx / .docx is taken.",
        ),
    ],
)
def test_a_name_that_lies(name, content, accept, sentence):
    with pytest.raises(FileRefused) as refused:
        identify(io.BytesIO(content), name, accept)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("附件1 （定稿最终版2）.XLSX", xlsx(), Format.XLSX),
        ("a.docx", word(), Format.DOCX),
        ("a.doc", ole("Root Entry", "1Table", "WordDocument"), Format.DOC),
        ("a.csv", "单位名称,会员人数\n".encode("gbk"), Format.CSV),
        ("a.txt", "单位名称\t会员人数\n".encode("utf-16"), Format.CSV),
        (
            "a.docx",
            repacked(word(), {"word/_rels/document.xml.rels": outside("hyperlink", "http://h/")}),
            Format.DOCX,
        ),
        (
            "a.docx",
            repacked(word(), {"word/_rels/document.xml.rels": outside("attachedTemplate", "file:///C:\\Normal.dotm")}),
            Format.DOCX,
        ),
        (
            "a.docx",
            repacked(word(), {"word/media/photo.jpeg": b"\xff\xd8\xff" + bytes(range(256)) * 99}),
            Format.DOCX,
        ),
    ],
)
def test_ordinary_files_are_known(name, content, found):
    assert identify(io.BytesIO(content), name, ALL) is found


# --- made to choke the reader of rows --------------------------------------------------------------------------------

TEXT = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


def cell(address, text="x"):
    return TEXT.format(address, text)


ROWS = {
    "too many rows": (
        "".join(f'<row r="{n}">{cell(f"A{n}")}</row>' for n in range(1, 53)),
        "The table has more than 50 rows. Divide it and upload the parts one after the other.",
    ),
    "one far below": (
        f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("A1048576")}</row>',
        "The table has more than 50 rows. Divide it and upload the parts one after the other.",
    ),
    "too many columns": (
        f'<row r="1">{cell("XFD1")}</row>',
        "Row 1 has more than 20 columns. Delete what stands far on the right.",
    ),
    "endless cell": (f'<row r="7">{cell("A7", "x" * 32_768)}</row>', "Row 7: a cell holds more than 32767 characters."),
    "more than a cell can hold": (f'<row r="7">{cell("A7", "x" * 300_000)}</row>', DAMAGED),
    "formula without result": (
        '<row r="3"><c r="A3"><f>1+1</f></c></row>',
        "Row 3: a formula has no result. Open the file in WPS or Excel, save it, and upload it again.",
    ),
    "no shared text of that number": ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', DAMAGED),
    "no number": ('<row r="1"><c r="A1"><v>twelve</v></c></row>', DAMAGED),
    "endless number": ('<row r="1"><c r="A1"><v>1e999</v></c></row>', DAMAGED),
    "address that is none": ('<row r="1"><c r="1A"><v>1</v></c></row>', DAMAGED),
    "column that no sheet has": ('<row r="1"><c r="XFE1"><v>1</v></c></row>', DAMAGED),
    "cells in disorder": ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', DAMAGED),
    "rows in disorder": ('<row r="2"/><row r="2"/>', DAMAGED),
    "row that is no number": ('<row r="-1"/>', DAMAGED),
    "more cells than a sheet has": ("<row>" + "<c/>" * 16_385 + "</row>", DAMAGED),
    "more blank cells than a sheet has": ("<row><c/></row>" * 17_001, MUCH),
    "more tags than a sheet has": ("<row>" + "<a/>" * 60_000 + "</row>", MUCH),
    "tag without end": (f'<row r="{"1" * (5 << 20)}"/>', DAMAGED),
}


@pytest.mark.parametrize(("body", "sentence"), ROWS.values(), ids=ROWS)
def test_rows_made_to_choke_the_reader(settings, monkeypatch, body, sentence):
    monkeypatch.setattr(markup, "MOST_TAGS", 60_000)
    monkeypatch.setattr(events, "MOST_BLANKS", 17_000)
    settings.LIST_MAX_ROWS, settings.LIST_MAX_COLUMNS = 50, 20
    file = io.BytesIO(with_rows(body))
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        list(open_table(file, Format.XLSX, table="Sheet"))
    assert refused.value.sentence == sentence
    assert time.process_time() - began < SECOND


def test_what_stands_far_below_the_table_is_named_and_never_dropped():
    file = io.BytesIO(with_rows(f'<row r="1">{cell("A1")}</row><row r="2000">{cell("A2000")}</row>'))
    with pytest.raises(FileRefused) as refused:
        list(open_table(file, Format.XLSX))
    assert refused.value.sentence == "Row 2000 stands below more than 1000 blank rows. Delete it, or the blank rows."


def test_very_many_formatted_blank_rows_are_no_table():
    blank = '<row><c s="0"/></row>' * 200_000
    file = io.BytesIO(with_rows(blank))
    assert tables(file, Format.XLSX) == []
    with pytest.raises(FileRefused) as refused:
        list(open_table(file, Format.XLSX))
    assert refused.value.sentence == "The workbook has no sheet with content. Check that the right file was chosen."


# --- made to choke openpyxl or python-docx ---------------------------------------------------------------------------

FAR = "A sheet reaches down to cell {}. Delete the rows and columns that hold nothing."
MERGED = "The cells {} are merged into one. Undo that, and upload the file again."


def spanning(columns):
    span = b'<w:tcPr><w:gridSpan w:val="%d"/>' % columns
    return repacked(word(), {"word/document.xml": lambda old: old.replace(b"<w:tcPr>", span, 1)})


GROWING = {
    "cell in the last corner": (
        with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        FAR.format("XFD1048576"),
    ),
    "two corners": (
        with_rows('<row r="1"><c r="XFD1"/></row><row r="1048576"><c r="A1048576"/></row>'),
        FAR.format("A1048576"),
    ),
    "whole sheet merged": (
        with_sheet('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        MERGED.format("A1:XFD1048576"),
    ),
    "many merged": (
        with_sheet("<mergeCells>" + '<mergeCell ref="A1:ZZ99"/>' * 9 + "</mergeCells>"),
        MERGED.format("A1:ZZ99"),
    ),
    "merged is no range": (with_sheet('<mergeCells><mergeCell ref="Ａ1"/></mergeCells>'), DAMAGED),
    "span without end": (spanning(999_999_999), DAMAGED),
    "span over a thousand": (spanning(1001), DAMAGED),
    "more elements than a document has": (
        repacked(word(), {"word/styles.xml": b"<x>" + b"<y/>" * 700_000 + b"</x>"}),
        MUCH,
    ),
    "deeper than a document goes": (repacked(word(), {"word/styles.xml": b"<x>" * 300 + b"</x>" * 300}), MUCH),
    "entities": (repacked(word(), {"word/document.xml": LAUGHS + b"<x>&u;</x>"}), DOCTYPE),
    "size that lies": (lying(word("x" * 999), "word/document.xml", 10), DAMAGED),
    "bomb": (repacked(xlsx(), {SHEET: NULLS}), BOMB),
}


@pytest.mark.parametrize(("content", "sentence"), GROWING.values(), ids=GROWING)
def test_what_would_grow_in_the_library_is_not_handed_to_it(content, sentence):
    began = time.process_time()
    with pytest.raises(FileRefused) as refused:
        guarded(io.BytesIO(content))
    assert refused.value.sentence == sentence
    assert time.process_time() - began < SECOND


def test_guarded_hands_back_what_is_sound():
    book = openpyxl.load_workbook(guarded(io.BytesIO(xlsx())))
    assert [[cell.value for cell in row] for row in book.active] == [["单位名称", "会员人数"], ["沈河区总工会", 12]]


def test_what_the_library_answers_to_nonsense_is_a_refusal():
    content = repacked(xlsx(), {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="x"/></styleSheet>'})
    with pytest.raises(FileRefused) as refused, reading():
        openpyxl.load_workbook(guarded(io.BytesIO(content)))
    assert refused.value.sentence == DAMAGED
