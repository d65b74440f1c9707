"""The sheet that people fill in, line by line from the top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import cast

from django.utils.timezone import localtime
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessments.controls import lead
from assessments.figures import worth
from assessments.models import REMARK_LENGTH
from assessments.offline import layout
from assessments.offline.asked import Answer
from assessments.offline.layout import Column
from assessments.offline.limits import Limits
from assessments.offline.looks import (
    BLUE,
    BOXED,
    CENTRED,
    FILLS,
    GREY,
    HEAD,
    INPUT,
    LEFT,
    TALLEST,
    TEXT_FORMAT,
    font,
    height,
    page_setup,
)
from assessments.offline.scope import Asked
from assessments.offline.sums import sum_of
from assessments.results import Content
from assessments.sentences import YES, answer_in_words
from assessments.services.typed import REASON_LENGTH
from assessments.sheetpage import SheetPage
from assessments.workflow import Stage
from orgs.workbooks import write_text
from rubrics.rows import Row, headings, rows
from rubrics.scoring.numbers import format_points


def columns_of(page: SheetPage, asked: Sequence[Asked]) -> tuple[Column, ...]:
    """The columns that this sheet needs."""
    titles = headings(page.assessment.rubric)
    before = tuple(Column(f"before-{one}", titles.get(one, str(one.label)), 12) for one in page.before)
    return (
        *layout.FIRST,
        *((layout.BASIS,) if any(one.row.basis for one in asked) else ()),
        layout.POINTS,
        *before,
        *layout.ASKED,
        *(layout.NOT_APPLICABLE if any(one.drops for one in asked) else ()),
        *layout.LAST,
    )


class Form:
    """Writes the sheet to be filled in, line by line from the top."""

    def __init__(self, sheet: Worksheet, page: SheetPage, asked: Sequence[Asked]) -> None:
        self.sheet, self.page, self.asked = sheet, page, asked
        self.columns = columns_of(page, asked)
        self.place = {column.name: number for number, column in enumerate(self.columns, 1)}
        self.width = {column.name: column.width for column in self.columns}
        self.scores = {stage: {one.item.key: one for one in total.items} for stage, total in page.before.items()}
        self.limits = Limits()
        self.subtotals: list[str] = []
        self.row = 0

    def write(self, made: datetime) -> None:
        self.sheet.title = layout.FORM
        for number, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.width
        self.sheet.column_dimensions["A"].hidden = True
        self._above(made)
        head = self._head()
        for _position, found in groupby(self.asked, lambda one: one.row.section):
            self._section(list(found))
        self._grand_total()
        page_setup(self.sheet, head)
        self.sheet.freeze_panes = f"C{head + 1}"
        protection = self.sheet.protection
        protection.sheet, protection.formatColumns, protection.formatRows = True, False, False

    # --- above ---

    def _above(self, made: datetime) -> None:
        assessment, stage = self.page.assessment, self.page.stage
        heading = headings(assessment.rubric).get(stage, str(stage.label))
        words = {"organization": assessment.name, "cycle": assessment.cycle.name, "stage": heading}
        told = layout.FACTS.format(**words, made=localtime(made).strftime("%Y-%m-%d %H:%M"))
        if not self.page.whole:
            every = sum(row.applies(assessment.kind.code) for row in rows(assessment.rubric))
            told += "　　" + layout.SOME.format(count=len(self.asked), all=every)
        self._across(layout.TITLE.format(title=assessment.rubric.title, stage=heading), font(16, bold=True), 30)
        self._across(told, font(), 20)
        self._across(layout.ASK, font(12, bold=True, color="B42318"), 36)
        self._legend()

    def _across(self, text: str, font: Font, height: float) -> None:
        self.row += 1
        cell = self._text("key", text, LEFT)
        cell.font = font
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=2, end_column=len(self.columns))
        self.sheet.row_dimensions[self.row].height = height

    def _legend(self) -> None:
        self.row += 1
        for name, (words, fill) in zip(("text", "asked", layout.REMARK), layout.LEGEND, strict=True):
            cell = self._text(name, words, CENTRED)
            cell.fill, cell.border = FILLS[fill], BOXED
        self.sheet.row_dimensions[self.row].height = 20

    def _head(self) -> int:
        self.row += 1
        for column in self.columns:
            cell = self._text(column.name, column.head, CENTRED)
            cell.fill, cell.border, cell.font = HEAD, BOXED, font(bold=True)
        self.sheet.row_dimensions[self.row].height = 26
        return self.row

    # --- items ---

    def _section(self, found: Sequence[Asked]) -> None:
        """A band with the name of the section and its sum, and its items below it."""
        self.row += 1
        band, computed = self.row, 0
        cells: list[str] = []
        for one in found:
            top = self.row + 1
            for answer in one.answers or (None,):
                self.row += 1
                self._line(one, answer, first=self.row == top)
                if answer and answer.points:
                    cells.append(self._address(layout.VALUE))
            computed += any(not answer.points for answer in one.answers)
            self._joined(top, self.row)
        bottom, self.row = self.row, band
        name = " ".join((found[0].row.section_label or found[0].row.section_name).split())
        self._band(layout.SECTION, name, layout.SUBTOTAL, cells, computed)
        self.row = bottom

    def _line(self, one: Asked, answer: Answer | None, *, first: bool) -> None:
        opened = answer is not None and answer in one.open
        values: dict[str, str] = {layout.CODE: answer.name if answer else layout.LOCKED}
        if first:
            values |= self._facts(one)
        if answer is not None:
            values["asked"] = answer.asked
        for column in self.columns:
            cell = self._text(column.name, values.get(column.name, ""), self._alignment(column.name))
            cell.border, cell.font = BOXED, font()
        if answer is not None:
            self._value(one, answer, opened=opened)
        if first:
            self._beside(one)
        asked = (values.get("asked", ""), self.width["asked"])
        self.sheet.row_dimensions[self.row].height = min(height([asked]), TALLEST)

    def _facts(self, one: Asked) -> dict[str, str]:
        row = one.row
        before = {f"before-{stage}": self._before(stage, row) for stage in self.page.before}
        notes = [one.locked or (layout.OTHERS if one.closed else ""), *lead(row), row.note]
        return {
            "key": row.key,
            "text": row.text,
            "basis": row.basis,
            "points": row.printed_points or format_points(row.points),
            "note": "\n".join(note for note in notes if note),
            **before,
        }

    def _before(self, stage: Stage, row: Row) -> str:
        """What an earlier stage gave, as the scoring page shows it."""
        stored = self.page.marks[stage].get(row.key)
        content = stored.content if stored else Content()
        if content.not_applicable:
            return f"不适用：{content.reason}"
        if content.blank:
            return "空"
        return " ".join(
            part for part in (worth(self.scores[stage][row.key]), answer_in_words(row, content.counts)) if part
        )

    def _value(self, one: Asked, answer: Answer, *, opened: bool) -> None:
        cell = self._cell(layout.VALUE)
        text = one.typed.points
        if answer.measure:
            text = one.typed.counts.get(answer.measure, "")
        elif answer.name.startswith("l-"):
            text = next((key for key, said in one.typed.counts.items() if said == YES), "")
        if answer.taken is None:
            write_text(cell, answer.word(text) if text else "")
        elif text:
            cell.value = Decimal(text)
        cell.alignment, cell.font = CENTRED, font(12, bold=True)
        self._open(cell, opened=opened)
        if opened:
            self.limits.answer(cell.coordinate, answer)

    def _beside(self, one: Asked) -> None:
        """Does it apply, why not, and what else there is to say: once for the whole row."""
        if layout.ABSENT in self.place:
            absent, reason = self._cell(layout.ABSENT), self._cell(layout.REASON)
            self._written(absent, layout.YES if one.typed.not_applicable else "", opened=one.drops)
            self._written(reason, one.typed.reason, opened=one.says_why)
            if one.drops:
                self.limits.choice(absent.coordinate, (layout.YES,))
            if one.says_why:
                self.limits.length(reason.coordinate, REASON_LENGTH)
        remark = self._cell(layout.REMARK)
        self._written(remark, one.typed.remark, opened=bool(one.open))
        if one.open:
            self.limits.length(remark.coordinate, REMARK_LENGTH)

    def _written(self, cell: Cell, text: str, *, opened: bool) -> None:
        write_text(cell, text)
        cell.number_format = TEXT_FORMAT
        cell.alignment = CENTRED if len(text) < 2 else LEFT
        self._open(cell, opened=opened)

    @staticmethod
    def _open(cell: Cell, *, opened: bool) -> None:
        cell.fill = INPUT if opened else GREY
        cell.protection = Protection(locked=not opened)

    def _joined(self, top: int, bottom: int) -> None:
        """The cells that an item has once over all of its lines, which together must hold the longest."""
        once = [column for column in self.columns if column.name not in {layout.CODE, "asked", layout.VALUE}]
        texts = ((str(self.sheet.cell(top, self.place[one.name]).value or ""), one.width) for one in once)
        lack = height(texts) - sum(self.sheet.row_dimensions[row].height or 0 for row in range(top, bottom + 1))
        if lack > 0:
            share = lack / (bottom - top + 1)
            for row in range(top, bottom + 1):
                now = self.sheet.row_dimensions[row].height or 0
                self.sheet.row_dimensions[row].height = min(now + share, TALLEST)
        if bottom > top:
            for column in once:
                place = self.place[column.name]
                self.sheet.merge_cells(start_row=top, end_row=bottom, start_column=place, end_column=place)

    # --- sums, for the eye only ---

    def _band(self, code: str, name: str, label: str, cells: Sequence[str], computed: int) -> None:
        for column in self.columns:
            cell = self._text(column.name, "", LEFT)
            cell.fill, cell.border, cell.font = BLUE, BOXED, font(bold=True)
        write_text(self._cell(layout.CODE), code)
        write_text(self._cell("key"), name)
        last = self.place["asked"] - 1
        self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=2, end_column=last)
        write_text(self._cell("asked"), label)
        value = self._cell(layout.VALUE)
        value.alignment = CENTRED
        if cells:
            value.value = sum_of(cells)
            self.subtotals.append(value.coordinate)
        if computed:
            write_text(self._cell(layout.REMARK), layout.WITHOUT.format(count=computed))
        self.sheet.row_dimensions[self.row].height = 34 if len(label) > 10 else 24

    def _grand_total(self) -> None:
        self.row += 1
        computed = sum(any(not answer.points for answer in one.answers) for one in self.asked)
        self._band(layout.TOTAL, "", layout.GRAND_TOTAL, list(self.subtotals), computed)

    # --- cells ---

    def _cell(self, name: str) -> Cell:
        return cast("Cell", self.sheet.cell(self.row, self.place[name]))

    def _address(self, name: str) -> str:
        return self._cell(name).coordinate

    def _text(self, name: str, text: str, alignment: Alignment) -> Cell:
        cell = self._cell(name)
        write_text(cell, text)
        cell.alignment = alignment
        return cell

    @staticmethod
    def _alignment(name: str) -> Alignment:
        return LEFT if name in {"text", "basis", "asked", "note", layout.REMARK, layout.REASON} else CENTRED
