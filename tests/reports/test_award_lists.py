"""Awards as workbooks: candidates with what is met and why, who holds what, and a ladder, as the reader sees them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from assessments.services import awards
from tests.assessments.awards import scene as set_up
from tests.assessments.awards.scene import THREE
from tests.factories import again

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _in_english():
    with override_settings(LANGUAGE_CODE="en"), translation.override("en"):
        yield


def sheets(client, user, route, *args, **asked):
    client.force_login(user)
    return fetched(client, route, *args, **asked)


def fetched(client, route, *args, **asked):
    answer = client.get(reverse(f"reports:{route}", args=args), asked)
    assert answer.status_code == 200
    found = load_workbook(BytesIO(b"".join(answer))).worksheets
    return [[list(line) for line in sheet.iter_rows(min_row=4, values_only=True)] for sheet in found]


def test_candidates_of_a_round_with_what_is_met_and_why(client):
    here = set_up.scene()
    award_round, today = set_up.opened(here), timezone.localdate().isoformat()
    set_up.ready(here, here.base)
    declined = set_up.proposed(here, award_round, here.other, statement="=HYPERLINK(1)")
    waiting = set_up.proposed(here, award_round, here.base)
    set_up.proposed(here, award_round, here.far, "city-model")
    awards.decline(again(here.reviewer), declined, "材料不实")
    set_up.good_years(here, here.other)  # too late: what was found stays
    candidates, conditions = sheets(client, here.reviewer, "round_xlsx", award_round.pk)
    who, by = str(here.admin), here.city.name
    top = waiting.rung.name
    reviewer = str(here.reviewer)
    assert candidates == [
        [top, "盛泽丝绸工会", None, here.county.name, by, who, today, 4, 4, "Proposed", None, None, None, None],
        [
            *(top, "震泽电梯工会", None, here.county.name, by, who, today, 4, 1, "Not awarded"),
            *(today, reviewer, "材料不实", "=HYPERLINK(1)"),
        ],
        ["市级模范职工之家", "花桥物流工会", None, "昆山市总工会", by, who, today, None, None, "Proposed", *[None] * 4],
    ]
    assert len(conditions) == 8
    assert [(line[1], line[4]) for line in conditions if line[4] == "met"] == [
        *[("盛泽丝绸工会", "met")] * 4,
        ("震泽电梯工会", "met"),
    ]
    seen = next(line[5] for line in conditions if "95% satisfied" in line[3])
    assert [line.split(",")[0] for line in seen.split("\n")] == [
        f"{year}: 95 of 100 valid votes satisfied" for year in THREE
    ]
    theirs, _why = sheets(client, here.county_admin, "round_xlsx", award_round.pk)
    assert [line[1] for line in theirs] == ["盛泽丝绸工会", "震泽电梯工会"]


def test_titles_by_the_filters_of_their_page_and_a_ladder(client):
    here = set_up.scene()
    award_round, today = set_up.opened(here), timezone.localdate()
    awards.award(again(here.reviewer), set_up.proposed(here, award_round, here.base, "city-model"))
    gone = set_up.titled(here, here.other, "qualified", days_ago=3000)
    awards.revoke_title(again(here.admin), gone, "复查不合格")
    set_up.titled(here, here.far, "qualified", days_ago=10)
    [found] = sheets(client, here.auditor, "titles_xlsx")
    assert [(line[1], line[7]) for line in found] == [
        ("震泽电梯工会", "Revoked"),
        ("花桥物流工会", "Held"),
        ("盛泽丝绸工会", "Held"),
    ]
    assert found[0][4:10] == [
        *(gone.awarded_on.isoformat(), gone.evidence, None, "Revoked", today.isoformat(), "复查不合格")
    ]
    assert found[2][:7] == [
        *("市级模范职工之家", "盛泽丝绸工会", None, "吴江区总工会", today.isoformat(), "第一轮评选", "苏州市总工会")
    ]
    for asked, names in (
        ({"state": "revoked"}, ["震泽电梯工会"]),
        ({"q": "花桥"}, ["花桥物流工会"]),
        ({"years": 1}, []),
    ):
        assert [line[1] for line in sheets(client, here.auditor, "titles_xlsx", **asked)[0]] == names
    assert [line[1] for line in sheets(client, here.chair, "titles_xlsx")[0]] == ["盛泽丝绸工会"]
    assert client.get(reverse("reports:titles_xlsx"), {"years": "x"}).status_code == 404
    rungs, holders, goals = sheets(client, here.admin, "ladder_xlsx", "jiangsu-model-home")
    assert goals == [["合格职工之家", 2, 3, 66.66, 85, 1], ["市级模范职工之家", 1, 2, 50, 30, 0]]
    assert [(line[0], line[4], line[5]) for line in rungs] == [
        ("十佳模范职工之家", 10, 0),
        ("江苏省模范职工之家", None, 0),
        ("市级模范职工之家", None, 1),
        ("合格职工之家", None, 1),
    ]
    assert rungs[0][1].startswith("Is a base union\nHolds the title")
    assert [line[1] for line in holders] == ["盛泽丝绸工会", "花桥物流工会"]
    _rungs, some, _goals = sheets(client, here.admin, "ladder_xlsx", "jiangsu-model-home", rung="qualified")
    assert [line[1] for line in some] == ["花桥物流工会"]


def test_more_candidates_and_titles_take_no_more_queries(client):
    here = set_up.scene()
    award_round = set_up.opened(here)
    client.force_login(here.auditor)
    counts = []
    for units in ((here.base,), (here.other, here.far)):
        for unit in units:
            set_up.titled(here, unit, "city-model")
            set_up.proposed(here, award_round, unit)
        with CaptureQueriesContext(connection) as queries:
            candidates, _conditions = fetched(client, "round_xlsx", award_round.pk)
            [held] = fetched(client, "titles_xlsx")
        counts.append((len(candidates), len(held), len(queries)))
    asked = counts[0][2]
    assert counts == [(1, 1, asked), (3, 3, asked)]
