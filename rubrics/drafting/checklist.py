"""What stops a draft from being published, and what is only worth knowing; each with the place to go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgs.models import OrganizationKind
from rubrics import services
from rubrics.models import ColumnSource

if TYPE_CHECKING:
    from rubrics.blueprint import Blueprint
    from rubrics.models import Rubric

NEEDED_COLUMNS = (ColumnSource.TEXT, ColumnSource.SELF, ColumnSource.ASSESS)
"""Without them nobody could read what is asked, or score it; a review column is the document's choice."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `part` says where it is put right: "item" and "section" (with `name`: key, number from 0), "facts",
    "audiences", "columns", "bands", or "draft", the editor as a whole.
    """

    sentence: str
    part: str = "draft"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    stops: tuple[Entry, ...]
    worth_knowing: tuple[Entry, ...]


def checklist(rubric: Rubric, blueprint: Blueprint) -> Checklist:
    """Everything to say about a draft before it is published. `blueprint` is the draft as it is stored."""
    found = services.checks(rubric)
    stops = (
        *_doubts(rubric),
        *_blanks(blueprint),
        *_audiences(blueprint),
        *_columns(blueprint),
        *_bands(blueprint),
        *(_entry(check) for check in found if check.code in services.STOPS),
    )
    return Checklist(stops, tuple(_entry(check) for check in found if check.code not in services.STOPS))


PARTS = {services.CheckCode.NO_AUDIENCE: "audiences", services.CheckCode.TOTAL: "facts"}


def _entry(check: services.Check) -> Entry:
    if check.items:
        return Entry(check.sentence, "item", check.items[0])
    return Entry(check.sentence, PARTS.get(check.code, "draft"))


def _doubts(rubric: Rubric) -> Iterator[Entry]:
    doubts = list(rubric.doubts.filter(chosen="").select_related("item"))
    if doubts:
        told = ngettext("%(count)d doubt is not settled yet.", "%(count)d doubts are not settled yet.", len(doubts))
        first = doubts[0].item
        yield Entry(told % {"count": len(doubts)}, "item" if first else "draft", first.key if first else "")


def _blanks(blueprint: Blueprint) -> Iterator[Entry]:
    if not blueprint.title.strip():
        yield Entry(_("The rubric has no title."), "facts")
    if not blueprint.sections:
        yield Entry(_("The rubric has no items."))
    for number, section in enumerate(blueprint.sections):
        if not section.name.strip():
            yield Entry(_("Section %(number)d has no name.") % {"number": number + 1}, "section", str(number))
        for item in section.items:
            if not item.text.strip():
                yield Entry(_("Item %(key)s has no wording.") % {"key": item.key}, "item", item.key)


def _audiences(blueprint: Blueprint) -> Iterator[Entry]:
    named = {one.kind: one.label for one in blueprint.audiences}
    known = set(OrganizationKind.objects.filter(code__in=named).values_list("code", flat=True))
    for kind in named.keys() - known:
        yield Entry(_("There is no kind of organisation with the code %(kind)s.") % {"kind": kind}, "audiences")


def _columns(blueprint: Blueprint) -> Iterator[Entry]:
    shown = {column.source for column in blueprint.columns}
    missing = [str(source.label) for source in NEEDED_COLUMNS if source not in shown]
    if missing:
        yield Entry(_("The table lacks these columns: %(columns)s.") % {"columns": "、".join(missing)}, "columns")


def _bands(blueprint: Blueprint) -> Iterator[Entry]:
    lowers = [band.lower for band in blueprint.bands]
    if lowers != sorted(lowers, reverse=True):
        yield Entry(_("A better band must begin at more points than a worse one."), "bands")
