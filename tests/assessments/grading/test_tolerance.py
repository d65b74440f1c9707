"""Stages that are far apart need a reason or a third opinion before the later one ends."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import services
from assessments.models import Cycle, Opinion
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.grading import give_opinion
from assessments.tolerance import TOTAL, gaps, standing
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from rubrics.scoring.items import Entry
from rubrics.scoring.rubric import JUDGED, Group, Item, Rubric, Section
from rubrics.scoring.totals import compute_total
from tests import factories as make
from tests.factories import Asked, again, save

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

D = Decimal


@pytest.fixture
def cast():
    """Self-scored in full: 10, 10 and 4; two stages."""
    cast = make.cast(rubric=make.small_rubric(stages=2, items=(Asked("1", "10"), Asked("2", "10"), Asked("3", "4"))))
    make.bring_to(cast, State.ASSESSING)
    return cast


def allow(cast, **rules):
    Cycle.objects.filter(pk=cast.cycle.pk).update(**rules)


def mark(cast, first, second="10", third="4", remark=""):
    save(cast.assessor, cast.assessment, Stage.ASSESS, "1", first, remark=remark)
    save(cast.assessor, cast.assessment, Stage.ASSESS, "2", second)
    save(cast.assessor, cast.assessment, Stage.ASSESS, "3", third)


def confirm(cast, reason="", by=None):
    return services.move(again(by or cast.assessor), cast.now(), Action.CONFIRM, reason=reason)


def test_without_a_tolerance_stages_may_be_any_distance_apart(cast):
    mark(cast, "0")
    assert standing(cast.now(), Stage.ASSESS) == []
    assert confirm(cast).state == State.FINAL


def test_an_item_beyond_the_tolerance_needs_a_remark(cast):
    allow(cast, item_tolerance=D(2))
    mark(cast, "7.5", "8")  # 2.5 apart; 2 is allowed
    with pytest.raises(Refused) as refused:
        confirm(cast)
    assert str(refused.value) == (
        "Item 1 had 10 and has 7.5: 2.5 apart, 2 are allowed. Please give the reason as a remark on the item."
    )
    assert cast.now().state == State.ASSESSING
    mark(cast, "7.5", "8", remark="缺两份记录")
    assert confirm(cast).state == State.FINAL


def test_a_total_beyond_the_tolerance_needs_the_movers_reason(cast):
    allow(cast, total_tolerance=D(3))
    mark(cast, "8", "8.5")
    with pytest.raises(
        Refused, match=r"The total was 24 and is 20.5: 3.5 apart, 3 are allowed. Please give the reason."
    ):
        confirm(cast)
    assert confirm(cast, "实地核查").steps.get(action=Action.CONFIRM).reason == "实地核查"


def test_a_third_person_gives_an_opinion_on_the_mark_as_it_stands(cast):
    allow(cast, item_tolerance=D(2), tolerance_asks="third_opinion")
    mark(cast, "5", remark="缺两份记录")
    third, helper = make.person((cast.county, Role.ASSESSOR)), make.person((cast.county, Role.ASSESSOR))
    with pytest.raises(Refused, match="A third person has to give an opinion first"):
        confirm(cast)
    for who, error in ((cast.assessor, Forbidden), (cast.reviewer, Forbidden), (cast.department_assessor, Forbidden)):
        with pytest.raises(error):
            give_opinion(again(who), cast.now(), "1", agrees=True, text="看过台账")
    for key, text, sentence in (
        ("2", "看过", "not too far"),
        (TOTAL, "看过", "not too far"),
        ("1", " ", "in a sentence"),
    ):
        with pytest.raises(Refused, match=sentence):
            give_opinion(again(third), cast.now(), key, agrees=True, text=text)
    assert not Opinion.objects.exists()
    give_opinion(again(third), cast.now(), "1", agrees=True, text="看过台账")
    mark(cast, "4", remark="")  # another mark than the opinion spoke of
    with pytest.raises(Refused, match="A third person has to give an opinion first"):
        confirm(cast)
    give_opinion(again(helper), cast.now(), "1", agrees=False, text="应为7分")
    with pytest.raises(Refused, match="Please give the reason as a remark"):
        confirm(cast)
    give_opinion(again(third), cast.now(), "1", agrees=True, text="同意")
    assert confirm(cast).state == State.FINAL
    with pytest.raises(WrongState):
        give_opinion(again(third), cast.now(), "1", agrees=True, text="同意")


def test_an_opinion_on_the_total(cast):
    allow(cast, total_tolerance=D(3), tolerance_asks="third_opinion")
    mark(cast, "5")
    third = make.person((cast.county, Role.ASSESSOR))
    with pytest.raises(Refused, match="third person"):
        confirm(cast, "实地核查")
    give_opinion(again(third), cast.now(), TOTAL, agrees=False, text="偏低")
    with pytest.raises(Refused, match="Please give the reason"):
        confirm(cast)
    assert confirm(cast, "实地核查").state == State.FINAL


ITEMS = tuple(Item(str(n), D(10), JUDGED) for n in range(3))
RUBRIC = Rubric("sample", (Section("one", "one", (Group("", ITEMS),)),))
HALVES = st.none() | st.integers(0, 20).map(lambda n: D(n) / 2)
SHEETS = st.dictionaries(
    st.sampled_from("012"), HALVES.map(lambda p: Entry(points=p)) | st.just(Entry(not_applicable=True))
)


@settings(max_examples=50)
@given(SHEETS, SHEETS, st.integers(0, 10), st.integers(0, 10))
def test_what_is_blank_or_does_not_apply_on_either_side_is_not_compared(now, then, item, total):
    cycle = Cycle(item_tolerance=D(item) / 2, total_tolerance=D(total))
    sums = [compute_total(RUBRIC, sheet) for sheet in (now, then)]
    found = {gap.key: (gap.before, gap.now) for gap in gaps(cycle, *sums)}
    both = {key for key in now.keys() & then.keys() if now[key].points is not None and then[key].points is not None}
    apart = {key for key in both if abs(now[key].points - then[key].points) > cycle.item_tolerance}
    said = all(any(e.points is not None or e.not_applicable for e in sheet.values()) for sheet in (now, then))
    total_apart = {TOTAL} if said and abs(sums[0].points - sums[1].points) > total else set()
    assert found.keys() == apart | total_apart
    assert all(found[key] == (then[key].points, now[key].points) for key in apart)
