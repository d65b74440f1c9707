"""Predicates on people and organisations. Rights are posts, read once at each request and never kept longer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orgs.models import PATH_STEP, Membership, Organization, User, names_of
from orgs.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.contrib.auth.models import AnonymousUser

OVERSEERS = frozenset({Role.ADMIN, Role.AUDITOR})
"""Roles that see the whole subtree of their organisation."""


@dataclass(frozen=True, slots=True)
class Post:
    """A membership as rights need it. `departments` are all names of its department; empty for whole-union posts.

    A post in a union counts for every organisation that was merged into it too: somebody has to finish what was running
    there, and to answer for what is past. Such a post names in `heir_id` the union that it is really held in.
    """

    role: Role
    organization_id: int
    path: str
    departments: frozenset[str] = frozenset()
    department_id: int | None = None
    organization_name: str = ""
    department_name: str = ""
    heir_id: int | None = None

    @property
    def seat_id(self) -> int:
        """The organisation that the post is held in."""
        return self.organization_id if self.heir_id is None else self.heir_id


NO_NAMES = frozenset[str]()
POST_COLUMNS = (
    "role",
    "organization_id",
    "organization__path",
    "organization__name",
    "department_id",
    "department__name",
    "department__aliases",
    "organization__absorbed",
    "organization__absorbed__path",
)


def posts(user: User | AnonymousUser) -> tuple[Post, ...]:
    """All posts of a person: one query for each user object, that is, for each request."""
    if not isinstance(user, User):
        return ()
    cached: tuple[Post, ...] | None = user.__dict__.get("_posts")
    if cached is None:
        held = Membership.objects.filter(user=user, organization__closed_on=None).values_list(*POST_COLUMNS, named=True)
        cached = user.__dict__["_posts"] = tuple(dict.fromkeys(post for row in held for post in _posts_of(row)))
    return cached


def every_post(user: User | AnonymousUser) -> tuple[Post, ...]:
    """All posts, also of a person whose posts `orgs.acting` narrowed to one organisation. For rules that forbid."""
    known: tuple[Post, ...] | None = user.__dict__.get("_every_post")
    return posts(user) if known is None else known


def _posts_of(row: Any) -> Iterator[Post]:
    """The post of one row, and the same in an organisation that was merged into its own."""
    names = names_of(row.department__name, row.department__aliases) if row.department_id else NO_NAMES
    own = Post(
        Role(row.role),
        row.organization_id,
        row.organization__path,
        names,
        row.department_id,
        row.organization__name,
        row.department__name or "",
    )
    yield own
    if row.organization__absorbed:
        absorbed = {"organization_id": row.organization__absorbed, "path": row.organization__absorbed__path}
        yield replace(own, **absorbed, department_id=None, heir_id=own.organization_id)


def holds(user: User | AnonymousUser, organization_id: int | None, roles: Collection[Role]) -> bool:
    """Whether the person has one of the roles in exactly this organisation."""
    return any(post.organization_id == organization_id and post.role in roles for post in posts(user))


def oversees(user: User | AnonymousUser, path: str, roles: Collection[Role] = OVERSEERS) -> bool:
    """Whether the person has one of the roles in the organisation at `path` or anywhere above it."""
    return any(post.role in roles and path.startswith(post.path) for post in posts(user))


def may_see(user: User | AnonymousUser, organization: Organization) -> bool:
    """The same as being in `queries.visible_to(user)`, without a query."""
    return oversees(user, organization.path) or holds(user, organization.pk, frozenset(Role))


def may_manage(user: User | AnonymousUser, organization: Organization) -> bool:
    """Organisation, departments and people: administrators of it or of a union above it."""
    return oversees(user, organization.path, {Role.ADMIN})


def may_place(user: User | AnonymousUser, organization: Organization) -> bool:
    """Kind, level, superior, closing decide how and by whom it is assessed: administrators of a union above it."""
    return oversees(user, organization.path[:-PATH_STEP], {Role.ADMIN})


def may_manage_people(user: User | AnonymousUser) -> bool:
    return any(post.role == Role.ADMIN for post in posts(user))


def may_manage_person(user: User | AnonymousUser, person: User) -> bool:
    """Name, logins, password: who administers every organisation in which the person has a post.

    One post elsewhere is enough to say no: a new password gives all the person's posts to whoever knows it. System
    administrators are managed by their own kind.
    """
    if person.is_staff or person.is_superuser:
        return False
    paths = person.memberships.values_list("organization__path", flat=True)
    return bool(paths) and all(oversees(user, path, {Role.ADMIN}) for path in paths)
