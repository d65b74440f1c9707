"""The posts of a branch as a list that imports back unchanged. No passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orgs.importing.paths import joined
from orgs.models import Membership, path_ids
from orgs.queries import in_subtree, subtree
from orgs.services.base import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orgs.models import Organization


def export_rows(branch: Organization) -> Iterator[list[str]]:
    """A row for each post in an open organisation, in the order of the tree."""
    head = len(path_ids(branch.path)) - 1
    names = dict(subtree(branch).values_list("pk", "name"))
    posts = Membership.objects.filter(in_subtree(branch.path, "organization__path"), organization__closed_on=None)
    ordered = posts.select_related("user", "organization", "department").order_by(
        "organization__path", "user__sort_key", "user", "role", "department"
    )
    for post in ordered.iterator(BATCH):
        yield [
            post.user.full_name,
            post.user.phone or "",
            post.user.username,
            joined([names[key] for key in path_ids(post.organization.path)[head:]]),
            str(post.get_role_display()),
            post.department.name if post.department else "",
        ]
