"""Fetching what a service is about to change, locked for the transaction."""

from __future__ import annotations

from assessments.models import Assessment


def locked(pk: int) -> Assessment:
    """The assessment with its row locked, so that saves and moves of one assessment queue up. Needs a transaction."""
    return Assessment.objects.select_related("rubric", "kind", "cycle").select_for_update(of=("self",)).get(pk=pk)
