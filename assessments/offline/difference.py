"""What was filled in elsewhere beside what stands: what saving it would do, item by item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessments.fields import fields_of
from assessments.offline.filled import Fault, Filled
from assessments.offline.scope import Asked, scope
from assessments.results import Content, StoredMark, contents_of, total_of
from assessments.services.foreseen import Foreseen, foresee
from assessments.services.typed import Typed, read_typed
from assessments.sheetpage import SheetPage, in_short, names_of
from assessments.workflow import Stage
from orgs.models import User
from rubrics.rows import Row


class Fate(StrEnum):
    """What becomes of an item."""

    CHANGED = "changed"
    OVERTAKEN = "overtaken"
    REFUSED = "refused"
    KEPT = "kept"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says, in words."""

    mark: str
    remark: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item, or a cell that belongs to none (then `row` is None).

    typed    what saving it would send; None where nothing would be sent
    version  of the mark that stands, where somebody else saved meanwhile
    by, at   who saved it, and when
    faults   why it can't be taken
    """

    row: Row | None
    fate: Fate
    where: str = ""
    now: Side | None = None
    says: Side | None = None
    typed: Typed | None = None
    version: int = 0
    by: str = ""
    at: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a form that send it."""
        return fields_of(self.row, self.typed) if self.row and self.typed else {}


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change, in document order.

    before, after  the total, if all changes are saved and nothing that others entered is replaced; None: unknown
    """

    entries: tuple[Entry, ...]
    before: Decimal | None
    after: Decimal | None

    def of(self, fate: Fate) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.fate == fate)


def compare(user: User, page: SheetPage, filled: Filled) -> Difference:
    """What saving would come to on an open sheet; writes nothing."""
    asked = {one.row.key: one for one in scope(page)}
    faults: dict[str, list[Fault]] = {}
    for fault in filled.faults:
        faults.setdefault(fault.key if fault.key in asked else "", []).append(fault)
    sent = []
    for typed in filled.typed:
        if typed.key in faults or typed.key not in asked:
            continue
        if told := _out_of_reach(page, asked[typed.key], typed):
            faults[typed.key] = [Fault(_place(asked[typed.key], filled), told, typed.key)]
        elif not asked[typed.key].locked:
            sent.append(_within_reach(asked[typed.key], typed))
    found = foresee(user, page.assessment, page.sheet, sent)
    for key, sentence in found.errors.items():
        faults[key] = [Fault(_place(asked[key], filled), sentence, key)]
    entries = tuple(_entries(asked, filled, sent, found, faults))
    after = {**contents_of(found.stored), **found.changed}
    known = page.whole and not page.total.blank
    return Difference(
        entries, page.total.points if known else None, total_of(page.assessment, after).points if page.whole else None
    )


def _out_of_reach(page: SheetPage, one: Asked, typed: Typed) -> str:
    """Why something that it changes is no longer the person's to change; empty where it changes nothing of that."""
    if one.locked:
        try:
            says = read_typed(one.row, one.item, typed, Stage(page.stage), page.marks.get(Stage.SELF, {}), one.content)
        except ValueError:
            return one.locked
        return one.locked if says != one.content else ""
    for answer in one.answers:
        if answer.name in one.closed and typed.counts.get(answer.measure, "") != one.typed.counts.get(
            answer.measure, ""
        ):
            return _("Item %(item)s: “%(label)s” is entered by another department, or has been signed off.") % {
                "item": one.row.key,
                "label": answer.label,
            }
    return ""


def _within_reach(one: Asked, typed: Typed) -> Typed:
    """Without what only another department enters."""
    closed = {answer.measure for answer in one.answers if answer.name in one.closed}
    return replace(typed, counts={key: text for key, text in typed.counts.items() if key not in closed})


def _place(one: Asked, filled: Filled) -> str:
    """Where the first of an item's answers stands."""
    return next((filled.places[answer.name] for answer in one.answers if answer.name in filled.places), "")


def _entries(
    asked: Mapping[str, Asked],
    filled: Filled,
    sent: Iterable[Typed],
    found: Foreseen,
    faults: Mapping[str, list[Fault]],
) -> Iterator[Entry]:
    by_key = {typed.key: typed for typed in sent}
    names = names_of(found.overtaken.values())
    touched = {typed.key for typed in filled.typed} | faults.keys()
    for key, one in asked.items():
        if key not in touched:
            continue
        stands = found.stored[key].content if key in found.stored else Content()
        now, where = _side(one.row, stands), _place(one, filled)
        if key in faults:
            yield Entry(one.row, Fate.REFUSED, where, now, faults=tuple(faults[key]))
        elif key in found.overtaken:
            yield _overtaken(one.row, where, found, by_key[key], names)
        elif key in found.changed:
            says = _side(one.row, found.changed[key])
            yield Entry(one.row, Fate.CHANGED, where, now, says, by_key[key])
        else:
            yield Entry(one.row, Fate.KEPT if key in found.kept else Fate.SAME, where, now)
    for fault in faults.get("", ()):
        yield Entry(None, Fate.REFUSED, fault.where, faults=(fault,))


def _overtaken(row: Row, where: str, found: Foreseen, typed: Typed, names: Mapping[int, str]) -> Entry:
    theirs: StoredMark = found.overtaken[row.key]
    now, says = _side(row, theirs.content), _side(row, found.contents[row.key])
    at = date_format(localtime(theirs.saved_at), "Y-m-d H:i")
    return Entry(row, Fate.OVERTAKEN, where, now, says, typed, theirs.version, names[theirs.saved_by], at)


def _side(row: Row, content: Content) -> Side:
    return Side(in_short(row, content), content.remark, content.reason)
