"""What every writer of awards asks first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessments.models import AwardRound, Holder, Rung, Title
from assessments.services.refusals import Refused, WrongState
from orgs.models import Organization
from orgs.names import clean_name

PERSON_LENGTH = 60


def locked_round(pk: int) -> AwardRound:
    """The round, locked and still open, so that all that happens in it queues up. Needs a transaction."""
    found = AwardRound.objects.select_related("owner", "ladder").select_for_update(of=("self",)).get(pk=pk)
    if found.closed_at:
        raise WrongState(_("The round “%(name)s” is closed.") % {"name": found.name})
    return found


def locked_holder(organization: Organization) -> Organization:
    """The organisation, locked and not closed, so that nobody gives it the same title beside us."""
    found = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    if found.closed_on:
        raise Refused(_("“%(name)s” is closed.") % {"name": found.name})
    return found


def check_free(rung: Rung, organization: Organization, person: str) -> None:
    """That the title is not held already."""
    if Title.objects.filter(rung=rung, organization=organization, person=person, revoked_on=None).exists():
        holder = person or organization.name
        raise Refused(_("%(holder)s holds the title “%(title)s” already.") % {"holder": holder, "title": rung.name})


def person_for(rung: Rung, typed: str) -> str:
    """The name of the person that a rung asks for; empty where organisations hold it."""
    name = clean_name(typed)
    if rung.holder == Holder.ORGANIZATION:
        if name:
            raise Refused(_("“%(title)s” is a title of organisations: please name no person.") % {"title": rung.name})
        return ""
    if not name:
        raise Refused(_("“%(title)s” is a title of a person: please enter the name.") % {"title": rung.name})
    if len(name) > PERSON_LENGTH:
        raise Refused(_("Too long: at most %(length)d characters.") % {"length": PERSON_LENGTH})
    return name
