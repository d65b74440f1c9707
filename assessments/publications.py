"""Reading what was published: what stands against publishing, whether a snapshot holds, what it says today.

A snapshot's digest is SHA-256 over the snapshot itself, its rows in the order of their assessments, and the digest of
the snapshot before it: a row that was changed, lost or slipped in shows (trust.md, invariant 12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments import grading
from assessments.aftermath.consequences import undecided_revisits
from assessments.deadlines import in_words
from assessments.grading.words import days_in_words
from assessments.models import OPEN_OBJECTIONS, Cycle, Notice, Objection, Snapshot, SnapshotRow

FINEST = Decimal("0.0001")
OWN = ("id", "snapshot")
"""Columns that say where a row stands, not what it says."""

CONTENT = tuple(field.attname for field in SnapshotRow._meta.concrete_fields if field.name not in OWN)
RESULT = tuple(name for name in CONTENT if name != "explanation")


class Window(models.TextChoices):
    """Where a day stands to a notice's window, both ends included."""

    BEFORE = "before", gettext_lazy("Not yet begun")
    RUNNING = "running", gettext_lazy("Now on notice")
    OVER = "over", gettext_lazy("Over")


def window(notice: Notice, today: date | None = None) -> Window:
    """By the server's day in Asia/Shanghai: the last day runs to its last second."""
    today = today or timezone.localdate()
    if today < notice.starts_on:
        return Window.BEFORE
    return Window.OVER if today > notice.ends_on else Window.RUNNING


def newest(cycle: Cycle) -> Snapshot | None:
    """The snapshot that counts, with its notice."""
    return Snapshot.objects.filter(cycle=cycle).select_related("notice").order_by("-number").first()


def newest_notices() -> QuerySet[Notice]:
    """Of each cycle the notice that counts; those before it are superseded."""
    last = Snapshot.objects.filter(cycle=OuterRef("snapshot__cycle")).order_by("-number")
    return Notice.objects.filter(snapshot=Subquery(last.values("pk")[:1]))


def window_in_words(notice: Notice) -> str:
    """From which day to which, how long and how that is counted."""
    said = {
        "first": date_format(notice.starts_on),
        "last": date_format(notice.ends_on),
        "days": days_in_words(notice.days, notice.count),
    }
    return _("From %(first)s to the end of %(last)s, %(days)s, both days included.") % said


def left_in_words(notice: Notice, today: date | None = None) -> str:
    """How long a notice still runs, as its page says it."""
    today = today or timezone.localdate()
    stands = window(notice, today)
    if stands == Window.BEFORE:
        return _("begins on %(day)s") % {"day": date_format(notice.starts_on)}
    if stands == Window.OVER:
        return _("over since the end of %(day)s") % {"day": date_format(notice.ends_on)}
    return in_words(notice.ends_on, today)


# --- What stands against it -------------------------------------------------------------------------------------------


def against_publishing(cycle: Cycle) -> list[str]:
    """Sentences: what has to be settled before the present results can be published."""
    return [*grading.unresolved(cycle), *_open_objections(cycle), *undecided_revisits(cycle)]


def against_closing(cycle: Cycle) -> list[str]:
    """Sentences: why the cycle can't be closed now."""
    snapshot = newest(cycle)
    if snapshot is None:
        return [_("The results have not been published yet.")]
    found = _open_objections(cycle)
    if window(snapshot.notice) != Window.OVER:
        last = {"day": date_format(snapshot.notice.ends_on)}
        found.append(_("The notice runs until the end of %(day)s; the cycle can be closed from the day after.") % last)
    if not is_current(snapshot):
        found.append(_("The results have changed since the last notice: please publish them again."))
    return found


def _open_objections(cycle: Cycle) -> list[str]:
    count = Objection.objects.filter(notice__snapshot__cycle=cycle, state__in=OPEN_OBJECTIONS).count()
    if not count:
        return []
    told = ngettext("%(count)d objection is not settled yet.", "%(count)d objections are not settled yet.", count)
    return [told % {"count": count}]


# --- What a notice shows ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a notice's table has beside the name and the points."""

    maximum: bool
    awarded: bool
    qualified: bool

    @property
    def width(self) -> int:
        return 2 + self.awarded + self.qualified


def published_rows(snapshot: Snapshot) -> QuerySet[SnapshotRow]:
    """What everybody reads of a snapshot, in ranking order: organisations with a result."""
    return snapshot.rows.filter(points__isnull=False).order_by("pk")


