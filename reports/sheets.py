"""On how many sheets of paper a workbook's card is printed, so that its signatures do not stand alone on the last.

Programs ignore breaks of pages where a table is fitted to the paper's width. So a card that would end on a page with
hardly more than its signatures is fitted to a page less, and its type becomes a little smaller; or, where that would be
too small, its rows become a little higher, so that some of them come to stand on the last page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.fit import POINT

INCH = 25.4

SIDE, ABOVE, BELOW = 12.7, 15.2, 17.8
"""Margins in millimetres."""

WIDTH, HEIGHT = 210 - 2 * SIDE, 297 - ABOVE - BELOW

COMPANY = 35.0
"""Millimetres of rows, at least, that stand above the total and the signatures on the last page."""

SMALLEST = 0.85
"""How far the type may shrink to save a page."""

MISJUDGED = (0.87, 0.93, 0.97, 1.0, 1.04)
"""How small a card may turn out, as programs differ in how wide a column is: where 宋体 is missing they take the digits
of another font, which are wider, and shrink the table to the paper."""


AIR = tuple(1 + percent / 100 for percent in range(0, 32, 4))
"""How much higher the rows may become."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A card's rows in points, from the top.

    head   the row that is repeated on each page, by its place
    tail   the first row of what belongs together at the end: the total and what stands below it
    width  of all columns, in millimetres
    """

    heights: Sequence[float]
    head: int
    tail: int
    width: float

    @property
    def scale(self) -> float:
        """At which it is as wide as the paper, if it has to shrink for that."""
        return min(1.0, WIDTH / self.width)

    def pages(self, scale: float) -> list[int]:
        """The rows that begin a page where all is printed at this scale."""
        room, starts, used = HEIGHT / POINT / scale, [0], 0.0
        for row, height in enumerate(self.heights):
            if used and used + height > room:
                starts.append(row)
                used = self.heights[self.head]
            used += height
        return starts

    def ends_alone(self, most: int = 0) -> bool:
        """Whether the last of several pages, `most` at most, may have hardly more than the tail, or a part of it."""
        scales = [self.scale * misjudged for misjudged in MISJUDGED]
        ends = [(scale, self.pages(scale)) for scale in scales]
        return any(
            1 < len(pages) <= (most or len(pages))
            and sum(self.heights[pages[-1] : self.tail]) * POINT * scale < COMPANY
            for scale, pages in ends
        )

    def with_air(self, air: float) -> Printed:
        """With higher rows in the table."""
        rows = slice(self.head + 1, self.tail)
        heights = list(self.heights)
        heights[rows] = [height * air for height in heights[rows]]
        return replace(self, heights=heights)


def fitted(card: Printed) -> tuple[int, float]:
    """The pages that the card is fitted to (0: as many as it needs), and by how much its rows are made higher for that.

    Programs shrink a table to its pages and never enlarge it. Where no page can be saved, higher rows give the last
    page some of the table.
    """
    if not card.ends_alone():
        return 0, 1.0
    pages = len(card.pages(card.scale * SMALLEST))
    return pages, next((air for air in AIR if not card.with_air(air).ends_alone(pages)), 1.0)
