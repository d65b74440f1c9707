"""What a move will do, in plain words, before it is made: where it leads, what stands against it, what may be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.appraisal import obstacles
from assessments.bands import award
from assessments.figures import in_figures, worth
from assessments.models import Assessment
from assessments.permissions import readable_stages
from assessments.queries import departments_of
from assessments.results import Content, contents_of, read_marks, total_of
from assessments.sentences import bonus_in_words, penalty_in_words, tripped_in_words
from assessments.sheetpage import in_short
from assessments.tolerance import Standing, standing
from assessments.workflow import WRITERS, Action, Move, Party, Stage, State, stage_at_hand
from orgs.models import User
from rubrics.rows import Row, headings, rows
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import Total

EFFECT: Mapping[Action, Promise] = {
    Action.SUBMIT: _(
        "The self-score of %(unit)s goes to %(next)s for assessment. "
        "From then on your union can only read it, unless it is sent back."
    ),
    Action.SEND_BACK: _(
        "The sheet goes back to %(next)s, with your reason. All marks stay; your own sheet is kept for when it returns."
    ),
    Action.FORWARD: _(
        "The assessment goes to %(next)s for review. From then on your union can only read it, unless it is sent back."
    ),
    Action.CONFIRM: _(
        "The result of %(unit)s becomes final: %(points)s points. The organisation then sees every sheet."
    ),
    Action.REOPEN: _(
        "The result of %(unit)s is no longer final: %(next)s marks again. The present result stays in the log."
    ),
    Action.WITHDRAW: _(
        "%(unit)s is taken out of this cycle and gets no result. All sheets stay to be read; it can be resumed."
    ),
    Action.RESUME: _("%(unit)s takes part again, from its self-score on. What was entered before still stands there."),
}

DONE: Mapping[Action, Promise] = {
    Action.SUBMIT: _("Submitted to %(next)s."),
    Action.SEND_BACK: _("Sent back to %(next)s."),
    Action.FORWARD: _("Forwarded to %(next)s."),
    Action.CONFIRM: _("Confirmed: the result is final."),
    Action.REOPEN: _("Reopened: %(next)s marks again."),
    Action.WITHDRAW: _("Withdrawn: %(next)s gets no result in this cycle."),
    Action.RESUME: _("Resumed: %(next)s scores itself again."),
}

TOO_LATE = _("This can't be done any more: the assessment is now “%(state)s”.")

RECHECKED = _("An objection to this result is being rechecked; until that is settled it can only be confirmed.")

BUTTON_CLASS: Mapping[Action, str] = {
    Action.SUBMIT: "btn-primary",
    Action.FORWARD: "btn-primary",
    Action.CONFIRM: "btn-primary",
    Action.SEND_BACK: "btn-outline-primary",
    Action.REOPEN: "btn-outline-primary",
    Action.WITHDRAW: "btn-outline-danger",
    Action.RESUME: "btn-outline-primary",
}


@dataclass(frozen=True, slots=True)
class Nameable:
    """An item that may be named, with what each stage gave it."""

    key: str
    text: str
    points: str
    marks: tuple[tuple[str, str], ...]
    differs: bool


def holder(assessment: Assessment, state: State) -> str:
    """Who has the assessment in hand in a state; the organisation itself once it is final."""
    writer = WRITERS.get(state)
    parties = {
        Party.UNIT: assessment.organization,
        Party.ASSESSOR: assessment.assessor,
        Party.REVIEWER: assessment.reviewer,
    }
    return parties[writer.by.party].name if writer else assessment.name


def too_late(assessment: Assessment, *, rechecked: bool = False) -> str:
    if rechecked:
        return str(RECHECKED)
    return str(TOO_LATE) % {"state": assessment.get_state_display()}


def told_after(assessment: Assessment, action: Action) -> str:
    return str(DONE[action]) % {"next": holder(assessment, State(assessment.state))}


@dataclass(frozen=True, slots=True)
class Apart:
    """What is too far from the stage before, where to settle it, and whether that has to be done first."""

    sentence: str
    url: str
    blocks: bool
    said: str


def apart(assessment: Assessment, edge: Move) -> list[Standing]:
    """What is too far from the stage before, if the edge asks, with what was said of it so far."""
    return standing(assessment, WRITERS[edge.source].stage) if edge.needs_tolerance else []


def apart_lines(assessment: Assessment, edge: Move, found: Sequence[Standing]) -> list[Apart]:
    """A total's reason is given with the move itself; everything else on pages of its own."""
    if not found:
        return []
    sheet = reverse("assessments:sheet", args=[assessment.pk, WRITERS[edge.source].stage])
    opinions = reverse("grading:opinions", args=[assessment.pk])
    return [
        Apart(
            one.obstacle or str(one.gap),
            opinions if one.needs_opinion or one.of_total else f"{sheet}#item-{one.gap.key}",
            bool(one.obstacle) and (one.needs_opinion or not one.of_total),
            one.opinion.text if one.opinion else one.reason,
        )
        for one in found
    ]


