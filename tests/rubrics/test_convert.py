from decimal import Decimal

import pytest

from rubrics.convert import to_kernel
from rubrics.models import Item, Measure, Rubric
from rubrics.scoring import rubric as kernel
from rubrics.services import freeze
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
D = Decimal


def test_rows_become_the_kernels_values(rubric):
    absence = kernel.Measure("absence", "缺席", Decimal("0.5"), "次")
    shared = kernel.Measure("shared", "推广", Decimal(1), "项")
    step = Decimal("0.5")
    items = (
        kernel.Item("1", Decimal(5), step=step),
        kernel.Item("2", Decimal(3), kernel.DeductPerUnit((absence,)), step=step),
        kernel.Item("3", Decimal(2), step=step, applies_to=frozenset({"village"})),
        kernel.Item("4", None, None, kernel.AddPerUnit((shared,)), step=step),
    )
    assert to_kernel(rubric) == kernel.Rubric(
        "small.1",
        (
            kernel.Section("1", "组织", (kernel.Group("", items[:2]),), Decimal(8)),
            kernel.Section("2", "作用", (kernel.Group("", items[2:]),), Decimal(2)),
        ),
        declared=Decimal(10),
    )


def test_every_kind_of_row_becomes_its_rule():
    built = to_kernel(make.rubric_of_every_kind(total_floor=Decimal(-5)))
    half = D("0.5")
    office, staff = make.OFFICE, make.STAFF
    conditions = ((f"c{n}", f"有{what}") for n, what in enumerate(("组织", "制度", "阵地", "经费")))
    levels = (("a", "优秀", 10), ("b", "良好", 8), ("c", "合格", 5), ("d", "不合格", 0))
    scale = (kernel.Tier(D(80), D(10)), kernel.Tier(D(70), D(7)), kernel.Tier(D(60), D(4)))
    letters = (kernel.Tier(D(2), D(3)), kernel.Tier(D(0), D(6)))
    fine = {"unit": "%", "step": D("0.01")}
    assert {item.key: item.base for item in built.items if item.base not in (None, kernel.JUDGED)} == {
        "1-2": kernel.DeductPerUnit((kernel.Measure("absent", "缺席", half, "次"),), D(-2)),
        "1-3": kernel.SumOfParts(
            (
                kernel.Measure("rate", "职代会", D(8), "分", step=half),
                kernel.Measure("team", "厂务公开", D(4), "分", step=half),
            )
        ),
        "2-1": kernel.Tiers((kernel.Measure("built", "建家率", tiers=scale, **fine),)),
        "2-2": kernel.Tiers((kernel.Measure("letters", "越级上访", unit="件", tiers=letters),), falling=True),
        "2-3": kernel.Rate((kernel.Measure("trained", "培训面", per=D(80), **fine),)),
        "2-4": kernel.NOfM(tuple(kernel.Measure(key, label) for key, label in conditions), 3),
        "2-5": kernel.Levels(tuple(kernel.Measure(key, label, D(worth)) for key, label, worth in levels)),
        "3-1": kernel.SeveralScorers(
            (
                kernel.Measure("office", office, D(60), "分", step=half, office=office),
                kernel.Measure("staff", staff, D(40), "分", step=half, office=staff),
            )
        ),
    }
    assert {item.key: (item.bonus, item.cap) for item in built.items if item.bonus} == {
        "4-1": (kernel.AddPerUnit((kernel.Measure("papers", "经验材料", D(1), "篇"),)), "奖惩"),
        "4-2": (kernel.TakePerUnit((kernel.Measure("late", "迟报", half, "次"),)), "奖惩"),
        "4-3": (kernel.TakePerUnit((kernel.Measure("blamed", "通报批评", D(2), "次"),), D(-5)), ""),
    }
    assert [item.gate for item in built.items if item.gate] == ["required", "veto", "veto_top"]
    assert (built.caps, built.floor) == ((kernel.Cap("奖惩", D(3), D(-2)),), D(-5))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"rule": "judged"}, "item 2-1: it counts something that no rule of it looks at"),
        ({"rule": "tiers_down"}, "item 2-1: its tiers do not fall with the bound"),
        ({"rule": "levels"}, "item 2-1: no level is worth the whole item"),
        ({"rule": "n_of_m"}, "item 2-1: 0 of 1 conditions can't be needed"),
        ({"bonus_rule": "take_per_unit"}, "item 2-1: the rule has nothing to count"),
        ({"points": 8}, "item 2-1: a tier is worth more than the item"),
    ],
)
def test_rows_that_contradict_each_other_are_named(changes, fault):
    rubric = make.rubric_of_every_kind()
    rubric.items.filter(key="2-1").update(**changes)
    with pytest.raises(kernel.RubricError, match=fault):
        to_kernel(rubric)


