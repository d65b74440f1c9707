"""Every state x action x role x number of stages: allowed exactly where the table says, and refused without a trace."""

from contextlib import nullcontext
from itertools import product

import pytest
from django.db import transaction

from assessments.chain import breaks
from assessments.models import Signoff, Step
from assessments.permissions import open_moves
from assessments.services import Forbidden, Refused, WrongState, move, save_marks, sign_off
from assessments.workflow import (
    MOVES,
    STATE_OF,
    WRITERS,
    Action,
    Actor,
    Party,
    Stage,
    State,
    Warrant,
    find_move,
    moves_from,
    stages_of,
)
from orgs.roles import Role
from rubrics.rows import rows
from tests import factories as make
from tests.remembering import remembered

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

S, A = State, Action
PLACES = [(stages, state) for stages in (2, 3) for state in State if (stages, state) != (2, S.REVIEWING)]

# the workflow once more, by hand: stages -> source, action, target, who
EDGES = {
    2: {
        (S.SELF_SCORING, A.SUBMIT, S.ASSESSING, Party.UNIT, Role.CHAIR),
        (S.ASSESSING, A.SEND_BACK, S.SELF_SCORING, Party.ASSESSOR, Role.ASSESSOR),
        (S.ASSESSING, A.CONFIRM, S.FINAL, Party.ASSESSOR, Role.ASSESSOR),
        (S.FINAL, A.REOPEN, S.ASSESSING, Party.REVIEWER, Role.REVIEWER),
        (S.SELF_SCORING, A.WITHDRAW, S.WITHDRAWN, Party.REVIEWER, Role.ADMIN),
        (S.ASSESSING, A.WITHDRAW, S.WITHDRAWN, Party.REVIEWER, Role.ADMIN),
        (S.WITHDRAWN, A.RESUME, S.SELF_SCORING, Party.REVIEWER, Role.ADMIN),
    },
    3: {
        (S.SELF_SCORING, A.SUBMIT, S.ASSESSING, Party.UNIT, Role.CHAIR),
        (S.ASSESSING, A.SEND_BACK, S.SELF_SCORING, Party.ASSESSOR, Role.ASSESSOR),
        (S.ASSESSING, A.FORWARD, S.REVIEWING, Party.ASSESSOR, Role.ASSESSOR),
        (S.REVIEWING, A.SEND_BACK, S.ASSESSING, Party.REVIEWER, Role.REVIEWER),
        (S.REVIEWING, A.CONFIRM, S.FINAL, Party.REVIEWER, Role.REVIEWER),
        (S.FINAL, A.REOPEN, S.REVIEWING, Party.REVIEWER, Role.REVIEWER),
        (S.SELF_SCORING, A.WITHDRAW, S.WITHDRAWN, Party.REVIEWER, Role.ADMIN),
        (S.ASSESSING, A.WITHDRAW, S.WITHDRAWN, Party.REVIEWER, Role.ADMIN),
        (S.REVIEWING, A.WITHDRAW, S.WITHDRAWN, Party.REVIEWER, Role.ADMIN),
        (S.WITHDRAWN, A.RESUME, S.SELF_SCORING, Party.REVIEWER, Role.ADMIN),
    },
}
WARRANTED = {
    2: {
        (S.FINAL, A.CALL_UP, S.REVIEWING, Warrant.DRAW),
        (S.FINAL, A.RECHECK, S.ASSESSING, Warrant.OBJECTION),
    },
    3: {
        (S.FINAL, A.CALL_UP, S.REVIEWING, Warrant.DRAW),
        (S.REVIEWING, A.RELEASE, S.FINAL, Warrant.DRAW),
        (S.FINAL, A.RECHECK, S.REVIEWING, Warrant.OBJECTION),
    },
}
"""What no button does: reviewers and administrators of the reviewing union, with a draw or an objection behind it."""


@remembered
def ready(stages, state, **options):
    """A cast whose assessment stands in the state, with everything done that a move onward asks for."""
    cast = make.cast(stages=stages, **options)
    make.bring_to(cast, state)
    if state in WRITERS:
        make.fill(cast.writer(WRITERS[state].stage), cast.assessment, WRITERS[state].stage)
    if state == State.ASSESSING:
        make.sign_all(cast.assessor, cast.assessment)
    return cast


def mover_of(cast, edge):
    """Somebody who may make the move."""
    unions = {Party.UNIT: cast.township, Party.ASSESSOR: cast.county, Party.REVIEWER: cast.city}
    return make.person(*((unions[edge.by.party], role) for role in edge.by.roles))


