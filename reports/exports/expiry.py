"""What is done once a day: files whose time is over go, and what was left lying is taken up again.

Run twice it does no harm. Where a run was missed, a file past its time stands on the disk, but nobody is given it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from reports.exports import files, making
from reports.models import ACTIVE, Export, ExportState

LOST = timedelta(hours=1)
"""A part that was handed out so long ago and is not done has been lost, as when the queue was emptied by hand."""


def tidy() -> None:
    """What the schedule calls."""
    over = Export.objects.filter(expires_at__lte=timezone.now()).exclude(state=ExportState.EXPIRED)
    for pk in over.values_list("pk", flat=True):
        _expire(pk)
    _sweep()
    for pk in Export.objects.filter(state__in=ACTIVE, at__lte=timezone.now() - LOST).values_list("pk", flat=True):
        _take_up(pk)


def _expire(pk: int) -> None:
    with transaction.atomic():
        export = Export.objects.select_for_update(of=("self",)).filter(pk=pk).first()
        if export is None or export.shown_state != ExportState.EXPIRED:
            return  # deleted, or gone on with
        export.parts.all().delete()
        export.state = ExportState.EXPIRED
        export.save()
    files.forget(export)


def _sweep() -> None:
    """Folders whose export was deleted, where whoever deleted it was cut off before the folder."""
    found = set(files.keys())
    for key in found - set(Export.objects.filter(key__in=found).values_list("key", flat=True)):
        files.forget(Export(key=key))


@transaction.atomic
def _take_up(pk: int) -> None:
    export = making.held(pk)
    if export is None:
        return
    late = timezone.now() - LOST
    export.parts.filter(done_at=None, handed_at__lte=late).update(handed_at=None)
    making.hand_out(export)
