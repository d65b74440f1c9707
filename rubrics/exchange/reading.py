"""Workbook -> blueprint, or everything that is wrong with it, cell by cell."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from orgs.files import FileRefused, Format, open_table
from orgs.printable import printable
from rubrics.blueprint import AudiencePlan, BandPlan, Blueprint, CapPlan, ColumnPlan
from rubrics.drafting.wellformed import fault
from rubrics.exchange import layout
from rubrics.exchange.cells import Refused
from rubrics.exchange.items import Names, read_items
from rubrics.exchange.lines import Line, Report, facts, lines, opened
from rubrics.exchange.measures import read_measures


def recognises(file: IO[bytes]) -> bool:
    """Whether the file is such a workbook, by the mark in it; of any other file it says no, and never raises."""
    try:
        first = next(open_table(file, Format.XLSX, table=layout.FACTS.name), (0, [""]))
    except FileRefused:
        return False
    finally:
        file.seek(0)
    return first == (1, [layout.MARK])


def read(file: IO[bytes]) -> Blueprint:
    """The rubric in the workbook. Raises Refused with a sentence for each wrong cell; nothing is guessed or cut."""
    try:
        book = opened(file)
    except FileRefused as refusal:
        raise Refused([refusal.sentence]) from refusal
    report = Report()
    said = facts(book, report)
    found = {sheet.name: lines(book, sheet, report) for sheet in layout.TABLES}
    audiences, offices = _audiences(found[layout.AUDIENCES.name])
    caps = _caps(found[layout.CAPS.name])
    names = Names(audiences, offices, tuple(one.name for one in caps))
    columns, bands = _columns(found[layout.COLUMNS.name]), _bands(found[layout.BANDS.name])
    measures = read_measures(found[layout.MEASURES.name], [line["key"] for line in found[layout.ITEMS.name]], names)
    sections = read_items(found[layout.ITEMS.name], names, measures)
    if report.found:
        raise Refused(report.sentences)
    blueprint = Blueprint(
        **said, sections=sections, columns=columns, audiences=audiences, offices=offices, bands=bands, caps=caps
    )
    reason = fault(blueprint)
    if reason:
        raise Refused([reason])
    return blueprint


def _audiences(found: list[Line]) -> tuple[tuple[AudiencePlan, ...], tuple[str, ...]]:
    _once(found, "kind")
    _once(found, "office")
    for line in found:
        if "label" in line.filled and not line["kind"]:
            line.wrong("kind", _("This must be filled in."))
    kinds = tuple(AudiencePlan(line["kind"].strip(), line["label"]) for line in found if line["kind"])
    return kinds, tuple(line["office"] for line in found if line["office"])


def _caps(found: list[Line]) -> tuple[CapPlan, ...]:
    _once(found, "name")
    return tuple(CapPlan(line["name"] or "", line["most"], line["least"]) for line in found)


def _columns(found: list[Line]) -> tuple[ColumnPlan, ...]:
    _once(found, "source")
    return tuple(ColumnPlan(line["source"], line["heading"], line["width"], line["added"]) for line in found)


def _bands(found: list[Line]) -> tuple[BandPlan, ...]:
    """From the best down, in whatever order they stand."""
    _once(found, "rank")
    _once(found, "lower")
    complete = [line for line in found if line["rank"] is not None and line["lower"] is not None]
    plans = (BandPlan(line["rank"], line["name"], line["lower"], line["quota"]) for line in complete)
    return tuple(sorted(plans, key=lambda band: -band.rank))


def _once(found: list[Line], name: str) -> None:
    """Report what stands in more than one line."""
    seen: dict[object, int] = {}
    for line in found:
        value = line[name]
        if value in {None, ""}:
            continue
        if value in seen:
            line.wrong(
                name,
                _("“%(value)s” stands in line %(line)d already.")
                % {"value": printable(str(value)), "line": seen[value]},
            )
        else:
            seen[value] = line.number
