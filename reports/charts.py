"""Rows -> SVG, for the page and the PDF alike: bars, and boxes with whiskers.

Everything is a presentation attribute: the site's policy forbids style attributes, and WeasyPrint gives a picture none
of the page's style sheets. Whoever can't see it reads title and description; the table beside it says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import count
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from reports.statistics import Spread, rounded
from rubrics.scoring.numbers import format_points

WIDTH, LABEL, VALUE = 760, 200, 90
"""The picture, and its columns of labels and of values."""

TOP, STEP = 22, 26
"""Room for the axis above boxes, and the height of a row."""

MARGIN = 4
LONGEST = 14
"""Characters of a label that stand beside its row; the table has it whole."""

MOST = 40
"""Rows of a picture; more can't be compared by eye."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where values stand between the left and the right end."""

    least: Decimal
    most: Decimal

    def x(self, value: Decimal) -> str:
        room = WIDTH - LABEL - VALUE
        reach = self.most - self.least
        part = (value - self.least) / reach if reach else Decimal(0)
        return f"{LABEL + part * room:.1f}"

    @property
    def ticks(self) -> list[dict[str, str]]:
        found = [self.least + (self.most - self.least) * step / 4 for step in range(5)]
        return [{"x": self.x(value), "text": format_points(value)} for value in found]


def bars(title: str, description: str, rows: Sequence[tuple[str, Decimal, str]]) -> SafeString | str:
    """A bar from 0 for each (label, value, value in words); no picture of nothing."""
    shown = rows[:MOST]
    most = max((value for _label, value, _words in shown), default=Decimal(0))
    if not most:
        return ""
    axis = Axis(Decimal(0), most)
    drawn = [
        {
            "width": f"{Decimal(axis.x(value)) - LABEL:.1f}",
            "end": axis.x(value),
            "words": words,
            **_line(MARGIN, number, label),
        }
        for number, (label, value, words) in enumerate(shown)
    ]
    return _picture("bars", title, description, drawn, axis)


def boxes(title: str, description: str, rows: Sequence[tuple[str, Spread]]) -> SafeString | str:
    """A box from the lower to the upper quartile with its median, whiskers to the ends; no picture of nothing."""
    shown = rows[:MOST]
    if not shown:
        return ""
    axis = Axis(*_ends(min(one.least for _label, one in shown), max(one.most for _label, one in shown)))
    drawn = [
        {
            **{name: axis.x(getattr(one, name)) for name in ("least", "lower", "median", "upper", "most")},
            "width": f"{Decimal(axis.x(one.upper)) - Decimal(axis.x(one.lower)):.1f}",
            "words": format_points(rounded(one.median)),
            **_line(TOP, number, label),
        }
        for number, (label, one) in enumerate(shown)
    ]
    return _picture("boxes", title, description, drawn, axis)


def _ends(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal]:
    """Round numbers around all values, in tens."""
    low, high = (least / 10).to_integral_value(ROUND_FLOOR) * 10, (most / 10).to_integral_value(ROUND_CEILING) * 10
    return low, high if high > low else low + 10


def _line(above: int, number: int, label: str) -> dict[str, Any]:
    top = above + number * STEP
    short = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    ys = {"top": top + 5, "middle": top + 13, "bottom": top + 21, "base": top + 17}
    return {"label": short, "full": label, **{name: str(value) for name, value in ys.items()}}


def _picture(shape: str, title: str, description: str, rows: list[dict[str, Any]], axis: Axis) -> SafeString:
    above = TOP if shape == "boxes" else MARGIN
    height = above + len(rows) * STEP + 8
    said = {
        "id": f"chart-{next(_numbers)}",
        "title": title,
        "description": description,
        "rows": rows,
        "ticks": axis.ticks if shape == "boxes" else (),
        "start": str(LABEL),
        "width": str(WIDTH),
        "height": str(height),
        "ceiling": str(above),
        "floor": str(height - 6),
        "right": str(WIDTH - 4),
        "labels": str(LABEL - 10),
    }
    return render_to_string(f"reports/standings/{shape}.svg", said)
