"""The pages of a cycle, as tabs of its frame: which there are, and who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.permissions import may_follow_decisions, may_read_standings, may_remind, works_above_units

if TYPE_CHECKING:
    from assessments.models import Cycle
    from orgs.models import User


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a cycle; `seen_by` is the predicate that its view asks."""

    route: str
    label: Promise
    seen_by: Callable[[User, Cycle], bool]


def everybody(_user: User, _cycle: Cycle) -> bool:
    return True


TABS: tuple[Tab, ...] = (
    Tab("cycles:detail", _("Overview"), everybody),
    Tab("reminders:list", _("Not submitted"), may_remind),
    Tab("draws:list", _("Spot checks"), may_follow_decisions),
    Tab("grading:table", _("Grading"), may_follow_decisions),
    Tab("notices:list", _("Public notice"), may_follow_decisions),
    Tab("reports:ranking", _("Ranking"), may_read_standings),
    Tab("reports:statistics", _("Statistics"), may_read_standings),
    Tab("reports:cards", _("Scorecards"), works_above_units),
    Tab("objections:list", _("Objections"), everybody),
    Tab("consequences:list", _("Consequences"), works_above_units),
    Tab("year_reports:list", _("Yearly reports"), works_above_units),
)


@dataclass(frozen=True, slots=True)
class Shown:
    label: str
    url: str
    current: bool


def tabs(user: User, cycle: Cycle, current: str) -> list[Shown]:
    """The tabs that the person sees; `current` is the route of the page at hand. One tab alone is none."""
    seen = [tab for tab in TABS if tab.seen_by(user, cycle)]
    found = [Shown(str(tab.label), reverse(tab.route, args=[cycle.pk]), tab.route == current) for tab in seen]
    return found if len(found) > 1 else []
