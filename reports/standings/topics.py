"""The pages of statistics: each a name, and what makes its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.standings import course, losses, sections, stages, totals
from reports.standings.scope import Scope
from reports.standings.table import Part


@dataclass(frozen=True, slots=True)
class Topic:
    """`word` is the address's."""

    word: str
    label: Promise
    parts: Callable[[Scope], list[Part]]


TOPICS = {
    one.word: one
    for one in (
        Topic("totals", _("Totals and branches"), totals.parts),
        Topic("sections", _("Sections"), sections.parts),
        Topic("losses", _("What is lost"), losses.parts),
        Topic("stages", _("Self-score and strictness"), stages.parts),
        Topic("course", _("Progress of the cycle"), course.parts),
    )
}
FIRST = TOPICS["totals"]
