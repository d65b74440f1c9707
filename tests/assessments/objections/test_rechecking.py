"""A recheck opens the named items and no others, for somebody who has not marked them."""

from __future__ import annotations

import pytest

from assessments import services
from assessments.chain import breaks
from assessments.models import MarkRevision, ObjectionState, Sheet
from assessments.objecting import unmarkable
from assessments.permissions import open_moves
from assessments.services import Forbidden, Refused, WrongState, objections
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from tests import factories as make
from tests.assessments.objections import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

JOINT = make.Asked(
    "3-1",
    "10",
    make.BaseRule.SEVERAL_SCORERS,
    (
        make.Counted("office", "60", "分", step="0.5", label=make.OFFICE, office=make.OFFICE),
        make.Counted("staff", "40", "分", step="0.5", label=make.STAFF, office=make.STAFF),
    ),
    offices=(make.OFFICE, make.STAFF),
)
ITEMS = (make.Asked("1-1", "5", offices=(make.OFFICE,)), make.Asked("1-2", "5"), JOINT)


def adds(cast, role, department=None):
    return make.person((cast.county, role, department) if department else (cast.county, role))


def confirm_as_it_is(cast):
    make.sign_all(cast.assessor, cast.now())
    return services.move(make.again(cast.assessor), cast.now(), Action.CONFIRM)


def test_the_step_says_why_in_neutral_words(cast):
    hold.second_assessor(cast)
    objection = hold.rechecked(cast)
    now = cast.now()
    step = now.steps.latest("number")
    assert (now.state, objection.state, objection.recheck) == (State.ASSESSING, ObjectionState.RECHECKING, step)
    assert (step.action, step.reason) == (Action.RECHECK, "Recheck after objection No. 1.")
    assert list(step.items.values_list("key", flat=True)) == [hold.ITEM]
    assert objection.points_before == 40
    assert breaks(now) == []


def test_only_the_named_item_and_only_for_somebody_else(cast):
    second = hold.second_assessor(cast)
    hold.rechecked(cast)
    with pytest.raises(Forbidden, match="somebody who has not marked it before"):
        make.save(cast.assessor, cast.now(), Stage.ASSESS, hold.ITEM, "4")
    with pytest.raises(WrongState, match="was not sent back"):
        make.save(second, cast.now(), Stage.ASSESS, "1-2", "1")
    # the office's own assessor had not marked it: the union's assessor had marked the whole sheet
    make.save(cast.department_assessor, cast.now(), Stage.ASSESS, hold.ITEM, "4")
    assert confirm_as_it_is(cast).points == 39


def test_whoever_took_over_the_self_scores_has_marked_them_too(db):
    cast = make.cast(rubric=make.small_rubric(stages=2))
    make.bring_to(cast, State.ASSESSING)
    adopter = hold.second_assessor(cast)
    services.adopt_marks(make.again(adopter), cast.now(), Stage.ASSESS)
    confirm_as_it_is(cast)
    make.publish_cycle(cast)
    hold.rechecked(cast)
    with pytest.raises(Forbidden, match="somebody who has not marked it before"):
        make.save(adopter, cast.now(), Stage.ASSESS, hold.ITEM, "4")
    make.save(cast.assessor, cast.now(), Stage.ASSESS, hold.ITEM, "4")  # who only confirmed it


def test_a_mark_at_an_earlier_stage_counts_too(db):
    cast = hold.on_notice(stages=3)
    both = make.person((cast.county, Role.ASSESSOR), (cast.city, Role.REVIEWER))
    MarkRevision.objects.filter(by=cast.assessor, item__key=hold.ITEM).update(by=both)
    fresh = make.person((cast.city, Role.REVIEWER))
    hold.rechecked(cast)
    assert cast.now().state == State.REVIEWING
    for seen in (both, cast.reviewer):
        with pytest.raises(Forbidden, match="somebody who has not marked it before"):
            make.save(seen, cast.now(), Stage.REVIEW, hold.ITEM, "4")
    make.save(fresh, cast.now(), Stage.REVIEW, hold.ITEM, "4")
    assert services.move(make.again(cast.reviewer), cast.now(), Action.CONFIRM).points == 39


