"""What a table of figures says, before page, workbook and PDF draw it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rubrics.scoring.numbers import format_points

Value = str | int | Decimal | None

SHOWN = 100
"""Rows of a part on the page and on paper; the workbook has all."""


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters of a workbook; `decimals` are always shown; `sort` is the word of the address."""

    label: str | Promise
    width: int = 10
    number: bool = True
    decimals: int | None = None
    sort: str = ""

    def text(self, value: Value) -> str:
        """As it stands on page and paper."""
        if value is None or isinstance(value, str):
            return value or ""
        if self.decimals is not None:
            return f"{value:.{self.decimals}f}"
        return format_points(Decimal(value))


@dataclass(frozen=True, slots=True)
class Line:
    """A row; `url` leads from its first text."""

    cells: tuple[Value, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as the page draws it."""

    text: str
    label: str
    number: bool
    url: str

    @property
    def html(self) -> str:
        """A template that did this would take longer than all queries of the page."""
        text = f'<a href="{escape(self.url)}">{escape(self.text)}</a>' if self.url else escape(self.text)
        return f'<td{NUMBER if self.number else ""} data-label="{escape(self.label)}">{text}</td>'


NUMBER = ' class="number"'


def body(rows: Iterable[Iterable[Shown]]) -> SafeString:
    """The body of a table."""
    lines = "".join(f"<tr>{''.join(cell.html for cell in row)}</tr>\n" for row in rows)
    return mark_safe(f"<tbody>{lines}</tbody>")  # noqa: S308  # every text went through escape


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    lines: Iterable[Line]

    def rows(self) -> list[list[Shown]]:
        named = next((number for number, column in enumerate(self.columns) if not column.number), 0)
        columns = [(column, str(column.label), at == named) for at, column in enumerate(self.columns)]
        return [
            [
                Shown(column.text(value), label, column.number, line.url if leads else "")
                for (column, label, leads), value in zip(columns, line.cells, strict=True)
            ]
            for line in self.lines
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """A table with its heading, a sentence on how to read it, and a picture. `empty` is said instead of no rows.

    shown  rows on page and paper
    """

    title: str
    note: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    chart: SafeString | str = ""
    empty: str = ""
    shown: int = SHOWN

    @property
    def table(self) -> Table:
        return Table(self.columns, self.lines)

    @property
    def first(self) -> list[list[Shown]]:
        return Table(self.columns, self.lines[: self.shown]).rows()

    @property
    def body(self) -> SafeString:
        return body(self.first)

    @property
    def left_out(self) -> int:
        return max(len(self.lines) - self.shown, 0)