def people(cast):
    """One person for each role in each party, and some who have no part in it."""
    parties = {Party.UNIT: cast.township, Party.ASSESSOR: cast.county, Party.REVIEWER: cast.city}
    found = {}
    for (party, union), role in product(parties.items(), Role):
        office = (make.department(union, f"{role}处"),) if role == Role.DEPARTMENT_ASSESSOR else ()
        found[party, role] = make.person((union, role, *office))
    roles = [role for role in Role if role != Role.DEPARTMENT_ASSESSOR]
    found["neighbour", None] = make.person(*((cast.neighbour, role) for role in roles))
    found["other county", None] = make.person(*((cast.other_county, role) for role in roles))
    found["system administrator", None] = cast.superuser
    found["nobody", None] = cast.unposted
    return found


def test_table_is_the_one_written_by_hand():
    for stages, edges in EDGES.items():
        table = {
            (m.source, m.action, m.to, m.by.party, role)
            for m in MOVES
            if stages in m.stages and not m.warrant
            for role in m.by.roles
        }
        assert table == edges
        warranted = {m for m in MOVES if stages in m.stages and m.warrant}
        assert {(m.source, m.action, m.to, m.warrant) for m in warranted} == WARRANTED[stages]
        assert {m.by for m in warranted} == {Actor(Party.REVIEWER, frozenset({Role.REVIEWER, Role.ADMIN}))}


def test_table_has_one_edge_for_an_action_in_a_state():
    keys = [(m.source, m.action, stages) for m in MOVES for stages in m.stages]
    assert len(keys) == len(set(keys))


def test_table_leads_everywhere_and_back():
    for stages in (2, 3):
        states = {STATE_OF[stage] for stage in stages_of(stages)} | {S.FINAL, S.WITHDRAWN}
        assert {m.source for m in MOVES if stages in m.stages} == states
        assert {m.to for m in MOVES if stages in m.stages and not m.adds_review} == states


@pytest.mark.parametrize(("stages", "state"), PLACES)
def test_who_may_take_which_step(stages, state):
    cast = ready(stages, state)
    before = make.snapshot(cast.assessment)
    allowed = set()
    for (party, role), somebody in people(cast).items():
        offered = {m.action for m in open_moves(make.again(somebody), cast.now())}
        for action in Action:
            edge = next((e for e in EDGES[stages] if e[:2] == (state, action)), None)
            theirs = edge is not None and edge[3:] == (party, role)
            assert (action in offered) == theirs
            if theirs:
                allowed.add(action)
                with transaction.atomic():
                    moved = move(somebody, cast.assessment, action, reason="理由")
                    step = Step.objects.filter(assessment=moved).latest("number")
                    assert (moved.state, cast.now().state) == (edge[2], edge[2])
                    assert (step.action, step.source, step.target, step.by) == (*edge[1::-1], edge[2], somebody)
                    transaction.set_rollback(True)
            else:
                with pytest.raises(Forbidden if edge else WrongState):
                    move(somebody, cast.assessment, action, reason="理由")
        assert make.snapshot(cast.assessment) == before
    assert allowed == {action for source, action, *_ in EDGES[stages] if source == state}


@pytest.mark.parametrize(("stages", "state"), PLACES)
def test_who_may_write_which_sheet(stages, state):
    cast = make.cast(stages=stages)
    make.bring_to(cast, state)
    before = make.snapshot(cast.assessment)
    writers = {
        State.SELF_SCORING: (Stage.SELF, {(Party.UNIT, Role.CLERK), (Party.UNIT, Role.CHAIR)}),
        State.ASSESSING: (Stage.ASSESS, {(Party.ASSESSOR, Role.ASSESSOR)}),
        State.REVIEWING: (Stage.REVIEW, {(Party.REVIEWER, Role.REVIEWER)}),
    }
    stage_open, writing = writers.get(state, (None, set()))
    for ((party, role), somebody), stage in product(people(cast).items(), Stage):
        typed = [make.typed(cast.assessment, stage, "1-1", "2.5")]
        if stage != stage_open:
            with pytest.raises(WrongState):
                save_marks(somebody, cast.assessment, stage, typed)
        elif (party, role) not in writing:
            with pytest.raises(Forbidden):
                save_marks(somebody, cast.assessment, stage, typed)
        else:
            with transaction.atomic():
                assert save_marks(somebody, cast.assessment, stage, typed).contents
                transaction.set_rollback(True)
        assert make.snapshot(cast.assessment) == before


