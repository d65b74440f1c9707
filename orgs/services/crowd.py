"""The writer of a whole list of people: new ones and new posts of known ones, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from orgs.models import Change, Department, Membership, Organization, User
from orgs.names import sort_key
from orgs.permissions import may_manage
from orgs.queries import people_managed_by
from orgs.roles import Role
from orgs.services.base import Refused, batches, line, lock_people, places_of, require, words_of
from orgs.services.people import checked_full_name, checked_phone, checked_username, free_usernames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FACTS = ("full_name", "phone", "username")


class PostKeys(NamedTuple):
    """A post by keys, as a list names it."""

    organization: int
    role: str
    department: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person and posts of theirs. `key` is None for a new person; `facts` are new values of some of FACTS."""

    key: int | None
    facts: Mapping[str, str | None]
    posts: Sequence[PostKeys] = field(default_factory=tuple)


@transaction.atomic
def write_people(
    by: User | None, arrivals: Sequence[Arrival], tell: Callable[[int], None] = lambda _done: None
) -> list[User]:
    """Write all or none, with a line of the log for each fact and post; returns the new people in their order.

    New people have no password yet: their first one comes with the slip. Needs the right over each organisation, and,
    where name or logins of a known person change, over that person.
    """
    lock_people()
    posts = _Posts(by, [post for arrival in arrivals for post in arrival.posts])
    new = [arrival for arrival in arrivals if arrival.key is None]
    made = _new_people(new)
    known = _changed_people(by, {arrival.key: arrival.facts for arrival in arrivals if arrival.key is not None})
    _refuse_taken_logins([*made, *(user for user, changes in known.values() if changes)])
    made = User.objects.bulk_create(made, batch_size=1000)
    tell(len(made))
    User.objects.bulk_update(
        [user for user, changes in known.values() if changes], [*FACTS, "sort_key"], batch_size=500
    )
    people = iter(made)
    holders = [(next(people) if one.key is None else known[one.key][0], one) for one in arrivals]
    given = posts.give((user, post) for user, one in holders for post in one.posts)
    tell(len(arrivals))
    _log(by, made, known, given)
    return made


class _Posts:
    """The organisations and departments of the list's posts, asked for once."""

    def __init__(self, by: User | None, wanted: Sequence[PostKeys]) -> None:
        keys = sorted({post.organization for post in wanted})
        self.organizations: dict[int, Organization] = {}
        for batch in batches(keys):
            self.organizations |= Organization.objects.in_bulk(batch)
        self.departments = Department.objects.in_bulk(sorted({post.department for post in wanted if post.department}))
        for organization in self.organizations.values():
            require(by, may_manage, organization)
            if organization.closed_on:
                raise Refused(_("“%(name)s” is closed.") % {"name": organization.name})
        for post in set(wanted):
            department = self.departments[post.department] if post.department else None
            fits = department is None or department.organization_id == post.organization
            if post.role not in Role.values or (post.role == Role.DEPARTMENT_ASSESSOR) != bool(department) or not fits:
                raise Refused(_("A department belongs to the role of department assessor, and to no other."))

    def give(self, wanted: Iterable[tuple[User, PostKeys]]) -> list[Membership]:
        drafts = [
            Membership(
                user=user,
                organization=self.organizations[post.organization],
                role=post.role,
                department=self.departments[post.department] if post.department else None,
            )
            for user, post in wanted
        ]
        held: set[tuple[object, ...]] = set()
        for batch in batches(sorted({draft.user_id for draft in drafts})):
            found = Membership.objects.filter(user__in=batch)
            held.update(found.values_list("user", "organization", "role", "department"))
        for draft in drafts:
            key = (draft.user_id, draft.organization_id, draft.role, draft.department_id)
            if key in held:
                raise Refused(_("%(person)s already holds this post.") % {"person": draft.user})
            held.add(key)
        return Membership.objects.bulk_create(drafts, batch_size=1000)


def _new_people(arrivals: Sequence[Arrival]) -> list[User]:
    people = []
    for arrival in arrivals:
        name = checked_full_name(arrival.facts.get("full_name") or "")
        typed = arrival.facts.get("username")
        person = User(full_name=name, sort_key=sort_key(name), must_change_password=True)
        person.phone = checked_phone(arrival.facts.get("phone"))
        person.username = checked_username(typed) if typed else ""
        person.password = make_password(None)
        people.append(person)
    reserved = {login for person in people for login in (person.username, person.phone) if login}
    nameless = [person for person in people if not person.username]
    for person, username in zip(nameless, free_usernames([one.full_name for one in nameless], reserved), strict=True):
        person.username = username
    return people


Known = dict[int, tuple[User, dict[str, tuple[object, object]]]]
"""By key: the person as changed, and what changed."""


def _changed_people(by: User | None, facts: Mapping[int, Mapping[str, str | None]]) -> Known:
    known: Known = {}
    for batch in batches(sorted(facts)):
        for key, user in User.objects.select_for_update().in_bulk(batch).items():
            changes: dict[str, tuple[object, object]] = {}
            for name, value in facts[key].items():
                if getattr(user, name) != value:
                    changes[name] = (getattr(user, name), value)
                    setattr(user, name, value)
            user.sort_key = sort_key(user.full_name)
            known[key] = (user, changes)
    changed = [key for key, (_user, changes) in known.items() if changes]
    if by is not None and not by.is_superuser:
        mine = sum(people_managed_by(by).filter(pk__in=batch).count() for batch in batches(changed))
        require(by, lambda _by, count: count == len(changed), mine)
    return known


def _refuse_taken_logins(people: Sequence[User]) -> None:
    """No login may mean two people: neither of the list, nor one of the list and another.

    Not even one whom the list gives another login: while rows are written the database would see it twice.
    """
    wanted = [(login, person.pk) for person in people for login in {person.username, person.phone} if login]
    owners = dict(wanted)
    taken = [login for login, count in Counter(login for login, _key in wanted).items() if count > 1]
    for batch in batches(sorted(owners)):
        known = User.objects.filter(Q(username__in=batch) | Q(phone__in=batch)).values_list("pk", "username", "phone")
        taken += [login for key, *theirs in known for login in theirs if login and owners.get(login, key) != key]
    if taken:
        raise Refused(_("Someone else already logs in with “%(login)s”.") % {"login": taken[0]})


def _log(by: User | None, made: Sequence[User], known: Known, given: Sequence[Membership]) -> None:
    first: dict[int, str] = {}
    for post in given:
        first.setdefault(post.user_id, post.organization.path)
    places = places_of([user for user, changes in known.values() if changes])
    lines = [line(by, user, "created", "", user.username, first.get(user.pk, "")) for user in made]
    lines += [
        line(by, user, name, old, new, places.get(user.pk, ""))
        for user, changes in known.values()
        for name, (old, new) in changes.items()
    ]
    lines += [line(by, post.user, "post", "", words_of(post), post.organization.path) for post in given]
    Change.objects.bulk_create(lines, batch_size=1000)
