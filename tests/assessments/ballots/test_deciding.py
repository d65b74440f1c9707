"""What a closed ballot does to the sheet and to the moves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments import services
from assessments.models import Assessment, Purpose, Sheet
from assessments.services import MarksRefused, Refused, ballots
from assessments.workflow import Action, Stage, State
from rubrics.models import Electorate
from tests import factories as make
from tests.assessments.ballots import hold

ALL_HAPPY, NOT_ENOUGH = (0, 0), (0, 2)


@pytest.fixture
def cast(db):
    people = make.cast()
    make.bring_to(people, State.ASSESSING)
    return people


def points(cast):
    sheet = Sheet.objects.get(assessment=cast.assessment, stage=Stage.ASSESS)
    mark = sheet.marks.filter(item__key=hold.ITEM).first()
    return mark and mark.points


def finish(cast):
    return services.move(make.again(cast.assessor), cast.assessment, Action.FORWARD)


@pytest.fixture
def ready(cast):
    """Everything marked in full and signed off."""
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    make.sign_all(cast.assessor, cast.assessment)
    return cast


def test_the_sheet_takes_the_points_of_the_ballot_and_no_others(cast):
    hold.closed(cast, *NOT_ENOUGH)
    assert points(cast) is None  # closing writes nothing
    with pytest.raises(MarksRefused, match="gives it 0 points"):
        make.save(cast.assessor, cast.assessment, Stage.ASSESS, hold.ITEM, "3")
    assert points(cast) is None
    make.save(cast.assessor, cast.assessment, Stage.ASSESS, hold.ITEM, "0")
    assert points(cast) == 0


def test_a_button_enters_them(cast):
    hold.closed(cast, *ALL_HAPPY)
    make.save(cast.assessor, cast.assessment, Stage.ASSESS, hold.ITEM, remark="测评")
    saved = services.take_ballots(make.again(cast.department_assessor), cast.assessment)
    assert (points(cast), saved.contents[hold.ITEM].remark) == (3, "测评")
    assert saved.sheet.base == saved.total.base == Decimal(3)
    assert services.take_ballots(make.again(cast.assessor), cast.assessment).contents == {}


def test_a_department_enters_only_its_own(cast):
    hold.closed(cast, *ALL_HAPPY)
    services.take_ballots(make.again(cast.staff_assessor), cast.assessment)
    assert points(cast) is None


def test_taking_over_self_scores_takes_the_ballot_instead(cast):
    hold.closed(cast, *NOT_ENOUGH)
    services.adopt_marks(make.again(cast.assessor), cast.assessment, Stage.ASSESS)
    assert points(cast) == 0


def test_the_total_is_the_kernels_with_the_ballots_points(cast):
    hold.closed(cast, 0, 2, scoring="proportional")
    services.adopt_marks(make.again(cast.assessor), cast.assessment, Stage.ASSESS)
    sheet = Sheet.objects.get(assessment=cast.assessment, stage=Stage.ASSESS)
    own = Sheet.objects.get(assessment=cast.assessment, stage=Stage.SELF)
    assert points(cast) == 2  # 3 × 50 ÷ 85 = 1.76…, on steps of a half
    assert sheet.points == own.points - 1


def test_a_ballot_without_its_minimum_binds_nobody(cast):
    hold.closed(cast, 2)
    make.save(cast.assessor, cast.assessment, Stage.ASSESS, hold.ITEM, "3")
    assert points(cast) == 3


def test_the_self_sheet_and_the_review_are_free(cast):
    hold.closed(cast, *NOT_ENOUGH)
    services.adopt_marks(make.again(cast.assessor), cast.assessment, Stage.ASSESS)
    make.sign_all(cast.assessor, cast.assessment)
    finish(cast)
    make.save(cast.reviewer, cast.assessment, Stage.REVIEW, hold.ITEM, "3")


def test_a_mark_made_before_the_ballot_stands_in_the_way_until_it_agrees(ready):
    hold.closed(ready, *NOT_ENOUGH)
    with pytest.raises(Refused, match="gives it 0 points"):
        finish(ready)
    services.take_back(make.again(ready.assessor), ready.assessment, ready.office)
    services.take_ballots(make.again(ready.assessor), ready.assessment)
    make.sign_all(ready.assessor, ready.assessment)
    assert finish(ready).state == State.REVIEWING


@pytest.mark.parametrize("purpose", [Purpose.ITEM, Purpose.GATE])
def test_a_ballot_in_preparation_or_open_stands_in_the_way(ready, purpose):
    ballot = hold.prepared(ready, purpose=purpose)
    with pytest.raises(Refused, match="not closed yet"):
        finish(ready)
    ballots.open_ballot(make.again(ready.assessor), ballot)
    with pytest.raises(Refused, match="not closed yet"):
        finish(ready)
    hold.vote(ready, ballot, *ALL_HAPPY)
    ballots.close_ballot(make.again(ready.assessor), ballot)
    assert finish(ready).state == State.REVIEWING


@pytest.mark.parametrize("purpose", [Purpose.ITEM, Purpose.GATE])
def test_so_does_one_that_missed_its_minimum(ready, purpose):
    ballot = hold.closed(ready, 0, purpose=purpose)
    with pytest.raises(Refused, match="too few came back"):
        finish(ready)
    ballots.annul_ballot(make.again(ready.assessor), ballot, "回收不足")
    if purpose == Purpose.GATE:
        with pytest.raises(Refused, match="has to be held"):
            finish(ready)
        hold.closed(ready, 2, 2, purpose=purpose)  # held: what it said gives no points
    assert finish(ready).state == State.REVIEWING


def test_an_annex_stands_in_nobodys_way(ready):
    hold.opened(ready, purpose=Purpose.ANNEX)
    assert finish(ready).state == State.REVIEWING


def test_two_stages_confirm_only_behind_their_ballots(db):
    people = make.cast(stages=2)
    make.bring_to(people, State.ASSESSING)
    make.fill(people.assessor, people.assessment, Stage.ASSESS)
    make.sign_all(people.assessor, people.assessment)
    hold.prepared(people, purpose=Purpose.GATE)
    with pytest.raises(Refused, match="not closed yet"):
        services.move(make.again(people.assessor), people.assessment, Action.CONFIRM)
    assert Assessment.objects.get(pk=people.assessment.pk).state == State.ASSESSING


def test_every_electorate_of_rubrics_can_be_asked():
    from assessments.models import Voters

    assert {value for value in Electorate.values if value} <= set(Voters.values)
