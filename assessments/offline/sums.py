"""The formulas of the sheet that people fill in: sums for the eye, which nothing reads back."""

from __future__ import annotations

from collections.abc import Iterable

MOST_ARGUMENTS = 250
"""What a formula takes."""


def sum_of(cells: Iterable[str]) -> str:
    """The sum of these addresses of one column; nothing where nothing stands in them."""
    summed = ",".join(_ranges(cells)[:MOST_ARGUMENTS])
    return f'=IF(COUNT({summed})=0,"",SUM({summed}))'


def _ranges(cells: Iterable[str]) -> list[str]:
    """Addresses of one column, neighbours as one range."""
    found: list[list[str]] = []
    for cell in cells:
        row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if found and int(found[-1][1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) == row - 1:
            found[-1][1] = cell
        else:
            found.append([cell, cell])
    return [first if first == last else f"{first}:{last}" for first, last in found]
