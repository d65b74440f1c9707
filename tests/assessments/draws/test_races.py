"""Two persons at a draw at the same moment, on a real PostgreSQL; without the lock the wrong must come about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django_q.models import OrmQ

from assessments.draws.drawn import checks
from assessments.draws.reviewing import untouched
from assessments.models import Cycle, Draw, DrawRound, Step
from assessments.services import Typed, draws, save_marks
from assessments.services.draws import base, freezing, prepare, pull
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


def large(settings, monkeypatch):
    """Every population is large enough for a worker, and no worker is there."""
    settings.BACKGROUND_INLINE = False
    monkeypatch.setattr(freezing, "AT_ONCE", 0)


def freezing_by(people, draw, name):
    by = make.again(getattr(people, name))
    return lambda: draws.freeze_population(by, draw)


def leaving_out(people, draw, name):
    by, one = make.again(getattr(people, name)), people.assessment
    return lambda: draws.exclude(by, draw, one, "上月刚检查过")


def test_a_population_is_frozen_once(people, settings, monkeypatch):
    """Two persons freeze at once, then two workers, as an order can be handed out twice: one of each does it."""
    large(settings, monkeypatch)
    draw = hold.seeded(people)
    results = together(freezing_by(people, draw, "reviewer"), freezing_by(people, draw, "admin"))
    assert kinds(results) == ["Draw", "WrongState"]
    assert OrmQ.objects.count() == 1
    assert kinds(together(lambda: freezing.freeze(draw.pk), lambda: freezing.freeze(draw.pk))) == ["NoneType"] * 2
    draw.refresh_from_db()
    assert (draw.state, draw.members.count()) == ("frozen", 4)
    assert all(one.agrees for one in checks(draw))


def test_two_workers_freeze_at_once_without_the_lock(people, settings, monkeypatch):
    """The database stops the second one, with an error that is nobody's sentence."""
    large(settings, monkeypatch)
    draw = draws.freeze_population(make.again(people.admin), hold.seeded(people))
    monkeypatch.setattr(freezing, "locked_cycle", lambda pk: Cycle.objects.select_related("owner").get(pk=pk))
    without_lock(monkeypatch)
    meet_after(monkeypatch, freezing, "population")
    results = together(lambda: freezing.freeze(draw.pk), lambda: freezing.freeze(draw.pk))
    assert kinds(results) == ["IntegrityError", "NoneType"]


def test_somebody_is_left_out_while_a_worker_freezes(people, settings, monkeypatch):
    """Either before the order, and the population says so, or it is refused."""
    large(settings, monkeypatch)
    draw = hold.seeded(people)
    results = together(freezing_by(people, draw, "reviewer"), leaving_out(people, draw, "admin"))
    freezing.freeze(draw.pk)
    before = "DrawMember" in kinds(results)
    assert kinds(results) == (["Draw", "DrawMember"] if before else ["Draw", "WrongState"])
    assert draw.members.exclude(excluded_for="").count() == before
    assert all(one.agrees for one in checks(Draw.objects.get(pk=draw.pk)))


def test_somebody_left_out_is_lost_without_the_lock(people, settings, monkeypatch):
    large(settings, monkeypatch)
    draw = hold.seeded(people)
    without_lock(monkeypatch)
    meet_after(monkeypatch, freezing, "held_by")
    monkeypatch.setattr(prepare, "held_by", freezing.held_by)
    results = together(freezing_by(people, draw, "reviewer"), leaving_out(people, draw, "admin"))
    assert kinds(results) == ["Draw", "DrawMember"], "left out of a draw that stands still"


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
