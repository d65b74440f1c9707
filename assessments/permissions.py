"""Predicates (user, assessment) -> bool. Views, templates and services read these and nothing else."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, cast

from assessments.models.publication import Channel
from assessments.queries import filled_in
from assessments.rechecking import being_rechecked
from assessments.workflow import (
    ASSESSOR,
    DECIDERS,
    PARTIES_OF,
    STAGE_ORDER,
    UNIT_CHAIR,
    WRITERS,
    Actor,
    Move,
    Party,
    Stage,
    State,
    moves_from,
    open_stage,
)
from orgs.models import PATH_STEP
from orgs.permissions import every_post, holds, oversees, posts
from orgs.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from assessments.models import Assessment, Cycle, Objection, YearReport
    from orgs.models import Department, Organization, User
    from rubrics.rows import MeasureRow, Row


KEYS = {
    Party.UNIT: attrgetter("organization_id"),
    Party.ASSESSOR: attrgetter("assessor_id"),
    Party.REVIEWER: attrgetter("reviewer_id"),
    Party.OBSERVER: attrgetter("observer_id"),
}


def party_key(assessment: Assessment, party: Party) -> int | None:
    """The organisation that is this party to the assessment; few have an observer."""
    return cast("int | None", KEYS[party](assessment))


def acts_as(user: User | AnonymousUser, assessment: Assessment, actor: Actor) -> bool:
    return holds(user, party_key(assessment, actor.party), actor.roles)


def serves_unit(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Whether the person fills in the assessed organisation's own sheet, or once did in this assessment."""
    if holds(user, assessment.organization_id, {Role.CLERK, Role.CHAIR}):
        return True
    known: dict[int | None, bool] = assessment.__dict__.setdefault("_filled_in", {})
    if user.pk not in known:
        known[user.pk] = filled_in(user, assessment)
    return known[user.pk]


