"""How much of a branch has been assessed over the years: year by year, and by union."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from assessments.aftermath.coverage import Coverage, Part, Year
from reports.standings.table import Column, Line, Table, Value


def tables(found: Coverage) -> Iterator[tuple[str, Table]]:
    years = [Line((year.year, _percent(year.ever.target), *_year(year))) for year in found.together.years]
    yield _("Year by year"), Table((Column(_("Year"), 8), Column(_("Target (%)"), 10), *_columns("")), years)
    names = [str(year.year) for year in found.together.years]
    if not names or not found.lines:
        return
    columns = [column for name in names for column in _columns(name)]
    lines = (
        Line((line.name or _("Directly under this union"), *(cell for year in line.years for cell in _year(year))))
        for line in found.lines
    )
    yield _("By union"), Table((Column(_("Union"), 36, number=False), *columns), lines)


def _columns(year: str) -> tuple[Column, ...]:
    ever = (_("assessed up to this year"), _("of them %"))
    alone = (_("assessed in this year alone"), _("of them %"))
    labels = (_("Organisations"), *ever, *alone)
    decimals = (None, None, 1, None, 1)
    return tuple(
        Column(f"{year} {label}".strip(), 14, decimals=shown) for label, shown in zip(labels, decimals, strict=True)
    )


def _year(year: Year) -> tuple[Value, ...]:
    return (year.ever.all, *_part(year.ever), *_part(year.alone))


def _part(part: Part) -> tuple[Value, Value]:
    """How many, and their share as the page cuts it."""
    return part.covered, Decimal(part.percent) if part.all else None


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else share * 100
