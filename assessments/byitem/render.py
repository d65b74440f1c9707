"""The rows of the table as HTML: one mould for all of them, filled for each organisation (see assessments.grid)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments import grid
from assessments.byitem.load import Line, Told
from assessments.controls import controls, lock_of
from assessments.figures import formula, worth
from assessments.results import Content, StoredMark
from assessments.sentences import answer_in_words
from assessments.services.typed import Typed
from assessments.sheetpage import clock, in_short, item_state, names_of, told_claims
from assessments.workflow import Stage
from rubrics.models import BaseRule
from rubrics.rows import Row
from rubrics.scoring.numbers import format_points


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was typed in a row and not saved, and why: a sentence, or what somebody else saved meanwhile."""

    typed: Typed
    sentence: str = ""
    theirs: StoredMark | None = None


def render_lines(row: Row, lines: Iterable[Line], refused: Mapping[int, Refusal]) -> SafeString:
    """The rows of the table. What was typed and refused stands in the fields again, with the reason beside it."""
    mould = _mould(row)
    names = names_of([one.theirs for one in refused.values() if one.theirs])
    html = (mould.fill(_values(row, line, refused.get(line.assessment.pk), names)) for line in lines)
    return mark_safe("".join(html))  # noqa: S308  # the template's own, with escaped values in its holes


def _mould(row: Row) -> grid.Mould:
    """A row whose fields are named after the assessment, where those of a sheet are named after the item."""
    hole = grid.Holes()
    fields = [grid.with_holes(one, hole) for one in controls(replace(row, key=hole["pk"]))]
    context = {
        "hole": hole,
        "judged": row.rule == BaseRule.JUDGED,
        "controls": fields,
        "computed": bool(fields) or bool(row.claims),
        "points": format_points(row.points),
    }
    html = render_to_string("byitem/_row.html", context)
    return grid.mould(row, "\n".join(line.strip() for line in html.splitlines() if line.strip()))  # 300 times sent


def _values(row: Row, line: Line, refusal: Refusal | None, names: Mapping[int, str]) -> dict[str, str]:
    assessment, content = line.assessment, line.stored.content if line.stored else None
    values = grid.content_values(content) if content else {}
    values |= {
        "pk": str(assessment.pk),
        "name": escape(assessment.name),
        "kind": escape(assessment.kind.name),
        "url": f"{reverse('assessments:sheet', args=[assessment.pk, Stage.ASSESS])}#item-{escape(row.key)}",
        "claim": _claim(line.claim),
        "said": _said(line),
        "claims": _claims(row, line),
        "evidence": "".join(grid.evidence_entry(one, removable=False) for one in line.evidence),
        "last": _last(line.last),
        "version": str(line.stored.version if line.stored else 0),
        "state": "is-blank" if not line.done else item_state(line.score),
        "worth": worth(line.score),
        "formula": formula(line.score),
        "lock": " disabled" if line.locked else "",
        "message": f'<p class="by-item-locked">{escape(line.locked)}</p>' if line.locked else "",
    }
    if not line.locked:
        values |= {lock_of(measure): " disabled" for measure in line.closed}
    values["agree"] = "" if line.closed else _agree(row, line, content)
    return values | _refused(row, line, refusal, names) if refusal else values


def _claim(told: Told | None) -> str:
    if told is None:
        return grid.earlier_cell(None, "", "")
    return grid.earlier_cell(told.content, worth(told.score), answer_in_words(told.item, told.content.counts))


def _said(line: Line) -> str:
    """The organisation's own words: why the item does not apply to it, and its remark."""
    if line.claim is None:
        return ""
    said = (line.claim.content.reason, line.claim.content.remark)
    words = "".join(f'<p class="by-item-said">{escape(text)}</p>' for text in said if text)
    return grid.claims_list(told_claims(line.claim.item, line.claim.content)) + words


def _claims(row: Row, line: Line) -> str:
    """What is claimed one by one, and the way to the page where it is entered."""
    if not row.claims:
        return ""
    told = grid.claims_list(told_claims(row, line.stored.content if line.stored else None))
    url = f"{reverse('assessments:sheet', args=[line.assessment.pk, Stage.ASSESS])}#item-{escape(row.key)}"
    return f'{told}<p><a href="{url}">{_("Claims are entered on the scoring page")}</a></p>'


def _last(told: Told | None) -> str:
    return f'{_claim(told)}<span class="sub">{told.year}</span>' if told else ""


def _agree(row: Row, line: Line, own: Content | None) -> str:
    """The box that agrees to the organisation's claim that the item does not apply to it."""
    named = replace(row, key=str(line.assessment.pk))
    return grid.not_applicable_control(named, Stage.ASSESS, own, line.claim.content if line.claim else None)


def _refused(row: Row, line: Line, refusal: Refusal, names: Mapping[int, str]) -> dict[str, str]:
    """Over what stands: what was typed, and why it was not saved."""
    typed = refusal.typed
    values = {"points": escape(typed.points), "remark": escape(typed.remark), "state": "is-wrong"}
    values |= grid.typed_counts(row, {key: text for key, text in typed.counts.items() if key not in line.closed})
    if not line.closed:
        values["agree"] = _agree(row, line, Content(not_applicable=typed.not_applicable))
    if refusal.theirs is None:
        values["message"] = grid.error_box(refusal.sentence)
    else:
        theirs = refusal.theirs
        told = grid.conflict_box(in_short(row, theirs.content), names[theirs.saved_by], clock(theirs))
        values |= {"version": str(theirs.version), "message": told}
    return values
