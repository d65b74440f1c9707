"""The end of a draft: it becomes a rubric that never changes again, or it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orgs.services.base import Refused
from rubrics import services
from rubrics.blueprint import Blueprint, read
from rubrics.drafting.change import check_seen, locked
from rubrics.drafting.checklist import Entry, checklist
from rubrics.models import Rubric, TotalPolicy

if TYPE_CHECKING:
    from orgs.models import User


class NotReady(Refused):
    """Something stops the draft from being published: `stops` says what."""

    def __init__(self, stops: tuple[Entry, ...]) -> None:
        super().__init__(
            _("It can't be published yet: %(reasons)s") % {"reasons": " ".join(stop.sentence for stop in stops)}
        )
        self.stops = stops


@transaction.atomic
def publish(by: User, rubric: Rubric, seen: str, total_policy: str = "") -> Rubric:
    """Publish and freeze a draft; who did it stays on the rubric, and so does the log of its changes.

    total_policy  how totals are read; needed where the points do not add up to what the document declares
    Raises NotReady with everything that stops it, Refused, Conflict, PermissionDenied.
    """
    draft = locked(by, rubric)
    blueprint = read(draft)
    check_seen(blueprint, seen)
    stops = checklist(draft, blueprint).stops
    if stops:
        raise NotReady(stops)
    if needs_total_policy(draft, blueprint):
        if total_policy not in TotalPolicy.values:
            raise Refused(_("The points do not add up to the declared total. Say how totals are read."))
        draft.total_policy = total_policy
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save(update_fields=("total_policy", "published_at", "published_by"))
    draft.edits.update(before=None)
    return services.freeze(draft)


def needs_total_policy(rubric: Rubric, blueprint: Blueprint) -> bool:
    """Whether the items add up to something else than what is declared, so that a person must say how that is read."""
    declared = services.declared_total(rubric)
    return declared is not None and declared != blueprint.points


@transaction.atomic
def delete_draft(by: User, rubric: Rubric, seen: str) -> None:
    """Delete a draft for good; with the last rubric of a document the document and its files go too."""
    draft = locked(by, rubric)
    check_seen(read(draft), seen)
    document = draft.document
    draft.delete()
    if document.rubrics.exists():
        return
    for source in document.sources.all():
        file = source.file
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))  # type: ignore[misc]
    document.delete()
