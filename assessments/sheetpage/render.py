"""A gathered page -> the grid's HTML, by filling the holes of `assessments.grid`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessments import grid
from assessments.controls import lock_of
from assessments.figures import SEPARATOR, formula, worth
from assessments.models import Evidence
from assessments.results import Content, StoredMark
from assessments.sentences import answer_in_words, counts_in_words, unclaimed
from assessments.services.typed import Typed
from assessments.sheetpage.claims import entry_lines, told_claims
from assessments.sheetpage.load import SheetPage
from assessments.tolerance import Gap, gaps
from assessments.workflow import Stage, earlier
from orgs.models import User
from rubrics.rows import Row, headings
from rubrics.scoring.items import ItemScore, Status
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import Total


def render_grid(
    page: SheetPage,
    typed: Mapping[str, Typed] | None = None,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, StoredMark] | None = None,
) -> list[dict[str, object]]:
    """The sections with their items as HTML.

    What was typed and refused stands in the fields again, with the reason beside it.
    """
    assessment, keys = page.assessment, {row.key for row in page.shown}
    scene = _Scene(page, typed or {}, errors or {}, conflicts or {})
    found = []
    for chapter in grid.chapters(assessment.rubric, page.stage, assessment.kind.code, editable=page.editable):
        items = [mould.fill(scene.values(mould.row)) for mould in chapter.moulds if mould.row.key in keys]
        if items:
            found.append(
                {
                    "position": chapter.position,
                    "name": chapter.name,
                    "label": chapter.label,
                    "html": "".join(items),
                    "sums": page.sums["sections"][str(chapter.position)],
                    "scored": not all(mould.row.gate for mould in chapter.moulds),
                }
            )
    return found


class _Scene:
    """What the items of one page have in common while they are filled in."""

    def __init__(
        self,
        page: SheetPage,
        typed: Mapping[str, Typed],
        errors: Mapping[str, str],
        conflicts: Mapping[str, StoredMark],
    ) -> None:
        self.page, self.typed, self.errors, self.conflicts = page, typed, errors, conflicts
        self.names = names_of(conflicts.values())
        self.titles = headings(page.assessment.rubric)
        self.scores = _by_key(page.total)
        self.before = {stage: _by_key(total) for stage, total in page.before.items()}
        self.apart = _apart(page)
        self.address = reverse("assessments:sheet", args=[page.assessment.pk, page.stage])

    def values(self, row: Row) -> dict[str, str]:
        """What one item's holes hold: its mark, over it what was typed and refused, over that why."""
        values = self._marked(row)
        if row.key in self.typed:
            values |= _typed_values(row, self.typed[row.key], self.page.others.get(row.key, ()))
        if row.key in self.errors:
            values |= {"message": grid.error_box(self.errors[row.key]), "state": "is-wrong"}
        if row.key in self.conflicts:
            values |= self._conflicting(row, self.conflicts[row.key])
        return values

    def _marked(self, row: Row) -> dict[str, str]:
        page, score = self.page, self.scores[row.key]
        stored = page.marks[page.stage].get(row.key)
        content = stored.content if stored else None
        files = page.evidence.get((page.stage, row.pk), [])
        values = grid.content_values(content) if content else {}
        values |= {
            "state": item_state(score),
            "worth": worth(score),
            "formula": formula(score),
            "history": f"{self.address}items/{row.key}/history/",
        }
        ballot = page.ballots.get(row.key)
        notes = [grid.ballot_note(ballot)] if ballot else []
        if row.key in self.apart:
            notes.append(grid.apart_note(self.apart[row.key]))
        notes += [self._earlier(row, stage, values) for stage in page.before]
        if page.editable:
            values |= _entry_values(page, row, stored, files)
            if row.claims:
                values["claims"] = entry_lines(page, row, self.typed.get(row.key))
        else:
            values["own"] = _cell(row, content, score)
            notes.append(grid.earlier_note(self._title(page.stage), content, files, told_claims(row, content)))
        values["notes"] = "".join(notes)
        return values

    def _earlier(self, row: Row, stage: Stage, values: dict[str, str]) -> str:
        """Puts an earlier stage's cell into the values; its note."""
        stored = self.page.marks[stage].get(row.key)
        content = stored.content if stored else None
        values[f"before_{stage}"] = _cell(row, content, self.before[stage][row.key])
        files = self.page.evidence.get((stage, row.pk), ())
        beside = not self.page.editable or len(self.page.before) > 1  # else the lines to be ticked say the same
        return grid.earlier_note(self._title(stage), content, files, told_claims(row, content) if beside else ())

    def _title(self, stage: Stage) -> str:
        return self.titles.get(stage, str(stage.label))

    def _conflicting(self, row: Row, theirs: StoredMark) -> dict[str, str]:
        name = self.names[theirs.saved_by]
        return {
            "version": str(theirs.version),
            "state": "is-wrong",
            "message": grid.conflict_box(in_short(row, theirs.content), name, clock(theirs)),
        }


