"""What stands around the rows: how points were read, stars, signatures, workings, remarks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from assessments.bands import award
from assessments.claims import in_words
from assessments.sentences import explained, tripped_in_words
from assessments.workflow import Stage
from orgs.printable import printable
from reports.tables.body import Body
from reports.tables.scores import OUT_OF_SCOPE, StageScores, fits_a_cell
from reports.tables.values import Fact, Remark, Signature
from rubrics.models import ColumnSource
from rubrics.rows import Row
from rubrics.scoring.explain import Line, LineCode, explain
from rubrics.scoring.grades import Scale
from rubrics.scoring.numbers import format_points

UNREMARKABLE = frozenset(
    {
        LineCode.SECTION,
        LineCode.BASE,
        LineCode.BONUS,
        LineCode.PENALTY,
        LineCode.OUT_OF_SCOPE,
        LineCode.SCALED,
        LineCode.TOTAL,
        LineCode.GATE_REQUIRED,
        LineCode.GATE_VETO,
        LineCode.GATE_VETO_TOP,
    }
)
"""Steps that the table itself or the notes below it show."""


def notes(body: Body, scale: Scale | None) -> Iterator[str]:
    for stage in body.beside:
        if stage.marked:
            yield _review(body, stage)
    if body.contradicts:
        sums = {"sum": format_points(body.printed), "declared": format_points(body.rubric.declared_total)}
        if body.scaled:
            yield _("The printed points add up to %(sum)s; the total is scaled to %(declared)s.") % sums
        else:
            yield _("Scored by the printed points, which add up to %(sum)s.") % sums
    if scale:
        yield _bands(scale)
    yield from _tripped(body)
    if body.limited:
        yield _(
            "“%(sign)s”: does not apply to this kind of organisation; the total reads points / points within reach."
        ) % {"sign": OUT_OF_SCOPE}
    if body.shown and body.frame.has(ColumnSource.GROUP_POINTS):
        order = " / ".join(_heading(body, stage) for stage in body.shown)
        yield _("In brackets behind each item: %(columns)s.") % {"columns": order}
    if added := [column.heading for column in body.frame.columns if column.added]:
        yield _("Columns added to the printed table: %(columns)s.") % {"columns": _(", ").join(added)}


def _review(body: Body, review: StageScores) -> str:
    """A stage that the printed table has no column for: its total, and each item that it marked otherwise."""
    awarded = award(body.rubric, review.total)
    words = {
        "stage": _heading(body, review),
        "points": format_points(review.total.points),
        "maximum": format_points(review.total.maximum),
        "award": _(", %(award)s") % {"award": awarded} if awarded else "",
    }
    told = [_("%(stage)s: %(points)s of %(maximum)s points%(award)s.") % words]
    before = next((stage for stage in body.sheets if stage.stage == Stage.ASSESS), None)
    changed = [line for row in body.items if (line := _changed(body, row, before, review))]
    if changed:
        told.append(_("Marked there: %(items)s.") % {"items": _("; ").join(changed)})
    if before:
        told.append(_("All other items as in “%(column)s”.") % {"column": _heading(body, before)})
    if review.total.missing:
        told.append(_("Not marked yet: %(count)s items.") % {"count": len(review.total.missing)})
    return "".join(told)


def _changed(body: Body, row: Row, before: StageScores | None, review: StageScores) -> str:
    """'1.: 5 → 4' where the review says something, and something else than the assessment."""
    was, now = (stage.note(row).strip() if stage else "" for stage in (before, review))
    if not now or was == now:
        return ""
    told = f"{was} → {now}" if was else now
    return _("%(columns)s: %(sentence)s") % {"columns": _name(body, row), "sentence": told}


def _tripped(body: Body) -> Iterator[str]:
    """What stands in the way of the award, and in which columns."""
    found: dict[str, list[str]] = defaultdict(list)
    for stage in body.sheets:
        for sentence in tripped_in_words(stage.total, body.items):
            found[printable(sentence)].append(_heading(body, stage))
    for sentence, columns in found.items():
        yield _("%(columns)s: %(sentence)s") % {"columns": _(", ").join(columns), "sentence": sentence}


def _bands(scale: Scale) -> str:
    best = scale.bands[0]
    parts = [_("%(band)s: %(lower)s points or more") % {"band": best.name, "lower": format_points(best.lower)}]
    for above, band in pairwise(scale.bands):
        terms = {"band": band.name, "lower": format_points(band.lower), "upper": format_points(above.lower)}
        if band.lower:
            parts.append(_("%(band)s: %(lower)s or more, below %(upper)s") % terms)
        else:
            parts.append(_("%(band)s: below %(upper)s") % terms)
    return _("Stars: %(bands)s.") % {"bands": _("; ").join(parts)}


def signatures(body: Body) -> tuple[Signature, ...]:
    """One for each stage, in the words of who signs it."""
    date = _("Date: (year) (month) (day)")
    words = {
        Stage.SELF: (_("Seal of the organisation:"), _("Signature of the chair:"), date),
        Stage.ASSESS: (_("Seal of the assessing union:"), _("Signatures of the assessment team:"), date),
        Stage.REVIEW: (_("Seal of the reviewing union:"), _("Signature of the reviewer:"), date),
    }
    printed = (Stage(column.source) for column in body.frame.stages)
    return tuple(Signature(words[stage]) for stage in (*printed, *(one.stage for one in body.beside)))


def workings(body: Body) -> Iterator[Fact]:
    """Every step that made an official total differ from a plain sum of marks, by stage."""
    for stage in body.shown:
        lines = [line for line in explain(stage.total) if not _shown(line, body.items)]
        if lines:
            yield Fact(_heading(body, stage), _("; ").join(explained(lines, body.items)))


def _shown(line: Line, items: Iterable[Row]) -> bool:
    """Whether the table or the notes already say so: a level stands in its cell if it is short."""
    if line.code is not LineCode.LEVEL:
        return line.code in UNREMARKABLE
    labels = {(row.key, measure.key): measure.label for row in items for measure in row.measures}
    return fits_a_cell(labels[str(line.values["item"]), str(line.values["measure"])])


def remarks(body: Body) -> Iterator[Remark]:
    """What people wrote: claims, remarks, and why an item does not apply, in document order."""
    stages = [(stage, _heading(body, stage)) for stage in body.sheets]
    for row in body.items:
        for stage, heading in stages:
            content = stage.contents.get(row.key)
            if content is None:
                continue
            if content.not_applicable:
                reason = printable(content.reason)
                yield Remark(_name(body, row), heading, _("Does not apply: %(reason)s") % {"reason": reason})
            for claim in content.claims:
                yield Remark(_name(body, row), heading, printable(in_words(row, claim)))
            if content.remark:
                yield Remark(_name(body, row), heading, printable(content.remark))


def _heading(body: Body, stage: StageScores) -> str:
    return next(
        (column.heading for column in body.frame.stages if column.source == stage.stage), str(stage.stage.label)
    )


def _name(body: Body, row: Row) -> str:
    """An item as people point at it on paper."""
    if body.frame.has(ColumnSource.NUMBER):
        return row.number
    return f"{row.section_name} {row.key}"
