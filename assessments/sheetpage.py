"""Everything the scoring page of one stage shows.

Gathered in a number of queries that the rubric's length does not change, and turned into the grid's values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessments import grid
from assessments.models import Assessment, Evidence, Sheet, Step
from assessments.permissions import marked_departments, may_mark, may_write, readable_stages
from assessments.results import Content, Marks, StoredMark, contents_of, read_marks, scale_of, total_of
from assessments.sentences import formula
from assessments.services.marks import Typed, signed_offices
from assessments.workflow import WRITERS, Stage, State, earlier
from orgs.models import User
from rubrics.rows import Row, headings, rows
from rubrics.scoring.grades import grade
from rubrics.scoring.items import ItemScore, Status
from rubrics.scoring.numbers import format_points
from rubrics.scoring.rubric import ZERO
from rubrics.scoring.totals import Total


@dataclass(frozen=True)
class SheetPage:
    """One stage of an assessment as one person sees it.

    editable  the stage is open and the person writes it
    shown     the rows the person is concerned with: a department assessor's own, else all that apply
    locked    keys of shown rows that can't be changed now: not sent back, or signed off
    before    earlier stages the person may read, with their totals
    whole     whether `shown` is the whole sheet
    reopened  the step that opened the sheet again, with its reason, if it was opened again
    """

    assessment: Assessment
    stage: Stage
    sheet: Sheet
    editable: bool
    shown: tuple[Row, ...]
    locked: frozenset[str]
    marks: Mapping[Stage, Marks]
    evidence: Mapping[tuple[Stage, int], list[Evidence]]
    total: Total
    before: Mapping[Stage, Total]
    whole: bool
    reopened: Step | None

    @cached_property
    def sums(self) -> dict[str, object]:
        return summary(self.assessment, self.sheet, self.shown, self.total)


def load(user: User, assessment: Assessment, stage: Stage) -> SheetPage | None:
    """The page, or None where the person may not see this stage."""
    readable = readable_stages(user, assessment)
    if stage not in readable:
        return None
    sheets = {Stage(sheet.stage): sheet for sheet in assessment.sheets.all()}
    if stage not in sheets:
        return None
    sheet = sheets[stage]
    sheet.assessment = assessment
    visible = [one for one in (*earlier(stage), stage) if one in sheets and one in readable]
    marks = read_marks(assessment.rubric, [sheets[one] for one in visible])
    by_stage = {one: marks[sheets[one].pk] for one in visible}
    totals = {one: total_of(assessment, contents_of(by_stage[one])) for one in visible}
    editable = _is_open(assessment, stage) and may_write(user, assessment)
    shown = rows_of(user, assessment, editable=editable)
    reopened = _reopened(sheet) if editable else None
    return SheetPage(
        assessment=assessment,
        stage=stage,
        sheet=sheet,
        editable=editable,
        shown=shown,
        locked=_locked(sheet, reopened, shown) if editable else frozenset(),
        marks=by_stage,
        evidence=_evidence([sheets[one] for one in visible]),
        total=totals[stage],
        before={one: totals[one] for one in visible if one != stage},
        whole=is_whole(assessment, shown),
        reopened=reopened,
    )


def _is_open(assessment: Assessment, stage: Stage) -> bool:
    writer = WRITERS.get(State(assessment.state))
    return writer is not None and writer.stage == stage


def _reopened(sheet: Sheet) -> Step | None:
    if sheet.reopened_by_id is None:
        return None
    return Step.objects.select_related("by").prefetch_related("items").get(pk=sheet.reopened_by_id)


def _locked(sheet: Sheet, reopened: Step | None, shown: Iterable[Row]) -> frozenset[str]:
    named = {item.pk for item in reopened.items.all()} if reopened else set()
    signed = signed_offices(sheet) if any(row.offices for row in shown) else frozenset()
    return frozenset(row.key for row in shown if (named and row.pk not in named) or not signed.isdisjoint(row.offices))


def _evidence(sheets: list[Sheet]) -> dict[tuple[Stage, int], list[Evidence]]:
    stages = {sheet.pk: Stage(sheet.stage) for sheet in sheets}
    found: dict[tuple[Stage, int], list[Evidence]] = defaultdict(list)
    for one in Evidence.objects.filter(sheet__in=sheets, removed_at=None):
        found[stages[one.sheet_id], one.item_id].append(one)
    return found


def render_grid(
    page: SheetPage,
    typed: Mapping[str, Typed] | None = None,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, StoredMark] | None = None,
) -> list[dict[str, object]]:
    """The sections with their items as HTML.

    What was typed and refused stands in the fields again, with the reason beside it.
    """
    keys = {row.key for row in page.shown}
    scores = _scores(page.total)
    before = {stage: _scores(total) for stage, total in page.before.items()}
    typed, errors, conflicts = typed or {}, errors or {}, conflicts or {}
    names = names_of(conflicts.values())
    titles = headings(page.assessment.rubric)
    sums = page.sums["sections"]
    sections = []
    for chapter in grid.chapters(page.assessment.rubric, page.stage, page.assessment.kind.code, editable=page.editable):
        moulds = [mould for mould in chapter.moulds if mould.row.key in keys]
        if not moulds:
            continue
        items = []
        for mould in moulds:
            values = _values(page, mould.row, scores[mould.row.key], before, titles)
            key = mould.row.key
            if key in typed:
                values |= _typed_values(mould.row, typed[key])
            if key in errors:
                values |= {"message": grid.error_box(errors[key]), "state": "is-wrong"}
            if key in conflicts:
                values |= _conflict_values(mould.row, conflicts[key], names)
            items.append(mould.fill(values))
        sections.append(
            {
                "position": chapter.position,
                "name": chapter.name,
                "label": chapter.label,
                "html": "".join(items),
                "sums": sums[str(chapter.position)],  # type: ignore[index]
            }
        )
    return sections


def _scores(total: Total) -> dict[str, ItemScore]:
    return {score.item.key: score for score in total.items}


def worth(score: ItemScore) -> str:
    """What a row came to: '8', '8 + 0.6', '+5', blank while unknown."""
    base, bonus = format_points(score.base), format_points(score.bonus_allowed) if score.bonus_terms else ""
    return f"{base} + {bonus}" if base and bonus else base or (f"+{bonus}" if bonus else "")


def _values(
    page: SheetPage,
    row: Row,
    score: ItemScore,
    before: Mapping[Stage, Mapping[str, ItemScore]],
    titles: Mapping[str, str],
) -> dict[str, str]:
    stored = page.marks[page.stage].get(row.key)
    content = stored.content if stored else None
    values = grid.content_values(content) if content else {}
    values["state"] = item_state(score)
    values["worth"] = worth(score)
    values["formula"] = formula(score)
    notes = []
    for stage in page.before:
        earlier_mark = page.marks[stage].get(row.key)
        said = earlier_mark.content if earlier_mark else None
        values[f"before_{stage}"] = grid.earlier_cell(said, worth(before[stage][row.key]))
        files = page.evidence.get((stage, row.pk), ())
        notes.append(grid.earlier_note(titles.get(stage, str(stage.label)), said, files))
    own_files = page.evidence.get((page.stage, row.pk), [])
    if page.editable:
        values |= _entry_values(page, row, stored, own_files)
    else:
        values["own"] = grid.earlier_cell(content, worth(score))
        notes.append(grid.earlier_note(titles.get(page.stage, str(page.stage.label)), content, own_files))
    values["notes"] = "".join(notes)
    return values


def _entry_values(page: SheetPage, row: Row, stored: StoredMark | None, files: list[Evidence]) -> dict[str, str]:
    content = stored.content if stored else None
    claimed = page.marks[Stage.SELF].get(row.key) if page.stage != Stage.SELF else None
    claim = claimed.content if claimed else None
    said = [bool(content and (content.remark or content.not_applicable)), bool(claim and claim.not_applicable)]
    return {
        "version": str(stored.version if stored else 0),
        "lock": " disabled" if row.key in page.locked else "",
        "not_applicable": grid.not_applicable_control(row, page.stage, content, claim),
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
    return "is-scored" if score.required or score.bonus_terms else "is-optional"


def _typed_values(row: Row, typed: Typed) -> dict[str, str]:
    values = {"points": escape(typed.points), "remark": escape(typed.remark), "more_open": " open"}
    for key, text in typed.counts.items():
        values[f"count_{key}"] = escape(text)
    if typed.not_applicable or typed.reason:
        told = Content(not_applicable=typed.not_applicable, reason=typed.reason)
        values["not_applicable"] = grid.not_applicable_control(row, Stage.SELF, told, None)
    return values


def _conflict_values(row: Row, theirs: StoredMark, names: Mapping[int, str]) -> dict[str, str]:
    return {
        "version": str(theirs.version),
        "state": "is-wrong",
        "message": grid.conflict_box(in_short(row, theirs.content), names[theirs.saved_by], clock(theirs)),
    }


def in_short(row: Row, content: Content) -> str:
    """A mark in one phrase: '4.5', '缺席 2次', 'does not apply', 'blank'."""
    if content.not_applicable:
        return _("does not apply")
    counts = [
        f"{measure.label} {format_points(content.counts[measure.key])}{measure.unit}"
        for measure in row.measures
        if measure.key in content.counts
    ]
    points = [format_points(content.points)] if content.points is not None else []
    return "；".join(points + counts) or _("blank")


def clock(mark: StoredMark) -> str:
    return date_format(localtime(mark.saved_at), "H:i:s")


def names_of(marks: Collection[StoredMark]) -> dict[int, str]:
    """The names of who saved the marks, by person key."""
    if not marks:
        return {}
    return {person.pk: str(person) for person in User.objects.filter(pk__in={mark.saved_by for mark in marks})}


def summary(assessment: Assessment, sheet: Sheet, shown: Sequence[Row], total: Total) -> dict[str, object]:
    """The sums beside the grid, as the page prints them and as a saved item brings them up to date.

    A department assessor's sums are those of the shown rows; with all rows shown, the kernel's official total.
    """
    by_key = {score.item.key: score for score in total.items}
    scores = [by_key[row.key] for row in shown]
    sections: dict[str, list[ItemScore]] = defaultdict(list)
    for row, score in zip(shown, scores, strict=True):
        sections[str(row.section)].append(score)
    sums = _sums(scores)
    if is_whole(assessment, shown):
        blank = total.blank and not total.not_applicable
        scale = scale_of(assessment.rubric)
        sums["points"] = "" if blank else format_points(total.points)
        sums["maximum"] = format_points(total.maximum)
        sums["band"] = grade(total.points, scale).name if scale and not blank else ""
    return {
        **sums,
        "sections": {position: _sums(found) for position, found in sections.items()},
        "bonus": f"+{format_points(total.bonus_allowed)}" if total.bonus_claimed else "",
        "saved": date_format(localtime(sheet.saved_at), "H:i:s") if sheet.saved_at else "",
    }


def rows_of(user: User, assessment: Assessment, *, editable: bool) -> tuple[Row, ...]:
    """The rows a person is concerned with: while marking those of their departments, else all that apply."""
    departments = marked_departments(user, assessment) if editable else None
    return tuple(
        row for row in rows(assessment.rubric) if row.applies(assessment.kind.code) and may_mark(departments, row)
    )


def is_whole(assessment: Assessment, shown: Sequence[Row]) -> bool:
    return len(shown) == sum(row.applies(assessment.kind.code) for row in rows(assessment.rubric))


def _sums(scores: list[ItemScore]) -> dict[str, object]:
    blank = all(score.base is None and not score.bonus_terms for score in scores)
    base = sum((score.base or ZERO for score in scores), ZERO)
    bonus = sum((score.bonus_allowed for score in scores), ZERO)
    return {
        "points": "" if blank else format_points(base + bonus),
        "maximum": format_points(sum((score.applicable for score in scores), ZERO)),
        "scored": sum(score.required and not score.missing for score in scores),
        "required": sum(score.required for score in scores),
    }
