"""How an objection ends: the result decides, and nothing ends by itself."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessments import services
from assessments.models import Objection, ObjectionState
from assessments.objecting import changes, is_overdue, upheld_since_publishing
from assessments.services import Forbidden, Refused, WrongState, objections, publishing
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.assessments.objections import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

UPHELD, REJECTED, TAKEN_BACK = ObjectionState.UPHELD, ObjectionState.REJECTED, ObjectionState.TAKEN_BACK


def told(objection):
    return [(one.key, one.before, one.after, one.differs) for one in changes(objection)]


def test_a_changed_result_upholds_it_and_is_published_anew(cast):
    objection = hold.done(cast, "3")
    for state in (REJECTED, TAKEN_BACK):
        with pytest.raises(Refused, match="has changed the result, so the objection is upheld"):
            hold.settle(cast, objection, state)
    with pytest.raises(Refused, match="not settled yet"):
        make.publish_cycle(cast)
    settled = hold.settle(cast, objection, UPHELD, "第一项多扣了分。")
    assert (settled.state, settled.outcome, settled.settled_by) == (UPHELD, "第一项多扣了分。", cast.reviewer)
    assert (settled.points_before, settled.points_after) == (40, 38)
    assert told(settled) == [(hold.ITEM, "5", "3", True)]
    assert upheld_since_publishing(cast.cycle).exists()
    with pytest.raises(Refused, match="publish them again"):
        publishing.close_cycle(make.again(cast.reviewer), cast.cycle)
    second = make.publish_cycle(cast)
    assert second.snapshot.rows.get(assessment=cast.assessment).points == 38
    assert not upheld_since_publishing(cast.cycle).exists()
    make.run_out(second)
    assert publishing.close_cycle(make.again(cast.reviewer), cast.cycle).closed_at


@pytest.mark.parametrize("end", [REJECTED, TAKEN_BACK])
def test_an_unchanged_result_stands(cast, end):
    objection = hold.done(cast, "")
    with pytest.raises(Refused, match="has not changed, so the objection can't be upheld"):
        hold.settle(cast, objection, UPHELD)
    settled = hold.settle(cast, objection, end)
    assert (settled.points_before, settled.points_after) == (40, 40)
    assert told(settled) == [(hold.ITEM, "5", "5", False)]
    assert not upheld_since_publishing(cast.cycle).exists()


def test_a_remark_changes_nothing_but_marks_that_make_up_for_each_other_do(cast):
    second = hold.second_assessor(cast)
    objection = hold.rechecked(cast, None, "1-1", "1-2")
    make.save(second, cast.now(), Stage.ASSESS, "1-1", "5", remark="核对无误")
    make.save(second, cast.now(), Stage.ASSESS, "1-2", "2")
    hold.confirm(cast)
    objection.refresh_from_db()
    assert told(objection) == [("1-1", "5", "5", False), ("1-2", "3", "2", True)]
    assert objections.ends(make.again(cast.reviewer), objection) == (UPHELD,)


def test_what_it_changed_says_the_same_after_a_later_change(cast):
    settled = hold.settle(cast, hold.done(cast, "3"), UPHELD)
    services.move(make.again(cast.reviewer), cast.now(), Action.REOPEN, reason="另有差错")
    make.save(cast.assessor, cast.now(), Stage.ASSESS, hold.ITEM, "1")
    hold.confirm(cast)
    assert told(Objection.objects.get(pk=settled.pk)) == [(hold.ITEM, "5", "3", True)]


def test_it_is_not_settled_while_the_recheck_runs(cast):
    hold.second_assessor(cast)
    objection = hold.rechecked(cast)
    hold.marked_again(cast)
    for state in ObjectionState:
        with pytest.raises(WrongState, match="still runs"):
            hold.settle(cast, objection, state)
    hold.confirm(cast)
    assert hold.settle(cast, objection, UPHELD).settled_at


def test_it_is_rejected_or_taken_back_without_a_recheck(cast):
    first, second = hold.visited(cast), hold.visited(cast, statement="另一条")
    with pytest.raises(Refused, match="Open a recheck first"):
        hold.settle(cast, first, UPHELD)
    for state in (ObjectionState.OPEN, ObjectionState.RECHECKING, "rumour"):
        with pytest.raises(Refused, match="can't end like this"):
            hold.settle(cast, first, state)
    assert hold.settle(cast, first, REJECTED, "评分依据充分。").recheck is None
    assert hold.settle(cast, second, TAKEN_BACK, "来人撤回。").points_after is None
    with pytest.raises(WrongState, match="the objection is now “Not upheld"):
        hold.settle(cast, first, TAKEN_BACK)


def test_one_that_another_recheck_answered_is_upheld_without_its_own(cast):
    hold.second_assessor(cast)
    first, second = hold.visited(cast), hold.visited(cast, statement="同一项")
    hold.rechecked(cast, first)
    hold.marked_again(cast, "3")
    hold.confirm(cast)
    hold.settle(cast, first, UPHELD)
    assert objections.ends(make.again(cast.reviewer), Objection.objects.get(pk=second.pk)) == (
        UPHELD,
        REJECTED,
        TAKEN_BACK,
    )
    assert hold.settle(cast, second, UPHELD, "见第1号异议。").state == UPHELD


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("", "say what came out"),
        (f"{hold.NAME}的意见不成立", "leave “王秘密” out"),
        (f"已电告{hold.CONTACT}", "leave “13900000001” out"),
        ("长" * 1001, "at most 1000"),
    ],
)
def test_the_outcome_is_for_everybody(cast, outcome, sentence):
    objection = hold.visited(cast)
    with pytest.raises(Refused, match=sentence):
        hold.settle(cast, objection, REJECTED, outcome)
    objection.refresh_from_db()
    assert (objection.state, objection.outcome, objection.settled_at) == (ObjectionState.OPEN, "", None)


def test_who_settles(cast):
    objection = hold.visited(cast)
    both = make.person((cast.city, "reviewer"), (cast.township, "clerk"))
    for by in (cast.chair, cast.assessor, cast.auditor, cast.stranger, cast.superuser, both):
        with pytest.raises(Forbidden):
            objections.settle(make.again(by), objection, REJECTED, "不成立")
    assert objections.settle(make.again(cast.admin), objection, REJECTED, "不成立").settled_by == cast.admin


def test_who_entered_it_takes_it_back_until_it_is_rechecked(cast):
    hold.second_assessor(cast)
    objection, other = hold.entered(cast, cast.chair), hold.entered(cast, cast.clerk, statement="另一条")
    with pytest.raises(Refused):
        objections.settle(make.again(cast.chair), objection, REJECTED, "算了")
    with pytest.raises(Forbidden):
        objections.settle(make.again(cast.chair), other, TAKEN_BACK, "算了")
    assert objections.settle(make.again(cast.chair), objection, TAKEN_BACK, "已沟通").state == TAKEN_BACK
    hold.rechecked(cast, other)
    with pytest.raises(Forbidden):
        objections.settle(make.again(cast.clerk), other, TAKEN_BACK, "算了")


def test_overdue_is_shown_and_nothing_happens(cast, monkeypatch):
    objection = hold.visited(cast)
    monkeypatch.setattr(timezone, "localdate", lambda *_: objection.due_on)
    assert not is_overdue(objection)
    monkeypatch.setattr(timezone, "localdate", lambda *_: objection.due_on + hold.days(1))
    assert is_overdue(objection)
    assert hold.settle(cast, objection, REJECTED).state == REJECTED
    assert not is_overdue(Objection.objects.get())
    assert cast.now().state == State.FINAL
