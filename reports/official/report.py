"""关于…情况的报告: the official report of a cycle to the superior union, from its last published results.

Before results are published there is none: a draft from results that can still change would be signed some day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments import publications
from assessments.models import Notice, Snapshot, SnapshotRow
from reports.models import OfficialReport
from reports.official import wording
from reports.official.figures import Figures, Tally, failed, figures_of
from reports.official.notice import points, published, qualified
from reports.official.values import (
    Annex,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Table,
    filled,
    paragraphs,
    written,
)
from reports.tables.cards import LANGUAGE
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from assessments.models import Cycle

NUMERALS = "一二三四五六七八九十"
MOST_BANDS = 6
"""Bands that have columns of their own; more stand in one column, in words."""

HEADLINE = 40
"""Characters of an item that the table of losses names; its number leads to the rest."""

SENTENCE_END = re.compile("[。；;]")


@dataclass(frozen=True, slots=True)
class Text:
    """What a person may write otherwise."""

    title: str
    addressee: str
    opening: str
    closing: str
    issuer: str
    day: date


def text_of(snapshot: Snapshot) -> Text:
    """What was written for these results; else what is proposed, with the words of the report before a correction."""
    own = OfficialReport.objects.filter(snapshot=snapshot).first()
    if own:
        return Text(own.title, own.addressee, own.opening, own.closing, own.issuer, own.day)
    earlier = OfficialReport.objects.filter(snapshot__cycle=snapshot.cycle_id).order_by("-snapshot__number").first()
    if earlier:
        said = (earlier.title, earlier.addressee, earlier.opening, earlier.closing, earlier.issuer)
        return Text(*said, day=timezone.localdate())
    return proposed(snapshot.cycle)


def proposed(cycle: Cycle) -> Text:
    owner = cycle.owner
    said = {"cycle": cycle.name, "document": cycle.document.title, "issuer": owner.name}
    with translation.override(LANGUAGE):
        return Text(
            title=(_("Report on %(cycle)s") % said)[:120],
            addressee=owner.parent.name if owner.parent else "",
            opening=_(
                "In accordance with “%(document)s”, %(issuer)s has carried out %(cycle)s. It is hereby reported as "
                "follows."
            )
            % said,
            closing=_(
                "First, see to it that organisations that did not qualify make up what is lacking in time, and "
                "inspect them anew.\nSecond, give guidance and training where most points are lost.\nThird, use the "
                "results for the building of unions at the grass roots.\nThis is hereby reported."
            ),
            issuer=owner.name,
            day=timezone.localdate(),
        )


def document(snapshot: Snapshot, text: Text) -> Document:
    """The whole report. `snapshot` comes with its cycle, owner, branch and notice."""
    with translation.override(LANGUAGE):
        figures = figures_of(snapshot)
        annexes = tuple(_annexes(snapshot, figures))
        return Document(
            title=text.title,
            addressee=text.addressee,
            blocks=(*paragraphs(text.opening), *_numbered(_sections(snapshot, figures, text, len(annexes)))),
            annexes=annexes,
            issuer=text.issuer,
            day=written(text.day),
        )


# --- The text ---------------------------------------------------------------------------------------------------------

Section = tuple[str, list[Block]]


def _numbered(sections: Iterator[Section]) -> Iterator[Block]:
    """一、 and so on, and tables 表1 and so on."""
    tables = 0
    for numeral, (title, blocks) in zip(NUMERALS, sections, strict=False):
        yield Heading(f"{numeral}、{title}")
        for block in blocks:
            if isinstance(block, Table):
                tables += 1
                named = _("Table %(number)d %(title)s") % {"number": tables, "title": block.title}
                yield Table(block.columns, block.rows, named)
            else:
                yield block


def _sections(snapshot: Snapshot, figures: Figures, text: Text, annexes: int) -> Iterator[Section]:
    yield _("Scope"), [*map(Paragraph, wording.scope(figures))]
    yield pgettext("official report", "Results"), list(_results(snapshot, figures, annexes))
    yield _("Spot checks and reviews"), [Paragraph(wording.spot_checks(figures))]
    found = list(Notice.objects.filter(snapshot__cycle=snapshot.cycle_id, snapshot__number__lte=snapshot.number))
    found.sort(key=lambda one: one.pk, reverse=True)
    told = [*wording.notices(found), wording.objections(figures.objections, found[0])]
    yield _("Public notice and objections"), [Paragraph("".join(told))]
    losses: list[Block] = [Paragraph(wording.losses(figures))]
    yield _("Where most points are lost"), [*losses, *([_losses(figures)] if figures.lost else [])]
    if closing := paragraphs(text.closing):
        yield _("Next steps"), [*closing]


def _results(snapshot: Snapshot, figures: Figures, annexes: int) -> Iterator[Block]:
    parts: list[tuple[str, list[str]]] = []
    if figures.graded:
        parts.append((_("Awards"), wording.grades(figures, snapshot.rules)))
    if figures.judged:
        parts.append((_("Qualification"), [wording.qualification(figures.total, _annex_name(annexes))]))
    for numeral, (title, told) in zip(NUMERALS, parts, strict=False):
        yield Heading(f"（{numeral}）{title}", 2)
        yield from map(Paragraph, told)
    yield _tallied(_("Results by kind of organisation"), _("Kind"), figures.kinds, figures.total)
    if len(figures.counties) > 1:
        yield _tallied(_("Results by branch"), _("Branch"), figures.counties, figures.total)


def _annex_name(annexes: int) -> str:
    annex = _("Annex")
    return f"{annex}{annexes}" if annexes > 1 else annex


def _tallied(title: str, by: str, tallies: tuple[Tally, ...], total: Tally) -> Table:
    """How many took part and have a result, the average where points are out of the same, bands, and qualified."""
    bands = list(total.bands)
    mean = all(one.maximum is not None for one in tallies if one.assessed)
    judged = bool(total.qualified or total.failed)
    columns = [Column(by, words=True), Column(_("Taking part"), 11), Column(_("With a result"), 12)]
    columns += [Column(_("Average"), 15)] * mean
    columns += [Column(band, 11) for band in bands] if len(bands) <= MOST_BANDS else [Column(_("Awarded"), 40)]
    columns += [
        Column(pgettext("how many", "Qualified"), 13),
        Column(pgettext("how many", "Not qualified"), 13),
    ] * judged

    def row(name: str, one: Tally) -> Row:
        average = [f"{one.spread.mean:.2f}" if one.spread and one.maximum is not None else "—"] * mean
        counts = [str(one.bands.get(band, 0)) for band in bands]
        if len(bands) > MOST_BANDS:
            counts = [wording.BETWEEN.join(f"{band}{count}" for band, count in one.bands.items())]
        reached = [str(one.qualified), str(one.failed)] * judged
        return Row((name, str(one.all), str(one.assessed), *average, *counts, *reached))

    lines = [row(one.name, one) for one in tallies]
    return Table(filled(*columns), (*lines, row(_("Total"), total)), title)


def _losses(figures: Figures) -> Table:
    columns = (
        Column(_("Item"), words=True),
        Column(_("Full points"), 18),
        Column(_("Lost on average"), 24),
    )
    lines, kind = [], ""
    for one in figures.lost:
        if one.kind != kind:
            kind = one.kind
            lines.append(Row((kind,)))
        said = f"{one.number} {headline(one.text)}"
        lines.append(Row((said, format_points(one.points), f"{one.average:.2f}")))
    return Table(filled(*columns), tuple(lines), _("Items that lose most"))


def headline(text: str) -> str:
    """The first sentence of an item's wording, as much of it as stands in two lines of a table."""
    first = SENTENCE_END.split(text.strip(), maxsplit=1)[0]
    return first if len(first) <= HEADLINE else f"{first[:HEADLINE]}……"


