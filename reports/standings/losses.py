"""Where points are lost most: sections and items of a kind's rubric by how far results stay below full points.

An item counts by its base points, whether a person gave them or a rule computed them; a section by all that it came to.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import CycleKind, What
from assessments.tallies import Figure
from reports.charts import bars
from reports.standings.ranking import Subject, subjects
from reports.standings.scope import Scope, rubric_of
from reports.standings.table import Column, Line, Part
from reports.statistics import Spread, rounded, share, spread, tally
from rubrics.rows import rows

MOST = 15

FIGURES = (
    Column(gettext_lazy("Full points"), 12),
    Column(gettext_lazy("Results"), 10),
    Column(gettext_lazy("Average"), 10, decimals=2),
    Column(gettext_lazy("Median"), 10, decimals=2),
    Column(gettext_lazy("Lost on average"), 14, decimals=2),
    Column(gettext_lazy("Lost of the full points (%)"), 16, decimals=2),
)
NUMBER = Column(gettext_lazy("No."), 10, number=False)
ITEM = Column(gettext_lazy("Item"), 60, number=False)
SECTION = Column(gettext_lazy("Section"), 40, number=False)

PER = ("of", "points")
"""What figures must tell apart for `lost_most`."""

Found = list[tuple[Subject, Spread]]


def parts(scope: Scope) -> list[Part]:
    """Two queries for the figures, however many organisations there are."""
    if scope.kind is None:
        return []
    return [by_section(scope, scope.kind), by_item(scope, scope.kind)]


def by_section(scope: Scope, kind: CycleKind) -> Part:
    found = lost_most(scope.figures(What.SECTION, *PER, kind=kind.kind_id), kind, What.SECTION)
    title = _("Sections where most points are lost: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _("What bonuses make up for is not lost. Sections that lose nothing are left out."),
        (SECTION, *FIGURES),
        tuple(Line((one.label, *_figures(one, values))) for one, values in found),
        bars(title, _("How many points each section loses on average."), _bars(found)),
        _("No section has lost a point so far."),
    )


def by_item(scope: Scope, kind: CycleKind) -> Part:
    """The items that lose most, the most first; those that lose nothing are left out."""
    found = lost_most(scope.figures(What.ITEM, *PER, kind=kind.kind_id), kind, What.ITEM)[:MOST]
    by_key = {row.pk: row for row in rows(rubric_of(kind))}
    title = _("Items where most points are lost: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _("The %(most)s items that lose most, by the official sheets; bonuses are not counted.") % {"most": MOST},
        (NUMBER, ITEM, *FIGURES),
        tuple(Line((by_key[one.of].number, by_key[one.of].text, *_figures(one, values))) for one, values in found),
        bars(title, _("How many points each item loses on average."), _bars(found)),
        _("No item has lost a point so far."),
    )


def lost_most(figures: Iterable[Figure], kind: CycleKind, what: What) -> Found:
    """The kind's sections or items that stay below full points on average, the furthest first."""
    asked = [one for one in subjects(kind).values() if one.what == what and one.most]
    counts = tally(figures)
    found = [(one, values) for one in asked if (values := spread(counts.get(one.of, {})))]
    return sorted(((one, values) for one, values in found if lost(one, values) > 0), key=lambda each: -lost(*each))


def lost(subject: Subject, found: Spread) -> Decimal:
    return subject.most - found.total / found.count


def _figures(subject: Subject, found: Spread) -> tuple[Decimal | int | None, ...]:
    away = lost(subject, found)
    average = (subject.most, found.count, found.mean, rounded(found.median))
    return (*average, rounded(away), share(away, subject.most))


def _bars(found: Found) -> list[tuple[str, Decimal, str]]:
    return [(one.label, lost(one, values), str(rounded(lost(one, values)))) for one, values in found]
