"""An open sheet -> a workbook to be filled in without network: locked but for its answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessments.offline import layout
from assessments.offline.form import Form
from assessments.offline.layout import Column
from assessments.offline.looks import LEFT, font, lines
from assessments.offline.scope import Asked, scope
from assessments.sheetpage import SheetPage
from orgs.printable import printable
from orgs.workbooks import write_text


def write(page: SheetPage, made: datetime) -> bytes:
    """The workbook of a sheet that is open to the person. `reading.read` takes it back."""
    book = Workbook()
    book.properties.title = printable(page.assessment.name)
    book.properties.creator = ""
    book.security = WorkbookProtection(lockStructure=True)
    asked = scope(page)
    form = Form(book.worksheets[0], page, asked)
    form.write(made)
    _guide(book.create_sheet(layout.GUIDE))
    _machine(book.create_sheet(layout.MACHINE), page, asked, form.columns)
    form.limits.apply(form.sheet, book[layout.MACHINE])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(layout.GUIDE_LINES, 1):
        cell = cast("Cell", sheet.cell(number, 1))
        write_text(cell, line)
        cell.alignment, cell.font = LEFT, font(18 if number == 1 else 14, bold=number == 1)
        sheet.row_dimensions[number].height = 26.0 * lines(line, 76) + 10
    sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 9, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.sheet = True


def _machine(sheet: Worksheet, page: SheetPage, asked: Iterable[Asked], columns: Sequence[Column]) -> None:
    """Whose sheet it is, where what stands, and the version of each mark that it was made from."""
    found = layout.identity(page.assessment, page.stage)
    told: list[tuple[str, ...]] = [(layout.MARK,)]
    told += [(name, str(getattr(found, name))) for name in found.__dataclass_fields__]
    told += [
        ("column", column.name, get_column_letter(place), column.head)
        for place, column in enumerate(columns, 1)
        if column.name in layout.CHECKED
    ]
    told += [
        ("item", one.row.key, str(one.typed.version), " ".join(answer.name for answer in one.open))
        for one in asked
        if one.open
    ]
    for row, texts in enumerate(told, 1):
        for column, text in enumerate(texts, 1):
            write_text(cast("Cell", sheet.cell(row, column)), text)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
