"""One item of a cycle's rubric, marked for all organisations that wait for it: what there is to mark, and its table."""

from assessments.byitem.load import Column, Line, column, lines
from assessments.byitem.overview import Entry, assesses_in, neighbours, overview, waiting_in
from assessments.byitem.render import Refusal, render_lines

__all__ = (
    "Column",
    "Entry",
    "Line",
    "Refusal",
    "assesses_in",
    "column",
    "lines",
    "neighbours",
    "overview",
    "render_lines",
    "waiting_in",
)
