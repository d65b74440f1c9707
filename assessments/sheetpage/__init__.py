"""The scoring page of one stage: what it shows, its sums, its HTML."""

from assessments.sheetpage.claims import told_claims
from assessments.sheetpage.load import SheetPage, load
from assessments.sheetpage.render import clock, in_short, item_state, names_of, render_grid
from assessments.sheetpage.sums import rows_of, summary

__all__ = (
    "SheetPage",
    "clock",
    "in_short",
    "item_state",
    "load",
    "names_of",
    "render_grid",
    "rows_of",
    "summary",
    "told_claims",
)
