"""How the points of each section are spread, in the rubric's order."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import CycleKind, What
from reports.charts import boxes
from reports.standings.losses import lost
from reports.standings.ranking import subjects
from reports.standings.scope import Scope
from reports.standings.table import Column, Line, Part
from reports.standings.totals import EMPTY, SPREAD, figures, shares
from reports.statistics import share, spread, tally


def parts(scope: Scope) -> list[Part]:
    return [by_section(scope, scope.kind)] if scope.kind else []


def by_section(scope: Scope, kind: CycleKind) -> Part:
    counts = tally(scope.figures(What.SECTION, "of", "points", kind=kind.kind_id))
    lines, drawn = [], []
    for one in subjects(kind).values():
        if one.what != What.SECTION:
            continue
        found = spread(counts.get(one.of, {}))
        reached = share(found.total / found.count, one.most) if found else None
        away = share(lost(one, found), one.most) if found else None
        lines.append(Line((one.label, *figures(found), one.most or None, reached, away)))
        if in_percent := spread(shares(counts.get(one.of, {}), one.most)):
            drawn.append((one.label, in_percent))
    title = _("Points by section: %(kind)s") % {"kind": kind.kind.name}
    return Part(
        title,
        _(
            "With bonuses and penalties, before limits that several items share. Where items do not apply, "
            "the rest of the section stands for it, as in the total. The picture shows per cent of the full points."
        ),
        (
            Column(gettext_lazy("Section"), 40, number=False),
            *SPREAD,
            Column(gettext_lazy("out of"), 10),
            Column(gettext_lazy("Average of the full points (%)"), 14, decimals=2),
            Column(gettext_lazy("Lost of the full points (%)"), 16, decimals=2),
        ),
        tuple(lines) if counts else (),
        boxes(title, _("For each section the median, the quartiles and the ends, in per cent."), drawn),
        str(EMPTY),
    )