def may_write(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Whether the person writes the sheet that is open now. Nobody assesses an organisation they fill in sheets for."""
    writer = WRITERS.get(State(assessment.state))
    if writer is None or not acts_as(user, assessment, writer.by):
        return False
    return writer.stage == Stage.SELF or not serves_unit(user, assessment)


def marked_departments(user: User | AnonymousUser, assessment: Assessment) -> frozenset[str] | None:
    """Names of the departments whose items the person may mark in the open sheet; None: every item."""
    if assessment.state != State.ASSESSING or holds(user, assessment.assessor_id, {Role.ASSESSOR}):
        return None
    return frozenset[str]().union(
        *(
            post.departments
            for post in posts(user)
            if post.organization_id == assessment.assessor_id and post.role == Role.DEPARTMENT_ASSESSOR
        )
    )


def may_mark(departments: frozenset[str] | None, row: Row) -> bool:
    """Whether someone limited to these departments marks this row, or gives points of their own on it."""
    return departments is None or not departments.isdisjoint(row.departments)


def may_score(departments: frozenset[str] | None, measure: MeasureRow) -> bool:
    """Whether someone limited to these departments enters this: a department's own points only that department."""
    return departments is None or not measure.office or measure.office in departments


def own_scores(row: Row, departments: frozenset[str] | None) -> tuple[MeasureRow, ...]:
    """The points of a row, scored by several departments, that these departments give; None: all of them."""
    return tuple(one for one in row.measures if one.office and may_score(departments, one))


def signs_for(user: User | AnonymousUser, assessment: Assessment, department: Department) -> bool:
    """Whether the person signs off for a department: its own people, and the union's assessors on its behalf."""
    if department.organization_id != assessment.assessor_id:
        return False
    return holds(user, assessment.assessor_id, {Role.ASSESSOR}) or any(
        post.role == Role.DEPARTMENT_ASSESSOR
        and post.organization_id == department.organization_id
        and department.name in post.departments
        for post in posts(user)
    )


def may_hold_ballots(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Who prepares, opens, counts and closes ballots: assessors of the assessing union, and administrators of it or of
    a union above. Nobody holds a ballot on an organisation that they fill in sheets for."""
    own = holds(user, assessment.assessor_id, {Role.ASSESSOR, Role.ADMIN})
    if not own and not oversees(user, assessment.assessor.path, {Role.ADMIN}):
        return False
    return not serves_unit(user, assessment)


def may_move(user: User | AnonymousUser, assessment: Assessment, move: Move) -> bool:
    if not acts_as(user, assessment, move.by):
        return False
    return move.by.party == Party.UNIT or not serves_unit(user, assessment)


def open_moves(user: User | AnonymousUser, assessment: Assessment) -> tuple[Move, ...]:
    """The moves that the person may make now by a button, in button order."""
    moves = moves_from(State(assessment.state), assessment.stages, closed=assessment.cycle.closed_at is not None)
    own = tuple(move for move in moves if move.warrant is None and may_move(user, assessment, move))
    if all(move.in_recheck for move in own) or not being_rechecked(assessment):
        return own
    return tuple(move for move in own if move.in_recheck)


def may_read(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """The same people as `queries.visible_to` finds, for an assessment that is already at hand."""
    return bool(parties_of(user, assessment)) or oversees(user, assessment.path)


def parties_of(user: User | AnonymousUser, assessment: Assessment) -> frozenset[Party]:
    """As what the person's posts take part in the assessment."""
    return frozenset(
        party
        for post in posts(user)
        for party in PARTIES_OF[post.role]
        if post.organization_id == party_key(assessment, party)
    )


def may_read_sheet(user: User | AnonymousUser, assessment: Assessment, stage: Stage) -> bool:
    """Who may see what a stage says.

    The open sheet is seen by the party that writes it; a closed one also by the later parties and by those who oversee
    a union above; the assessed organisation, its own administrators included, sees the later sheets when the
    assessment is final. A department assessor sees a sheet that is not closed item by item: `may_read_item`.
    """
    return _sheet_is_open_to(user, assessment, stage, parties_of(user, assessment))


def _sheet_is_open_to(
    user: User | AnonymousUser, assessment: Assessment, stage: Stage, parties: frozenset[Party]
) -> bool:
    """`parties` is what the person is to the assessment."""
    if not parties and not oversees(user, assessment.path):
        return False
    state = State(assessment.state)
    writer = next(w for w in WRITERS.values() if w.stage == stage)
    if holds(user, party_key(assessment, writer.by.party), writer.by.roles - {Role.DEPARTMENT_ASSESSOR}):
        return True
    current = open_stage(state)
    closed = current is None or STAGE_ORDER.index(stage) < STAGE_ORDER.index(current)
    if not closed:
        return False
    if stage == Stage.SELF or state == State.FINAL:
        return True
    return bool(parties - {Party.UNIT}) or oversees(user, assessment.path[:-PATH_STEP])


def may_read_item(user: User | AnonymousUser, assessment: Assessment, stage: Stage, row: Row) -> bool:
    """Whoever reads the sheet, and of the open one also the department that marks the item."""
    if may_read_sheet(user, assessment, stage):
        return True
    mine = open_stage(State(assessment.state)) == stage and may_write(user, assessment)
    return mine and may_mark(marked_departments(user, assessment), row)


def readable_stages(user: User | AnonymousUser, assessment: Assessment) -> tuple[Stage, ...]:
    parties = parties_of(user, assessment)
    stages = STAGE_ORDER[: assessment.stages]
    return tuple(stage for stage in stages if _sheet_is_open_to(user, assessment, stage, parties))


def may_open_cycle(user: User | AnonymousUser, path: str) -> bool:
    """Administrators open cycles for branches at or under their own union."""
    return oversees(user, path, {Role.ADMIN})


def may_manage_cycle(user: User | AnonymousUser, cycle: Cycle) -> bool:
    return oversees(user, cycle.owner.path, {Role.ADMIN})


def may_decide(user: User | AnonymousUser, cycle: Cycle) -> bool:
    """Draws, rulings, notices, objections: reviewers and administrators of the union that opened the cycle."""
    return holds(user, cycle.owner_id, DECIDERS.roles)


def may_rule(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Rulings on an award: those who decide, except on organisations that they fill in sheets for."""
    return may_decide(user, assessment.cycle) and not serves_unit(user, assessment)


def may_give_opinion(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Third opinions on the open sheet: whoever may end its stage. That they marked nothing on it the service asks."""
    edges = moves_from(State(assessment.state), assessment.stages, closed=assessment.cycle.closed_at is not None)
    return any(edge.needs_tolerance and may_move(user, assessment, edge) for edge in edges)


def may_follow_decisions(user: User | AnonymousUser, cycle: Cycle) -> bool:
    """Who reads how a cycle is decided: those who decide, and who oversees the deciding union."""
    return may_decide(user, cycle) or oversees(user, cycle.owner.path)


def may_extend(user: User | AnonymousUser, assessment: Assessment, stage: Stage) -> bool:
    """Who gives one organisation a later deadline: the deciding union for every stage, and the assessing union's
    assessors for the self-score. Nobody does so for an organisation that they fill in sheets for."""
    own = stage == Stage.SELF and holds(user, assessment.assessor_id, {Role.ASSESSOR})
    return (own or may_decide(user, assessment.cycle)) and not serves_unit(user, assessment)


def may_remind(user: User | AnonymousUser, _cycle: Cycle) -> bool:
    """Who sees whom to remind in a cycle that they see: everybody with a post beyond filling in."""
    return any(post.role not in {Role.CLERK, Role.CHAIR} for post in posts(user))


def may_report_made_up(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """The chair of the organisation says that its make-up task is done."""
    return acts_as(user, assessment, UNIT_CHAIR)


def may_inspect_make_up(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Assessors of the assessing union, unless they fill in the organisation's own sheets."""
    return acts_as(user, assessment, ASSESSOR) and not serves_unit(user, assessment)


def may_read_coverage(user: User | AnonymousUser, union: Organization) -> bool:
    """Who oversees a union, and who decides its cycles."""
    return oversees(user, union.path) or holds(user, union.pk, DECIDERS.roles)


YEAR_REPORTERS = frozenset({Role.ADMIN, Role.ASSESSOR})


def may_write_year_report(user: User | AnonymousUser, report: YearReport) -> bool:
    return holds(user, report.organization_id, YEAR_REPORTERS)


def may_object(user: User | AnonymousUser) -> bool:
    """Who sees a cycle may object to a result that is on its notice; auditors write nothing."""
    return any(post.role != Role.AUDITOR for post in posts(user))


def may_handle_objections(user: User | AnonymousUser, assessment: Assessment) -> bool:
    """Who registers and settles objections to a result and so knows who objected: those who decide the cycle, but
    nobody with a post in the assessed organisation or a hand in its sheet."""
    there = any(post.organization_id == assessment.organization_id for post in every_post(user))
    return may_decide(user, assessment.cycle) and not there and not serves_unit(user, assessment)


def may_handle(user: User | AnonymousUser, objection: Objection) -> bool:
    """Nobody handles an objection of their own or of an organisation that they have a post in."""
    own = objection.channel == Channel.LOGIN and objection.registered_by_id == user.pk
    sides = {objection.organization_id} - {None}
    theirs = any(post.organization_id in sides for post in every_post(user))
    return may_handle_objections(user, objection.assessment) and not own and not theirs


def works_above_units(user: User | AnonymousUser, _cycle: Cycle) -> bool:
    """Whether what follows from results has more to say to a person than their own assessment's page does."""
    return any(post.role in {Role.ASSESSOR, Role.REVIEWER, Role.ADMIN, Role.AUDITOR} for post in posts(user))


def may_read_standings(user: User | AnonymousUser, cycle: Cycle) -> bool:
    """Who reads rankings and statistics: who follows decisions, of the whole cycle at any time; other people of unions
    once results are published, of what their posts are a party to."""
    return may_follow_decisions(user, cycle) or (works_above_units(user, cycle) and cycle.snapshots.exists())
