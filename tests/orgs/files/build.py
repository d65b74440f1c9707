"""Real files made on the spot, and hostile ones made from them."""

import io
import zipfile

import docx
import openpyxl
import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def xlsx(rows=(("单位名称", "会员人数"), ("沈河区总工会", 12)), *, sheets=()):
    """A workbook as bytes: `rows` in the first sheet, then name -> rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets:
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    return saved(book)


def xlsx_shared(rows):
    """The same by a writer that shares texts and says no more than it must."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def saved(document):
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def word(*paragraphs, table=(("序号", "内容", "分值"), ("1", "健全组织", "5"))):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    grid = document.add_table(len(table), len(table[0]))
    for y, row in enumerate(table):
        for x, cell in enumerate(row):
            grid.cell(y, x).text = cell
    return saved(document)


def repacked(content, changes):
    """The ZIP with members changed: name -> bytes, None to leave it out, or a function of the old bytes."""
    changes = dict(changes)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changes.pop(name, old.read(name))
            if change is not None:
                new.writestr(name, change(old.read(name)) if callable(change) else change)
        for name, change in changes.items():
            new.writestr(name, change)
    return made.getvalue()


def with_sheet(body, *, head=b"<?xml version='1.0' encoding='UTF-8'?>"):
    """A workbook whose sheet holds this markup."""
    sheet = head + f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/>{body}</worksheet>'.encode()
    return repacked(xlsx(), {SHEET: sheet})


def with_rows(body):
    return with_sheet(f"<sheetData>{body}</sheetData>")


def ole(*streams):
    """The start of an OLE container that lists these streams."""
    return OLE + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams) + bytes(512)
