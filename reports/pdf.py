"""A ScoreTable -> PDF, by WeasyPrint: A4, fonts embedded, nothing fetched.

WeasyPrint does not carry a merged cell over the end of a page, so merged cells are parted there and their label stands
on each page, as in the Word documents. Where pages end is known only after a layout: the first card of a rubric is laid
out several times, the others once, because what decides it, the wording, is the same for all of them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from reports import fit
from reports.paper import ONE_AT_A_TIME, NothingFetched, Paper, engine, numbered
from reports.tables import Cell, Heading, Line, Role, ScoreTable
from reports.tables.cards import LANGUAGE

PORTRAIT = 184
"""Millimetres of columns that a portrait page holds."""

ATTEMPTS = 5

TYPE, SMALLEST = 10.5, 6.0
"""Points: of the table, and of the longest number in the narrowest column."""

PADDING = 1.4
"""Millimetres at both sides of a centred cell, borders included."""

BOTTOM = 17 / 25.4 * 96
"""The margin below the table in the layout's pixels, as in the stylesheet."""

WASTE = 22 / 25.4 * 96
"""How much of a page may stay empty to keep rows of a section together."""

SAVING, MARGINS = 0.2, 0.1
"""Parts of a page: what a page gains when it has less air, at most, and what it gives to margins and head."""

GAP = 3 / 25.4 * 96
"""Between the table and what stands below it."""

COMPANY = 35 / 25.4 * 96
"""How much of rows goes along when the total needs a page more."""

Starts = frozenset[int]
"""Rows that begin a page, the first page aside."""

KNOWN = 1000

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # else eight lines a card


@dataclass(frozen=True, slots=True)
class Plan:
    """How a card goes onto pages."""

    starts: Starts
    dense: bool = False


_known: dict[int, Plan] = {}


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell as it stands on its page. `size` is the type of a number that is long for its column."""

    cell: Cell
    text: str
    size: str


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row as it stands on its page."""

    cells: tuple[PageCell, ...]
    total: bool
    starts: bool


def render(table: ScoreTable) -> bytes:
    with ONE_AT_A_TIME, translation.override(LANGUAGE):
        return bytes(laid_out(table).write_pdf())


def laid_out(table: ScoreTable) -> Any:
    """WeasyPrint's document of a card, with each merged cell inside one page. For whoever holds ONE_AT_A_TIME."""
    key = _skeleton(table)
    plan = _known.get(key)
    if plan:
        document = _layout(table, plan)
        if _starts(document) <= plan.starts:
            return document
    plan = _first_plan(table)
    for _attempt in range(ATTEMPTS):
        document = _layout(table, plan)
        found = _starts(document)
        if found <= plan.starts:
            break
        # a label that needs more room than its part of the section moves rows: what was parted once stays parted
        plan = replace(plan, starts=plan.starts | found)
    if len(_known) >= KNOWN:
        _known.clear()
    _known[key] = plan
    return document


def _first_plan(table: ScoreTable) -> Plan:
    """Where pages end when no cell is merged; with less air where that saves a page."""
    usual = _layout(table, None)
    last = _last_page(usual)
    overflow = usual.pages[last].anchors["end"][3] / usual.pages[last].height
    if last and overflow < SAVING * last + MARGINS:
        dense = _layout(table, None, dense=True)
        if _last_page(dense) < last:
            return Plan(_planned(table, dense), dense=True)
    return Plan(_planned(table, usual))


def _planned(table: ScoreTable, document: Any) -> Starts:
    """Page ends for the rows of a layout without merged cells, by their measured heights."""
    if _last_page(document) == 0:
        return frozenset()
    pages = [
        {row: box for name, box in page.anchors.items() if (row := _row(name)) is not None} for page in document.pages
    ]
    tops = [min(box[1] for box in page.values()) for page in pages if page]
    heights = [box[3] - box[1] for _number, box in sorted(pair for page in pages for pair in page.items())]
    below = next(page.anchors["below"] for page in document.pages if "below" in page.anchors)
    opens = [row.opens for row in table.rows if not row.total]
    tail = sum(heights[len(opens) :]) + below[3] - below[1] + GAP
    bottom = document.pages[0].height - BOTTOM
    return paginated(opens, heights[: len(opens)], (bottom - tops[0], bottom - tops[-1]), tail)


def paginated(opens: list[bool], heights: list[float], rooms: tuple[float, float], tail: float) -> Starts:
    """The rows that begin a page when `rooms` are the heights of the first page and of the others.

    Pages are filled, but no section leaves one row behind or sends one ahead where that costs at most WASTE. `tail`,
    the total and what stands below, is on one page with some rows before it.
    """
    starts: list[int] = []
    top, room = 0, rooms[0]
    for row in range(len(opens)):
        if row > top and sum(heights[top : row + 1]) > room:
            top, room = max(_nicer(opens, heights, row), top + 1), rooms[1]
            starts.append(top)
    if opens and sum(heights[top:]) + tail > room and top < len(opens) - 1:
        begin = len(opens) - 1
        while begin > top + 1 and _goes_along(heights[begin - 1 :], rooms[1] - tail):
            begin -= 1
        starts.append(max(_nicer(opens, heights, begin), top + 1))
    return frozenset(starts)


