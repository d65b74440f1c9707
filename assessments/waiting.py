"""What the home page shows a person: what waits for them, how their own organisations stand, how their cycles get on.

Every part takes a fixed number of queries, however much waits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.deadlines import deadline, effective, in_words, is_late
from assessments.listing import STATE_CLASS
from assessments.models import Assessment, Cycle, Mark, Sheet, Signoff
from assessments.permissions import acts_as, marked_departments, may_mark, may_score
from assessments.queries import PARTY_FIELD, cycles_visible_to, served_by, supervised_by
from assessments.results import band_named
from assessments.workflow import WRITERS, Party, Stage, State, moves_from
from orgs.permissions import OVERSEERS, posts
from orgs.roles import Role
from rubrics.models import BaseRule, MeasureRole, Office
from rubrics.rows import Row, rows
from rubrics.scoring.numbers import format_points

if TYPE_CHECKING:
    from orgs.models import User
    from orgs.permissions import Post

SHOWN = 20
"""Rows of a group; the list page shows the others."""

RESULTS = CYCLES = 5


@dataclass(frozen=True, slots=True)
class Task:
    """One sheet that waits. `next_url` leads on where everything is marked, with `hint` saying to what."""

    name: str
    url: str
    cycle: str
    deadline: date | None
    words: str
    late: bool
    scored: int
    required: int
    hint: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What a person has to do at one stage. `more_url` is empty unless there are more tasks than shown.

    by_item  cycles in which several of the tasks can be marked item by item: (name, url)
    """

    title: str
    verb: str
    tasks: tuple[Task, ...]
    more_url: str
    by_item: tuple[tuple[str, str], ...] = ()


def groups(user: User) -> list[Group]:
    """What waits, grouped by what to do, most urgent first; groups without a task are left out."""
    found = []
    for state, title, verb, waiting in _kinds_of_work(user):
        assessments = list(waiting[: SHOWN + 1])
        if assessments:
            found.append((state, title, verb, assessments))
    sheets = _sheets([one for _state, _title, _verb, assessments in found for one in assessments])
    marked = _marked_of_departments(user, sheets.values())
    return [
        Group(
            title,
            verb,
            tuple(_task(user, one, state, sheets.get((one.pk, WRITERS[state].stage)), marked) for one in many[:SHOWN]),
            f"{reverse('assessments:list')}?{urlencode({'state': state})}" if len(many) > SHOWN else "",
            _by_item(many) if state == State.ASSESSING else (),
        )
        for state, title, verb, many in found
    ]


def _by_item(waiting: Iterable[Assessment]) -> tuple[tuple[str, str], ...]:
    """The cycles of which more than one assessment waits, where marking one item for all of them pays."""
    cycles = Counter(one.cycle for one in waiting)
    return tuple(
        (cycle.name, reverse("assessments:items", args=[cycle.pk])) for cycle, count in cycles.items() if count > 1
    )


def _kinds_of_work(user: User) -> Iterator[tuple[State, str, str, QuerySet[Assessment]]]:
    served = served_by(user)
    work = (
        (State.SELF_SCORING, _("Self-scores to hand in"), _("Fill in"), _at(user, State.SELF_SCORING)),
        (State.ASSESSING, _("To assess"), _("Assess"), _at(user, State.ASSESSING, {Role.ASSESSOR}).exclude(served)),
        (State.ASSESSING, _("For my department to mark"), _("Mark the items"), _of_departments(user).exclude(served)),
        (State.REVIEWING, _("To review"), _("Review"), _at(user, State.REVIEWING).exclude(served)),
    )
    for state, title, verb, waiting in work:
        yield (
            state,
            title,
            verb,
            waiting.select_related("cycle", "rubric", "kind")
            .annotate(last_day=effective(WRITERS[state].stage))
            .order_by("last_day", "path"),
        )


def _organizations(user: User, roles: Iterable[Role]) -> set[int]:
    return {post.organization_id for post in posts(user) if post.role in roles}


