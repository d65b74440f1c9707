"""Two people at the same moment, on a real PostgreSQL. SQLite lets writers in one by one and would hide every race.

Each race is run twice. With the lock, exactly one of the two outcomes that are right comes about. Without it, and with
both held at the point where the lock would have kept them apart, the wrong outcome must come about: so the test knows
that it is the lock that prevents it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from assessments import services
from assessments.chain import breaks
from assessments.models import Assessment, Mark, MarkRevision, Sheet, Signoff, Step, TallyChange, What
from assessments.services import MarksRefused, Typed, WrongState, evidence, foreseen, marks, moves, signoffs, tallying
from assessments.tallies import rolled_up
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.races import ON_POSTGRESQL, PATIENCE, kinds, meet_after, together, unlocked, wait_for_a_waiter

pytestmark = ON_POSTGRESQL


@contextmanager
def without_lock(monkeypatch):
    """Fetches without locking, and holds both there, so that both act on what they saw before the other wrote."""
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def fetch(pk):
        assessment = unlocked(pk)
        meeting.wait()
        return assessment

    with monkeypatch.context() as patch:
        for module in (marks, moves, signoffs, evidence):
            patch.setattr(module, "locked", fetch)
        yield


@pytest.fixture
def cast(transactional_db):
    return make.cast()


def saving(cast, name, text, version=0, key="1-1", stage=Stage.SELF):
    person = make.again(getattr(cast, name))
    return lambda: services.save_marks(person, cast.assessment, stage, [Typed(key, text, version=version)])


def moving(cast, name, action):
    person = make.again(getattr(cast, name))
    return lambda: services.move(person, cast.assessment, action, reason="理由")


def sheet_of(cast):
    return Sheet.objects.get(assessment=cast.assessment, stage=Stage.SELF)


# --- Two saves of one item ---


def test_two_saves_of_one_item(cast):
    make.save(cast.clerk, cast.assessment, Stage.SELF, "1-1", "1")
    for round_ in range(1, 4):
        results = together(
            saving(cast, "clerk", f"{round_}.5", round_), saving(cast, "chair", f"{(round_ + 2) % 5}", round_)
        )
        assert kinds(results) == ["MarksRefused", "Saved"]
        (refusal,) = (result for result in results if isinstance(result, MarksRefused))
        mark = Mark.objects.get()
        assert refusal.conflicts["1-1"].content.points == mark.points
        assert mark.version == round_ + 1
        assert list(MarkRevision.objects.values_list("version", flat=True)) == list(range(1, round_ + 2))


def test_two_saves_of_one_item_without_the_lock(cast, monkeypatch):
    """One of the two is lost, or the database stops it with an error that is nobody's sentence."""
    make.save(cast.clerk, cast.assessment, Stage.SELF, "1-1", "1")
    meet_after(monkeypatch, foreseen, "read_marks")
    with without_lock(monkeypatch):
        results = together(saving(cast, "clerk", "2", 1), saving(cast, "chair", "3", 1))
    assert kinds(results) == ["IntegrityError", "Saved"]


def test_two_saves_of_different_items_keep_the_total(cast):
    together(saving(cast, "clerk", "5", key="1-1"), saving(cast, "chair", "3", key="1-2"))
    assert sheet_of(cast).points == 8


def test_two_saves_of_different_items_without_the_lock(cast, monkeypatch):
    meet_after(monkeypatch, foreseen, "read_marks")
    with without_lock(monkeypatch):
        results = together(saving(cast, "clerk", "5", key="1-1"), saving(cast, "chair", "3", key="1-2"))
    assert kinds(results) == ["Saved", "Saved"]
    assert Mark.objects.count() == 2
    assert sheet_of(cast).points in (5, 3)  # and not 8


# --- A save while the sheet is handed in ---


def test_save_beside_submit(cast):
    """Either the save comes first and is part of what was submitted, or it is refused."""
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    save, submit = together(saving(cast, "clerk", "1", 1), moving(cast, "chair", Action.SUBMIT))
    now, sheet = cast.now(), sheet_of(cast)
    assert now.state == State.ASSESSING
    assert isinstance(submit, Assessment)
    assert sheet.points == (40 if isinstance(save, WrongState) else 36)
    assert now.points == sheet.points
    assert sheet.saved_at < sheet.closed_at