def test_it_is_not_confirmed_before_somebody_has_looked(cast):
    second = hold.second_assessor(cast)
    hold.rechecked(cast, None, "1-1", "1-2")
    with pytest.raises(Refused, match="Nobody has rechecked these items yet: 1-1、1-2"):
        confirm_as_it_is(cast)
    with pytest.raises(Forbidden):
        services.stand_by_marks(make.again(cast.reviewer), cast.now())
    for nothing in (cast.assessor, second):  # marked it before; its department has signed off
        with pytest.raises(Forbidden, match="None of these items is yours"):
            services.stand_by_marks(make.again(nothing), cast.now())
    services.take_back(make.again(cast.assessor), cast.now(), cast.office)
    assert set(services.stand_by_marks(make.again(second), cast.now()).contents) == {"1-1", "1-2"}
    with pytest.raises(WrongState, match="Nothing is being rechecked"):
        services.stand_by_marks(make.again(second), cast.now())
    last = MarkRevision.objects.filter(sheet__stage=Stage.ASSESS, item__key="1-1").latest("version")
    assert (last.by, last.points, last.version) == (second, 5, 2)
    assert confirm_as_it_is(cast).points == 40


def test_nothing_else_moves_it_until_the_objection_is_settled(cast):
    objection = hold.done(cast, "")
    assert cast.now().state == State.FINAL
    assert open_moves(make.again(cast.reviewer), cast.now()) == ()
    with pytest.raises(WrongState):
        services.move(make.again(cast.reviewer), cast.now(), Action.REOPEN, reason="重来")
    hold.settle(cast, objection, ObjectionState.REJECTED)
    assert [move.action for move in open_moves(make.again(cast.reviewer), cast.now())] == [Action.REOPEN]


def test_while_it_runs_it_can_be_neither_sent_back_nor_withdrawn(cast):
    hold.second_assessor(cast)
    hold.rechecked(cast)
    for by, action in ((cast.assessor, Action.SEND_BACK), (cast.admin, Action.WITHDRAW)):
        with pytest.raises(WrongState):
            services.move(make.again(by), cast.now(), action, reason="理由")
    assert [move.action for move in open_moves(make.again(cast.assessor), cast.now())] == [Action.CONFIRM]


def test_departments_recheck_their_own_items_and_sign_again(db):
    cast = hold.on_notice(items=ITEMS)
    other = adds(cast, Role.DEPARTMENT_ASSESSOR, cast.office)
    MarkRevision.objects.filter(sheet__stage=Stage.ASSESS).update(by=cast.department_assessor)
    hold.rechecked(cast)
    with pytest.raises(Forbidden, match="somebody who has not marked it before"):
        make.save(cast.department_assessor, cast.now(), Stage.ASSESS, "1-1", "4")
    with pytest.raises(Forbidden, match="belongs to another department"):
        make.save(cast.staff_assessor, cast.now(), Stage.ASSESS, "1-1", "4")
    with pytest.raises(Forbidden, match="None of these items is yours"):
        services.stand_by_marks(make.again(cast.staff_assessor), cast.now())
    make.save(other, cast.now(), Stage.ASSESS, "1-1", "4")
    with pytest.raises(Refused, match="have not signed off"):
        services.move(make.again(cast.assessor), cast.now(), Action.CONFIRM)
    assert confirm_as_it_is(cast).points == 19


