"""The log of an assessment shows every change made to it behind the services' back."""

import pytest

from assessments.chain import breaks, digest_of
from assessments.models import Sheet, Step
from assessments.services import move
from assessments.workflow import Action, State
from rubrics.models import Item
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """Submitted, sent back with one item named, submitted again, forwarded: four steps."""
    cast = make.cast()
    make.bring_to(cast, State.ASSESSING)
    move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺附件", items=["1-1"])
    move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.bring_to(cast, State.REVIEWING)
    return cast


def step(cast, number):
    return Step.objects.get(assessment=cast.assessment, number=number)


def change(cast, number, /, **values):
    Step.objects.filter(assessment=cast.assessment, number=number).update(**values)


def test_untouched_log_holds(story):
    assert [s.action for s in story.assessment.steps.all()] == ["submit", "send_back", "submit", "forward"]
    assert breaks(story.now()) == []


def test_empty_log_holds_only_at_the_start():
    cast = make.cast()
    assert breaks(cast.now()) == []
    cast.assessment.state = State.FINAL
    assert breaks(cast.assessment) == [1]


@pytest.mark.parametrize(
    "values",
    [
        {"reason": "无"},
        {"action": Action.FORWARD},
        {"source": State.FINAL},
        {"target": State.REVIEWING},
        {"digest": "0" * 64},
    ],
)
def test_changed_step(story, values):
    change(story, 2, **values)
    assert 2 in breaks(story.now())


def test_changed_actor_and_time(story):
    change(story, 3, by=story.stranger)
    assert breaks(story.now()) == [3]
    change(story, 3, by=story.chair)
    assert breaks(story.now()) == []
    change(story, 4, at=step(story, 3).at)
    assert breaks(story.now()) == [4]


def test_changed_items(story):
    named = step(story, 2).items
    named.add(Item.objects.get(rubric=story.rubric, key="1-2"))
    assert breaks(story.now()) == [2]
    named.clear()
    assert breaks(story.now()) == [2]


def test_changed_step_with_a_digest_of_its_own_breaks_the_next(story):
    forged = step(story, 2)
    forged.reason = "无"
    forged.digest = digest_of(forged, [item.pk for item in forged.items.all()], step(story, 1).digest)
    forged.save()
    assert breaks(story.now()) == [3]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_removed_step(story, number):
    step(story, number).delete() if number != 2 else _remove_named(story)
    assert number + 1 in breaks(story.now())


def _remove_named(story):
    Sheet.objects.filter(reopened_by__number=2).update(reopened_by=None)
    step(story, 2).delete()


def test_removed_last_step(story):
    step(story, 4).delete()
    assert breaks(story.now()) == [4]


def test_inserted_step(story):
    change(story, 4, number=5)
    forged = Step(
        assessment=story.assessment,
        number=4,
        action=Action.SEND_BACK,
        source=State.ASSESSING,
        target=State.SELF_SCORING,
        by=story.assessor,
        at=step(story, 5).at,
        reason="补",
    )
    forged.digest = digest_of(forged, [], step(story, 3).digest)
    forged.save()
    assert breaks(story.now()) == [5]


def test_reordered_steps(story):
    change(story, 1, number=99)
    change(story, 3, number=1)
    change(story, 99, number=3)
    assert breaks(story.now()) != []


def test_steps_of_another_assessment_do_not_fit(story):
    other = story.cycle.assessments.exclude(pk=story.assessment.pk).get(organization=story.neighbour)
    Step.objects.filter(assessment=story.assessment).update(assessment=other)
    other.state = story.now().state
    assert breaks(other) == [1, 2, 3, 4]
    assert breaks(story.now()) == [1]