def _at(user: User, state: State, roles: Iterable[Role] | None = None) -> QuerySet[Assessment]:
    """Assessments in a state whose open sheet the person writes as a whole."""
    writer = WRITERS[state].by
    parties = _organizations(user, roles or writer.roles)
    return Assessment.objects.filter(state=state, **{f"{PARTY_FIELD[writer.party]}__in": parties})


def _of_departments(user: User) -> QuerySet[Assessment]:
    """Assessments in which a department of the person has items and has not signed off, unless they mark the whole."""
    whole = _organizations(user, {Role.ASSESSOR})
    condition = Q(pk__in=())
    for post in posts(user):
        if post.role == Role.DEPARTMENT_ASSESSOR and post.organization_id not in whole:
            condition |= _of_department(post)
    return Assessment.objects.filter(condition, state=State.ASSESSING)


def _of_department(post: Post) -> Q:
    named = Office.objects.filter(name__in=post.departments)
    signed = Signoff.objects.filter(
        sheet__assessment=OuterRef("pk"),
        department__organization=post.organization_id,
        department__name__in=post.departments,
    )
    return Q(assessor=post.organization_id, rubric__in=named.values("rubric")) & ~Q(Exists(signed))


def _sheets(assessments: list[Assessment]) -> dict[tuple[int, Stage], Sheet]:
    """The open sheet of each, by assessment and stage."""
    if not assessments:
        return {}
    by_pk = {one.pk: one for one in assessments}
    found = {}
    for sheet in Sheet.objects.filter(assessment__in=by_pk):
        sheet.assessment = by_pk[sheet.assessment_id]
        found[sheet.assessment_id, Stage(sheet.stage)] = sheet
    return found


def _department_rows(user: User, assessment: Assessment) -> list[Row] | None:
    """The rows that the person's departments must mark; None for someone who marks the whole sheet."""
    departments = marked_departments(user, assessment)
    if departments is None:
        return None
    return [
        row
        for row in rows(assessment.rubric)
        if (row.points is not None or row.gate) and row.applies(assessment.kind.code) and may_mark(departments, row)
    ]


def _asked(user: User, assessment: Assessment, row: Row) -> frozenset[int]:
    """Keys of the measures that a row asks of the person's departments."""
    departments = marked_departments(user, assessment)
    asked = [one for one in row.measures if one.role != MeasureRole.BONUS]
    own = [one for one in asked if one.office and may_score(departments, one)]
    return frozenset(one.pk for one in own or asked)


def _marked_of_departments(user: User, sheets: Iterable[Sheet]) -> Mapping[int, tuple[int, int]]:
    """By assessment: how many of its departments' items a person's departments have marked, and how many there are."""
    wanted: dict[int, dict[int, int]] = {}  # sheet -> item -> how many counts it needs
    counted: set[int] = set()
    owner: dict[int, int] = {}
    for sheet in sheets:
        lines = _department_rows(user, sheet.assessment) if sheet.stage == Stage.ASSESS else None
        if lines is not None:
            asked = [(row, _asked(user, sheet.assessment, row)) for row in lines]
            counted = counted.union(*(measures for _row, measures in asked))
            wanted[sheet.pk] = {row.pk: 1 if row.rule == BaseRule.LEVELS else len(found) for row, found in asked}
            owner[sheet.pk] = sheet.assessment_id
    if not wanted:
        return {}
    done: dict[int, int] = defaultdict(int)
    marks = Mark.objects.filter(sheet__in=wanted).annotate(given=Count("counts", filter=Q(counts__measure__in=counted)))
    for sheet_pk, item, points, not_applicable, given in marks.values_list(
        "sheet", "item", "points", "not_applicable", "given"
    ):
        counts = wanted[sheet_pk].get(item)
        if counts is not None and (not_applicable or points is not None or (counts and given >= counts)):
            done[sheet_pk] += 1
    return {owner[pk]: (done[pk], len(items)) for pk, items in wanted.items()}


