"""Who objected is told to those who handle the objection, one look at a time, and each look is kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import IdentityLook, Objection
from assessments.objecting import Identity, identity
from assessments.services.refusals import Forbidden
from orgs.models import User


@transaction.atomic
def look_at_objector(by: User, objection: Objection) -> Identity:
    """Who objected; that this person looked, and when, is kept for good. Raises Forbidden."""
    found = identity(by, objection)
    if found is None:
        raise Forbidden(_("Only those who handle the objection see who objected."))
    IdentityLook.objects.create(objection=objection, by=by)
    return found