def test_save_beside_submit_without_the_lock(cast, monkeypatch):
    """The save is acknowledged although the sheet is handed in, and the official result does not know of it."""
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    submitted = threading.Event()
    read = foreseen.read_marks

    def late(*args):
        assert submitted.wait(PATIENCE)
        return read(*args)

    def submit():
        done = moving(cast, "chair", Action.SUBMIT)()
        submitted.set()
        return done

    monkeypatch.setattr(foreseen, "read_marks", late)
    with without_lock(monkeypatch):
        results = together(saving(cast, "clerk", "1", 1), submit)
    assert kinds(results) == ["Assessment", "Saved"]
    sheet = sheet_of(cast)
    assert (cast.now().points, sheet.points) == (40, 36)
    assert sheet.saved_at > sheet.closed_at  # changed after it was closed: invariant 9


def test_save_is_kept_apart_from_submit_at_the_same_place(cast, monkeypatch):
    """The same interleaving with the lock: the move can't come in between."""
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    inside, submitted = threading.Event(), threading.Event()
    read = foreseen.read_marks

    def late(*args):
        inside.set()
        assert not submitted.wait(0.5)  # the submit waits for us
        return read(*args)

    def submit():
        assert inside.wait(PATIENCE)
        done = moving(cast, "chair", Action.SUBMIT)()
        submitted.set()
        return done

    monkeypatch.setattr(foreseen, "read_marks", late)
    results = together(saving(cast, "clerk", "1", 1), submit)
    assert kinds(results) == ["Assessment", "Saved"]
    assert cast.now().points == sheet_of(cast).points == 36


# --- Two steps at once ---

STEPS = [
    (State.SELF_SCORING, Action.SUBMIT, "chair"),
    (State.ASSESSING, Action.FORWARD, "assessor"),
    (State.REVIEWING, Action.CONFIRM, "reviewer"),
    (State.FINAL, Action.REOPEN, "reviewer"),
]


def prepared(cast, state):
    make.bring_to(cast, state)
    if state == State.ASSESSING:
        make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
        make.sign_all(cast.assessor, cast.assessment)
    elif state != State.FINAL:
        stage = {State.SELF_SCORING: Stage.SELF, State.REVIEWING: Stage.REVIEW}[state]
        make.fill(cast.writer(stage), cast.assessment, stage)
    return Step.objects.count()


@pytest.mark.parametrize(("state", "action", "name"), STEPS)
def test_one_step_taken_twice(cast, state, action, name):
    before = prepared(cast, state)
    results = together(*[moving(cast, name, action)] * 2)
    assert kinds(results) == ["Assessment", "WrongState"]
    assert Step.objects.count() == before + 1
    assert breaks(cast.now()) == []


@pytest.mark.parametrize(("state", "action", "name"), STEPS)
def test_one_step_taken_twice_without_the_lock(cast, monkeypatch, state, action, name):
    """Who looked before the other was done takes the step a second time, and the log no longer holds.

    A final result is kept once for each section: there the database itself refuses the second one.
    """
    before = prepared(cast, state)
    meeting, done = threading.Barrier(2, timeout=PATIENCE), threading.Event()

    def fetch(pk):
        assessment = unlocked(pk)
        if meeting.wait() == 1:
            assert done.wait(PATIENCE)
        return assessment

    def act():
        moved = moving(cast, name, action)()
        done.set()
        return moved

    monkeypatch.setattr(moves, "locked", fetch)
    results = kinds(together(act, act))
    if action == Action.CONFIRM:
        assert results == ["Assessment", "IntegrityError"]
        return
    assert results == ["Assessment", "Assessment"]
    assert Step.objects.count() == before + 2
    assert breaks(cast.now()) != []


def test_forward_beside_send_back(cast):
    before = prepared(cast, State.ASSESSING)
    results = together(moving(cast, "assessor", Action.FORWARD), moving(cast, "assessor", Action.SEND_BACK))
    # who comes second finds no such step, or one that only the reviewer takes
    assert kinds(results) in (["Assessment", "Forbidden"], ["Assessment", "WrongState"])
    assert Step.objects.count() == before + 1
    assert breaks(cast.now()) == []


def test_send_back_clicked_twice_by_who_also_assesses(cast):
    """From under review it leads to under assessment, and from there on to the organisation."""
    make.bring_to(cast, State.REVIEWING)
    both = make.person((cast.city, make.Role.REVIEWER), (cast.county, make.Role.ASSESSOR))

    def click():
        seen = State.REVIEWING
        return services.move(make.again(both), cast.assessment, Action.SEND_BACK, reason="重考", seen=seen)

    assert kinds(together(click, click)) == ["Assessment", "WrongState"]
    assert cast.now().state == State.ASSESSING


# --- Sign-offs ---


