"""Scorecards of many organisations of a cycle: a zip of PDFs, one PDF with bookmarks, or a zip of workbooks.

`asked` has the keys of the cycle, a kind and a branch (None: all), and whether only final results are wanted.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports import batch
from reports.exports.cards import archive, merging, reading
from reports.exports.spec import ExportSpec

PDFS = ExportSpec(
    kind="cards_pdfs",
    label=_("Scorecards: a PDF for each organisation"),
    ending="zip",
    units=reading.units,
    make=archive.make_pdfs,
    join=archive.join,
    per_part=batch.TOGETHER,
)
MERGED = ExportSpec(
    kind="cards_merged",
    label=_("Scorecards: all in one PDF"),
    ending="pdf",
    units=reading.units,
    make=merging.make,
    join=merging.join,
    per_part=batch.TOGETHER,
)
WORKBOOKS = ExportSpec(
    kind="cards_workbooks",
    label=_("Scorecards: an Excel file for each organisation"),
    ending="zip",
    units=reading.units,
    make=archive.make_workbooks,
    join=archive.join,
    per_part=batch.TOGETHER,
)
SPECS = (PDFS, MERGED, WORKBOOKS)
