"""All marks of the organisations of one kind in a cycle (汇总表): organisations down, items across.

As a workbook with a sheet for each stage, as CSV with a row for each organisation, and as CSV with a row for each item
of each sheet. `asked` has the keys of cycle, kind and branch (None: all), and a stage ("": all that the person reads).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reports.exports.marks import book, plain, reading
from reports.exports.spec import ExportSpec

PER_PART = 1000
"""Organisations read at once: a fixed number of queries, and a few megabytes."""

WORKBOOK = ExportSpec(
    kind="marks_xlsx",
    label=_("Excel: a sheet for each stage, a row for each organisation"),
    ending="xlsx",
    units=reading.units,
    make=reading.keep,
    join=book.join,
    per_part=PER_PART,
)
PLAIN = ExportSpec(
    kind="marks_csv",
    label=_("CSV: a row for each organisation"),
    ending="csv",
    units=reading.units,
    make=plain.make,
    join=plain.join,
    per_part=PER_PART,
)
LONG = ExportSpec(
    kind="marks_long",
    label=_("CSV: a row for each item of each sheet, with answers and remarks"),
    ending="csv",
    units=reading.units,
    make=plain.make_long,
    join=plain.join_long,
    per_part=PER_PART,
)
SPECS = (WORKBOOK, PLAIN, LONG)