def test_save_beside_sign_off(cast):
    """Either the save comes first, or it finds its item signed off."""
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    signer = make.again(cast.department_assessor)
    save, _signed = together(
        saving(cast, "assessor", "", 1, stage=Stage.ASSESS),
        lambda: services.sign_off(signer, cast.assessment, cast.office),
    )
    blank = Mark.objects.get(sheet__stage=Stage.ASSESS, item__key="1-1").points is None
    assert Signoff.objects.exists() != blank
    assert isinstance(save, WrongState) != blank


def test_save_beside_sign_off_without_the_lock(cast, monkeypatch):
    """The department has signed for an item that is blank."""
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    signer = make.again(cast.department_assessor)
    reached = threading.Barrier(2, timeout=PATIENCE)
    write, departments = marks._write, signoffs.departments_of

    def held_write(*args):
        reached.wait()
        return write(*args)

    def held_departments(assessment):
        found = departments(assessment)
        reached.wait()
        return found

    monkeypatch.setattr(marks, "_write", held_write)
    monkeypatch.setattr(signoffs, "departments_of", held_departments)
    with without_lock(monkeypatch):
        results = together(
            saving(cast, "assessor", "", 1, stage=Stage.ASSESS),
            lambda: services.sign_off(signer, cast.assessment, cast.office),
        )
    assert kinds(results) == ["NoneType", "Saved"]
    assert Signoff.objects.exists()
    assert Mark.objects.get(sheet__stage=Stage.ASSESS, item__key="1-1").points is None


def test_two_sign_offs_of_one_department(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    people = make.again(cast.department_assessor), make.again(cast.assessor)
    results = together(*(lambda p=p: services.sign_off(p, cast.assessment, cast.office) for p in people))
    assert kinds(results) == ["NoneType", "WrongState"]


def test_two_sign_offs_without_the_lock(cast, monkeypatch):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.assessor, cast.assessment, Stage.ASSESS)
    people = make.again(cast.department_assessor), make.again(cast.assessor)
    meet_after(monkeypatch, signoffs, "departments_of")
    with without_lock(monkeypatch):
        results = together(*(lambda p=p: services.sign_off(p, cast.assessment, cast.office) for p in people))
    assert any(isinstance(result, IntegrityError) for result in results)


# --- Evidence ---


def attaching(cast, content):
    person = make.again(cast.clerk)
    return lambda: services.attach(
        person, cast.assessment, Stage.SELF, "1-1", SimpleUploadedFile("a.pdf", b"%PDF-1.7\n" + content)
    )


def test_one_file_attached_twice(cast):
    results = together(attaching(cast, b"1"), attaching(cast, b"1"))
    assert kinds(results) == ["Evidence", "Refused"]


def test_one_file_attached_twice_without_the_lock(cast, monkeypatch):
    meet_after(monkeypatch, evidence.timezone, "now")  # asked between looking for the same file and writing the row
    with without_lock(monkeypatch):
        results = together(attaching(cast, b"1"), attaching(cast, b"1"))
    assert kinds(results) == ["Evidence", "Evidence"]


# --- One cycle opened twice ---


def test_one_cycle_opened_twice(cast):
    """Two clicks open one cycle, and the second gets a sentence."""
    plan = make.plan_for(cast.city, {"township": make.long_rubric(3), "county": None})
    people = make.again(cast.admin), make.again(cast.admin)
    before = Assessment.objects.count()
    results = together(*(lambda p=p: services.open_cycle(p, plan) for p in people))
    assert kinds(results) == ["Cycle", "Refused"]
    assert Assessment.objects.count() == before + 3


# --- Two folds of the roll-up ---


def total_of_all(cast):
    return sum(number for _kind, number in rolled_up(cast.cycle, What.TOTAL, ("kind",)))


def test_two_folds_count_each_result_once(cast):
    make.bring_to(cast, State.FINAL)
    assert together(tallying.fold, tallying.fold, lambda: total_of_all(cast)) == [None, None, 1]
    assert not TallyChange.objects.exists()
    assert total_of_all(cast) == 1


def test_two_folds_count_it_twice_without_the_lock(cast, monkeypatch):
    make.bring_to(cast, State.FINAL)
    keys = list(TallyChange.objects.values_list("pk", flat=True))
    monkeypatch.setattr(tallying, "_taken", lambda _most: keys)
    folded = threading.Event()

    def first():
        with transaction.atomic():
            tallying._fold(len(keys))
            folded.set()
            wait_for_a_waiter()

    def second():
        assert folded.wait(PATIENCE)
        tallying._fold(len(keys))

    together(first, second)
    assert total_of_all(cast) == 2