def _goes_along(heights: list[float], room: float) -> bool:
    """Whether the first of these rows goes along with the others to the last page."""
    return heights[0] <= WASTE and sum(heights[1:]) < COMPANY and sum(heights) <= room


def _nicer(opens: list[bool], heights: list[float], row: int) -> int:
    """`row`, or the row before it where that keeps two rows of a section together cheaply."""
    if opens[row] or heights[row - 1] > WASTE:
        return row
    alone = row + 1 == len(opens) or opens[row + 1]
    return row - 1 if opens[row - 1] or alone else row


def _skeleton(table: ScoreTable) -> int:
    """A key for cards whose pages probably end alike: the same wording under about as much text."""
    wording = tuple(line.text for row in table.rows for cell in row.cells for line in cell.lines if len(line.text) > 9)
    above = sum(len(fact.value) for fact in table.facts) // 10
    return hash((table.title, table.subtitle, table.filled, bool(table.state), above, len(table.notes), wording))


def _row(name: str) -> int | None:
    """The number of the row that an anchor stands for."""
    return int(name[1:]) if name[:1] == "r" and name[1:].isdecimal() else None


def _starts(document: Any) -> Starts:
    rows = ([row for name in page.anchors if (row := _row(name)) is not None] for page in document.pages)
    return frozenset(first for first in (min(page, default=0) for page in rows) if first)


def _last_page(document: Any) -> int:
    """The page on which the card ends; remarks may follow."""
    return next(number for number, page in enumerate(document.pages) if "end" in page.anchors)


def _layout(table: ScoreTable, plan: Plan | None, *, dense: bool = False) -> Any:
    names = (table.organization, table.title + table.subtitle, str(table.year or ""))
    html = render_to_string(
        "reports/scorecard.html",
        {
            "card": table,
            "headings": list(_headings(table)),
            "rows": list(parted(table, plan.starts if plan else None)),
            "title": " ".join(name for name in names if name),
            "wide": sum(table.widths) > PORTRAIT,
            "dense": plan.dense if plan else dense,
        },
    )
    fonts, stylesheet = _engine()
    return Paper(html).render(font_config=fonts, stylesheets=[stylesheet, _widths(table.widths)])


def _engine() -> tuple[FontConfiguration, CSS]:
    return engine("scorecard.css", numbered())


@lru_cache(maxsize=256)
def _widths(widths: tuple[int, ...]) -> CSS:
    rules = (f".card col:nth-child({number}) {{ width: {width}mm }}" for number, width in enumerate(widths, start=1))
    return CSS(string="\n".join(rules), url_fetcher=NothingFetched())


# --- Merged cells -----------------------------------------------------------------------------------------------------


def _headings(table: ScoreTable) -> Iterator[tuple[Heading, str]]:
    """The headings, each with its text in lines that fit."""
    column = 0
    for heading in table.headings:
        width = sum(table.widths[column : column + heading.columns]) - PADDING
        yield heading, fit.balanced(heading.text, fit.room(width, TYPE))
        column += heading.columns


def parted(table: ScoreTable, starts: Starts | None) -> Iterator[PageRow]:
    """The rows with their merged cells parted where pages begin, the label in each part.

    Without known starts merged cells are parted at every row and say nothing, so that no page ends inside one.
    """
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for top, row in enumerate(table.rows):
        for cell in row.cells:
            for start, part in _parts(cell, top, starts):
                cells[start].append(part)
    for number, row in enumerate(table.rows):
        ordered = sorted(cells[number], key=lambda cell: cell.column)
        page_cells = tuple(_page_cell(cell, table.widths) for cell in ordered)
        yield PageRow(page_cells, row.total, bool(starts) and number in (starts or ()))


def _parts(cell: Cell, top: int, starts: Starts | None) -> Iterator[tuple[int, Cell]]:
    if cell.rows == 1:
        yield top, cell
    elif starts is None:
        nothing: tuple[Line, ...] = ()
        for row in range(top, top + cell.rows):
            yield row, replace(cell, rows=1, lines=nothing)
    else:
        cuts = [top, *sorted(row for row in starts if top < row < top + cell.rows), top + cell.rows]
        for start, end in pairwise(cuts):
            yield start, replace(cell, rows=end - start)


def _page_cell(cell: Cell, widths: tuple[int, ...]) -> PageCell:
    width = sum(widths[cell.column : cell.column + cell.columns]) - PADDING
    if cell.value is not None:
        size = fit.number_size(len(cell.number), width, TYPE, SMALLEST)
        return PageCell(cell, cell.number, f"size-{int(size)}" if size < TYPE else "")
    if cell.role in {Role.LABEL, Role.OFFICE, Role.POINTS}:
        return PageCell(cell, fit.balanced(cell.text, fit.room(width, TYPE)), "")
    return PageCell(cell, cell.text, "size-9" if cell.role == Role.SCORE else "")