def test_several_scorers_recheck_each_their_own_points(db):
    cast = hold.on_notice(items=ITEMS)
    second = adds(cast, Role.DEPARTMENT_ASSESSOR, cast.office)
    hold.rechecked(cast, None, "3-1")
    with pytest.raises(Forbidden, match="only 组织部 gives these points"):
        make.save(second, cast.now(), Stage.ASSESS, "3-1", counts={"office": "5", "staff": "5"})
    make.save(second, cast.now(), Stage.ASSESS, "3-1", counts={"office": "5"})
    with pytest.raises(Forbidden, match="somebody who has not marked it before"):
        make.save(cast.assessor, cast.now(), Stage.ASSESS, "3-1", counts={"office": "10", "staff": "10"})
    assert confirm_as_it_is(cast).points == 17  # 5 and 5, and 60 % of 5 with 40 % of 10


def test_if_nobody_else_is_there_it_is_not_opened_and_says_what_to_do(cast):
    MarkRevision.objects.filter(sheet__stage=Stage.ASSESS, item__key="3-1").update(by=cast.assessor)
    objection = hold.visited(cast)
    with pytest.raises(Refused, match=f"Everybody who could mark 3-1 .* administrator of {cast.county.name}"):
        objections.open_recheck(make.again(cast.reviewer), objection, ["1-1", "3-1"])
    assert cast.now().state == State.FINAL
    assert unmarkable(cast.now(), ["1-1", "2-1", "3-1"]) == ["3-1"]  # departments are left for the others
    second = hold.second_assessor(cast)
    assert unmarkable(cast.now(), ["3-1"]) == []
    second.is_active = False
    second.save()
    assert unmarkable(cast.now(), ["3-1"]) == ["3-1"]


def test_who_fills_in_the_organisations_sheet_is_nobody_else(cast):
    make.person((cast.county, Role.ASSESSOR), (cast.township, Role.CLERK))
    assert unmarkable(cast.now(), ["3-1"]) == ["3-1"]


@pytest.mark.parametrize(
    ("items", "sentence"), [([], "name the items"), (["9-9"], "can't be named"), (["2-4"], "can't be named")]
)
def test_items_are_named(cast, items, sentence):
    hold.second_assessor(cast)
    objection = hold.visited(cast)
    with pytest.raises(Refused, match=sentence):
        objections.open_recheck(make.again(cast.reviewer), objection, items)
    objection.refresh_from_db()
    assert (objection.state, cast.now().state) == (ObjectionState.OPEN, State.FINAL)


def test_a_second_objection_to_the_same_result_waits(cast):
    hold.second_assessor(cast)
    first, waiting = hold.visited(cast), hold.visited(cast, statement="另一项")
    hold.rechecked(cast, first)
    with pytest.raises(WrongState, match=r"Objection No\. 1 to the same result is being rechecked"):
        hold.rechecked(cast, waiting, "1-2")
    with pytest.raises(WrongState, match="Being rechecked"):
        hold.rechecked(cast, first)
    hold.marked_again(cast)
    confirm_as_it_is(cast)
    with pytest.raises(WrongState, match=r"Objection No\. 1"):
        hold.rechecked(cast, waiting, "1-2")
    hold.settle(cast, first, ObjectionState.UPHELD)
    assert hold.rechecked(cast, waiting, "1-2").points_before == 38


def test_nobody_opens_one_without_an_objection_or_without_the_right(cast):
    hold.second_assessor(cast)
    with pytest.raises(WrongState):
        services.move(make.again(cast.reviewer), cast.now(), Action.RECHECK, reason="-", items=["1-1"])
    objection = hold.visited(cast)
    both = make.person((cast.city, Role.REVIEWER), (cast.township, Role.ADMIN))
    for by in (cast.assessor, cast.chair, cast.auditor, cast.stranger, cast.superuser, both):
        with pytest.raises(Forbidden):
            objections.open_recheck(make.again(by), objection, ["1-1"])
    own = hold.entered(cast, cast.chair)
    make.Membership.objects.create(user=cast.chair, organization=cast.city, role=Role.REVIEWER)
    with pytest.raises(Forbidden):
        objections.open_recheck(make.again(cast.chair), own, ["1-1"])
    assert Sheet.objects.get(assessment=cast.assessment, stage=Stage.ASSESS).reopened_by is None
