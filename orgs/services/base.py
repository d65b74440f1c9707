"""What every writer needs: to refuse, to wait its turn, and to write the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection

from orgs.models import Change, Department, Membership, Organization, Subject, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Thing = TypeVar("Thing")

TREE_LOCK = 8_301
PEOPLE_LOCK = 8_302

BATCH = 2000
"""As many rows as one statement takes or gives."""


class Refused(Exception):  # noqa: N818  # reads as what it is where it is raised
    """What was asked for can't be done. Carries one translated sentence, fit to show to the person who asked."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


def wait_for(lock: int) -> None:
    """One writer at a time until the transaction ends: rules over several rows hold only if the rows hold still.

    Readers never wait. On SQLite the transaction itself is the lock, as it begins IMMEDIATE (config.settings).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def lock_tree() -> None:
    wait_for(TREE_LOCK)


def lock_people() -> None:
    wait_for(PEOPLE_LOCK)


def wait_for_owner(owner: Organization) -> None:
    """One new thing of a union at a time, so that a second click meets the first one's and gets a sentence."""
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)


def require(by: User | None, predicate: Callable[[User, Thing], bool], thing: Thing) -> None:
    """Raise PermissionDenied unless the predicate holds, or a command or the system administrator asks."""
    if by is not None and not by.is_superuser and not predicate(by, thing):
        raise PermissionDenied


def require_system(by: User | None) -> None:
    if by is not None and not by.is_superuser:
        raise PermissionDenied


def log(
    by: User | None,
    thing: Organization | Department | User,
    changes: Mapping[str, tuple[object, object]],
    path: str = "",
) -> None:
    """Add a line for each field whose two values differ. `path` is given for people only: where it happened."""
    Change.objects.bulk_create(
        line(by, thing, field, old, new, path) for field, (old, new) in changes.items() if text(old) != text(new)
    )


def line(
    by: User | None, thing: Organization | Department | User, field: str, old: object, new: object, path: str = ""
) -> Change:
    match thing:
        case Organization():
            subject, path = Subject.ORGANIZATION, thing.path
        case Department():
            subject, path = Subject.DEPARTMENT, thing.organization.path
        case _:
            subject = Subject.PERSON
    return Change(
        by=by,
        path=path,
        subject=subject,
        subject_id=thing.pk,
        name=str(thing),
        field=field,
        old=text(old),
        new=text(new),
    )


def place_of(person: User) -> str:
    """The path under which a change of the person is logged: of the highest organisation that they have a post in."""
    return places_of([person]).get(person.pk, "")


def places_of(people: Iterable[User]) -> dict[int, str]:
    """By person: where changes of theirs are logged. People without a post are left out."""
    held = Membership.objects.filter(user__in=list(people)).values_list("user", "organization__path")
    places: dict[int, str] = {}
    for person, path in held:
        places[person] = min(places.get(person, path), path, key=lambda one: (len(one), one))
    return places


def words_of(membership: Membership) -> str:
    """A post as the log says it: 某工会 · 部室考核员 · 组织部."""
    parts = [membership.organization.name, membership.get_role_display()]
    if membership.department:
        parts.append(membership.department.name)
    return " · ".join(parts)


def text(value: object) -> str:
    return "" if value is None else str(value)


def batches(things: Sequence[Thing], size: int = BATCH) -> Iterator[Sequence[Thing]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]
