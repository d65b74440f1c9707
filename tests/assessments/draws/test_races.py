"""Two persons at a draw at the same moment, on a real PostgreSQL; without the lock the wrong must come about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments.draws.reviewing import untouched
from assessments.models import Cycle, Draw, DrawRound, Step
from assessments.services import Typed, draws, save_marks
from assessments.services.draws import base, pull
from assessments.workflow import Action, Stage
from tests import factories as make
from tests.assessments.draws import hold
from tests.races import ON_POSTGRESQL, kinds, meet_after, together, unlocked

pytestmark = ON_POSTGRESQL


@pytest.fixture
def people(transactional_db):
    return hold.finished()


def seeding(people, name):
    by = make.again(getattr(people, name))
    return lambda: draws.fix_seed(by, people.cycle, hold.terms())


def drawing(people, draw, name):
    by = make.again(getattr(people, name))
    return lambda: draws.draw_names(by, draw)


def without_lock(monkeypatch):
    monkeypatch.setattr(base, "locked_cycle", lambda pk: Cycle.objects.select_related("owner").get(pk=pk))


def test_two_draws_at_once_get_two_numbers(people):
    results = together(seeding(people, "reviewer"), seeding(people, "admin"))
    assert sorted(draw.number for draw in results) == [1, 2]


def test_two_draws_at_once_without_the_lock(people, monkeypatch):
    without_lock(monkeypatch)
    meet_after(monkeypatch, draws.prepare, "_next_number")
    results = together(seeding(people, "reviewer"), seeding(people, "admin"))
    assert kinds(results) == ["Draw", "IntegrityError"]


def test_names_are_drawn_once(people):
    draw = hold.frozen(people)
    results = together(drawing(people, draw, "reviewer"), drawing(people, draw, "admin"))
    assert kinds(results) == ["DrawRound", "WrongState"]
    assert DrawRound.objects.filter(draw=draw).count() == 1
    drawn = [one.assessment_id for one in hold.names_drawn(draw)]
    assert Step.objects.filter(action=Action.CALL_UP).count() == len(drawn)


def test_names_drawn_at_once_without_the_lock(people, monkeypatch):
    """The database stops the second one, with an error that is nobody's sentence."""
    draw = hold.frozen(people)
    without_lock(monkeypatch)
    meet_after(monkeypatch, pull, "held_by")
    results = together(drawing(people, draw, "reviewer"), drawing(people, draw, "admin"))
    assert kinds(results) == ["DrawRound", "IntegrityError"]


def test_a_review_begins_or_is_replaced(people):
    """One person replaces a drawn name while another marks its review."""
    draw = hold.drawn(people, share=Decimal(1))
    for one in hold.names_drawn(draw):
        admin, reviewer = make.again(people.admin), make.again(people.reviewer)
        results = together(
            lambda by=admin, one=one: draws.redraw(by, draw, [one.pk], "已撤销"),
            lambda by=reviewer, one=one: save_marks(by, one.assessment, Stage.REVIEW, [Typed("1-1", "1")]),
        )
        one.refresh_from_db()
        assert kinds(results) == (["Saved", "WrongState"] if one.dropped_in is None else ["DrawRound", "WrongState"])
        assert one.assessment.sheets.filter(marks__item__key="1-1", stage=Stage.REVIEW).exists() == (
            one.dropped_in is None
        )


def test_a_review_is_lost_without_the_lock(people, monkeypatch):
    draw = hold.drawn(people)
    monkeypatch.setattr(pull, "locked", unlocked)
    saved = make.again(people.reviewer)
    one = hold.names_drawn(draw)[0]

    def looked(assessments):
        found = untouched(assessments)
        results = together(lambda: save_marks(saved, one.assessment, Stage.REVIEW, [Typed("1-1", "1")]))
        assert kinds(results) == ["Saved"]
        return found

    monkeypatch.setattr(pull, "untouched", looked)
    draws.redraw(make.again(people.admin), draw, [one.pk], "已撤销")
    assert Draw.objects.get(pk=draw.pk).members.get(pk=one.pk).dropped_in
    assert not one.assessment.sheets.filter(stage=Stage.REVIEW).exists()