def test_a_gate_without_its_answer_is_named():
    rubric = make.rubric_of_every_kind()
    key = rubric.items.get(gate="veto").key
    Measure.objects.filter(item__rubric=rubric, item__key=key).update(key="other")
    with pytest.raises(kernel.RubricError, match=f"item {key}: a gate has one answer"):
        to_kernel(rubric)


def test_a_floor_beside_a_penalty_is_the_penaltys():
    rubric = make.rubric_of_every_kind()
    item = rubric.items.get(key="1-2")
    rubric.items.filter(pk=item.pk).update(bonus_rule="take_per_unit")
    Measure.objects.create(item=item, position=1, key="late", role="bonus", label="迟到", unit="次", amount=1)
    built = to_kernel(rubric).by_key["1-2"]
    assert (built.base.floor, built.bonus.floor) == (0, -2)


def test_the_cycles_choice_of_total_wins(rubric):
    assert to_kernel(rubric).total_policy == kernel.TotalPolicy.AS_PRINTED
    assert to_kernel(rubric, "scaled").total_policy == kernel.TotalPolicy.SCALED


def test_groups_keep_their_points(rubric):
    section = rubric.sections.get(position=2)
    group = section.groups.create(position=5, points=2)
    Item.objects.filter(key="3").update(group=group)
    first, second = to_kernel(rubric).sections[1].groups
    assert (first.key, first.points, second.points) == ("5", Decimal(2), None)


def test_a_group_that_does_not_add_up_is_refused(rubric):
    group = rubric.sections.get(position=2).groups.create(position=5, points=3)
    Item.objects.filter(key="3").update(group=group)
    with pytest.raises(kernel.RubricError, match="group 5"):
        to_kernel(rubric)


def test_a_frozen_rubric_is_built_once(rubric, django_assert_num_queries):
    freeze(rubric)
    built = to_kernel(rubric)
    with django_assert_num_queries(0):
        assert to_kernel(rubric) is built


def test_a_draft_is_read_in_five_queries_however_long(rubric, django_assert_num_queries):
    with django_assert_num_queries(5):
        to_kernel(rubric)
    section = rubric.sections.get(position=2)
    for position in range(10, 40):
        item = Item.objects.create(
            rubric=rubric,
            section=section,
            position=position,
            key=str(position),
            text="。",
            points=1,
            rule="deduct_per_unit",
        )
        Measure.objects.create(item=item, key="k", role="base", label="次", unit="次", amount=1)
    with django_assert_num_queries(5):
        to_kernel(rubric)


@pytest.mark.usefixtures("documents")
def test_every_rule_of_the_documents_reaches_the_kernel():
    rules = {
        (type(item.base).__name__, type(item.bonus).__name__)
        for rubric in Rubric.objects.all()
        for item in to_kernel(rubric).items
    }
    assert rules == {
        ("Judged", "NoneType"),
        ("Judged", "AddPerUnit"),
        ("DeductPerUnit", "NoneType"),
        ("SumOfParts", "NoneType"),
        ("NoneType", "AddPerUnit"),
        ("NoneType", "HighestLevel"),
    }
