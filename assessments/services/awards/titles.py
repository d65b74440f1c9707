"""Titles: recorded from before the software, and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.awards.permissions import may_record_title, may_revoke_title
from assessments.models import Rung, Title
from assessments.services.awards.base import check_free, locked_holder, person_for
from assessments.services.refusals import Forbidden, Refused, WrongState
from assessments.services.words import said
from orgs.models import Organization, User


@dataclass(frozen=True, slots=True)
class Earlier:
    """A title from before, as it was filled in. `evidence` names the document that awarded it."""

    rung: Rung
    awarded_on: date
    evidence: str
    person: str = ""


@transaction.atomic
def record_title(by: User, organization: Organization, earlier: Earlier) -> Title:
    """Keeps a title that was awarded elsewhere. Raises Forbidden, or Refused with what is wrong."""
    organization = locked_holder(organization)
    if not may_record_title(by, organization):
        raise Forbidden(_("Titles are recorded by administrators of a union above the organisation."))
    if earlier.awarded_on > timezone.localdate():
        raise Refused(_("The day of the award lies in the future."))
    person = person_for(earlier.rung, earlier.person)
    check_free(earlier.rung, organization, person)
    return Title.objects.create(
        rung=earlier.rung,
        organization=organization,
        person=person,
        awarded_on=earlier.awarded_on,
        evidence=said(earlier.evidence, 300, _("Please name the document that awarded it.")),
        recorded_by=by,
    )


@transaction.atomic
def revoke_title(by: User, title: Title, reason: str) -> Title:
    """Takes a title away from today on; it stays readable with the reason. Raises Forbidden, WrongState or Refused."""
    found = Title.objects.select_related("organization", "round__owner", "rung")
    title = found.select_for_update(of=("self",)).get(pk=title.pk)
    if not may_revoke_title(by, title):
        raise Forbidden(_("A title is revoked by the union that awarded it or by a union above."))
    if title.revoked_on:
        raise WrongState(_("The title was revoked on %(day)s.") % {"day": title.revoked_on.isoformat()})
    title.revoked_for = said(reason, 500, _("Please give the reason."))
    title.revoked_on, title.revoked_by = timezone.localdate(), by
    title.save(update_fields=("revoked_on", "revoked_for", "revoked_by"))
    return title
