"""What a cycle's results come to: within the quota, explained, and in a number of queries that nothing changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import grading, services
from assessments.models import Assessment, SnapshotRow
from assessments.workflow import Action, Stage, State
from tests import factories as make
from tests.assessments.grading.cohort import D, cohort, starred
from tests.factories import again, bring_to, fill

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

FIVE = {"甲": "95", "乙": "92", "丙": "92", "丁": "89.99", "戊": "59.5"}


def summed_up(cycle):
    return {
        v.assessment.name: (v.place, v.band, v.awarded, v.qualified, v.limited, v.tied) for v in grading.verdicts(cycle)
    }


def told(cycle, name):
    return next(v.explanation for v in grading.verdicts(cycle) if v.assessment.name == name)


def test_guyuans_stars_within_the_quota():
    people = cohort(FIVE)
    assert summed_up(people.cycle) == {
        "甲": (1, "五星", "五星", True, False, False),
        "乙": (2, "五星", "四星", True, True, False),
        "丙": (2, "五星", "四星", True, True, False),
        "丁": (4, "四星", "四星", True, False, False),
        "戊": (5, "一星", "一星", False, False, False),
    }
    assert [v.assessment.name for v in grading.verdicts(people.cycle)] == list("甲丙乙丁戊")
    assert told(people.cycle, "甲") == (
        "95 points reach 五星 (90 points and more).",
        "1 seats for 五星, this organisation is number 1.",
        "Qualified.",
    )
    assert told(people.cycle, "乙")[1] == (
        "1 seats for 五星, this organisation is number 2: by the quota it is awarded 四星."
    )
    assert told(people.cycle, "戊") == ("59.5 points: 一星.", "Not qualified.")
    assert grading.unresolved(people.cycle) == []


@pytest.mark.parametrize(("number", "expected"), [(4, 0), (5, 1), (9, 1), (10, 2)])
def test_twenty_percent_is_rounded_down(number, expected):
    people = cohort({f"单位{n}": str(90 + n) for n in range(number)})
    assert sum(v.awarded == "五星" for v in grading.verdicts(people.cycle)) == expected


def test_a_tie_at_the_last_seat_stands_against_publishing_until_two_persons_ruled():
    people = cohort({**FIVE, "甲": "92"})
    assert [name for name, row in summed_up(people.cycle).items() if row[-1]] == ["丙", "甲", "乙"]
    names = "丙、甲、乙"
    assert grading.unresolved(people.cycle) == [f"3 organisations are equal at the last seats and 1 are left: {names}."]
    assert told(people.cycle, "乙")[1] == (
        "1 seats for 五星, this organisation is number 1, equal with others: who gets the last 1 is being decided."
    )
    people.rule("乙", "seat")
    assert grading.unresolved(people.cycle) == []
    awarded = {name: row[2:] for name, row in summed_up(people.cycle).items()}
    assert awarded["乙"] == ("五星", True, False, False)
    assert awarded["甲"] == awarded["丙"] == ("四星", True, True, False)
    assert (
        told(people.cycle, "乙")[2] == "By decision of the assessing side it gets one of the seats for 五星: 集体研究"
    )


def test_what_changed_since_a_ruling_stands_against_publishing():
    people = cohort(FIVE)
    people.rule("甲", "override", 4)
    people.score("甲", "75")
    assert grading.unresolved(people.cycle) == [
        "2 organisations are equal at the last seats and 1 are left: 丙、乙.",
        "1 rulings no longer fit the results and have to be withdrawn: 甲.",
    ]
    assert summed_up(people.cycle)["甲"][2] == "三星"
    assert not any("decision" in line for line in told(people.cycle, "甲"))


def test_the_base_of_the_quota_and_seats_by_kind():
    points = {"甲": "95", "乙": "94", "丙": "93", "丁": "", "戊": ""}
    people = cohort(points, {"丙": "system"}, quota_share=D("0.5"))
    best = lambda: [v.assessment.name for v in grading.verdicts(people.now()) if v.awarded == "五星"]  # noqa: E731
    assert best() == ["甲"]  # half of the three with a final result
    people.set(quota_base="all")
    assert best() == ["甲", "乙"]  # half of all five
    people.set(quota_per_kind=True)
    assert best() == ["甲", "乙"]  # half of four townships, and half of one system is none
    people.set(quota_share=None)
    assert best() == ["甲", "乙", "丙"]
    assert {v.assessment.name: v.place for v in grading.verdicts(people.now())} == {
        "甲": 1, "乙": 2, "丙": 1, "丁": None, "戊": None
    }  # fmt: skip


def test_unfinished_and_withdrawn_assessments_have_no_verdict():
    people = cohort({"甲": "95", "乙": "", "丙": ""})
    services.move(again(people.admin), people.assessments["丙"], Action.WITHDRAW, reason="已撤销")
    rows = {v.assessment.name: v for v in grading.verdicts(people.cycle)}
    assert (rows["乙"].points, rows["乙"].awarded, rows["乙"].explanation) == (
        None,
        "",
        ("There is no final result yet.",),
    )
    assert rows["丙"].explanation == ("Withdrawn from this cycle: 已撤销",)
    assert grading.unresolved(people.cycle) == ["1 assessments have no final result: 乙."]
    assert rows["丙"].values == {
        "assessment_id": people.assessments["丙"].pk,
        **{name: getattr(people.assessments["丙"], name) for name in ("name", "sort_key", "path")},
        "kind": "单位类别 township",
        "rubric": "年检",
        "assessor": people.city.name,
        **dict.fromkeys(("points", "place", "band_rank", "awarded_rank", "qualified", "self_points")),
        "maximum": 100,
        "self_band": "",
        "band": "",
        "awarded": "",
        "limited": False,
        "withdrawn_for": "已撤销",
        "explanation": ["Withdrawn from this cycle: 已撤销"],
    }
    assert set(rows["甲"].values) == {
        field.attname for field in SnapshotRow._meta.concrete_fields if field.name not in {"id", "snapshot"}
    }


def test_gates_of_the_official_sheet_decide_about_qualification():
    cast = make.cast(rubric=make.rubric_of_every_kind(stages=2, qualified_rank=2))
    bring_to(cast, State.ASSESSING)

    def without_legal_status(row):
        return {"counts": {"gate": "0"}} if row.key == "5-1" else make.full_marks(row)

    fill(cast.assessor, cast.assessment, Stage.ASSESS, without_legal_status)
    make.sign_all(cast.assessor, cast.assessment)
    services.move(again(cast.assessor), cast.assessment, Action.CONFIRM)
    verdict = next(v for v in grading.verdicts(cast.cycle) if v.final)
    assert (verdict.band, verdict.awarded, verdict.qualified) == ("五星", "五星", False)
    assert verdict.explanation[1:] == ("Something that the rubric requires is missing.", "Not qualified.")


def test_the_quota_of_a_cycle_is_that_of_its_rubrics_best_bands_if_they_agree():
    city = make.organization(None, "city", "city")
    for code in ("a", "b"):
        make.organization(city, code)
    guyuan, other = starred(kinds=("a",)), starred(kinds=("b",))
    guyuan.bands.filter(rank=5).update(quota=D("0.2"))
    admin = make.person((city, "admin"))
    assert make.open_cycle_for(city, {"a": guyuan}, by=admin).quota_share == D("0.2")
    assert make.open_cycle_for(city, {"a": guyuan, "b": other}, by=admin).quota_share is None
    other.refresh_from_db()
    assert make.open_cycle_for(city, {"b": other}, by=admin).quota_share is None


def test_the_queries_do_not_grow_with_the_cohort():
    few, many = cohort(FIVE), cohort({f"单位{n:03}": str(60 + n % 40) for n in range(60)})
    counts = []
    for people in (few, many):
        grading.verdicts(people.now())  # what rubrics say is kept
        with CaptureQueriesContext(connection) as seen:
            assert len(grading.verdicts(people.now())) == len(people.assessments)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


def test_ten_thousand_organisations_are_graded_in_the_same_queries(django_assert_max_num_queries):
    people = cohort({"甲": "90"})
    model = people.assessments["甲"]
    shared = {name: getattr(model, name) for name in ("cycle_id", "kind_id", "rubric_id", "total_policy", "stages")}
    shared |= {name: getattr(model, name) for name in ("assessor_id", "reviewer_id", "path")}
    number = 10_000
    organizations = make.Organization.objects.bulk_create(
        make.Organization(
            name=f"单位{n}", kind=model.kind, path=f"{model.path}x{n}", parent=people.city, level="township"
        )
        for n in range(number - 1)
    )
    Assessment.objects.bulk_create(
        Assessment(organization=one, name=one.name, sort_key=f"{n}", state=State.FINAL, points=D(n % 1000) / 10,
                   band_rank=5 if n % 1000 >= 900 else 4, official_stage=Stage.ASSESS, **shared)
        for n, one in enumerate(organizations)
    )  # fmt: skip
    grading.verdicts(people.now())
    with django_assert_max_num_queries(6):
        found = grading.verdicts(people.now())
    assert len(found) == number
    assert sum(v.awarded_rank == 5 for v in found) == 1000
    assert [v.place for v in found[:10]] == [1] * 9 + [10]
