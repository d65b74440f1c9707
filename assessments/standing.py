"""How one assessment stands, as its page shows it: stages, sums and how they came about, departments, log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.bands import award
from assessments.deadlines import extended_days, in_words, is_late, last_day
from assessments.figures import in_figures
from assessments.models import Assessment, Extension, MarkRevision, Sheet, Signoff, Step
from assessments.permissions import may_write, signs_for
from assessments.queries import departments_of
from assessments.results import contents_of, read_marks, says_nothing, total_of
from assessments.sentences import bonus_in_words, explained, limits_in_words, penalty_in_words, tripped_in_words
from assessments.workflow import STATE_OF, Stage, State, stages_of
from orgs.models import Department, User
from orgs.permissions import oversees, posts
from rubrics.rows import headings, rows
from rubrics.scoring.explain import explain
from rubrics.scoring.numbers import format_points
from rubrics.scoring.totals import SectionTotal, Total

DONE, NOW, AHEAD = "is-done", "is-now", "is-ahead"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage on the way, or the end. `at` is when it ended, `deadline` when it should."""

    label: str
    phase: str
    party: str = ""
    at: datetime | None = None
    deadline: date | None = None
    words: str = ""
    late: bool = False


def way(assessment: Assessment, sheets: Mapping[Stage, Sheet], extensions: Iterable[Extension]) -> list[Stop]:
    """The stages of the assessment in order, and the final result."""
    parties = {
        Stage.SELF: assessment.name,
        Stage.ASSESS: assessment.assessor.name,
        Stage.REVIEW: assessment.reviewer.name,
    }
    off = assessment.state == State.WITHDRAWN
    stops, passed, extended = [], not off, extended_days(extensions)
    for stage in stages_of(assessment.stages):
        now = assessment.state == STATE_OF[stage]
        passed = passed and not now
        closed = assessment.state == State.FINAL or passed
        day = None if off else last_day(assessment.cycle, stage, extended.get(stage))
        stops.append(
            Stop(
                str(stage.label),
                NOW if now else DONE if closed else AHEAD,
                parties[stage],
                sheets[stage].closed_at if closed and stage in sheets else None,
                day,
                in_words(day) if now else "",
                now and is_late(day),
            )
        )
    if off:
        return [*stops, Stop(str(State.WITHDRAWN.label), NOW)]
    return [*stops, Stop(str(State.FINAL.label), DONE if assessment.state == State.FINAL else AHEAD)]


@dataclass(frozen=True, slots=True)
class Column:
    """One stage's sheet as a column of the table of sums, with every line of how it was computed."""

    stage: Stage
    heading: str
    url: str
    total: Total
    blank: bool
    points: str
    maximum: str
    bonus: str
    penalty: str
    limits: str
    band: str
    tripped: tuple[str, ...]
    scored: int
    required: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One section across the stages: (sum, bonus, penalty) for each column."""

    name: str
    full: str
    cells: tuple[tuple[str, str, str], ...]


def columns(assessment: Assessment, sheets: Mapping[Stage, Sheet], readable: Sequence[Stage]) -> list[Column]:
    """The stages that the reader may see and that have begun, each computed anew by the kernel."""
    shown = [stage for stage in readable if stage in sheets]
    marks = read_marks(assessment.rubric, [sheets[stage] for stage in shown])
    titles = headings(assessment.rubric)
    return [
        _column(
            assessment,
            stage,
            titles.get(stage) or str(stage.label),
            total_of(assessment, contents_of(marks[sheets[stage].pk])),
        )
        for stage in shown
    ]


def _column(assessment: Assessment, stage: Stage, heading: str, total: Total) -> Column:
    blank = says_nothing(total)
    return Column(
        stage=stage,
        heading=heading,
        url=reverse("assessments:sheet", args=[assessment.pk, stage]),
        total=total,
        blank=blank,
        points="" if blank else in_figures(total.points),
        maximum=format_points(total.maximum),
        bonus=bonus_in_words(total),
        penalty=penalty_in_words(total),
        limits=limits_in_words(total),
        tripped=tuple(tripped_in_words(total, rows(assessment.rubric))),
        band=award(assessment.rubric, total) if stage == Stage.SELF or assessment.state != State.WITHDRAWN else "",
        scored=total.scored,
        required=total.required,
        lines=() if blank else tuple(explained(explain(total), rows(assessment.rubric))),
    )


def lines(shown: Sequence[Column]) -> list[Line]:
    """One line per section; what the columns share is read from the first."""
    return [_line(found) for found in zip(*(column.total.sections for column in shown), strict=True)]


def _line(found: tuple[SectionTotal, ...]) -> Line:
    first = found[0]
    return Line(
        name=first.section.name,
        full=format_points(first.full) if first.printed else "",
        cells=tuple(
            (
                "" if one.blank or not one.printed else format_points(one.base),
                bonus_in_words(one),
                penalty_in_words(one),
            )
            for one in found
        ),
    )


@dataclass(frozen=True, slots=True)
class Duty:
    """A department's part of the assess sheet. `own`: the reader marks these items and signs for them now."""

    pk: int
    name: str
    marked: int
    items: int
    missing: tuple[tuple[str, str], ...]
    signed: Signoff | None
    own: bool

    @property
    def may_sign(self) -> bool:
        return self.own and not self.signed and not self.missing

    @property
    def may_take_back(self) -> bool:
        return self.own and self.signed is not None


def duties(user: User, assessment: Assessment) -> list[Duty]:
    """The assessing union's departments, for who works there or oversees it; the figures say nothing of any mark."""
    if assessment.state in {State.SELF_SCORING, State.WITHDRAWN} or not may_follow(user, assessment):
        return []
    found = departments_of(assessment)
    departments = Department.objects.in_bulk([one.pk for one in found]) if found else {}
    sheet = reverse("assessments:sheet", args=[assessment.pk, Stage.ASSESS])
    writes = assessment.state == State.ASSESSING and may_write(user, assessment)
    return [
        Duty(
            one.pk,
            one.name,
            len(one.items) - len(one.missing),
            len(one.items),
            tuple((key, f"{sheet}#item-{key}") for key in one.missing),
            one.signed,
            own=writes and signs_for(user, assessment, departments[one.pk]),
        )
        for one in found
    ]


def may_follow(user: User, assessment: Assessment) -> bool:
    """Whether the person belongs to the assessing or reviewing union or the other superior, or oversees the branch."""
    unions = {assessment.assessor_id, assessment.reviewer_id, assessment.observer_id}
    return oversees(user, assessment.path) or any(post.organization_id in unions for post in posts(user))


@dataclass(frozen=True, slots=True)
class Saying:
    """One save of a mark in the history of an item. `said` has a line for each claim."""

    at: datetime
    by: str
    said: str
    remark: str


def sayings(revisions: Iterable[MarkRevision]) -> list[Saying]:
    return [Saying(one.at, str(one.by), _said(one), one.remark) for one in revisions]


def _said(one: MarkRevision) -> str:
    if one.not_applicable:
        return _("does not apply: %(reason)s") % {"reason": one.reason}
    given = "；".join(part for part in (format_points(one.points), one.counts) if part)
    return "\n".join(part for part in (given, one.claims) if part) or _("blank")


def log(assessment: Assessment) -> list[Step]:
    """Every move, newest first, with the keys of the items it named."""
    return list(assessment.steps.select_related("by").prefetch_related("items").order_by("-number"))
