"""What a person does with an export. Each step is one transaction and refuses with a sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.services import Refused, WrongState
from orgs.acting import narrowed_to
from orgs.downloads import file_name
from orgs.models import User
from orgs.services.base import batches
from reports.exports import files, making
from reports.exports.registry import SPECS
from reports.exports.spec import Asked, ExportSpec
from reports.models import ACTIVE, Export, ExportPart, ExportState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

MOST_ACTIVE = 5
MOST_BYTES = 2 * 1024**3
NAME_LENGTH = 150
TRIED_AGAIN = timedelta(minutes=5)
"""How long after a failure a shared file is not tried again, however often somebody asks for it."""


def order(by: User, spec: ExportSpec, asked: Asked, *, name: str, seat: int | None = None) -> Export:
    """Have the workers make it; the same, asked for while it is being made, is the one that is being made.

    name  of the file, without its ending
    seat  the organisation that the person acts for (`orgs.acting.chosen`)
    Raises PermissionDenied, or Refused with a sentence, also where nothing is in it.
    """
    units = spec.units(narrowed_to(by, seat), asked)
    if not units:
        raise Refused(_("There is nothing to put into the file."))
    with transaction.atomic():
        own = _own(by)
        same = own.filter(kind=spec.kind, asked=dict(asked), seat=seat, state__in=ACTIVE).first()
        if same is not None:
            return same
        _require_room(by)
        export = _begin(spec, units, Export(by=by, seat_id=seat, asked=dict(asked), name=name))
    export.refresh_from_db()
    return export


def shared(spec: ExportSpec, asked: Asked, *, said: str, name: str) -> Export:
    """The file for all who read a page, whose rights the page has asked: ready, being made, or failed a moment ago.

    said  a digest of what is in it: as long as it is the same, the file is made once, whoever asks at one moment
    """
    found = Export.objects.filter(kind=spec.kind, said=said).first()
    if found is not None and not _is_over(found):
        return found
    try:
        with transaction.atomic():
            if found is not None:
                _forget(found)
            export = _begin(spec, spec.units(User(), asked), Export(said=said, asked=dict(asked), name=name))
    except IntegrityError:  # somebody else's request was first
        return Export.objects.get(kind=spec.kind, said=said)
    export.refresh_from_db()
    return export


@transaction.atomic
def cancel(by: User, export: Export) -> None:
    """At any time before it is ready. Parts that are being made end, and change nothing."""
    making.end(_mine(by, export, *ACTIVE), ExportState.CANCELLED, making.REMAINS_DAYS)


@transaction.atomic
def again(by: User, export: Export) -> None:
    """Go on with what failed or was cancelled: only the missing parts are made."""
    _own(by)
    current = _mine(by, export, ExportState.FAILED, ExportState.CANCELLED)
    if current.shown_state == ExportState.EXPIRED:
        raise Refused(_("What there was of this file has been deleted. Order it anew."))
    _spec(current).units(making.asker(current), current.asked)
    _require_room(by)
    parts = current.parts.exclude(done_at=None).defer("units").select_related("export")
    lost = [part.pk for part in parts if not files.place(part).exists()]
    current.parts.filter(pk__in=lost).update(done_at=None)
    current.parts.filter(done_at=None).update(handed_at=None)
    current.state, current.sentence = ExportState.WAITING, ""
    current.started_at = current.finished_at = current.expires_at = None
    current.save()
    making.hand_out(current)


@transaction.atomic
def delete(by: User, export: Export) -> None:
    """Forget it, with its file. What is being made must be cancelled first."""
    _forget(_mine(by, export, *(state for state in ExportState if state not in ACTIVE)))


def require_file(export: Export) -> None:
    """Refuse what can't be fetched (any more); raise PermissionDenied where the person may no longer read it."""
    if export.shown_state == ExportState.EXPIRED:
        raise Refused(_("This file was deleted after its time. Order it anew."))
    if export.state != ExportState.DONE:
        raise Refused(_("This file is not ready."))
    if not files.whole(export).exists():
        raise Refused(_("This file is not there any more. Order it anew."))
    spec = _spec(export)
    with suppress(Refused):  # there is nothing in it by now; there was when it was made
        spec.units(making.asker(export), export.asked)


def _begin(spec: ExportSpec, units: Sequence[int], export: Export) -> Export:
    """Keeps it with its parts, and gives the workers the first ones. Call it last."""
    export.kind, export.ending, export.total = spec.kind, spec.ending, len(units)
    export.name = file_name(export.name)[:NAME_LENGTH] or spec.kind
    export.save(force_insert=True)
    ExportPart.objects.bulk_create(
        (
            ExportPart(export=export, number=number, units=list(part), count=len(part))
            for number, part in enumerate(batches(units, spec.per_part), 1)
        ),
        batch_size=500,
    )
    making.hand_out(export)
    return export


def _forget(export: Export) -> None:
    gone = Export(key=export.key)
    export.delete()
    transaction.on_commit(lambda: files.forget(gone))


def _is_over(export: Export) -> bool:
    """Whether a shared file has to be made anew."""
    if export.active:
        return False
    if export.state == ExportState.DONE:
        return export.shown_state == ExportState.EXPIRED or not files.whole(export).exists()
    return export.finished_at is None or timezone.now() - export.finished_at > TRIED_AGAIN


def _own(by: User) -> QuerySet[Export]:
    """The person's exports, while nobody else orders anything for them: a second click meets the first one's."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    return Export.objects.filter(by=by)


def _require_room(by: User) -> None:
    own = Export.objects.filter(by=by)
    if own.filter(state__in=ACTIVE).count() >= MOST_ACTIVE:
        raise Refused(
            _("%(most)d files are being made for you. Wait for one of them, or cancel one.") % {"most": MOST_ACTIVE}
        )
    kept = own.filter(state=ExportState.DONE, expires_at__gt=timezone.now()).aggregate(size=Sum("size"))["size"] or 0
    if kept >= MOST_BYTES:
        raise Refused(
            _("Your files take %(size)s by now. Delete those that you have fetched.") % {"size": filesizeformat(kept)}
        )


def _spec(export: Export) -> ExportSpec:
    if export.kind not in SPECS:
        raise Refused(_("Files of this kind are not made any more."))
    return SPECS[export.kind]


def _mine(by: User, export: Export, *states: ExportState) -> Export:
    """The export as it stands, held until the transaction ends; refuses if it is in another state."""
    current = Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if current.by_id != by.pk:
        raise PermissionDenied
    if current.state not in states:
        raise WrongState(_("The file is in another state by now: %(state)s.") % {"state": current.shown_state.label})
    return current