def _task(
    user: User, assessment: Any, state: State, sheet: Sheet | None, marked: Mapping[int, tuple[int, int]]
) -> Task:
    """`assessment` has its last day beside it."""
    day: date | None = assessment.last_day
    scored, required = (sheet.scored, sheet.required) if sheet else (0, 0)
    if state == State.ASSESSING:
        scored, required = marked.get(assessment.pk, (scored, required))
    hint, next_url = _next_step(user, assessment) if required and scored >= required else ("", "")
    return Task(
        name=assessment.name,
        url=reverse("assessments:sheet", args=[assessment.pk, WRITERS[state].stage]),
        cycle=assessment.cycle.name,
        deadline=day,
        words=in_words(day),
        late=is_late(day),
        scored=scored,
        required=required,
        hint=hint,
        next_url=next_url,
    )


def _next_step(user: User, assessment: Assessment) -> tuple[str, str]:
    """What follows when everything is marked: a move of the person's own, a sign-off, or waiting for who moves."""
    edge = next(move for move in moves_from(State(assessment.state), assessment.stages) if move.needs_complete_sheet)
    detail = reverse("assessments:detail", args=[assessment.pk])
    if acts_as(user, assessment, edge.by):
        return str(edge.action.label), reverse(f"assessments:{edge.action}", args=[assessment.pk])
    if edge.by.party == Party.ASSESSOR:
        return _("Sign off"), detail
    return _("Complete: the chair can submit it now"), ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of the person's organisations stands. Points of later stages are shown once the assessment is final."""

    name: str
    url: str
    cycle: str
    state: State
    state_class: str
    self_points: str
    points: str
    band: str


def results(user: User) -> list[Standing]:
    """The newest assessments of the person's own organisations that have been handed in."""
    own = {post.organization_id for post in posts(user)}
    if not own:
        return []
    newest = (
        Assessment.objects.filter(organization__in=own)
        .exclude(state=State.SELF_SCORING)
        .select_related("cycle", "rubric")
        .prefetch_related("sheets")
        .order_by("-cycle__year", "-cycle_id", "path")[:RESULTS]
    )
    return [_standing(one) for one in newest]


def _standing(assessment: Assessment) -> Standing:
    final = assessment.state == State.FINAL
    self_points = next((sheet.points for sheet in assessment.sheets.all() if sheet.stage == Stage.SELF), None)
    return Standing(
        name=assessment.name,
        url=reverse("assessments:detail", args=[assessment.pk]),
        cycle=assessment.cycle.name,
        state=State(assessment.state),
        state_class=STATE_CLASS[State(assessment.state)],
        self_points=format_points(self_points),
        points=format_points(assessment.points) if final else "",
        band=band_named(assessment.rubric, assessment.band_rank) if final else "",
    )


@dataclass(frozen=True, slots=True)
class Course:
    """How a cycle gets on in the branches that the person oversees. `stages` are (state, count, url of those)."""

    name: str
    url: str
    total: int
    final: int
    words: str
    late: bool
    stages: tuple[tuple[State, int, str], ...]


def courses(user: User) -> list[Course]:
    """The newest cycles of someone who oversees a branch, with how many assessments stand where."""
    if not any(post.role in OVERSEERS for post in posts(user)):
        return []
    cycles = list(cycles_visible_to(user)[:CYCLES])
    counts: dict[int, dict[State, int]] = defaultdict(dict)
    counted = supervised_by(user).filter(cycle__in=cycles).order_by()
    for cycle, state, count in counted.values_list("cycle", "state").annotate(Count("pk")):
        counts[cycle][State(state)] = count
    return [_course(cycle, counts[cycle.pk]) for cycle in cycles if cycle.pk in counts]


def _course(cycle: Cycle, counts: Mapping[State, int]) -> Course:
    listed = reverse("assessments:list")
    states = [state for state in State if counts.get(state)]
    day = deadline(cycle, states[0])
    today = timezone.localdate()
    return Course(
        name=cycle.name,
        url=reverse("cycles:detail", args=[cycle.pk]),
        total=sum(count for state, count in counts.items() if state != State.WITHDRAWN),
        final=counts.get(State.FINAL, 0),
        words=in_words(day, today),
        late=is_late(day, today),
        stages=tuple(
            (state, counts[state], f"{listed}?{urlencode({'cycle': cycle.pk, 'state': state})}") for state in states
        ),
    )
