"""The scoring grid as ready-made strings.

What a frozen rubric says of an item never changes, so an item's part of the page is rendered by its template once per
rubric, stage, kind and language; what remains are holes, filled per request by one string operation an item. A form
with a widget for each item costs nine times as much (docs/performance.md).

Everything put into a hole is HTML: text from people goes through `escape` here, and nowhere else is it built by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.appraisal import in_short
from assessments.controls import Control, chosen, controls, lead
from assessments.models import Ballot, Evidence
from assessments.results import Content
from assessments.sentences import NO, YES
from assessments.tolerance import Gap
from assessments.workflow import Stage, earlier
from rubrics.models import BaseRule, Rubric
from rubrics.rows import Row, headings, rows
from rubrics.scoring.numbers import format_points

SELECTED = " selected"
HOLE = re.compile("\ue000([^\ue001]*)\ue001")


class Holes:
    """What a template writes where a request has something to say: `{{ hole.points }}`."""

    def __getitem__(self, name: str) -> SafeString:
        return mark_safe(f"\ue000{name}\ue001")  # noqa: S308  # private-use characters, no markup


@dataclass(frozen=True, slots=True)
class Mould:
    """An item's HTML with holes, and what the holes hold when nobody has marked it."""

    row: Row
    pattern: str
    blank: Mapping[str, str]

    def fill(self, values: Mapping[str, str]) -> str:
        return self.pattern % {**self.blank, **values}


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of the grid: its heading and its items."""

    position: int
    name: str
    label: str
    moulds: tuple[Mould, ...]


def chapters(rubric: Rubric, stage: Stage, kind: str, *, editable: bool) -> tuple[Chapter, ...]:
    """The grid of one stage without anybody's marks; of a frozen rubric kept per stage, kind and language."""
    language = get_language() or ""
    if rubric.frozen_at is None:
        return _chapters(rubric, stage, kind, editable)
    return _kept(rubric.pk, rubric.frozen_at, stage, kind, editable, language)


@lru_cache(maxsize=512)
def _kept(
    pk: int, _frozen_at: datetime, stage: Stage, kind: str, editable: bool, _language: str
) -> tuple[Chapter, ...]:
    return _chapters(Rubric.objects.get(pk=pk), stage, kind, editable)


def _chapters(rubric: Rubric, stage: Stage, kind: str, editable: bool) -> tuple[Chapter, ...]:
    titles = headings(rubric)
    shown = [(one, titles.get(one, str(one.label))) for one in (*earlier(stage), stage)]
    applying = [row for row in rows(rubric) if row.applies(kind)]
    return tuple(
        Chapter(
            position,
            first.section_name,
            first.section_label,
            tuple(_mould(row, stage, shown, editable) for row in (first, *rest)),
        )
        for position, (first, *rest) in groupby(applying, lambda row: row.section)
    )


def _mould(row: Row, stage: Stage, shown: Sequence[tuple[Stage, str]], editable: bool) -> Mould:
    *before, (_stage, own_heading) = shown
    hole = Holes()
    html = render_to_string(
        "assessments/_item.html",
        {
            "row": row,
            "stage": stage,
            "own_heading": own_heading,
            "before": [{"heading": heading, "cell": hole[f"before_{one}"]} for one, heading in before],
            "editable": editable,
            "judged": row.rule == BaseRule.JUDGED,
            "controls": [with_holes(one, hole) for one in controls(row)],
            "lead": lead(row),
            "points": format_points(row.points),
            "hole": hole,
        },
    )
    return mould(row, html)


def mould(row: Row, html: str) -> Mould:
    """What a template rendered with `Holes` for a row, ready to be filled."""
    return Mould(row, HOLE.sub(r"%(\1)s", html.replace("%", "%%")), dict.fromkeys(HOLE.findall(html), ""))


def with_holes(control: Control, hole: Holes) -> dict[str, object]:
    options = [{"value": one.value, "label": one.label, "chosen": hole[one.chosen]} for one in control.options]
    lock = hole[control.lock] if control.lock else ""
    return asdict(control) | {"options": options, "value": hole[control.value], "lock": lock}


# What goes into the holes.


def content_values(content: Content) -> dict[str, str]:
    """A stage's own mark in its fields."""
    values = {
        "points": format_points(content.points),
        "remark": escape(content.remark),
        "reason": escape(content.reason),
    }
    for key, quantity in content.counts.items():
        values[f"count_{key}"] = format_points(quantity)
        values[chosen(key, format_points(quantity))] = SELECTED
    return values


