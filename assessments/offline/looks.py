"""How the workbook looks: its type, its colours, how tall a row must be, and the paper."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import cast

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

INPUT, GREY, BLUE, HEAD = (PatternFill("solid", fgColor=one) for one in ("FFF7CC", "EDEFF2", "E3EDF7", "D5DEE8"))
FILLS = {"input": INPUT, "locked": GREY, "sum": BLUE}
BOXED = Border(*(Side(style="thin", color="9AA5B1"),) * 4)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
TEXT_FORMAT = "@"
LINE = 16.5
"""Points of a line of text, at the size of the form."""
TALLEST = 409.0
"""Points; no spreadsheet knows a taller row."""


@cache
def font(size: float = 11, *, bold: bool = False, color: str = "000000") -> Font:
    return Font("微软雅黑", size, bold=bold, color=color)


def height(texts: Iterable[tuple[str, float]]) -> float:
    """Points that a row needs for these texts in columns of these widths."""
    return max((sum(lines(line, width) for line in text.split("\n")) for text, width in texts), default=1) * LINE + 8


def lines(line: str, width: float) -> int:
    wide = sum(2.1 if unicodedata.east_asian_width(one) in "WFA" else 1.1 for one in line)
    return max(1, math.ceil(wide / max(width - 2, 1)))


def page_setup(sheet: Worksheet, head: int) -> None:
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = 9, "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.5, 0.6
    margins.header = margins.footer = 0.3
    sheet.print_title_rows = f"{head}:{head}"
    footer = cast("HeaderFooterItem", sheet.oddFooter)
    footer.center.text = "第 &P 页，共 &N 页"
