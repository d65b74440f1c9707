import pytest
from django.utils import translation

from rubrics.models import Rubric
from rubrics.rows import rows
from rubrics.wording import rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("documents")]

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
    ),
    "c1 1-4": ("缺席会议、培训等活动: −0.5 for each 次, down to 0",),
    "d 1": ("企业建会超出年度任务: +0.2 for each whole 1 %", TOP + "without an upper limit"),
    "d 6": ("建会企业集体合同签订率达到85%: up to 8 points", "专职集体协商指导员队伍: up to 4 points"),
    "d 23": ("社区服务站年帮扶资金: +0.2 for each whole 1000 元 above 4000 元", TOP + "at most 2"),
}


@pytest.mark.parametrize("item", SAID)
def test_rules_are_said_in_words(item):
    code, key = item.split()
    row = next(row for row in rows(Rubric.objects.get(code=code)) if row.key == key)
    with translation.override("en"):
        assert rules(row) == SAID[item]
