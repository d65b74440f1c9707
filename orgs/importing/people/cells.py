"""The cells of one row -> who it is and which post it gives, or sentences that say what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from orgs.importing.people.fields import ROLE_SYNONYMS, role_words
from orgs.importing.spec import CLEAR, unguarded
from orgs.importing.words import fold, in_every_language, unknown
from orgs.roles import Role
from orgs.services.base import Refused
from orgs.services.people import checked_full_name, checked_phone, checked_username

if TYPE_CHECKING:
    from orgs.importing.people.places import Place, Places
    from orgs.importing.spec import ListRow
    from orgs.models import Department

FACTS = {"name": "full_name", "phone": "phone", "username": "username"}
"""Columns that say something of the person, and where it is kept."""


@dataclass(slots=True)
class Cells:
    """What a row says. `facts` has what it says of the person; a phone number of None is one to be removed."""

    number: int
    facts: dict[str, str | None] = field(default_factory=dict)
    place: Place | None = None
    role: str = ""
    department: Department | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def logins(self) -> list[str]:
        return [login for login in (self.facts.get("phone"), self.facts.get("username")) if login]

    @property
    def post(self) -> tuple[int, str, int | None] | None:
        """The post by keys, where the row says a whole one."""
        whole = self.place and self.role and (self.role == Role.DEPARTMENT_ASSESSOR) == bool(self.department)
        return (
            (self.place.pk, self.role, self.department.pk if self.department else None)
            if whole and self.place
            else None
        )

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.append((name, sentence))


def roles() -> dict[str, str]:
    """What a cell may say -> the role."""
    return {
        fold(word): role.value
        for role in Role
        for word in (role.value, *in_every_language(role.label), *ROLE_SYNONYMS.get(role, ()))
    }


def parse(row: ListRow, places: Places, roles: dict[str, str]) -> Cells:
    """Reads every cell, whatever is wrong with the others."""
    cells = Cells(row.number)
    texts = {name: text if text == CLEAR else unguarded(text) for name, text in row.texts.items()}
    readers: dict[str, Callable[[str], str | None]] = {
        "name": checked_full_name,
        "phone": checked_phone,
        "username": checked_username,
    }
    for name, read in readers.items():
        _try(cells, name, partial(_read_fact, cells, name, texts.get(name, ""), read))
    _try(cells, "organization", lambda: setattr(cells, "place", _place(texts.get("organization", ""), places)))
    _try(cells, "role", lambda: setattr(cells, "role", _role(texts.get("role", ""), roles)))
    if cells.place and cells.role:
        _try(cells, "department", lambda: _read_department(cells, texts.get("department", ""), places))
    return cells


def _try(cells: Cells, name: str, read: Callable[[], object]) -> None:
    try:
        read()
    except Refused as refusal:
        cells.wrong(name, refusal.sentence)


def _read_fact(cells: Cells, name: str, typed: str, read: Callable[[str], str | None]) -> None:
    if typed == CLEAR and name != "phone":
        raise Refused(_("This can't be emptied."))
    if typed:
        cells.facts[FACTS[name]] = None if typed == CLEAR else read(typed)


def _place(typed: str, places: Places) -> Place:
    if typed in {"", CLEAR}:
        raise Refused(_("The organisation is missing."))
    return places.find(typed)


def _role(typed: str, roles: dict[str, str]) -> str:
    if typed in {"", CLEAR}:
        raise Refused(_("The role is missing."))
    if found := roles.get(fold(typed)):
        return found
    raise unknown(_("“%(role)s” is no role.") % {"role": typed[:40]}, typed, role_words())


def _read_department(cells: Cells, typed: str, places: Places) -> None:
    """`cells.place` and `cells.role` are known."""
    typed = "" if typed == CLEAR else typed
    if cells.role != Role.DEPARTMENT_ASSESSOR:
        if typed:
            raise Refused(_("A department belongs to the role of department assessor, and to no other."))
        return
    if not typed:
        raise Refused(_("The department is missing."))
    if cells.place:
        cells.department = places.department(cells.place, typed)