# --- The annexes ------------------------------------------------------------------------------------------------------


def _annexes(snapshot: Snapshot, figures: Figures) -> Iterator[Annex]:
    yield _all(snapshot)
    if figures.total.failed:
        yield _failed(snapshot)


def _all(snapshot: Snapshot) -> Annex:
    shown = publications.columns_of(snapshot)
    columns = [Column(_("Organisation"), words=True)]
    columns += [Column(_("Points reached"), 28 if shown.maximum else 22)]
    columns += [Column(_("Band by points"), 20), Column(_("Awarded"), 20)] * shown.awarded
    columns += [Column(_("Qualified"), 18)] * shown.qualified

    def cells(_number: int, row: SnapshotRow) -> tuple[str, ...]:
        awards = [row.band or "—", row.awarded or "—"] * shown.awarded
        reached = [qualified(row.qualified)] * shown.qualified
        return str(row.place or ""), row.name, points(row, shown), *awards, *reached

    blocks: list[Block] = [published(snapshot, _("Rank"), columns, cells)]
    withdrawn = snapshot.rows.filter(points=None).order_by("pk").values_list("name", "withdrawn_for")
    if away := [Row((name, why or "—")) for name, why in withdrawn]:
        heads = (Column(_("Organisation"), 70, words=True), Column(_("Reason"), words=True))
        blocks.append(Table(filled(*heads), tuple(away), _("Withdrawn from this assessment")))
    return Annex(_("Results of all organisations"), tuple(blocks))


def _failed(snapshot: Snapshot) -> Annex:
    columns = (
        Column(_("No."), 12),
        Column(_("Organisation"), 40, words=True),
        Column(_("What has to be made up"), words=True),
        Column(_("Due on"), 26),
        Column(_("State"), 22),
    )
    lines = []
    for number, one in enumerate(failed(snapshot), 1):
        task = one.task
        said = (task.task, task.due_on.isoformat(), task.get_state_display()) if task else (_("not set yet"), "—", "—")
        lines.append(Row((str(number), one.row.name, *map(str, said))))
    return Annex(_("Organisations that did not qualify"), (Table(filled(*columns), tuple(lines)),))
