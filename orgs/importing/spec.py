"""What a kind of list says of itself. All that is not said here is the same for every list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from orgs.models import ListKind, Outcome, Subject

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from orgs.models import Organization, Upload, User

CLEAR = "-"
"""A cell with this alone empties a field. A blank cell leaves what is stored as it is."""

GUARD = "'"
RISKY = ("=", "+", "-", "@", "\t", "\r", GUARD)
"""How a cell begins that a spreadsheet may take for a formula."""


def guarded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate it, or we would take it for CLEAR."""
    return GUARD + text if text.startswith(RISKY) else text


def unguarded(text: str) -> str:
    """What `guarded` was given; the text itself where nothing was put before it."""
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(RISKY) else text


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a list may have.

    name      under which its cells come to the check; at most 30 characters
    label     the heading that our templates and exports print; it is recognised too
    synonyms  other headings, as unions write them; compared without width, case, blanks, brackets and stars
    needed    whether a list without this column can't be read
    help      one sentence for the notes of the template
    words     what a cell may say, for a drop-down; None where anything may stand
    example   what stands in the example row of the template
    """

    name: str
    label: str | _StrPromise
    synonyms: tuple[str, ...] = ()
    needed: bool = False
    help: str | _StrPromise = ""
    words: Callable[[], Sequence[str]] | None = None
    example: str = ""
    width: int = 16


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the file. `texts` holds the cells of the matched columns only: a missing column is not a blank cell.

    They are as in the file, stripped: look for CLEAR first, then take `unguarded(text)`.
    """

    number: int
    texts: dict[str, str]


@dataclass(slots=True)
class Checked:
    """What the check found of a row; stored as an UploadRow with the same names."""

    number: int
    outcome: Outcome
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    target: int | None = None


Tell = Callable[[int], None]
"""Takes the number of rows handled so far, for the progress bar. Cheap; call it every few hundred rows."""


@dataclass(frozen=True, slots=True)
class ListSpec:
    """A kind of list.

    check     (all rows of the file, branch, by) -> one Checked for each row, in the order of the file; writes
              nothing. A row with a problem is WRONG.
    write     (upload, tell): writes upload.rows, none of them WRONG, in the transaction that calls it; what it raises
              (Refused, PermissionDenied) undoes all. UNCHANGED rows are there to be passed over.
    subjects  whose changes in the log make a check out of date
    notes     sentences for the notes of the template
    ways      (upload) -> (label, address) of what one may want to do after it was written
    """

    kind: ListKind
    fields: tuple[Field, ...]
    subjects: tuple[Subject, ...]
    check: Callable[[list[ListRow], Organization, User], Iterator[Checked]]
    write: Callable[[Upload, Tell], None]
    notes: Callable[[], Sequence[str]] = lambda: ()
    ways: Callable[[Upload], Sequence[tuple[str, str]]] = lambda _upload: ()

    def named(self, name: str) -> Field:
        return next(each for each in self.fields if each.name == name)
