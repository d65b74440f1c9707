"""Lists of people with their posts (人员名单)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from orgs.importing.people.check import check
from orgs.importing.people.fields import FIELDS, notes
from orgs.importing.people.write import NEW, write
from orgs.importing.spec import ListSpec
from orgs.models import ListKind, Subject
from orgs.services.passwords import MOST_SLIPS

if TYPE_CHECKING:
    from orgs.models import Upload

__all__ = ["NEW", "PEOPLE"]


def _ways(upload: Upload) -> list[tuple[str, str]]:
    new = len(upload.figures.get(NEW, ()))
    slips = f"{reverse('reports:print_slips')}?upload={upload.pk}"
    ways = [(_("Print slips for the new people"), slips)] if 0 < new <= MOST_SLIPS else []
    if new > MOST_SLIPS:
        parts = range(1, (new - 1) // MOST_SLIPS + 2)
        ways = [(_("Print slips, part %(part)d") % {"part": part}, f"{slips}&part={part}") for part in parts]
    return [*ways, (_("To the people"), reverse("people:list"))]


PEOPLE = ListSpec(
    ListKind.PEOPLE, FIELDS, (Subject.PERSON, Subject.ORGANIZATION, Subject.DEPARTMENT), check, write, notes, _ways
)