def context(user: User, assessment: Assessment, edge: Move, lines: Sequence[Row]) -> dict[str, Any]:
    """Everything the page of a move says. The service checks all of it again."""
    sheets = {Stage(sheet.stage): sheet for sheet in assessment.sheets.all()}
    shown = [stage for stage in readable_stages(user, assessment) if stage in sheets]
    marks = read_marks(assessment.rubric, [sheets[stage] for stage in shown])
    contents = {stage: contents_of(marks[sheets[stage].pk]) for stage in shown}
    totals = {stage: total_of(assessment, contents[stage]) for stage in shown}
    ending = stage_at_hand(edge.source, assessment.stages)
    total = totals.get(ending) if edge.source != State.WITHDRAWN else None
    titles = headings(assessment.rubric)
    named = [titles.get(stage) or str(stage.label) for stage in shown]
    return {
        "assessment": assessment,
        "edge": edge,
        "effect": _effect(assessment, edge, total),
        "missing": _missing(assessment, ending, total) if edge.needs_complete_sheet and total else [],
        "waiting": [one for one in departments_of(assessment) if not one.signed] if edge.needs_departments else [],
        "ballots": obstacles(assessment, contents.get(ending, {})) if edge.needs_ballots else [],
        "points": in_figures(total.points) if total else "",
        "maximum": format_points(total.maximum) if total else "",
        "bonus": bonus_in_words(total) if total else "",
        "penalty": penalty_in_words(total) if total else "",
        "tripped": tripped_in_words(total, rows(assessment.rubric)) if total else [],
        "band": _band(assessment, total),
        "stage_heading": titles.get(ending) or ending.label,
        "headings": named,
        "nameable": _nameable(lines, contents, totals, named) if edge.may_name_items else [],
        "signed": _signed(assessment) if edge.may_name_items and edge.to != State.REVIEWING else [],
        "button_class": BUTTON_CLASS[edge.action],
    }


def _effect(assessment: Assessment, edge: Move, total: Total | None) -> str:
    return str(EFFECT[edge.action]) % {
        "unit": assessment.name,
        "next": holder(assessment, edge.to),
        "points": in_figures(total.points) if total else "",
    }


def _band(assessment: Assessment, total: Total | None) -> str:
    return award(assessment.rubric, total) if total else ""


def _missing(assessment: Assessment, stage: Stage, total: Total) -> list[tuple[str, str]]:
    url = reverse("assessments:sheet", args=[assessment.pk, stage])
    return [(key, f"{url}#item-{key}") for key in total.missing]


def _signed(assessment: Assessment) -> list[str]:
    """The departments whose word the move takes back, if one of their items is named or none is."""
    return [one.name for one in departments_of(assessment) if one.signed]


def _nameable(
    lines: Sequence[Row],
    contents: Mapping[Stage, Mapping[str, Content]],
    totals: Mapping[Stage, Total],
    named: Sequence[str],
) -> list[Nameable]:
    scores = [{score.item.key: score for score in total.items} for total in totals.values()]
    found = []
    for row in lines:
        marks = [
            worth(by_key[row.key]) or (in_short(row, said[row.key]) if row.key in said else "")
            for by_key, said in zip(scores, contents.values(), strict=True)
        ]
        differs = len({mark for mark in marks if mark}) > 1
        found.append(
            Nameable(row.key, row.text, format_points(row.points), tuple(zip(named, marks, strict=True)), differs)
        )
    return found
