"""The hidden sheet of a workbook: whose it is, where what stands, and what each item was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.offline import layout
from assessments.offline.filled import Unusable
from assessments.offline.layout import Identity
from assessments.workflow import Stage

MOST_LINES = 5_000
COLUMNS = 4
LETTER = re.compile("[A-Z]{1,2}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stood, and its head."""

    name: str
    letter: str
    head: str


@dataclass(frozen=True, slots=True)
class Made:
    """An item as it was handed out: the version of its mark, and the names of the answers that were open."""

    version: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Machine:
    identity: Identity
    columns: tuple[Place, ...]
    items: Mapping[str, Made]

    def letter(self, name: str) -> str:
        """The column's letter; empty where the workbook has no such column."""
        return next((one.letter for one in self.columns if one.name == name), "")

    def check(self, here: Identity) -> None:
        """Raises Unusable with one sentence that names both, where the workbook is that of another sheet."""
        file = self.identity
        if file.organization != here.organization:
            raise Unusable(
                [
                    _("This is the workbook of %(theirs)s; here is the sheet of %(ours)s.")
                    % {"theirs": file.organization, "ours": here.organization}
                ]
            )
        if (file.cycle, file.cycle_name) != (here.cycle, here.cycle_name):
            raise Unusable(
                [
                    _("This is a workbook of the cycle “%(theirs)s”; here is “%(ours)s”.")
                    % {"theirs": file.cycle_name, "ours": here.cycle_name}
                ]
            )
        if file.stage != here.stage:
            raise Unusable(
                [
                    _("This is a workbook of the stage “%(theirs)s”; here is “%(ours)s”.")
                    % {"theirs": _stage(file.stage), "ours": _stage(here.stage)}
                ]
            )
        if file.rubric != here.rubric:
            raise Unusable(
                [
                    _("This workbook was made from the rubric “%(theirs)s”; here “%(ours)s” holds. Download it again.")
                    % {"theirs": _version(file), "ours": _version(here)}
                ]
            )
        if file.assessment != here.assessment:
            raise Unusable([_("This workbook comes from another installation of this software. Download it here.")])


def _stage(name: str) -> str:
    return str(Stage(name).label) if name in Stage.values else name


def _version(found: Identity) -> str:
    return _("%(title)s, as of %(moment)s") % {
        "title": found.rubric_title,
        "moment": found.rubric.partition("@")[2][:19].replace("T", " "),
    }


def machine_of(book: Workbook) -> Machine:
    """What the hidden sheet says. Raises Unusable where the workbook is none of ours, or that sheet was damaged."""
    sheet = book[layout.MACHINE] if layout.MACHINE in book.sheetnames else None
    if not isinstance(sheet, Worksheet) or _text(sheet, 1, 1) != layout.MARK:
        raise Unusable([_("This workbook was not downloaded here. Download the one of this sheet, and fill in that.")])
    lines = [
        [_text(sheet, row, column) for column in range(1, COLUMNS + 1)]
        for row in range(2, min(sheet.max_row, MOST_LINES) + 1)
    ]
    facts = {name: value for name, value, *_rest in lines}
    columns = tuple(Place(*rest) for name, *rest in lines if name == "column")
    needed = {layout.CODE, layout.VALUE, "key", "text", "asked", layout.REMARK}
    whole = {one.name for one in fields(Identity)} <= facts.keys() and needed <= {one.name for one in columns}
    if not whole or not all(LETTER.fullmatch(one.letter) for one in columns):
        raise _damaged()
    identity = Identity(**{one.name: facts[one.name] for one in fields(Identity)})
    items = {key: _made(version, names) for name, key, version, names in lines if name == "item"}
    return Machine(identity, columns, items)


def _made(version: str, names: str) -> Made:
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise _damaged()
    return Made(int(version), frozenset(names.split()))


def _damaged() -> Unusable:
    return Unusable([_("The hidden sheet of this workbook was changed. Download the workbook again.")])


def _text(sheet: Worksheet, row: int, column: int) -> str:
    value = sheet.cell(row, column).value
    return "" if value is None else str(value)
