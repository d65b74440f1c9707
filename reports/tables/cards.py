"""The two cards: a rubric's blank form, and an assessment with what its reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.bands import award
from assessments.models import Assessment
from assessments.results import scale_of
from assessments.workflow import STAGE_ORDER, Stage, State
from orgs.printable import printable
from reports.tables import notes
from reports.tables.body import Body, body_rows
from reports.tables.frame import frame_of
from reports.tables.scores import read
from reports.tables.values import Fact, ScoreTable
from rubrics.models import Rubric

LANGUAGE = "zh-hans"
"""Cards are official documents: Chinese, whatever language their reader's screen speaks."""


def form(rubric: Rubric) -> ScoreTable:
    """The blank form of a rubric."""
    with translation.override(LANGUAGE):
        return _card(Body(rubric, frame_of(rubric), rubric.total_policy))


def scorecard(assessment: Assessment, stages: Iterable[Stage]) -> ScoreTable:
    """The card of an assessment, filled with these stages' sheets: those that its reader may see."""
    with translation.override(LANGUAGE):
        scores = read(assessment, stages)
        rubric, kind, cycle = assessment.rubric, assessment.kind, assessment.cycle
        body = Body(rubric, frame_of(rubric), assessment.total_policy, kind.code, scores)
        name, occasion = printable(assessment.name), printable(cycle.name)
        final = assessment.state == State.FINAL
        awarded = _band(body, STAGE_ORDER[assessment.stages - 1]) if final else ""
        return replace(
            _card(body),
            organization=name,
            kind=kind.name,
            cycle=occasion,
            year=cycle.year,
            state="" if final else _("Not a final result (%(state)s)") % {"state": State(assessment.state).label},
            facts=(
                Fact(pgettext("scorecard", "Organisation"), name),
                Fact(pgettext("scorecard", "Kind"), kind.name),
                Fact(pgettext("scorecard", "Cycle"), occasion),
            ),
            bands=_stars(body, _band(body, Stage.SELF), awarded),
        )


def _card(body: Body) -> ScoreTable:
    """Everything but who is assessed."""
    rubric = body.rubric
    return ScoreTable(
        annex=rubric.annex,
        number=rubric.document.number,
        title=rubric.title,
        subtitle=rubric.subtitle,
        organization="",
        kind="",
        cycle="",
        year=None,
        state="",
        facts=(Fact(pgettext("scorecard", "Organisation")), Fact(pgettext("scorecard", "Year"))),
        widths=tuple(column.width for column in body.frame.columns),
        headings=body.frame.headings,
        rows=body_rows(body),
        footnote=rubric.footnote,
        notes=tuple(notes.notes(body, scale_of(rubric))),
        bands=_stars(body, "", ""),
        signatures=notes.signatures(body),
        workings=tuple(notes.workings(body)),
        remarks=tuple(notes.remarks(body)),
    )


def _stars(body: Body, own: str, awarded: str) -> tuple[Fact, ...]:
    """Self-assessed and awarded star, where the rubric has bands."""
    if scale_of(body.rubric) is None:
        return ()
    return (Fact(_("Self-assessed star"), own), Fact(_("Awarded star"), awarded))


def _band(body: Body, stage: Stage) -> str:
    scores = (body.scores or {}).get(stage)
    return award(body.rubric, scores.total) if scores else ""
