"""How an objection went and where it stands, as its page shows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.figures import in_figures
from assessments.models import OPEN_OBJECTIONS, Objection, ObjectionState
from assessments.objecting.changes import Change, changes, stage_of
from assessments.permissions import may_read_sheet
from assessments.standing import AHEAD, DONE, NOW
from assessments.workflow import State
from orgs.models import User
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points


@dataclass(frozen=True, slots=True)
class Stop:
    """A station of an objection: registered, rechecked, settled."""

    label: str
    phase: str
    at: date | None = None
    until: date | None = None


def way(objection: Objection) -> list[Stop]:
    """The stations in order. One that was settled without a recheck passed none."""
    settled = objection.state not in OPEN_OBJECTIONS
    waiting = objection.state == ObjectionState.OPEN
    stops = [Stop(_("Registered"), NOW if waiting else DONE, objection.received_on)]
    if objection.recheck or not settled:
        begun = timezone.localdate(objection.recheck.at) if objection.recheck else None
        stops.append(Stop(_("Recheck"), AHEAD if waiting else DONE if settled else NOW, begun))
    if objection.settled_at:
        label = str(objection.get_state_display())
        return [*stops, Stop(label, DONE, timezone.localdate(objection.settled_at))]
    return [*stops, Stop(_("Settled"), AHEAD, until=objection.due_on)]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a recheck changed: its items, and the sum before and after."""

    changes: tuple[Change, ...]
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after or any(change.differs for change in self.changes)


def outcome_of_recheck(user: User, objection: Objection) -> Rechecked | None:
    """For who may read the sheet, and not before it is closed again."""
    assessment, stage = objection.assessment, stage_of(objection)
    running = objection.state == ObjectionState.RECHECKING and assessment.state != State.FINAL
    if stage is None or running or not may_read_sheet(user, assessment, stage):
        return None
    after = assessment.points if objection.state == ObjectionState.RECHECKING else objection.points_after
    return Rechecked(tuple(changes(objection)), _figures(objection.points_before), _figures(after))


def _figures(points: Decimal | None) -> str:
    return "" if points is None else in_figures(points)


@dataclass(frozen=True, slots=True)
class Tickable:
    """An item of a form's list. `alone`: nobody is left to mark it again."""

    key: str
    text: str
    points: str
    ticked: bool
    alone: bool


def tickable(lines: Sequence[Row], form: forms.Form, alone: Collection[str] = ()) -> list[Tickable]:
    ticked = set(form["items"].value() or ())
    return [
        Tickable(row.key, row.text, format_points(row.points), row.key in ticked, row.key in alone) for row in lines
    ]
