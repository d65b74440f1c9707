"""Who sees which objections, which notice takes them, and who objected, which `identity` alone tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import (
    OPEN_OBJECTIONS,
    Assessment,
    Channel,
    Cycle,
    IdentityLook,
    Notice,
    Objection,
    ObjectionState,
    SnapshotRow,
)
from assessments.permissions import may_follow_decisions, may_handle, may_object
from assessments.publications import Window, newest, window
from assessments.queries import cycles_visible_to, visible_to
from orgs.permissions import posts
from orgs.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import User

MATCHES = 10
"""Organisations offered when a typed name fits several."""

LOOKS = 20
"""The last looks at who objected that are named to those who handle the objection."""

SECRETS = ("organization", "objector", "objector_contact", "registered_by")
"""Columns that say who objected."""


def objections_visible_to(user: User | AnonymousUser) -> QuerySet[Objection]:
    """Objections to results that the person reads, and those that they or a union that they chair entered."""
    chaired = {post.organization_id for post in posts(user) if post.role == Role.CHAIR}
    entered = Q(registered_by=user.pk, channel=Channel.LOGIN) | Q(organization__in=chaired)
    return Objection.objects.filter(Q(assessment__in=visible_to(user).order_by().values("pk")) | entered)


def objectionable_by(user: User | AnonymousUser) -> QuerySet[Assessment]:
    """Assessments whose published result the person can see by login: those of the cycles that they see."""
    published = SnapshotRow.objects.filter(assessment=OuterRef("pk"))
    return Assessment.objects.filter(Exists(published), cycle__in=cycles_visible_to(user).order_by().values("pk"))


def notice_on(cycle: Cycle, day: date) -> Notice | None:
    """The notice of the cycle that ran on a day; of several the newest."""
    running = Notice.objects.filter(snapshot__cycle=cycle, starts_on__lte=day, ends_on__gte=day)
    return running.select_related("snapshot").order_by("-snapshot__number").first()


def no_notice(cycle: Cycle) -> str:
    """Why no notice of the cycle takes objections today; empty where one does."""
    snapshot = newest(cycle)
    if cycle.closed_at:
        return _("The cycle is closed: its results stand, and objections can't be entered any more.")
    if snapshot is None:
        return _("The results are not on public notice yet; objections can be entered when they are.")
    day = {"from": snapshot.notice.starts_on.isoformat(), "to": snapshot.notice.ends_on.isoformat()}
    if window(snapshot.notice) == Window.BEFORE:
        return _("Objections can be entered from the first day of the notice on, %(from)s.") % day
    if notice_on(cycle, timezone.localdate()):
        return ""
    return (
        _("The notice ended with %(to)s, and with it the time for objections.")
        + " "
        + _("Who objected in time in person, by letter or by telephone is registered by the deciding union.")
    ) % day


def published_row(notice: Notice, assessment: Assessment) -> SnapshotRow | None:
    return SnapshotRow.objects.filter(snapshot=notice.snapshot_id, assessment=assessment).first()


def is_overdue(objection: Objection) -> bool:
    """Whether it should have been settled; nothing follows from that by itself."""
    return objection.state in OPEN_OBJECTIONS and timezone.localdate() > objection.due_on


def rechecked_beside(objection: Objection) -> Objection | None:
    """Another objection to the same result that is being rechecked: this one waits for it."""
    others = Objection.objects.filter(assessment=objection.assessment_id, state=ObjectionState.RECHECKING)
    return others.exclude(pk=objection.pk).only("pk", "number").first()


def upheld_since_publishing(cycle: Cycle) -> QuerySet[Objection]:
    """Objections that changed a result which has not been published anew."""
    upheld = Objection.objects.filter(notice__snapshot__cycle=cycle, state=ObjectionState.UPHELD)
    snapshot = newest(cycle)
    return upheld.filter(settled_at__gt=snapshot.at) if snapshot else upheld.none()


def listed(user: User, cycle: Cycle, *, open_only: bool) -> QuerySet[Objection]:
    """The objections of a cycle that the person sees, those that are not settled first; without who objected."""
    found = objections_visible_to(user).filter(notice__snapshot__cycle=cycle)
    if open_only:
        found = found.filter(state__in=OPEN_OBJECTIONS)
    open_first = Case(When(state__in=OPEN_OBJECTIONS, then=Value(0)), default=Value(1))
    return found.select_related("assessment").defer(*SECRETS).order_by(open_first, "due_on", "-pk")


@dataclass(frozen=True, slots=True)
class Card:
    """The objections to a published result, for its page. `may_object`: one can be entered now."""

    objections: tuple[Objection, ...]
    may_object: bool


def card(user: User, assessment: Assessment) -> Card:
    """Of an assessment whose result is published. Without who objected."""
    found = tuple(Objection.objects.filter(assessment=assessment).defer(*SECRETS))
    for one in found:
        one.overdue = is_overdue(one)  # type: ignore[attr-defined]
    return Card(found, may_object(user) and not no_notice(assessment.cycle))


def published_named(cycle: Cycle, typed: str) -> list[SnapshotRow]:
    """Rows of the newest notice by a part of the organisation's name or its pinyin: the first few."""
    snapshot = newest(cycle)
    if snapshot is None:
        return []
    match = Q(name__contains=typed)
    if typed.isascii():
        match |= Q(sort_key__contains=typed.lower().replace(" ", ""))
    return list(SnapshotRow.objects.filter(match, snapshot=snapshot).order_by("path")[:MATCHES])


@dataclass(frozen=True, slots=True)
class Identity:
    """Who objected. Only for who handles the objection."""

    objector: str
    contact: str
    organization: str
    channel: str
    registered_by: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How often it was looked at who objected, by how many people; who and when only for who handles the objection."""

    times: int
    people: int
    named: tuple[IdentityLook, ...] = ()


def looks(user: User, objection: Objection) -> Looks | None:
    """For who handles the objection, and for who oversees how the cycle is decided; None: not for this person."""
    handles = may_handle(user, objection)
    if not handles and not may_follow_decisions(user, objection.assessment.cycle):
        return None
    counted = objection.looks.aggregate(times=Count("pk"), people=Count("by", distinct=True))
    named = objection.looks.select_related("by")[:LOOKS] if handles else ()
    return Looks(**counted, named=tuple(named))


def identity(user: User, objection: Objection) -> Identity | None:
    if not may_handle(user, objection):
        return None
    return Identity(
        objector=objection.objector,
        contact=objection.objector_contact,
        organization=objection.organization.name if objection.organization else "",
        channel=str(objection.get_channel_display()),
        registered_by=str(objection.registered_by),
    )
