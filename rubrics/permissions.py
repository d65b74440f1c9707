"""Predicates on rubrics. Published ones are issued papers, which everybody logged in may read.

A draft belongs to whoever administers the owner of its document, or a union above it. What came with the software has
no owner: nobody edits it, and its drafts (an unfinished fixture) are seen in the technical settings only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgs.permissions import may_manage, posts
from orgs.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from orgs.models import Organization, User
    from rubrics.models import Document, Rubric


def may_create_somewhere(user: User | AnonymousUser) -> bool:
    """Whether there is a union for which the person may bring in or copy a rubric."""
    return any(post.role == Role.ADMIN for post in posts(user))


def may_create(user: User | AnonymousUser, owner: Organization) -> bool:
    """New documents of a union: administrators of it or of a union above it, while it is open."""
    return owner.closed_on is None and may_manage(user, owner)


def may_look_after(user: User | AnonymousUser, document: Document) -> bool:
    """New rubrics and new versions in a document: who may create documents of its owner."""
    return document.owner is not None and may_create(user, document.owner)


def may_read(user: User | AnonymousUser, rubric: Rubric) -> bool:
    """The same as being in `queries.visible_to(user)`, without a query where the owner is at hand."""
    return rubric.published_at is not None or _owned(user, rubric)


def may_edit(user: User | AnonymousUser, rubric: Rubric) -> bool:
    """Everything of a draft, and publishing it."""
    return rubric.published_at is None and _owned(user, rubric)


def _owned(user: User | AnonymousUser, rubric: Rubric) -> bool:
    owner = rubric.document.owner
    return owner is not None and may_manage(user, owner)