@pytest.mark.parametrize(("stages", "edge"), [(n, m) for n in (2, 3) for m in MOVES if n in m.stages and not m.warrant])
def test_condition_of_an_edge_that_is_not_met(stages, edge):
    cast = ready(stages, edge.source)
    mover = mover_of(cast, edge)
    before = make.snapshot(cast.assessment)
    for reason in ("", "  \n\x0b"):
        if edge.needs_reason:
            with pytest.raises(Refused, match=r"理由|原因|reason"):
                move(mover, cast.assessment, edge.action, reason=reason)
    with pytest.raises(Refused):
        move(mover, cast.assessment, edge.action, reason="长" * 1001)
    with pytest.raises(Refused):
        move(mover, cast.assessment, edge.action, reason="理由", items=["no such item"])
    with pytest.raises(Refused):  # it does not apply to townships
        move(mover, cast.assessment, edge.action, reason="理由", items=["1-1", "2-4"])
    if not edge.may_name_items:
        with pytest.raises(Refused):
            move(mover, cast.assessment, edge.action, reason="理由", items=["1-1"])
    assert make.snapshot(cast.assessment) == before


@pytest.mark.parametrize(
    ("stages", "edge"), [(n, m) for n in (2, 3) for m in MOVES if m.needs_complete_sheet and n in m.stages]
)
def test_incomplete_sheet_names_what_is_missing(stages, edge):
    cast = make.cast(stages=stages)
    make.bring_to(cast, edge.source)
    stage = WRITERS[edge.source].stage
    mover = mover_of(cast, edge)
    with pytest.raises(Refused, match="1-1、1-2、1-3、2-1、2-2、2-3、3-1、3-2"):
        move(mover, cast.assessment, edge.action)
    make.fill(cast.writer(stage), cast.assessment, stage)
    make.save(cast.writer(stage), cast.assessment, stage, "2-1", counts={"rate": "8", "team": ""})
    if stage == Stage.ASSESS:
        with pytest.raises(Refused, match="2-1"):
            sign_off(make.again(cast.staff_assessor), cast.assessment, cast.staff)
    before = make.snapshot(cast.assessment)
    with pytest.raises(Refused, match=r"2-1\.?"):
        move(mover, cast.assessment, edge.action)
    assert make.snapshot(cast.assessment) == before


def test_departments_must_have_signed():
    for stages, action in ((2, Action.CONFIRM), (3, Action.FORWARD)):
        cast = ready(stages, State.ASSESSING)
        make.services.take_back(make.again(cast.staff_assessor), cast.assessment, cast.staff)
        with pytest.raises(Refused, match="组织人事部"):
            move(make.again(cast.assessor), cast.assessment, action)
        assert cast.now().state == State.ASSESSING


def test_removed_right_ends_at_once():
    cast = ready(3, State.SELF_SCORING)
    cast.chair.memberships.all().delete()
    with pytest.raises(Forbidden):
        move(make.again(cast.chair), cast.assessment, Action.SUBMIT)


def test_closed_organisation_gives_no_rights():
    cast = ready(3, State.ASSESSING)
    make.Organization.objects.filter(pk=cast.county.pk).update(closed_on="2026-01-01")
    with pytest.raises(Forbidden):
        move(make.again(cast.assessor), cast.assessment, Action.FORWARD)


@pytest.mark.parametrize("kept", [Role.CLERK, Role.CHAIR])
def test_nobody_moves_on_what_their_own_organisation_said(kept):
    cast = ready(3, State.ASSESSING)
    both = make.person((cast.county, Role.ASSESSOR), (cast.township, kept))
    for action in (Action.FORWARD, Action.SEND_BACK):
        with pytest.raises(Forbidden):
            move(both, cast.assessment, action, reason="理由")
    assert open_moves(both, cast.now()) == ()


def test_moves_from_and_find_move_agree():
    for stages, state in PLACES:
        assert {m.action for m in moves_from(state, stages)} == {
            action for action in Action if find_move(state, action, stages)
        }


def test_sheets_open_and_close_with_their_stages():
    cast = make.cast(stages=3)

    def opened():
        return {s.stage for s in cast.assessment.sheets.filter(closed_at=None)}

    assert opened() == {"self"}
    make.bring_to(cast, State.ASSESSING)
    assert opened() == {"assess"}
    make.bring_to(cast, State.REVIEWING)
    assert opened() == {"review"}
    make.bring_to(cast, State.FINAL)
    assert opened() == set()
    move(make.again(cast.reviewer), cast.assessment, Action.REOPEN, reason="复查")
    assert opened() == {"review"}
    move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考")
    assert "assess" in opened()


