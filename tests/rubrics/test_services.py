from decimal import Decimal

import pytest
from django.utils import translation

from rubrics.models import Cap, Item, Rubric
from rubrics.scoring.rubric import RubricError
from rubrics.services import CheckCode, checks, freeze

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def sentences(rubric, *codes):
    return [check.sentence for check in checks(rubric) if check.code in codes]


def test_freezing_sets_the_time_once(rubric):
    first = freeze(rubric).frozen_at
    assert first == Rubric.objects.get(pk=rubric.pk).frozen_at
    assert freeze(Rubric.objects.get(pk=rubric.pk)).frozen_at == first


def test_a_rubric_that_contradicts_itself_is_not_frozen(rubric):
    Item.objects.filter(key="1").update(rule="sum_of_parts")
    with pytest.raises(RubricError, match="item 1"):
        freeze(rubric)
    assert Rubric.objects.get(pk=rubric.pk).frozen_at is None
    found = checks(rubric)[0]
    assert (found.code, found.items) == (CheckCode.CONTRADICTION, ("1",))
    assert found.sentence.endswith("nobody can be scored: Item 1: the rule has nothing to count")


def test_a_bonus_within_a_common_limit_has_an_end_and_a_penalty_needs_none(rubric):
    rubric.items.filter(key="4").update(cap=Cap.objects.create(rubric=rubric, name="加分", most=2))
    assert sentences(rubric, CheckCode.UNCAPPED) == []
    Cap.objects.update(most=None, least=-2)
    assert sentences(rubric, CheckCode.UNCAPPED) != []
    rubric.items.filter(key="4").update(bonus_rule="take_per_unit")
    assert sentences(rubric, CheckCode.UNCAPPED) == []


def test_a_sound_rubric_has_only_what_its_document_leaves_open(rubric):
    assert [(check.code, check.items) for check in checks(rubric)] == [
        (CheckCode.REACHABLE, ("3",)),
        (CheckCode.UNCAPPED, ("4",)),
    ]


def test_a_sum_that_differs_from_the_declared_total(rubric):
    rubric.declared_total = Decimal(12)
    assert sentences(rubric, CheckCode.TOTAL) == ["The items add up to 10 points, the document declares 12."]


def test_a_section_that_differs_from_its_label(rubric):
    rubric.sections.filter(position=2).update(points=3)
    assert sentences(rubric, CheckCode.SECTION) == ["作用: the items add up to 2 points, the label says 3."]


def test_a_rubric_for_nobody(rubric):
    rubric.audiences.all().delete()
    assert sentences(rubric, CheckCode.NO_AUDIENCE) == ["It names no kind of organisation."]


def test_conditional_wording(rubric):
    rubric.items.filter(key="3").update(text="具备条件的建立劳模创新工作室。")
    assert [check.items for check in checks(rubric) if check.code == CheckCode.CONDITIONAL] == [("3",)]


def test_wording_of_two_characters_is_compared_without_a_fault(rubric):
    rubric.items.filter(key="3").update(text="好")
    assert sentences(rubric, CheckCode.ALIKE) == []


@pytest.mark.any_database
@pytest.mark.usefixtures("documents")
class TestDocuments:
    def test_totals(self):
        assert {rubric.code: sentences(rubric, CheckCode.TOTAL) for rubric in Rubric.objects.all()} == {
            code: [f"The items add up to {total} points, the document declares 100."] if total != 100 else []
            for code, total in {
                **dict.fromkeys(("sy", "c1", "c2", "c3", "c4", "d", "g1", "g6", "j1", "j2", "j3"), 100),
                "g2": 102,
                "g3": 102,
                "g4": 99,
                "g5": 99,
            }.items()
        }

    def test_no_rubric_contradicts_itself(self):
        grave = {CheckCode.CONTRADICTION, CheckCode.NO_AUDIENCE, CheckCode.SECTION}
        assert [check for rubric in Rubric.objects.all() for check in checks(rubric) if check.code in grave] == []

    def test_industry_unions_reach_80_of_the_six_special_actions(self):
        assert sentences(Rubric.objects.get(code="d"), CheckCode.REACHABLE) == [
            "各产业工会 can reach 80 of 100 points; these items do not apply: 2, 4, 12, 14, 17, 24, 26"
        ]

    def test_bonuses_without_an_upper_limit(self):
        found = {
            rubric.code: check.items
            for rubric in Rubric.objects.all()
            for check in checks(rubric)
            if check.code == CheckCode.UNCAPPED
        }
        assert found == {"d": ("1", "7", "27")}

    def test_near_duplicates_of_the_register(self):
        found = {
            (rubric.code, *check.items)
            for rubric in Rubric.objects.filter(code__in=("g1", "g2"))
            for check in checks(rubric)
            if check.code == CheckCode.ALIKE
        }
        assert {("g1", "8", "18"), ("g2", "9", "19"), ("g2", "17", "18")} <= found

    def test_a_condition_set_for_something_else_is_no_condition(self):
        check = next(c for c in checks(Rubric.objects.get(code="d")) if c.code == CheckCode.CONDITIONAL)
        assert check.items == ("9",)

    def test_conditions_copied_into_the_village_rubric(self):
        check = next(c for c in checks(Rubric.objects.get(code="g6")) if c.code == CheckCode.CONDITIONAL)
        assert {"5", "6", "20"} <= set(check.items)
