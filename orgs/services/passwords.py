"""First passwords: handed out on paper, good for a few days, and never stored in the clear."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import Change, User
from orgs.permissions import may_manage_person
from orgs.queries import awaiting_first_login, people_managed_by
from orgs.services.base import Refused, line, lock_people, log, place_of, places_of, require

if TYPE_CHECKING:
    from collections.abc import Collection

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of first passwords: none that is read for another on paper."""

VALID_FOR = timedelta(days=7)
"""How long a first password lets its holder in."""

MOST_SLIPS = 1000
"""As many first passwords are given at once: a stack of paper that one person still hands out."""

HASHER = "first_pbkdf2_sha256"
"""Of random passwords alone: see config.hashers."""

FIELDS = ("password", "must_change_password", "password_expires_at")


class Slip(NamedTuple):
    """A person and the first password that stands in no other place than this value."""

    person: User
    password: str


def initial_password() -> str:
    """Twelve characters in three groups, for paper: 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(3))


def give_first_password(person: User) -> str:
    """Set a new first password on a person that the caller saves, and return it once, in the clear."""
    password = initial_password()
    person.password = make_password(password, hasher=HASHER)
    person.must_change_password = True
    person.password_expires_at = timezone.now() + VALID_FOR
    return password


def is_first_password(person: User, password: str) -> bool:
    """Whether this is the first password that the person still has. Looks only: the hash stays as it is."""
    return person.must_change_password and check_password(password, person.password)


@transaction.atomic
def reset_password(by: User | None, person: User) -> Slip:
    """Give a new first password, end the person's sessions, and return it once, in the clear."""
    current = User.objects.select_for_update().get(pk=person.pk)
    require(by, may_manage_person, current)
    slip = Slip(current, give_first_password(current))
    current.save(update_fields=FIELDS)
    log(by, current, {"password": ("", _("reset"))}, place_of(current))
    return slip


@transaction.atomic
def renew_first_passwords(by: User | None, keys: Collection[int]) -> list[Slip]:
    """Give each of these people a new first password, for slips: whatever was handed out to them before is void.

    Only people who never set a password of their own: who did would be shut out without having asked. Somebody out of
    reach or otherwise unfit, and nobody gets one. In the order of their names.
    """
    refuse_too_many(len(keys))
    lock_people()
    known = User.objects.all() if by is None or by.is_superuser else people_managed_by(by)
    held = known.select_for_update(of=("self",))  # who sets a password of their own meanwhile keeps it
    people = list(held.filter(awaiting_first_login(), pk__in=keys).order_by("sort_key", "pk"))
    if not people or len(people) != len(set(keys)):
        raise Refused(
            _("Slips are only for people who have not set a password of their own yet. Nobody got a new password.")
        )
    slips = [Slip(person, give_first_password(person)) for person in people]
    User.objects.bulk_update(people, FIELDS, batch_size=200)
    places = places_of(people)
    Change.objects.bulk_create(
        line(by, person, "password", "", _("first password for a slip"), places.get(person.pk, "")) for person in people
    )
    return slips


def refuse_too_many(count: int) -> None:
    if count > MOST_SLIPS:
        raise Refused(
            ngettext(
                "There is %(count)d person; at most %(limit)d slips are printed at once. Choose a smaller branch.",
                "There are %(count)d people; at most %(limit)d slips are printed at once. Choose a smaller branch.",
                count,
            )
            % {"count": count, "limit": MOST_SLIPS}
        )


@transaction.atomic
def change_own_password(person: User, password: str) -> None:
    """Set the password that the person chose; the form has judged its strength. Ends the duty to change it."""
    person.set_password(password)
    person.must_change_password = False
    person.password_expires_at = None
    person.save(update_fields=FIELDS)
    log(person, person, {"password": ("", _("changed"))}, place_of(person))
