"""A blueprint -> workbook: text as text whatever it begins with, choices with drop-downs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from orgs.printable import printable
from rubrics.blueprint import Blueprint, ItemPlan, MeasurePlan
from rubrics.exchange import layout
from rubrics.exchange.cells import LONGEST, NO, YES, Choice, Flag, Refused, Text
from rubrics.exchange.layout import Field, Sheet

TEXT_FORMAT = "@"
HEAD = PatternFill("solid", fgColor="E8EDF3")
BOXED = Border(*(Side(style="thin", color="B8C2CC"),) * 4)
TOP = Alignment(vertical="top", wrap_text=True)
ROOM = 500
"""Lines that drop-downs reach down to, so that lines can be added."""

ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would take for a character that XML can't hold: _x000D_."""

FROM_SHEETS = {
    (layout.ITEMS.name, "cap"): f"'{layout.CAPS.name}'!$A$2:$A${ROOM}",
    (layout.MEASURES.name, "office"): f"'{layout.AUDIENCES.name}'!$C$2:$C${ROOM}",
    (layout.MEASURES.name, "item"): f"'{layout.ITEMS.name}'!$J$2:$J${ROOM}",
}
"""Drop-downs of what another sheet lists."""


def write(blueprint: Blueprint) -> bytes:
    """The workbook; `read` gives the blueprint back. Raises Refused where a text is longer than a cell."""
    book = Workbook()
    book.properties.title = printable(blueprint.title)
    book.properties.creator = ""
    _guide(book.worksheets[0])
    _facts(book.create_sheet(layout.FACTS.name), blueprint)
    lines: dict[str, Iterable[Mapping[str, Any]]] = {
        layout.ITEMS.name: _items(blueprint),
        layout.MEASURES.name: _measures(blueprint),
        layout.BANDS.name: (_values(one, layout.BANDS) for one in blueprint.bands),
        layout.COLUMNS.name: (_values(one, layout.COLUMNS) for one in blueprint.columns),
        layout.AUDIENCES.name: _audiences(blueprint),
        layout.CAPS.name: (_values(one, layout.CAPS) for one in blueprint.caps),
    }
    for sheet in layout.TABLES:
        _table(book.create_sheet(sheet.name), sheet, lines[sheet.name])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet) -> None:
    sheet.title = layout.GUIDE
    sheet.column_dimensions["A"].width = 100
    for number, line in enumerate(layout.GUIDE_LINES, 1):
        cell = sheet.cell(number, 1)
        _put(cell, line)
        cell.font = Font(bold=number == 1)


