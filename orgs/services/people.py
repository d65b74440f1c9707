"""Writers of people: their names, logins and accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from orgs.models import User
from orgs.names import clean_phone, clean_username, sort_key
from orgs.permissions import may_manage_person
from orgs.services.base import Refused, batches, lock_people, log, place_of, require, require_system
from orgs.services.facts import checked_name
from orgs.services.passwords import Slip, give_first_password
from orgs.services.posts import grant, hand_over

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from orgs.models import Department, Membership, Organization

MAX_FULL_NAME = 60
STEMS = 100
"""As many conditions as one query takes."""


@dataclass(frozen=True, slots=True)
class NewPost:
    organization: Organization
    role: str
    department: Department | None = None


@transaction.atomic
def create_person(
    by: User | None,
    full_name: str,
    posts: Iterable[NewPost] = (),
    phone: str = "",
    username: str = "",
    password: str = "",
) -> Slip:
    """Create a person with their first posts. The user name is made from the name where none is given.

    Returns the first password once and in the clear, to be handed over on paper; it must be changed at the first login
    and expires unused. A password that a command gives need not be changed.
    """
    posts = list(posts)
    if not posts:
        require_system(by)
    lock_people()
    person = draft_person(full_name, phone, username)
    if password:
        person.set_password(password)
    else:
        password = give_first_password(person)
    person.save()
    log(by, person, {"created": ("", person.username)}, posts[0].organization.path if posts else "")
    for post in posts:
        grant(by, person, post.organization, post.role, post.department)
    return Slip(person, password)


@transaction.atomic
def hand_over_to_new(
    by: User | None, membership: Membership, full_name: str, phone: str = "", username: str = ""
) -> Slip:
    """Create the successor and hand the post over to them, both or neither."""
    lock_people()
    person = draft_person(full_name, phone, username)
    slip = Slip(person, give_first_password(person))
    person.save()
    log(by, person, {"created": ("", person.username)}, membership.organization.path)
    hand_over(by, membership, person)
    return slip


def draft_person(full_name: str, phone: str = "", username: str = "") -> User:
    """A person with checked name and free logins, not saved, without password. The caller holds the people's lock."""
    person = User(full_name=checked_full_name(full_name))
    person.sort_key = sort_key(person.full_name)
    person.phone = checked_phone(phone)
    person.username = checked_username(username) if username.strip() else _free_username(person.full_name)
    refuse_taken_logins(person)
    return person


@transaction.atomic
def edit_person(by: User | None, person: User, full_name: str, phone: str, username: str) -> User:
    """Set name and logins. Needs the right over every post of the person, as a login is all posts at once."""
    lock_people()
    current = _fresh(by, person)
    was = {field: getattr(current, field) for field in ("full_name", "phone", "username")}
    current.full_name = checked_full_name(full_name)
    current.sort_key = sort_key(current.full_name)
    current.phone = checked_phone(phone)
    current.username = checked_username(username)
    refuse_taken_logins(current)
    current.save(update_fields=["full_name", "sort_key", "phone", "username"])
    log(by, current, {field: (old, getattr(current, field)) for field, old in was.items()}, place_of(current))
    return current


@transaction.atomic
def set_active(by: User | None, person: User, active: bool) -> User:
    """Open or close a person's account; what they did keeps their name. A closed account can't log in any more."""
    current = _fresh(by, person)
    if current == by:
        raise Refused(_("You can't close your own account."))
    was, current.is_active = current.is_active, active
    current.save(update_fields=["is_active"])
    log(by, current, {"is_active": (_yes(was), _yes(active))}, place_of(current))
    return current


# --- What the writers ask first --------------------------------------------------------------------------------------


def checked_phone(typed: str | None) -> str | None:
    phone = clean_phone(typed or "")
    if not phone:
        return None
    if not re.fullmatch(r"\+?[0-9]{5,15}", phone):
        raise Refused(_("“%(phone)s” is no phone number.") % {"phone": phone[:30]})
    return phone


def checked_username(typed: str) -> str:
    username = clean_username(typed)
    if not re.fullmatch(r"[\w.@+-]{2,60}", username):
        raise Refused(_("A user name has 2 to 60 letters, digits or . @ + - _."))
    return username


def refuse_taken_logins(person: User) -> None:
    """No phone number and no user name may be either of another person: a login would mean two people."""
    logins = [login for login in (person.username, person.phone) if login]
    others = User.objects.exclude(pk=person.pk).filter(Q(username__in=logins) | Q(phone__in=logins))
    for login in others.values_list("username", "phone").first() or ():
        if login in logins:
            raise Refused(_("Someone else already logs in with “%(login)s”.") % {"login": login})


def _fresh(by: User | None, person: User) -> User:
    current = User.objects.select_for_update().get(pk=person.pk)
    require(by, may_manage_person, current)
    return current


def checked_full_name(typed: str) -> str:
    return checked_name(typed, MAX_FULL_NAME)


def _free_username(full_name: str) -> str:
    return free_usernames([full_name])[0]


def free_usernames(full_names: Sequence[str], reserved: Collection[str] = ()) -> list[str]:
    """The names in pinyin, each with the first number that makes it free: zhangwei, zhangwei2.

    `reserved` are logins that others are about to get. The caller holds the people's lock.
    """
    stems = [_stem(name) for name in full_names]
    taken = set(reserved)
    for batch in batches(sorted(set(stems)), STEMS):
        for field in ("username", "phone"):
            begins = reduce(or_, (Q(**{f"{field}__startswith": stem}) for stem in batch))
            taken.update(User.objects.filter(begins).values_list(field, flat=True))
    found, numbers = [], dict.fromkeys(stems, 1)
    for stem in stems:
        while (username := stem if numbers[stem] == 1 else f"{stem}{numbers[stem]}") in taken:
            numbers[stem] += 1
        taken.add(username)
        found.append(username)
    return found


def _stem(full_name: str) -> str:
    stem = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(full_name)).lower())[:40] or "user"
    return stem if len(stem) > 1 and not stem.isdigit() else f"user{stem}"


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
