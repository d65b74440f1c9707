from decimal import Decimal

import pytest

from rubrics.convert import to_kernel
from rubrics.models import Item, Measure, Rubric
from rubrics.scoring import rubric as kernel
from rubrics.services import freeze

pytestmark = pytest.mark.django_db


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
