"""The cells of one row -> values in their one form, or sentences that say what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from django.utils.translation import gettext as _

from orgs.importing.organizations.fields import LEVEL_SYNONYMS, level_words
from orgs.importing.spec import CLEAR, unguarded
from orgs.importing.words import fold, in_every_language, unknown
from orgs.models import Level, OrganizationKind
from orgs.services.base import Refused
from orgs.services.facts import (
    MAX_MEMBERS,
    checked_code,
    checked_contact,
    checked_contact_phone,
    checked_name,
)

if TYPE_CHECKING:
    from orgs.importing.spec import ListRow

EMPTY: dict[str, Any] = {"code": None, "members": None, "contact": "", "phone": "", "industrial_union": None}
"""What a cleared field holds. Name, superior, kind and level can't be cleared."""


SUPERIORS = ("parent", "industrial_union")
"""Fields that name other organisations: what they mean is known when all rows have their place."""


@dataclass(slots=True)
class Cells:
    """What a row says. `given` has the fields that it says something about; superiors are as typed, '' for blank."""

    number: int
    given: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    industrial_union: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.given.get("name", ""))


def members(typed: str) -> int:
    """A whole number, thousands separated or not, with or without the word for persons."""
    text = normalize("NFKC", typed).replace(" ", "").rstrip("人名")
    if not re.fullmatch(r"([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.0+)?", text, re.ASCII):
        raise Refused(_("“%(number)s” is no whole number.") % {"number": typed[:40]})
    number = int(text.partition(".")[0].replace(",", ""))
    if number > MAX_MEMBERS:
        raise Refused(_("“%(number)s” is more members than there can be.") % {"number": typed[:40]})
    return number


Reader = Callable[[str], Any]


def readers() -> dict[str, Reader]:
    """A reader for each field: text -> value, or Refused. Asks the database for the kinds, once."""
    kinds = list(OrganizationKind.objects.all())
    levels = {
        fold(str(word)).removesuffix("级"): level.value
        for level in Level
        for word in (level.value, *in_every_language(level.label), *LEVEL_SYNONYMS.get(level, ()))
    }
    return {
        "name": checked_name,
        "code": checked_code,
        "kind": cache(
            partial(
                _one_of,
                {fold(word): kind for kind in kinds for word in (kind.code, kind.name)},
                [kind.name for kind in kinds],
                _("“%(word)s” is no kind."),
            )
        ),
        "level": cache(partial(_one_of, levels, level_words(), _("“%(word)s” is no level."))),
        "members": members,
        "contact": checked_contact,
        "phone": checked_contact_phone,
    }


def parse(row: ListRow, readers: dict[str, Reader]) -> Cells:
    """Reads every cell, whatever is wrong with the others."""
    cells = Cells(row.number)
    for name, typed in row.texts.items():
        try:
            if typed == CLEAR:
                _clear(cells, name)
            elif name in SUPERIORS:
                setattr(cells, name, unguarded(typed))
            elif typed:
                cells.given[name] = readers[name](unguarded(typed))
        except Refused as refusal:
            cells.problems.append((name, refusal.sentence))
    if not cells.name and not any(name == "name" for name, _sentence in cells.problems):
        cells.problems.append(("name", _("The name is missing.")))
    return cells


def _clear(cells: Cells, name: str) -> None:
    if name not in EMPTY:
        raise Refused(_("This can't be emptied."))
    cells.given[name] = EMPTY[name]


def _one_of(meanings: dict[str, Any], shown: Sequence[str], sentence: str, typed: str) -> Any:
    key = fold(typed)
    found = meanings.get(key) or meanings.get(key.removesuffix("级"))
    if found is not None:
        return found
    raise unknown(sentence % {"word": typed[:40]}, typed, shown)