def test_official_result_is_that_of_the_last_completed_stage():
    cast = make.cast(stages=3)
    seen = []
    for points in ("1", "2", "3"):
        stage = WRITERS[State(cast.now().state)].stage
        make.fill(cast.writer(stage), cast.assessment, stage)
        make.save(cast.writer(stage), cast.assessment, stage, "1-1", points)
        if stage == Stage.ASSESS:
            make.sign_all(cast.assessor, cast.assessment)
        action = {"self": Action.SUBMIT, "assess": Action.FORWARD, "review": Action.CONFIRM}[stage]
        now = move(make.again(cast.writer(stage)), cast.assessment, action)
        seen.append((now.official_stage, now.points))
    assert seen == [("self", 36), ("assess", 37), ("review", 38)]
    back = move(make.again(cast.reviewer), cast.assessment, Action.REOPEN, reason="复查")
    assert (back.official_stage, back.points) == ("assess", 37)
    back = move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考")
    assert (back.official_stage, back.points) == ("self", 36)
    back = move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="重填")
    assert (back.official_stage, back.points, back.band_rank) == ("", None, None)


def test_item_named_twice_counts_once():
    cast = ready(3, State.ASSESSING)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺", items=["1-1", "1-1", "1-2"])
    assert len(make.snapshot(cast.assessment)["named"]) == 2
    assert breaks(cast.now()) == []


def test_reopened_review_keeps_the_departments_word_and_a_send_back_takes_it():
    cast = make.cast(stages=3)
    make.bring_to(cast, State.FINAL)
    signed = make.snapshot(cast.assessment)["signoffs"]
    assert len(signed) == 2
    move(make.again(cast.reviewer), cast.assessment, Action.REOPEN, reason="复查")
    assert make.snapshot(cast.assessment)["signoffs"] == signed
    move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考")
    assert make.snapshot(cast.assessment)["signoffs"] == []


@pytest.mark.parametrize(
    ("items", "kept"),
    [
        (["1-1"], {make.STAFF, make.PRESS}),
        (["2-3"], {make.OFFICE}),  # of two departments
        (["1-2", "2-1"], {make.PRESS}),
        (["3-1"], {make.OFFICE, make.STAFF, make.PRESS}),  # of no department
        ([], set()),
    ],
)
def test_only_departments_with_a_named_item_sign_anew_and_the_others_stay_closed(items, kept):
    cast = make.cast(stages=3)
    make.department(cast.county, make.PRESS, position=3)
    make.bring_to(cast, State.REVIEWING)

    def signed():
        offices = {make.OFFICE, make.STAFF, make.PRESS}
        words = Signoff.objects.filter(sheet__assessment=cast.assessment).select_related("department")
        return {office for office in offices for one in words if office in one.department.names}

    move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考", items=items)
    assert signed() == kept
    make.sign_all(cast.assessor, cast.assessment)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="重填", items=items)
    assert signed() == kept
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    for row in rows(cast.rubric):
        if row.applies(cast.assessment.kind.code) and row.points is not None:
            closed = not kept.isdisjoint(row.departments)
            with pytest.raises(WrongState, match=row.key) if closed else nullcontext():
                make.save(cast.assessor, cast.assessment, Stage.ASSESS, row.key, **make.full_marks(row))
    make.sign_all(cast.assessor, cast.assessment)
    assert move(make.again(cast.assessor), cast.assessment, Action.FORWARD).state == State.REVIEWING


def test_step_decided_on_another_state_is_not_taken():
    """Somebody who both assesses and reviews clicks "send back" twice: the second click meant the first state."""
    cast = make.cast(stages=3)
    make.bring_to(cast, State.REVIEWING)
    both = make.person((cast.city, Role.REVIEWER), (cast.county, Role.ASSESSOR))
    move(both, cast.assessment, Action.SEND_BACK, reason="重考", seen=State.REVIEWING)
    before = make.snapshot(cast.assessment)
    with pytest.raises(WrongState):
        move(both, cast.assessment, Action.SEND_BACK, reason="重考", seen=State.REVIEWING)
    assert make.snapshot(cast.assessment) == before
    move(both, cast.assessment, Action.SEND_BACK, reason="重填", seen=State.ASSESSING)
