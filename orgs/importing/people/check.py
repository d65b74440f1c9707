"""What writing a list of people would do, row by row. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from orgs.importing.people.cells import FACTS, Cells, parse, roles
from orgs.importing.people.places import places_of
from orgs.importing.spec import Checked
from orgs.models import Membership, Outcome, User
from orgs.queries import people_managed_by
from orgs.roles import Role
from orgs.services.base import batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orgs.importing.spec import ListRow
    from orgs.models import Organization

COLUMNS = {kept: column for column, kept in FACTS.items()}


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the list: known already, or new. `said` is what rows said of them, with the first row that did."""

    who: int
    existing: User | None = None
    said: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    posts: dict[tuple[int, str, int | None], int] = field(default_factory=dict)


def check(rows: list[ListRow], branch: Organization, by: User) -> Iterator[Checked]:
    """See `ListSpec.check`."""
    places = places_of(branch, (row.texts.get("organization", "") for row in rows))
    known_roles = roles()
    cells = [parse(row, places, known_roles) for row in rows]
    people = _People(cells)
    whose = people.assign(cells)
    judge = _Judge(by, [person.existing for person in people.all if person.existing])
    for one in cells:
        yield judge.judged(one, whose.get(one.number))


class _People:
    """Who the rows speak of. People are told apart by their logins; without one, by name and organisation."""

    def __init__(self, cells: Iterable[Cells]) -> None:
        cells = list(cells)
        self.all: list[Person] = []
        self.by_login: dict[str, Person] = {}
        self.by_name: dict[tuple[str, int], list[Person]] = defaultdict(list)
        for batch in batches(sorted({login for one in cells for login in one.logins})):
            for user in User.objects.filter(Q(username__in=batch) | Q(phone__in=batch)):
                if user.username not in self.by_login:
                    self._know(user)
        self._know_holders(sorted({one.place.pk for one in cells if one.place and not one.logins}))

    def assign(self, cells: Iterable[Cells]) -> dict[int, Person]:
        """By row number. Rows with a login come first: those without may mean the same person."""
        whose = {}
        for one in sorted(cells, key=lambda one: not one.logins):
            person = self._of_logins(one) if one.logins else self._of_name(one)
            if person:
                whose[one.number] = person
        return whose

    def _know(self, user: User) -> Person:
        person = Person(len(self.all), user)
        self.all.append(person)
        self.by_login |= {login: person for login in (user.username, user.phone) if login}
        return person

    def _know_holders(self, places: list[int]) -> None:
        for batch in batches(places):
            for post in Membership.objects.filter(organization__in=batch).select_related("user"):
                person = self.by_login.get(post.user.username) or self._know(post.user)
                self._name(person, post.user.full_name, post.organization_id)

    def _name(self, person: Person, name: str | None, place: int) -> None:
        if name and person not in self.by_name[name, place]:
            self.by_name[name, place].append(person)

    def _of_logins(self, one: Cells) -> Person | None:
        found = list(dict.fromkeys(self.by_login[login] for login in one.logins if login in self.by_login))
        if len(found) > 1:
            one.wrong("phone", _("Phone number and user name belong to two people."))
            return None
        person = found[0] if found else self._new()
        self.by_login |= dict.fromkeys(one.logins, person)
        if one.place:
            self._name(person, one.facts.get("full_name"), one.place.pk)
        return person

    def _of_name(self, one: Cells) -> Person | None:
        name = one.facts.get("full_name")
        if not name:
            if not any(column == "name" for column, _sentence in one.problems):
                one.wrong("name", _("Say who it is: a name, a phone number or a user name."))
            return None
        if one.place is None:
            return None
        found = self.by_name[name, one.place.pk]
        if len(found) > 1:
            one.wrong("name", _("Several people of this name are there: add phone number or user name."))
            return None
        if not found:
            found.append(self._new())
        return found[0]

    def _new(self) -> Person:
        self.all.append(Person(len(self.all)))
        return self.all[-1]


class _Judge:
    """Outcome, values and changes of a row whose person is known."""

    def __init__(self, by: User, existing: list[User]) -> None:
        keys = sorted(user.pk for user in existing)
        self.held: set[tuple[Any, ...]] = set()
        self.mine: set[int] = set()
        for batch in batches(keys):
            posts = Membership.objects.filter(user__in=batch)
            self.held.update(posts.values_list("user", "organization", "role", "department"))
            managed = User.objects.all() if by.is_superuser else people_managed_by(by)
            self.mine.update(managed.filter(pk__in=batch).values_list("pk", flat=True))

    def judged(self, one: Cells, person: Person | None) -> Checked:
        existing = person.existing if person else None
        checked = Checked(one.number, Outcome.WRONG, one.facts.get("full_name") or (str(existing) if existing else ""))
        if person:
            self._hear(one, person)
        facts, post = self._news(one, existing)
        if existing:
            checked.target = existing.pk
            self._refuse(one, existing, facts, post)
        elif person and "full_name" not in person.said and not one.problems:
            one.wrong("name", _("The name is missing."))
        if one.problems or person is None:
            checked.problems = list(dict.fromkeys(one.problems))
            return checked
        checked.outcome = Outcome.NEW if existing is None else Outcome.CHANGED if facts or post else Outcome.UNCHANGED
        checked.changes = list(self._words(one, existing, facts, post))
        checked.values = {"who": person.who, "facts": facts, "post": post}
        return checked

    def _hear(self, one: Cells, person: Person) -> None:
        """Two rows of one person must not contradict each other, nor give a post twice."""
        for kept, value in one.facts.items():
            said, number = person.said.setdefault(kept, (value, one.number))
            if said != value:
                one.wrong(COLUMNS[kept], _("Row %(row)d says something else of the same person.") % {"row": number})
        if one.post:
            number = person.posts.setdefault(one.post, one.number)
            if number != one.number:
                one.wrong("role", _("The same post stands in row %(row)d already.") % {"row": number})

    def _news(
        self, one: Cells, existing: User | None
    ) -> tuple[dict[str, str | None], tuple[int, str, int | None] | None]:
        """What is not so yet: facts of the person, and the post."""
        if existing is None:
            return {kept: value for kept, value in one.facts.items() if value is not None}, one.post
        facts = {kept: value for kept, value in one.facts.items() if getattr(existing, kept) != value}
        return facts, one.post if one.post and (existing.pk, *one.post) not in self.held else None

    def _refuse(self, one: Cells, existing: User, facts: dict[str, str | None], post: object) -> None:
        if facts and existing.pk not in self.mine:
            sentence = _(
                "Name and logins of this person are not yours to change: leave them blank, or as they are stored."
            )
            one.wrong(COLUMNS[next(iter(facts))], sentence)
        if (facts or post) and not existing.is_active:
            one.wrong("", _("The account of %(person)s is closed.") % {"person": existing})

    def _words(
        self, one: Cells, existing: User | None, facts: dict[str, str | None], post: object
    ) -> Iterator[tuple[str, str, str]]:
        for kept, value in facts.items():
            yield COLUMNS[kept], str(getattr(existing, kept) or "") if existing else "", value or ""
        if post and one.place:
            words = [one.place.name, str(Role(one.role).label)]
            yield "role", "", " · ".join([*words, one.department.name] if one.department else words)