def _facts(sheet: Worksheet, blueprint: Blueprint) -> None:
    for letter, width in zip("ABC", (24, 60, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    _put(sheet.cell(1, 1), layout.MARK)
    for number, field in enumerate(layout.FACTS.fields, 2):
        head, cell, hint = (sheet.cell(number, column) for column in (1, 2, 3))
        _put(head, field.head)
        head.fill, head.border, cell.border = HEAD, BOXED, BOXED
        _put(cell, field.cell.write(getattr(blueprint, field.name)), field)
        _put(hint, field.hint)
        _offer(sheet, field, layout.FACTS.name, f"B{number}")


def _table(sheet: Worksheet, described: Sheet, lines: Iterable[Mapping[str, Any]]) -> None:
    for column, field in enumerate(described.fields, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = field.width
        if isinstance(field.cell, Text):
            sheet.column_dimensions[letter].number_format = TEXT_FORMAT
        head = sheet.cell(1, column)
        _put(head, field.head)
        head.fill, head.border, head.font = HEAD, BOXED, Font(bold=True)
        if field.hint:
            head.comment = Comment(field.hint, "")
        _offer(sheet, field, described.name, f"{letter}2:{letter}{ROOM}")
    for number, line in enumerate(lines, 2):
        for column, field in enumerate(described.fields, 1):
            cell = sheet.cell(number, column)
            cell.border = BOXED
            if field.name in line:
                _put(cell, field.cell.write(line[field.name]), field)
    sheet.freeze_panes = "A2"


def _put(cell: Any, value: str | Decimal | int | None, field: Field | None = None) -> None:
    """The one way into a cell: text is text, whatever it begins with."""
    assert isinstance(cell, Cell)  # noqa: S101  # nothing is merged here
    if isinstance(value, str):
        text = ESCAPE.sub("_x005F_", printable(value))
        if len(text.encode("utf-16-le")) > 2 * LONGEST:
            raise Refused([_("A text is longer than a cell of a workbook: “%(start)s…”") % {"start": text[:30]}])
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = True
        if field is not None:
            cell.number_format = TEXT_FORMAT
    else:
        cell.value = value
    cell.alignment = TOP


def _offer(sheet: Worksheet, field: Field, name: str, cells: str) -> None:
    options = FROM_SHEETS.get((name, field.name))
    if isinstance(field.cell, Choice):
        options = f'"{",".join(word for word in field.cell.words.values() if word)}"'
    elif isinstance(field.cell, Flag):
        options = f'"{YES},{NO}"'
    if options:
        offer = DataValidation("list", options, allow_blank=True, showErrorMessage=False)
        offer.add(cells)
        sheet.add_data_validation(offer)


# --- Lines -----------------------------------------------------------------------------------------------------------


def _values(plan: Any, sheet: Sheet) -> dict[str, Any]:
    return {field.name: getattr(plan, field.name) for field in sheet.fields}


def _items(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    """What belongs to a section or a printed group stands in its first line, their numbers in each."""
    kinds = audience_words(blueprint)
    printed = 0
    for number, section in enumerate(blueprint.sections, 1):
        above: dict[str, Any] = {name: getattr(section, name) for name in ("part", "name", "label", "inherited")}
        above["section_points"] = section.points
        for group in section.groups:
            if group.points is not None:
                printed += 1
                above |= {"group_points": group.points, "group_label": group.label}
            for item in group.items:
                place = {"section": number, "group": None if group.points is None else printed}
                yield {**above, **place, **_item(item, kinds)}
                above = {}


def _item(item: ItemPlan, kinds: Mapping[str, str]) -> dict[str, Any]:
    start = [field.name for field in layout.ITEMS.fields].index("key")
    values = {field.name: getattr(item, field.name) for field in layout.ITEMS.fields[start:]}
    named = tuple(word for kind, word in kinds.items() if kind in item.kinds)
    return values | {"kinds": layout.join(named), "offices": layout.join(item.offices)}


def audience_words(blueprint: Blueprint) -> dict[str, str]:
    """By which word a line names a kind: the document's own, where that is one kind's alone, else the code."""
    labels = [one.label for one in blueprint.audiences]
    codes = {one.kind for one in blueprint.audiences}
    return {
        one.kind: one.label
        if one.label == one.label.strip() != "" and labels.count(one.label) == 1 and one.label not in codes
        else one.kind
        for one in blueprint.audiences
    }


def _measures(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    for item in blueprint.items:
        for measure in item.measures:
            tiers = [{"bound": tier.bound, "points": tier.points} for tier in measure.tiers]
            first, *others = tiers or [{}]
            yield {"item": item.key, **_measure(measure), **first}
            yield from others


def _measure(measure: MeasurePlan) -> dict[str, Any]:
    names = ("role", "key", "label", "unit", "amount", "per", "above", "step", "office")
    return {name: getattr(measure, name) for name in names}


def _audiences(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    """Two lists beside each other: the kinds, and the departments."""
    for number in range(max(len(blueprint.audiences), len(blueprint.offices))):
        line: dict[str, Any] = {}
        if number < len(blueprint.audiences):
            line |= {"kind": blueprint.audiences[number].kind, "label": blueprint.audiences[number].label}
        if number < len(blueprint.offices):
            line["office"] = blueprint.offices[number]
        yield line
