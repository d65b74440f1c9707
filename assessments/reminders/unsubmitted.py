"""谁没报: who has not handed in, assessed or reviewed in a cycle, as text to be copied into a chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.deadlines import effective, extended_now, in_words, last_day, overdue
from assessments.listing import branches
from assessments.models import Assessment, Cycle
from assessments.queries import under, visible_to
from assessments.workflow import STATE_OF, Stage
from orgs.models import Organization, User

SHOWN = 500
"""Organisations on the page; the file has them all."""

HEADING = {
    Stage.SELF: gettext_lazy("“%(cycle)s”: %(count)s without a self-score so far"),
    Stage.ASSESS: gettext_lazy("“%(cycle)s”: %(count)s not assessed so far"),
    Stage.REVIEW: gettext_lazy("“%(cycle)s”: %(count)s not reviewed so far"),
}
ASKING = {
    Stage.SELF: gettext_lazy("Please hand in soon. Who needs more time asks the superior union. Thank you!"),
    Stage.ASSESS: gettext_lazy("Please assess soon. Thank you!"),
    Stage.REVIEW: gettext_lazy("Please review soon. Thank you!"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of those who have not submitted: at a stage, in a branch, or only those whose last day has passed."""

    stage: Stage
    branch: Organization | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    """The answer: `text` has the first `shown` of `count`."""

    count: int
    shown: int
    text: str

    @property
    def lines(self) -> int:
        """How high the field is in which it stands."""
        return min(self.text.count("\n") + 2, 22)


def counties(user: User, cycle: Cycle) -> QuerySet[Organization]:
    """The unions right under the cycle's branch that have organisations of their own, as far as the person sees any."""
    own = Organization.objects.filter(parent=OuterRef("pk"))
    return branches(user).filter(Exists(own), parent=cycle.branch_id).order_by("path")


def waiting(user: User, cycle: Cycle, asked: Asked) -> QuerySet[Assessment]:
    """Those whom the person sees, in tree order, served by the index by cycle, state and path."""
    found = visible_to(user).filter(cycle=cycle, state=STATE_OF[asked.stage])
    if asked.branch:
        found = found.filter(under(asked.branch))
    return (overdue(found) if asked.overdue else found).order_by("path")


def unsubmitted(user: User, cycle: Cycle, asked: Asked, most: int | None = SHOWN) -> Unsubmitted:
    """Two queries, however many there are. `most` None: all of them."""
    found = waiting(user, cycle, asked)
    count = found.order_by().count()
    rows = _rows(found, asked.stage)
    shown = list(islice(rows, most))
    return Unsubmitted(count, len(shown), "\n".join(_lines(cycle, asked, count, shown)) if count else "")


def _rows(found: QuerySet[Assessment], stage: Stage) -> Iterable[Any]:
    """Who has to act is the organisation itself, or the union that has it in hand: theirs is the telephone."""
    party = "reviewer" if stage == Stage.REVIEW else "assessor"
    acting = "organization" if stage == Stage.SELF else party
    beside = {
        "union_name": F(f"{party}__name"),
        "contact": F(f"{acting}__contact"),
        "phone": F(f"{acting}__phone"),
        "last_day": effective(stage),
        "extended_to": extended_now(),
    }
    return found.annotate(**beside).values_list(party, "name", *beside, named=True).iterator(chunk_size=2000)


def _lines(cycle: Cycle, asked: Asked, count: int, rows: list[Any]) -> Iterable[str]:
    organizations = ngettext("%(count)d organisation", "%(count)d organisations", count) % {"count": count}
    yield str(HEADING[asked.stage]) % {"cycle": cycle.name, "count": organizations}
    day = last_day(cycle, asked.stage)
    if day:
        yield _("Deadline: %(day)s (%(words)s)") % {"day": day.isoformat(), "words": in_words(day)}
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    for group in groups.values():
        yield ""
        yield _group(asked.stage, group)
        for number, row in enumerate(group, 1):
            yield _line(asked.stage, number, row, day)
    if len(rows) < count:
        yield _("… and %(count)d more") % {"count": count - len(rows)}
    yield ""
    yield str(ASKING[asked.stage])


def _group(stage: Stage, group: list[Any]) -> str:
    head = _("%(union)s (%(count)d)") % {"union": group[0].union_name, "count": len(group)}
    return head if stage == Stage.SELF else " ".join(filter(None, (head, group[0].contact, group[0].phone)))


def _line(stage: Stage, number: int, row: Any, common: date | None) -> str:
    """The name, of the self-score with whom to call, and the day where the organisation has one of its own."""
    parts = [f"{number}. {row.name}"]
    if stage == Stage.SELF:
        parts += [part for part in (row.contact, row.phone) if part]
    if row.extended_to and row.last_day != common:
        parts.append(_("(until %(day)s)") % {"day": row.last_day.isoformat()})
    return " ".join(parts)


def today_named(cycle: Cycle, asked: Asked) -> tuple[str, ...]:
    """The parts of the file's name."""
    parts = (cycle.name, asked.branch.name if asked.branch else "", str(asked.stage.label))
    return (*parts, timezone.localdate().isoformat())
