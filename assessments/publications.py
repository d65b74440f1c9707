"""Reading what was published: what stands against publishing, whether a snapshot holds, what it says today.

A snapshot's digest is SHA-256 over the snapshot itself, its rows in the order of their assessments, and the digest of
the snapshot before it: a row that was changed, lost or slipped in shows (trust.md, invariant 12).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments import grading
from assessments.models import OPEN_OBJECTIONS, Cycle, Notice, Objection, Snapshot, SnapshotRow

FINEST = Decimal("0.0001")
OWN = ("id", "snapshot")
"""Columns that say where a row stands, not what it says."""

CONTENT = tuple(field.attname for field in SnapshotRow._meta.concrete_fields if field.name not in OWN)
RESULT = tuple(name for name in CONTENT if name != "explanation")


class Window(models.TextChoices):
    """Where a day stands to a notice's window, both ends included."""

    BEFORE = "before", gettext_lazy("Not yet begun")
    RUNNING = "running", gettext_lazy("On public notice")
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


# --- What stands against it -------------------------------------------------------------------------------------------


def against_publishing(cycle: Cycle) -> list[str]:
    """Sentences: what has to be settled before the present results can be published."""
    return [*grading.unresolved(cycle), *_open_objections(cycle)]


def against_closing(cycle: Cycle) -> list[str]:
    """Sentences: why the cycle can't be closed now."""
    snapshot = newest(cycle)
    if snapshot is None:
        return [_("The results have not been published yet.")]
    found = _open_objections(cycle)
    if window(snapshot.notice) != Window.OVER:
        last = {"day": snapshot.notice.ends_on.isoformat()}
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


# --- What a snapshot says ---------------------------------------------------------------------------------------------


def rows_of(cycle: Cycle) -> list[SnapshotRow]:
    """What would be published of a cycle now, in rows that belong to no snapshot yet; sentences in the site's language.

    They stand in ranking order. Seven queries at most, however many there are.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return [SnapshotRow(**_exact(verdict.values)) for verdict in grading.verdicts(cycle)]


def is_current(snapshot: Snapshot) -> bool:
    """Whether a snapshot still says what its cycle's assessments come to. How it is explained does not matter."""
    published, present = contents(snapshot.rows.all(), RESULT), contents(rows_of(snapshot.cycle), RESULT)
    return published == present


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