def _apart(page: SheetPage) -> dict[str, Gap]:
    """Items that are too far from the stage before, where the page knows both."""
    before = page.before.get(earlier(page.stage)[-1]) if page.stage != Stage.SELF else None
    return {gap.key: gap for gap in gaps(page.assessment.cycle, page.total, before)} if before else {}


def _cell(row: Row, content: Content | None, score: ItemScore) -> str:
    return grid.earlier_cell(content, worth(score), answer_in_words(row, content.counts) if content else "")


def _by_key(total: Total) -> dict[str, ItemScore]:
    return {score.item.key: score for score in total.items}


def _entry_values(page: SheetPage, row: Row, stored: StoredMark | None, files: list[Evidence]) -> dict[str, str]:
    content = stored.content if stored else None
    claimed = page.marks[Stage.SELF].get(row.key) if page.stage != Stage.SELF else None
    claim = claimed.content if claimed else None
    others = page.others.get(row.key, ())
    said = [bool(content and (content.remark or content.not_applicable)), bool(claim and claim.not_applicable)]
    return {
        "version": str(stored.version if stored else 0),
        "lock": " disabled" if row.key in page.locked else "",
        **{lock_of(measure): " disabled" for measure in others},
        "not_applicable": "" if others else grid.not_applicable_control(row, page.stage, content, claim),
        "files": "".join(grid.evidence_entry(one, removable=True) for one in files),
        "more": _more_label(content, len(files)),
        "more_open": " open" if files or any(said) else "",
    }


def _more_label(content: Content | None, files: int) -> str:
    """What stands behind the fold, in short."""
    parts = [_("remark")] if content and content.remark else []
    if files:
        parts.append(_("%(count)d files") % {"count": files})
    return "（" + "、".join(parts) + "）" if parts else ""


def item_state(score: ItemScore) -> str:
    if score.status is Status.NOT_APPLICABLE:
        return "is-na"
    if score.missing:
        return "is-blank"
    if score.tripped:
        return "is-tripped"
    return "is-scored" if score.required or score.bonus_terms else "is-optional"


def _typed_values(row: Row, typed: Typed, others: Collection[str]) -> dict[str, str]:
    """What was typed in the person's own fields; what closed fields hold is not posted, and stays."""
    values = {"points": escape(typed.points), "remark": escape(typed.remark), "more_open": " open"}
    values |= grid.typed_counts(row, {key: text for key, text in typed.counts.items() if key not in others})
    if typed.not_applicable or typed.reason:
        told = Content(not_applicable=typed.not_applicable, reason=typed.reason)
        values["not_applicable"] = grid.not_applicable_control(row, Stage.SELF, told, None)
    return values


def in_short(row: Row, content: Content) -> str:
    """A mark in one phrase: '4.5', '缺席 2次', its claims, 'does not apply', 'blank'."""
    if content.not_applicable:
        return _("does not apply")
    counts = counts_in_words(row, unclaimed(row, content.counts))
    said = (format_points(content.points), counts, *told_claims(row, content))
    return SEPARATOR.join(part for part in said if part) or _("blank")


def clock(mark: StoredMark) -> str:
    return date_format(localtime(mark.saved_at), "H:i:s")


def names_of(marks: Collection[StoredMark]) -> dict[int, str]:
    """The names of who saved the marks, by person key."""
    if not marks:
        return {}
    return {person.pk: str(person) for person in User.objects.filter(pk__in={mark.saved_by for mark in marks})}