def typed_counts(row: Row, counts: Mapping[str, str]) -> dict[str, str]:
    """What was typed and refused in the fields again, over what stands."""
    values = {chosen(measure.key, answer): "" for measure in row.measures for answer in (YES, NO)}
    for key, text in counts.items():
        values[f"count_{key}"] = escape(text)
        values[chosen(key, text.strip())] = SELECTED
    return values


def earlier_cell(content: Content | None, worth: str, answer: str) -> str:
    """What an earlier stage gave, as a cell.

    worth   the kernel's figure
    answer  what was answered, where the figure does not tell
    """
    if content is None or content.blank:
        return f'<span class="score-blank">{_("blank")}</span>'
    if content.not_applicable:
        return f'<span class="score-na">{_("n/a")}</span>'
    figure = f'<span class="score-figure">{worth}</span>' if worth else ""
    return figure + (f'<span class="score-answer">{escape(answer)}</span>' if answer else "")


def earlier_note(
    heading: str, content: Content | None, evidence: Iterable[Evidence], claims: Iterable[str] = ()
) -> str:
    """What an earlier stage wrote, claimed and showed for an item."""
    parts = []
    if content and content.reason:
        parts.append(f"{_('Does not apply:')} {escape(content.reason)}")
    if content and content.remark:
        parts.append(escape(content.remark).replace("\n", "<br>"))
    if listed := claims_list(claims):
        parts.append(listed)
    files = "".join(evidence_entry(one, removable=False) for one in evidence)
    if files:
        parts.append(f'<ul class="files">{files}</ul>')
    return f'<div class="item-note"><b>{escape(heading)}</b> {" ".join(parts)}</div>' if parts else ""


def claims_list(claims: Iterable[str]) -> str:
    """Claims in words, one below the other."""
    entries = "".join(f"<li>{escape(one)}</li>" for one in claims)
    return f'<ul class="claims-told">{entries}</ul>' if entries else ""


def ballot_note(ballot: Ballot) -> str:
    """The ballot that is or was held for an item, and how it stands."""
    link = f'<a href="{reverse("ballots:detail", args=[ballot.pk])}">{escape(ballot.title)}</a>'
    return f'<div class="item-note"><b>{_("Ballot")}</b> {link}: {escape(in_short(ballot))}</div>'


def evidence_entry(evidence: Evidence, *, removable: bool) -> str:
    """One file as a list entry."""
    link = f'<a href="{reverse("assessments:evidence", args=[evidence.pk])}">{escape(evidence.name)}</a>'
    size = f'<span class="file-size">{evidence.size / 1024:.0f} KB</span>'
    remove = f'<button class="btn-plain file-remove" name="remove" value="{evidence.pk}">{_("Remove")}</button>'
    return f"<li>{link} {size} {remove if removable else ''}</li>"


def not_applicable_control(row: Row, stage: Stage, own: Content | None, claimed: Content | None) -> str:
    """The box by which an organisation says that an item does not apply, or a later stage agrees to it."""
    if row.points is None or (stage != Stage.SELF and not (claimed and claimed.not_applicable)):
        return ""
    label = _("This item does not apply to us") if stage == Stage.SELF else _("Agreed: this item does not apply")
    checked = " checked" if own and own.not_applicable else ""
    box = f'<label class="na-box"><input type="checkbox" name="na-{row.key}"{checked}> {label}</label>'
    if stage != Stage.SELF:
        return box
    reason = escape(own.reason) if own else ""
    return (
        f'{box}<label class="na-reason"><span>{_("Reason")}</span>'
        f'<input type="text" class="form-control" name="why-{row.key}" value="{reason}" maxlength="500"></label>'
    )


def conflict_box(theirs: str, name: str, at: str) -> str:
    """Both values of an item that two people edited; the field above holds one's own."""
    told = _(
        "%(name)s saved %(theirs)s at %(at)s. Your own value stands in the field; saving again replaces theirs."
    ) % {
        "name": escape(name),
        "theirs": f"<b>{escape(theirs)}</b>",
        "at": at,
    }
    return f'<p class="item-error" role="alert">{told}</p>'


def apart_note(gap: Gap) -> str:
    """That a mark is further from the stage before than the cycle allows."""
    return f'<p class="item-note is-apart">{escape(str(gap))}</p>'


def error_box(sentence: str) -> str:
    return f'<p class="item-error" role="alert">{escape(sentence)}</p>'
