"""Who is where: how many assessments stand in which state, by kind and by branch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.workflow import State
from reports.charts import bars
from reports.standings.scope import Scope
from reports.standings.table import Column, Line, Part
from reports.standings.totals import branch_names
from reports.statistics import share

COLUMNS = (
    Column(gettext_lazy("All"), 10),
    *(Column(state.label, 12) for state in State),
    Column(gettext_lazy("With a final result (%)"), 14, decimals=2),
)

By = Mapping[str, Counter[State]]


def parts(scope: Scope) -> list[Part]:
    """One count over all assessments, whatever their state, and a query for the names of branches."""
    kinds: dict[int, Counter[State]] = defaultdict(Counter)
    paths: dict[str, Counter[State]] = defaultdict(Counter)
    found = scope.everybody.order_by().values_list("kind", "branch", "state").annotate(Count("pk"))
    for kind, path, state, count in found:
        kinds[kind][State(state)] += count
        paths[path][State(state)] += count
    names = branch_names(scope.cycle, set(paths))
    branches: dict[str, Counter[State]] = defaultdict(Counter)
    for path, states in sorted(paths.items()):
        branches[names[path]].update(states)
    in_order = {one.kind.name: kinds[key] for key, one in scope.kinds.items() if key in kinds}
    return [
        _part(_("Who is where, by kind"), Column(gettext_lazy("Kind"), 30, number=False), in_order),
        _part(_("Who is where, by branch"), Column(gettext_lazy("Branch"), 30, number=False), branches),
    ]


def _part(title: str, first: Column, found: By) -> Part:
    lines, drawn = [], []
    for name, states in found.items():
        counts = [states[state] for state in State]
        everyone = sum(counts)
        done = share(Decimal(states[State.FINAL]), Decimal(everyone - states[State.WITHDRAWN]))
        lines.append(Line((name, everyone, *counts, done)))
        drawn.append((name, done or Decimal(0), f"{done or 0}%"))
    return Part(
        title,
        _("Who was withdrawn needs no result and is not counted in the percentage."),
        (first, *COLUMNS),
        tuple(lines),
        bars(title, _("How many per cent have a final result."), drawn),
        _("Nobody is assessed here."),
    )
