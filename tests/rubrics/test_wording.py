import pytest
from django.utils import translation

from rubrics.models import Cap, Item, Rubric
from rubrics.rows import rows
from rubrics.wording import rules
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

TOP = "On top of the item's points, "

SAID = {
    "sy 1-1": (),
    "sy 5-4": ("Decided by a satisfaction ballot among: Workers",),
    "sy 7-1": (
        "在沈阳市交流: +2",
        "在辽宁省交流: +3",
        "在全国交流: +5",
        "Of several levels only the highest counts",
        TOP + "at most 5",
        "Claimed one by one, each with its occasion, day and proof",
    ),
    "c1 1-4": ("缺席会议、培训等活动: −0.5 for each 次, down to 0",),
    "d 1": ("企业建会超出年度任务: +0.2 for each whole 1 %", TOP + "without an upper limit"),
    "d 6": ("建会企业集体合同签订率达到85%: up to 8 points", "专职集体协商指导员队伍: up to 4 points"),
    "d 23": ("社区服务站年帮扶资金: +0.2 for each whole 1000 元 above 4000 元", TOP + "at most 2"),
}


@pytest.mark.usefixtures("documents")
@pytest.mark.parametrize("item", SAID)
def test_rules_are_said_in_words(item):
    code, key = item.split()
    row = next(row for row in rows(Rubric.objects.get(code=code)) if row.key == key)
    with translation.override("en"):
        assert rules(row) == SAID[item]


TOGETHER = "Together with all others of “奖惩” between −2 and +3"

BEYOND = {
    "1-2": ("缺席: −0.5 for each 次, down to −2",),
    "1-3": ("职代会: up to 8 points", "厂务公开: up to 4 points"),
    "2-1": ("建家率: from 80%: 10, from 70%: 7, from 60%: 4",),
    "2-2": ("越级上访: up to 0件: 6, up to 2件: 3",),
    "2-3": ("培训面: the share of 80 % times 10 points, to the nearest 0.5",),
    "2-4": ("At least 3 of these 4 earn the whole, fewer nothing: 有组织; 有制度; 有阵地; 有经费",),
    "2-5": (
        "优秀: 10 points",
        "良好: 8 points",
        "合格: 5 points",
        "不合格: 0 points",
        "Exactly one level holds",
    ),
    "3-1": ("办公室: weight 60", "组织部: weight 40", "The points are the weighted mean of all of them"),
    "4-1": ("经验材料: +1 for each whole 篇", TOP + "without an upper limit", TOGETHER),
    "4-3": ("通报批评: −2 for each whole 次", "Taken from the total, down to −5"),
    "4-2": ("迟报: −0.5 for each whole 次", "Taken from the total, without a lower limit", TOGETHER),
}


def said(rubric):
    with translation.override("en"):
        return {row.key: rules(row) for row in rows(rubric)}


def test_rules_beyond_fixed_points_are_said_in_words():
    found = said(make.rubric_of_every_kind())
    assert {key: found[key] for key in BEYOND} == BEYOND
    gates = [sentences for key, sentences in found.items() if key not in BEYOND and sentences]
    assert gates == [
        ("Required: without it, not qualified (必备)",),
        ("Veto: if it happened, no award (一票否决)",),
        ("Veto of the best band: if it happened, not the best band (一票否优)",),
    ]


@pytest.mark.parametrize(
    ("most", "least", "sentence"),
    [
        (3, None, "Together with all others of “奖惩” at most +3"),
        (None, -2, "Together with all others of “奖惩” down to −2"),
    ],
)
def test_a_common_limit_to_one_side(most, least, sentence):
    rubric = make.rubric_of_every_kind()
    Cap.objects.filter(rubric=rubric).update(most=most, least=least)
    assert said(rubric)["4-1"][-1] == sentence


def test_the_floor_of_a_row_that_also_takes_a_penalty_is_the_penaltys():
    rubric = make.rubric_of_every_kind()
    Item.objects.filter(rubric=rubric, key="4-2").update(floor="-1.5")
    Item.objects.filter(rubric=rubric, key="1-2").update(bonus_rule="take_per_unit")
    found = said(rubric)
    assert found["4-2"][1] == "Taken from the total, down to −1.5"
    assert found["1-2"] == ("缺席: −0.5 for each 次, down to 0", "Taken from the total, down to −2")
