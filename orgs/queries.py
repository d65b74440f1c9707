"""Reading the tree."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from orgs.models import Organization
from orgs.permissions import OVERSEERS, posts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import User

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
