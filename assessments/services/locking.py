"""Fetching what a service is about to change, locked for the transaction."""

from __future__ import annotations

from assessments.models import Assessment, Cycle


def locked(pk: int) -> Assessment:
    """The assessment with its row locked, so that saves and moves of one assessment queue up. Needs a transaction."""
    return Assessment.objects.select_related("rubric", "kind", "cycle").select_for_update(of=("self",)).get(pk=pk)


def locked_cycle(pk: int) -> Cycle:
    """The cycle with its row locked, so that what is decided on it as a whole queues up. Needs a transaction.

    Rows that point at it may still be written (`no_key`): a result that becomes final counts itself in the cycle's
    roll-up holding its assessment's lock, for which who decides on the whole may wait.
    """
    return Cycle.objects.select_related("owner").select_for_update(of=("self",), no_key=True).get(pk=pk)


def in_closed_cycle(assessment: Assessment) -> bool:
    """Whether the cycle of a locked assessment is closed; asked anew, as who closes it holds the assessment's lock too.

    What `locked` brought along of the cycle may be older than the lock: PostgreSQL reads it before it waits.
    """
    return Cycle.objects.filter(pk=assessment.cycle_id, closed_at__isnull=False).exists()