def columns(rows: Collection[SnapshotRow]) -> Columns:
    """The columns that say something about these rows."""
    return Columns(
        maximum=len({row.maximum for row in rows}) > 1,
        awarded=any(row.band_rank is not None for row in rows),
        qualified=any(row.qualified is not None for row in rows),
    )


def columns_of(snapshot: Snapshot) -> Columns:
    """The same for all that a snapshot publishes, from one aggregate."""
    counted = published_rows(snapshot).aggregate(
        maximum=Count("maximum", distinct=True), awarded=Count("band_rank"), qualified=Count("qualified")
    )
    return Columns(counted["maximum"] > 1, bool(counted["awarded"]), bool(counted["qualified"]))


# --- What differs between two snapshots -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What a later snapshot says otherwise of an organisation; None where it is in only one of them."""

    old: SnapshotRow | None
    new: SnapshotRow | None

    @property
    def row(self) -> SnapshotRow | None:
        return self.new or self.old


def changes(old: Snapshot, new: Snapshot) -> list[Change]:
    """The organisations of which two snapshots say different things, in the order of the later one. Two queries."""
    before = {row.assessment_id: row for row in old.rows.order_by("pk")}
    found = []
    for row in new.rows.order_by("pk"):
        earlier = before.pop(row.assessment_id, None)
        if earlier is None or contents([earlier], RESULT) != contents([row], RESULT):
            found.append(Change(earlier, row))
    return [*found, *(Change(row, None) for row in before.values())]


# --- What a snapshot says ---------------------------------------------------------------------------------------------


def rows_of(cycle: Cycle) -> list[SnapshotRow]:
    """What would be published of a cycle now, in rows that belong to no snapshot yet; sentences in the site's language.

    They stand in ranking order. Seven queries at most, however many there are.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return [SnapshotRow(**_exact(verdict.values)) for verdict in grading.verdicts(cycle)]


def is_current(snapshot: Snapshot) -> bool:
    """Whether a snapshot still says what its cycle's assessments come to. How it is explained does not matter."""
    return fingerprint(snapshot.rows.all()) == fingerprint(rows_of(snapshot.cycle))


def fingerprint(rows: Iterable[SnapshotRow]) -> str:
    """The same for the same results."""
    return hashlib.sha256(json.dumps(contents(rows, RESULT)).encode()).hexdigest()


def contents(rows: Iterable[SnapshotRow], names: Sequence[str] = CONTENT) -> list[list[Any]]:
    """What rows say, in the order of their assessments."""
    ordered = sorted(rows, key=lambda row: row.assessment_id)
    return [[_plain(getattr(row, name)) for name in names] for row in ordered]


def digest_of(snapshot: Snapshot, rows: Iterable[SnapshotRow], previous: str) -> str:
    """SHA-256 over a snapshot, its rows and the digest of the snapshot before it, empty for the first."""
    own = [snapshot.cycle_id, snapshot.number, snapshot.at.astimezone(UTC).isoformat(), snapshot.by_id]
    content = [previous, own, snapshot.reason, snapshot.rules, contents(rows)]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def broken(snapshot: Snapshot) -> list[int]:
    """Numbers of the snapshots up to this one that do not hold: changed rows or a broken chain. Two queries."""
    chain = list(Snapshot.objects.filter(cycle=snapshot.cycle_id, number__lte=snapshot.number).order_by("number"))
    rows = SnapshotRow.objects.filter(snapshot__in=chain).order_by("snapshot__number").iterator(chunk_size=2000)
    by_snapshot = {key: list(found) for key, found in groupby(rows, key=lambda row: row.snapshot_id)}
    found, previous = [], ""
    for expected, one in enumerate(chain, 1):
        if one.number != expected or one.digest != digest_of(one, by_snapshot.get(one.pk, []), previous):
            found.append(one.number)
        previous = one.digest
    return found


def verify(snapshot: Snapshot) -> bool:
    """Whether the snapshot and all before it are as they were published."""
    return not broken(snapshot)


def _exact(values: dict[str, Any]) -> dict[str, Any]:
    """With decimals as the table keeps them."""
    return {name: value.quantize(FINEST) if isinstance(value, Decimal) else value for name, value in values.items()}


def _plain(value: Any) -> Any:
    return f"{value:.4f}" if isinstance(value, Decimal) else value
