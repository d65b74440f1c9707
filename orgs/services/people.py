"""Writers of people, their posts and their passwords."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from orgs.models import Membership, User
from orgs.names import clean_name, clean_phone, clean_username, sort_key
from orgs.permissions import may_manage, may_manage_person
from orgs.roles import Role
from orgs.services.base import PEOPLE_LOCK, Refused, log, require, require_system, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orgs.models import Department, Organization

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of initial passwords: none that is read for another on paper."""


@dataclass(frozen=True, slots=True)
class NewPost:
    organization: Organization
    role: str
    department: Department | None = None


class NewPerson(NamedTuple):
    person: User
    password: str


def lock_people() -> None:
    wait_for(PEOPLE_LOCK)


@transaction.atomic
def create_person(
    by: User | None,
    full_name: str,
    posts: Iterable[NewPost] = (),
    phone: str = "",
    username: str = "",
    password: str = "",
) -> NewPerson:
    """Create a person with their first posts. The user name is made from the name where none is given.

    Returns the initial password once and in the clear, to be handed over on paper; it must be changed at the first
    login. A password that a command gives need not be changed.
    """
    posts = list(posts)
    if not posts:
        require_system(by)
    lock_people()
    person = User(full_name=_checked_full_name(full_name), must_change_password=not password)
    person.sort_key = sort_key(person.full_name)
    person.phone = checked_phone(phone)
    person.username = checked_username(username) if username.strip() else _free_username(person.full_name)
    refuse_taken_logins(person)
    password = password or initial_password()
    person.set_password(password)
    person.save()
    log(by, person, {"created": ("", person.username)}, posts[0].organization.path if posts else "")
    for post in posts:
        grant(by, person, post.organization, post.role, post.department)
    return NewPerson(person, password)


@transaction.atomic
def edit_person(by: User | None, person: User, full_name: str, phone: str, username: str) -> User:
    """Set name and logins. Needs the right over every post of the person, as a login is all posts at once."""
    lock_people()
    current = _fresh(by, person)
    was = {field: getattr(current, field) for field in ("full_name", "phone", "username")}
    current.full_name = _checked_full_name(full_name)
    current.sort_key = sort_key(current.full_name)
    current.phone = checked_phone(phone)
    current.username = checked_username(username)
    refuse_taken_logins(current)
    current.save(update_fields=["full_name", "sort_key", "phone", "username"])
    log(by, current, {field: (old, getattr(current, field)) for field, old in was.items()}, _place(current))
    return current


@transaction.atomic
def set_active(by: User | None, person: User, active: bool) -> User:
    """Open or close a person's account; what they did keeps their name. A closed account can't log in any more."""
    current = _fresh(by, person)
    if current == by:
        raise Refused(_("You can't close your own account."))
    was, current.is_active = current.is_active, active
    current.save(update_fields=["is_active"])
    log(by, current, {"is_active": (_yes(was), _yes(active))}, _place(current))
    return current


@transaction.atomic
def reset_password(by: User | None, person: User) -> str:
    """Give a new initial password, end the person's sessions, and return it once, in the clear."""
    current = _fresh(by, person)
    password = initial_password()
    current.set_password(password)
    current.must_change_password = True
    current.save(update_fields=["password", "must_change_password"])
    log(by, current, {"password": ("", _("reset"))}, _place(current))
    return password


@transaction.atomic
def change_own_password(person: User, password: str) -> None:
    """Set the password that the person chose; the form has judged its strength. Ends the duty to change it."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    log(person, person, {"password": ("", _("changed"))}, _place(person))


@transaction.atomic
def grant(
    by: User | None, person: User, organization: Organization, role: str, department: Department | None = None
) -> Membership:
    """Give a person a post. Needs the right over the organisation alone: one person may act for several unions."""
    require(by, may_manage, organization)
    if role not in Role.values:
        raise Refused(_("“%(role)s” is no role.") % {"role": role})
    if (role == Role.DEPARTMENT_ASSESSOR) != (department is not None):
        raise Refused(_("A department belongs to the role of department assessor, and to no other."))
    if department and department.organization_id != organization.pk:
        raise Refused(_("The department “%(name)s” belongs to another organisation.") % {"name": department.name})
    if organization.closed_on:
        raise Refused(_("“%(name)s” is closed.") % {"name": organization.name})
    membership, made = Membership.objects.get_or_create(
        user=person, organization=organization, role=role, department=department
    )
    if not made:
        raise Refused(_("%(person)s already holds this post.") % {"person": person})
    log(by, person, {"post": ("", _words(membership))}, organization.path)
    return membership


@transaction.atomic
def revoke(by: User | None, membership: Membership) -> None:
    """Take a post away; what the person may do there ends with their next request."""
    require(by, may_manage, membership.organization)
    if by is not None and membership.user_id == by.pk and membership.role == Role.ADMIN:
        raise Refused(_("You can't take your own administrator's post away: another administrator can."))
    log(by, membership.user, {"post": (_words(membership), "")}, membership.organization.path)
    membership.delete()


# --- What the writers ask first --------------------------------------------------------------------------------------


def initial_password() -> str:
    """Twelve characters in three groups, for paper: 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _place in range(4)) for _group in range(3))


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


def _checked_full_name(typed: str) -> str:
    name = clean_name(typed)
    if not name:
        raise Refused(_("The name is missing."))
    if len(name) > 60:
        raise Refused(_("The name “%(name)s…” is longer than %(limit)d characters.") % {"name": name[:20], "limit": 60})
    return name


def _free_username(full_name: str) -> str:
    """The name in pinyin, with the first number that makes it free: zhangwei, zhangwei2."""
    stem = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(full_name)).lower())[:40] or "user"
    stem = stem if len(stem) > 1 and not stem.isdigit() else f"user{stem}"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (username := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return username


def _place(person: User) -> str:
    """The path under which a change of the person is logged: of the highest organisation that they have a post in."""
    paths = person.memberships.values_list("organization__path", flat=True)
    return min(paths, key=lambda path: (len(path), path), default="")


def _words(membership: Membership) -> str:
    parts = [membership.organization.name, membership.get_role_display()]
    if membership.department:
        parts.append(membership.department.name)
    return " · ".join(parts)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
