"""Reading the tree."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from orgs.models import Change, Membership, Organization, User
from orgs.names import clean_name, clean_phone
from orgs.permissions import OVERSEERS, posts
from orgs.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.auth.models import AnonymousUser

NOTHING = Q(pk__in=())


def in_subtree(path: str, field: str = "path") -> Q:
    """Rows whose path field lies at or under `path`, as a range that a plain index serves.

    The upper end is the next number of the same width: digits alone sort the same way under every collation, while a
    path with '~' or ':' appended does not (a Chinese ICU collation ignores punctuation and finds nothing).
    """
    return Q(**{f"{field}__gte": path, f"{field}__lt": str(int(path) + 1).zfill(len(path))})


def subtree(organization: Organization) -> QuerySet[Organization]:
    """The organisation and everything below it, in tree order."""
    return Organization.objects.filter(in_subtree(organization.path))


def overseen(user: User | AnonymousUser, field: str = "path") -> Q:
    """Rows in the branches that the person administers or audits."""
    return reduce(or_, (in_subtree(post.path, field) for post in posts(user) if post.role in OVERSEERS), NOTHING)


def visible_to(user: User | AnonymousUser) -> QuerySet[Organization]:
    """The person's own organisations and the branches they administer or audit."""
    return Organization.objects.filter(Q(pk__in={post.organization_id for post in posts(user)}) | overseen(user))


def ancestors(organization: Organization) -> QuerySet[Organization]:
    """The organisations above it, from the top down."""
    return Organization.objects.filter(pk__in=organization.ancestor_ids).order_by("path")


def tops(user: User | AnonymousUser) -> QuerySet[Organization]:
    """Where the person's view of the tree begins: the organisations of their posts."""
    return Organization.objects.filter(pk__in={post.seat_id for post in posts(user)})


def manageable(user: User | AnonymousUser) -> QuerySet[Organization]:
    """Open organisations that the person administers."""
    return Organization.objects.filter(reduce(or_, _administered(user), NOTHING), closed_on=None)


def _administered(user: User | AnonymousUser, field: str = "path") -> Iterator[Q]:
    return (in_subtree(post.path, field) for post in posts(user) if post.role == Role.ADMIN)


def named(typed: str) -> Q:
    """Organisations by a part of the name, its pinyin or initials, or the credit code."""
    text = clean_name(typed)
    match = Q(name__contains=text)
    if text.isascii():
        match |= Q(sort_key__contains=text.lower().replace(" ", "")) | Q(code__startswith=text.upper().replace(" ", ""))
    return match


def people_visible_to(user: User | AnonymousUser) -> QuerySet[User]:
    """People with a post in the branches that the person administers or audits."""
    held = Membership.objects.filter(overseen(user, "organization__path"), user=OuterRef("pk"))
    return User.objects.filter(Exists(held))


def people_managed_by(user: User | AnonymousUser) -> QuerySet[User]:
    """Those for whom `permissions.may_manage_person` holds, as a query."""
    inside = reduce(or_, _administered(user, "organization__path"), NOTHING)
    held = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(held), ~Exists(held.filter(~Q(inside))), is_staff=False, is_superuser=False)


def awaiting_first_login() -> Q:
    """People whose password was given to them and who have not set one of their own."""
    return Q(must_change_password=True, is_active=True)


def people_named(typed: str) -> Q:
    """People by a part of the name, its pinyin or initials, the user name or the phone number."""
    text = clean_name(typed)
    match = Q(full_name__contains=text)
    if text.isascii():
        bare = text.lower().replace(" ", "")
        match |= Q(sort_key__contains=bare) | Q(username__contains=bare) | Q(phone__contains=clean_phone(text))
    return match


def changes_in(organization: Organization) -> QuerySet[Change]:
    """The log of the branch, newest first."""
    return Change.objects.filter(in_subtree(organization.path)).select_related("by")
