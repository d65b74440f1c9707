"""What a rule makes of a few answers, in words."""

from decimal import Decimal

import pytest
from django.utils import translation

from rubrics.blueprint import ItemPlan, MeasurePlan, TierPlan
from rubrics.drafting.example import Example, example_of

D = Decimal


def lines_of(**rule):
    with translation.override("en"):
        return example_of(ItemPlan("1", "内容。", **rule), D("0.5"))


def counted(key, label, unit="", **more):
    return MeasurePlan(key, more.pop("role", "base"), label, unit, **more)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (
            {"points": D(2), "rule": "deduct_per_unit", "measures": (counted("a", "缺席", "次", amount=D("0.5")),)},
            ("缺席 0次 → 2 points", "缺席 1次 → 1.5 points", "缺席 4次 → 0 points", "缺席 5次 → 0 points"),
        ),
        (
            {"points": D(5), "rule": "levels", "measures": (counted("a", "A", amount=D(5)), counted("b", "B"))},
            ("A → 5 points", "B → 0 points"),
        ),
        (
            {"points": D(3), "rule": "n_of_m", "needed": 1, "measures": (counted("a", "甲"), counted("b", "乙"))},
            ("0 of 2 conditions → 0 points", "1 of 2 conditions → 3 points", "2 of 2 conditions → 3 points"),
        ),
        (
            {
                "points": D(3),
                "rule": "tiers",
                "measures": (counted("a", "建家率", "%", tiers=(TierPlan(D(70), D(3)), TierPlan(D(50), D(1)))),),
            },
            ("建家率 49% → 0 points", "建家率 50% → 1 points", "建家率 69% → 1 points", "建家率 70% → 3 points"),
        ),
        (
            {
                "points": None,
                "rule": "none",
                "bonus_rule": "take_per_unit",
                "floor": D(-2),
                "measures": (counted("a", "事故", "起", role="bonus", amount=D(1)),),
            },
            ("事故 0起 → 0 points", "事故 1起 → -1 points", "事故 3起 → -2 points"),
        ),
        (
            {"points": None, "rule": "none", "gate": "veto", "measures": (counted("gate", "是否发生", role="gate"),)},
            ("Yes → no band and not qualified", "No → nothing follows"),
        ),
        ({"points": D(5)}, ()),
    ],
)
def test_telling_answers_with_what_they_come_to(rule, found):
    assert lines_of(**rule) == Example(found)


def test_a_rule_that_contradicts_itself_says_why():
    example = lines_of(points=D(5), rule="sum_of_parts", measures=(counted("a", "甲", amount=D(3)),))
    assert example.lines == ()
    assert "parts" in example.fault
