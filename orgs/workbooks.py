"""Text into workbooks that people open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orgs.printable import printable

if TYPE_CHECKING:
    from openpyxl.cell import Cell

CELL_LIMIT = 32_767
"""UTF-16 units that a cell holds; more is cut silently by some programs and refused by others."""

ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet would take for a character that XML can't hold: _x000D_."""


def write_text(cell: Cell, text: str) -> None:
    """The one way of text into a workbook: as text, whatever it begins with, and without what would break the file."""
    told = ESCAPE.sub("_x005F_", printable(text))
    cut = told.encode("utf-16-le")[: 2 * CELL_LIMIT].decode("utf-16-le", errors="ignore")
    cell.value = cut or None
    if cut:
        cell.data_type = "s"
        cell.quotePrefix = True  # it stays text when someone edits the cell
