"""What published results would entail, put before the persons who decide. Nothing takes effect here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assessments.aftermath.consequences import not_borne_out
from assessments.models import Consequence, ConsequenceKind, Cycle, Snapshot, SnapshotRow
from assessments.services.aftermath.base import locked_cycle
from assessments.services.refusals import WrongState
from orgs.models import User
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 2000
FOLLOWING = (ConsequenceKind.MAKE_UP, ConsequenceKind.FUNDING, ConsequenceKind.AID, ConsequenceKind.HONOURS)
"""What follows where an organisation did not qualify (Guyuan 4.5)."""


@transaction.atomic
def propose(by: User, cycle: Cycle) -> int:
    """Proposes what follows from the newest snapshot of a closed cycle; how many proposals are new.

    For each organisation that did not qualify the four consequences of Guyuan's plan, and for each whose revisit did
    not bear its published band out the revocation. What was proposed before, decided or not, is not proposed again: of
    an assessment each consequence once, of a revisit one revocation. Raises Forbidden, or WrongState while the cycle is
    not closed.
    """
    cycle = locked_cycle(by, cycle)
    snapshot = cycle.snapshots.first()
    if cycle.closed_at is None or snapshot is None:
        raise WrongState(_("Consequences follow from final results: the cycle has to be closed first."))
    with translation.override(settings.LANGUAGE_CODE):  # what is kept is in the site's language, whoever asks
        return _of_unqualified(by, snapshot) + _revocations(by, snapshot)


def _of_unqualified(by: User, snapshot: Snapshot) -> int:
    made, now = 0, timezone.now()
    for kind in FOLLOWING:
        for batch in _batches(_without(snapshot, kind)):
            Consequence.objects.bulk_create(
                Consequence(row=row, kind=kind, ground=_ground(row, snapshot), proposed_by=by, proposed_at=now)
                for row in batch
            )
            made += len(batch)
    return made


def _without(snapshot: Snapshot, kind: ConsequenceKind) -> QuerySet[SnapshotRow]:
    known = Consequence.objects.filter(row__assessment=OuterRef("assessment"), kind=kind)
    return snapshot.rows.filter(~Exists(known), qualified=False).order_by("pk")


def _batches(rows: QuerySet[SnapshotRow]) -> Iterator[list[SnapshotRow]]:
    while batch := list(rows[:BATCH]):  # what was written is not found again
        yield batch


def _ground(row: SnapshotRow, snapshot: Snapshot) -> str:
    ground = _("Published result no. %(number)s of %(day)s: %(points)s of %(maximum)s points, %(band)s, not qualified.")
    return ground % {
        "number": snapshot.number,
        "day": timezone.localtime(snapshot.at).date().isoformat(),
        "points": format_points(row.points),
        "maximum": format_points(row.maximum),
        "band": row.awarded or _("no band"),
    }


def _revocations(by: User, snapshot: Snapshot) -> int:
    now = timezone.now()
    found = [
        Consequence(
            row=failed.row,
            kind=ConsequenceKind.REVOCATION,
            ground=failed.ground,
            rank=failed.rank,
            revisit=failed.step,
            proposed_by=by,
            proposed_at=now,
        )
        for failed in not_borne_out(snapshot)
    ]
    return len(Consequence.objects.bulk_create(found, batch_size=BATCH))
