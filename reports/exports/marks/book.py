"""The marks as a workbook: a sheet for each stage, real numbers, ready to be filtered and printed, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from assessments.workflow import Stage
from orgs.printable import printable
from reports.exports.marks.frame import Frame, facts, frame_of
from reports.exports.marks.reading import Value, kept, stages_in
from reports.exports.spec import Asked, Paths
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TITLE, SCOPE, SECTIONS, ITEMS, FULL = range(5)
"""Rows above the organisations, counted from 0."""

FIRST = FULL + 1
FACE = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
HEAD = {**FACE, "bold": True, "bg_color": "#f1eee8", "align": "center", "text_wrap": True}
WIDTHS = (4.5, 26, 18, 8, 9)
"""Of the number and the facts; `MARK` of an item, `SUM` of what adds up."""

MARK, SUM = 4.8, 8
TWO_LINES = 30
"""Points that a row of headings needs."""

A3 = 8


def join(asked: Asked, paths: Paths, path: Path) -> None:
    """The workbook from the parts, in constant memory."""
    frame = frame_of(asked)
    book = Workbook(str(path), {"constant_memory": True})
    book.set_properties({"title": printable(frame.title)})
    stages = stages_in(paths) or frame.stages[:1]
    sheets = {stage: _Sheet(book, frame, stage) for stage in stages}
    for count, (told, marks) in enumerate(kept(paths), 1):
        for stage, sheet in sheets.items():
            sheet.add(count, told, marks.get(stage))
    for sheet in sheets.values():
        sheet.close()
    _legend(book, frame)
    book.close()


class _Sheet:
    """The worksheet of one stage."""

    def __init__(self, book: Workbook, frame: Frame, stage: Stage) -> None:
        self.frame, self.row = frame, FIRST - 1
        self.sheet: Worksheet = book.add_worksheet(str(stage.label))
        self.text: Format = book.add_format({**FACE, "border": 1, "quote_prefix": True})
        self.number: Format = book.add_format({**FACE, "border": 1, "align": "center"})
        self.sum: Format = book.add_format({**FACE, "border": 1, "align": "center", "bold": True})
        widths = list(_widths(frame))
        self.columns = len(widths)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.shapes = [self.sum if width == SUM else self.number for width in widths]
        self._head(book, stage)

    def _head(self, book: Workbook, stage: Stage) -> None:
        sheet, frame = self.sheet, self.frame
        title = book.add_format({**FACE, "bold": True, "font_size": 14})
        boxed = book.add_format({**HEAD, "border": 1})
        plain = book.add_format({**FACE, "font_size": 9, "border": 1, "bg_color": "#f1eee8", "align": "left"})
        sheet.write_string(TITLE, 0, f"{printable(frame.title)} · {stage.label}", title)
        sheet.write_string(SCOPE, 0, printable(frame.words), book.add_format({**FACE, "font_size": 9}))
        spans, labels, full = _headings(frame)
        self._spans(spans, boxed)
        sheet.set_row(ITEMS, TWO_LINES)
        for row, texts, shape in ((ITEMS, labels, boxed), (FULL, full, plain)):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text, shape)

    def _spans(self, spans: list[tuple[str, int]], boxed: Format) -> None:
        """Each section's name over its items."""
        column = 0
        for name, width in spans:
            if name and width > 1:
                self.sheet.merge_range(SECTIONS, column, SECTIONS, column + width - 1, printable(name), boxed)
            else:
                for place in range(column, column + width):
                    self.sheet.write_string(SECTIONS, place, printable(name), boxed)
            column += width

    def add(self, count: int, told: list[str], marks: list[Value] | None) -> None:
        """An organisation's row; `marks` None: no sheet that the person reads."""
        self.row += 1
        self._put(0, (count,), self.shapes)
        self._put(1, told, [self.text for _text in told])
        first = len(told) + 1
        self._put(first, marks or [None] * (self.columns - first), self.shapes[first:])

    def _put(self, first: int, values: Iterable[Value], shapes: Iterable[Format]) -> None:
        sheet, row = self.sheet, self.row
        for column, (value, shape) in enumerate(zip(values, shapes, strict=False), first):
            if value is None or value == "":
                sheet.write_blank(row, column, "", shape)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, shape)
            else:
                sheet.write_number(row, column, value, shape)

    def close(self) -> None:
        """Filters, frozen heads, and how it is printed: A3 across, the heads on every page."""
        sheet = self.sheet
        sheet.autofilter(FULL, 0, max(self.row, FULL), self.columns - 1)
        sheet.freeze_panes(FIRST, 2)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(SECTIONS, FULL)
        sheet.repeat_columns(0, 1)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer("&C" + _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"})


def _headings(frame: Frame) -> tuple[list[tuple[str, int]], list[str], list[str]]:
    """Sections with how many columns they span, the labels under them, and what each is out of."""
    spans: list[tuple[str, int]] = [("", 1) for _width in WIDTHS]
    labels = [_("No."), *facts()]
    full = [""] * len(labels)
    for section in frame.sections:
        spans.append((section.name, len(section.rows) + 1))
        labels += [*(row.key for row in section.rows), _("Sum")]
        full += [*(_points(row) for row in section.rows), format_points(section.printed or None)]
    for label, most in frame.totals:
        spans.append(("", 1))
        labels.append(label)
        full.append(most)
    return spans, labels, full


def _points(row: Row) -> str:
    return row.printed_points if row.points is None else format_points(row.points)


def _widths(frame: Frame) -> Iterator[float]:
    yield from WIDTHS
    for section in frame.sections:
        yield from (MARK for _row in section.rows)
        yield SUM
    yield from (SUM for _label in frame.totals)


def _legend(book: Workbook, frame: Frame) -> None:
    """What the numbers of the items mean."""
    sheet: Worksheet = book.add_worksheet(_("Items"))
    head = book.add_format({**HEAD, "border": 1})
    text = book.add_format({**FACE, "border": 1, "text_wrap": True, "quote_prefix": True})
    number = book.add_format({**FACE, "border": 1, "align": "center"})
    for column, (label, width) in enumerate(
        ((_("Item"), 10), (_("Section"), 24), (_("Content"), 90), (_("Points"), 10))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    for place, row in enumerate(frame.rows, 1):
        for column, said in enumerate((row.key, row.section_name, row.text)):
            sheet.write_string(place, column, printable(said), text)
        if row.points is None:
            sheet.write_string(place, 3, printable(row.printed_points), number)
        else:
            sheet.write_number(place, 3, float(row.points), number)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
