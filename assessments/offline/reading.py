"""A filled-in workbook -> what was typed, and every cell that can't be taken, by its address.

Lines are found by the hidden column, so they may stand in another order; what stands beside an answer must still be
what was asked there. What a formula gives counts if it is a number.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import IO

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.fields import typed_fields
from assessments.models import REMARK_LENGTH
from assessments.offline import layout
from assessments.offline.asked import Answer, plainly
from assessments.offline.cells import text_of
from assessments.offline.filled import Fault, Filled, Unusable
from assessments.offline.layout import Identity
from assessments.offline.machine import Machine, machine_of
from assessments.offline.scope import Asked
from assessments.services.typed import REASON_LENGTH, Typed
from assessments.text import clean
from orgs.files import FileRefused, guarded, reading
from orgs.files.cells import unescaped
from orgs.printable import printable

MOST_LINES = 5_000


def read(file: IO[bytes], here: Identity, asked: Sequence[Asked]) -> Filled:
    """What the workbook says on the items of this sheet that were open when it was made.

    Raises Unusable with sentences where it is none of ours, belongs to another sheet, or its head was changed.
    """
    try:
        book, computed = _opened(file), _opened(file, computed=True)
    except FileRefused as refusal:
        raise Unusable([refusal.sentence]) from refusal
    machine = machine_of(book)
    machine.check(here)
    form = book[layout.FORM] if layout.FORM in book.sheetnames else None
    if not isinstance(form, Worksheet):
        raise Unusable([_("The sheet “%(sheet)s” is missing.") % {"sheet": layout.FORM}])
    return _Reader(form, _same(computed, form.title), machine).read(asked)


def _opened(file: IO[bytes], *, computed: bool = False) -> Workbook:
    with reading(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of drop-downs and the like that other programs wrote, and nobody asks for
        return openpyxl.load_workbook(guarded(file), data_only=computed)


def _same(book: Workbook, title: str) -> Worksheet:
    found = book[title]
    assert isinstance(found, Worksheet)  # noqa: S101  # the same file, opened once more
    return found


class _Reader:
    """Takes the answers from the form, and notes every cell that says nothing that can be taken."""

    def __init__(self, form: Worksheet, computed: Worksheet, machine: Machine) -> None:
        self.form, self.computed, self.machine = form, computed, machine
        self.faults: list[Fault] = []
        self.places: dict[str, str] = {}
        self.lines: dict[str, list[int]] = {}

    def read(self, asked: Sequence[Asked]) -> Filled:
        self._find_lines(self._head())
        found = [typed for one in asked if one.row.key in self.machine.items and (typed := self._item(one))]
        return Filled(tuple(found), self.places, tuple(self.faults))

    def _head(self) -> int:
        """The row of the head; refuses where a head is not what and where it was."""
        heads = {column.name: column for column in self.machine.columns}
        letter = heads[layout.CODE].letter
        last = min(self.form.max_row, MOST_LINES)
        top = next(
            (row for row in range(1, last + 1) if self._plain(letter, row) == plainly(heads[layout.CODE].head)), None
        )
        if top is None:
            raise Unusable([_("The row of headings is missing, or its hidden column is.")])
        wrong = [
            _("Cell %(cell)s: “%(head)s” stood here when the workbook was made; now it says “%(text)s”.")
            % {"cell": f"{one.letter}{top}", "head": one.head, "text": self._plain(one.letter, top)[:30]}
            for one in heads.values()
            if self._plain(one.letter, top) != plainly(one.head)
        ]
        if wrong:
            raise Unusable(wrong)
        return top

    def _find_lines(self, head: int) -> None:
        """Where each answer stands, by its name; what was entered in lines that the form does not have is refused."""
        for row in range(head + 1, min(self.form.max_row, MOST_LINES) + 1):
            code = self._plain(self.machine.letter(layout.CODE), row)
            value = f"{self.machine.letter(layout.VALUE)}{row}"
            if code:
                self.lines.setdefault(code, []).append(row)
            elif self.form[value].value is not None:
                self._refuse(value, _("This line belongs to no item of the form. It was not taken."))

    def _item(self, one: Asked) -> Typed | None:
        """What was typed on an item; None, with the reasons noted, where a cell of it can't be taken."""
        before, key = len(self.faults), one.row.key
        made = self.machine.items[key]
        data = {answer.name: self._answer(one, answer) for answer in one.answers if answer.name in made.names}
        top = self._top(one)
        if top is not None:
            data |= self._beside(one, top, filled=any(text.strip() for text in data.values()))
        elif len(self.faults) == before:  # else its answers have said so
            self._refuse("", _("Item %(item)s: its first line was deleted or copied.") % named(one), one)
        if len(self.faults) > before:
            return None
        typed = typed_fields(data, key, [measure.key for measure in one.row.measures], key)
        kept = {a.measure: one.typed.counts.get(a.measure, "") for a in one.answers if a.name not in made.names}
        return replace(typed, counts={**typed.counts, **kept}, version=made.version)

    def _top(self, one: Asked) -> int | None:
        """The first line of an item, which has its number and wording; noted where they are not what they were."""
        rows = self.lines.get(one.answers[0].name, [])
        if len(rows) != 1:
            return None
        for name, text in (("key", one.row.key), ("text", one.row.text)):
            letter = self.machine.letter(name)
            if self._plain(letter, rows[0]) != plainly(printable(text)):
                self._refuse(
                    f"{letter}{rows[0]}", _("This cell was changed; it named item %(item)s.") % named(one), one
                )
        return rows[0]

    def _answer(self, one: Asked, answer: Answer) -> str:
        """The value of one answer; what it says beside it must still be what was asked."""
        rows = self.lines.get(answer.name, [])
        if not rows:
            told = _("Item %(item)s: the line “%(label)s” is missing; it was deleted.")
            self._refuse("", told % (named(one) | {"label": answer.label}), one)
            return ""
        if len(rows) > 1:
            told = _("Item %(item)s stands here twice. Delete the copy, or download the workbook again.")
            for row in rows:
                self._refuse(f"{self.machine.letter(layout.VALUE)}{row}", told % named(one), one)
            return ""
        label, cell = (f"{self.machine.letter(name)}{rows[0]}" for name in ("asked", layout.VALUE))
        self.places[answer.name] = cell
        if self._plain(self.machine.letter("asked"), rows[0]) != plainly(printable(answer.asked)):
            self._refuse(label, _("This cell was changed; it said what item %(item)s asks.") % named(one), one)
            return ""
        try:
            value = answer.value(self._text(cell))
        except ValueError as error:
            self._refuse(cell, _("Item %(item)s: %(sentence)s") % (named(one) | {"sentence": error}), one)
            return ""
        if why := one.fault(answer, value):
            self._refuse(cell, why, one)
        return value

    def _beside(self, one: Asked, row: int, *, filled: bool) -> dict[str, str]:
        """Whether it applies, why not, and the remark."""
        key = one.row.key
        found = {f"r-{key}": self._words(one, layout.REMARK, row, REMARK_LENGTH)}
        absent = f"{self.machine.letter(layout.ABSENT)}{row}"
        if not one.drops or not self.machine.letter(layout.ABSENT):
            return found
        said = plainly(self._words(one, layout.ABSENT, row, REASON_LENGTH))
        reason = self._words(one, layout.REASON, row, REASON_LENGTH) if one.says_why else ""
        if said not in {"", layout.NO, "FALSE", layout.YES, "TRUE"}:
            told = _("“%(text)s” is none of: %(words)s.") % {"text": said[:30], "words": layout.YES}
            self._refuse(absent, _("Item %(item)s: %(sentence)s") % (named(one) | {"sentence": told}), one)
        elif said in {layout.YES, "TRUE"}:
            found |= {f"na-{key}": "on", f"why-{key}": reason}
            if filled:
                told = _("Item %(item)s: it is said not to apply and yet filled in. Leave only one of the two.")
                self._refuse(absent, told % named(one), one)
            elif one.says_why and not reason.strip():
                told = _("Item %(item)s: say why it does not apply.")
                self._refuse(f"{self.machine.letter(layout.REASON)}{row}", told % named(one), one)
        elif reason.strip():
            told = _("Item %(item)s: there is a reason, but not the word that it does not apply.")
            self._refuse(f"{self.machine.letter(layout.REASON)}{row}", told % named(one), one)
        return found

    def _words(self, one: Asked, column: str, row: int, most: int) -> str:
        cell = f"{self.machine.letter(column)}{row}"
        try:
            return clean(self._text(cell), most)
        except ValueError as error:
            self._refuse(cell, _("Item %(item)s: %(sentence)s") % (named(one) | {"sentence": error}), one)
            return ""

    def _text(self, cell: str) -> str:
        return text_of(self.form[cell], self.computed[cell])

    def _plain(self, letter: str, row: int) -> str:
        """What stands in a cell that nobody was to change, as it is compared."""
        value = self.form[f"{letter}{row}"].value
        return plainly(printable(unescaped(value))) if isinstance(value, str) else "" if value is None else str(value)

    def _refuse(self, cell: str, sentence: str, one: Asked | None = None) -> None:
        self.faults.append(Fault(cell, sentence, one.row.key if one else ""))


def named(one: Asked) -> dict[str, object]:
    return {"item": one.row.key}
