"""Marking one item for all organisations: who gets which rows, what stands beside the fields, saving, refusals."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import services
from assessments.models import Assessment, Mark, Sheet
from assessments.workflow import Action, Stage, State
from orgs.models import Organization
from orgs.roles import Role
from rubrics.models import BaseRule
from rubrics.rows import rows
from tests import factories as make
from tests.factories import Asked, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
JOINT = Asked(
    "3-1",
    "10",
    BaseRule.SEVERAL_SCORERS,
    (
        make.Counted("office", "60", "分", step="0.5", office=make.OFFICE),
        make.Counted("staff", "40", "分", step="0.5", office=make.STAFF),
    ),
    offices=(make.OFFICE, make.STAFF),
)


def of(people: Cast, organization: Organization) -> Assessment:
    return Assessment.objects.get(cycle=people.cycle, organization=organization)


def handed_in(people: Cast, organization: Organization, **answers: dict[str, Any]) -> Assessment:
    """The organisation's assessment after its self-score; `answers` are what it says otherwise, by item key."""
    assessment, chair = of(people, organization), make.person((organization, Role.CHAIR))
    make.fill(chair, assessment, Stage.SELF, lambda row: answers.get(row.key, make.full_marks(row)))
    return services.move(make.again(chair), assessment, Action.SUBMIT)


def at(people: Cast, key: str, query: str = "") -> str:
    return reverse("assessments:by_item", args=[people.cycle.pk, people.rubric.pk, key]) + query


def as_(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(**rows: tuple[Assessment, dict[str, str]]) -> dict[str, str]:
    """A plain form: by row what is typed; all rows were blank when they were shown."""
    found = {}
    for assessment, fields in rows.values():
        found |= {f"v-{assessment.pk}": "0"} | {f"{name}-{assessment.pk}": text for name, text in fields.items()}
    return found


def row_of(html: str, assessment: Assessment) -> str:
    found = re.search(rf'<tr class="item [^"]*" id="item-{assessment.pk}".*?</tr>', html, re.DOTALL)
    assert found, assessment
    return found.group()


def said(assessment: Assessment, key: str) -> list[tuple[Any, ...]]:
    told = Mark.objects.filter(sheet__assessment=assessment, sheet__stage=Stage.ASSESS, item__key=key)
    return list(told.values_list("points", "remark", "not_applicable"))


@pytest.fixture
def people() -> Cast:
    return make.cast(stages=2)


@pytest.fixture
def two(people: Cast) -> tuple[Assessment, Assessment]:
    answers = {"1-1": {"not_applicable": True, "reason": "无此<岗位>", "remark": "见附件"}}
    return handed_in(people, people.township), handed_in(people, people.neighbour, **answers)


class TestWhoSeesWhat:
    def test_departments_their_items_for_who_has_handed_in(self, people: Cast) -> None:
        handed_in(people, people.township)
        page = as_(people.department_assessor).get(reverse("assessments:items", args=[people.cycle.pk]))
        assert [(one.row.key, one.organizations, one.blank) for one in page.context["entries"]] == [
            (key, 1, 1) for key in ("1-1", "1-2", "1-3")
        ]
        whole = as_(people.assessor).get(reverse("assessments:items", args=[people.cycle.pk])).context["entries"]
        assert [one.row.key for one in whole] == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "3-1", "3-2", "3-3"]
        make.save(people.assessor, people.assessment, Stage.ASSESS, "1-1", "4")
        page = as_(people.department_assessor).get(reverse("assessments:items", args=[people.cycle.pk]))
        assert [one.blank for one in page.context["entries"]] == [0, 1, 1]

    def test_an_item_of_another_department_has_no_rows_and_takes_none(self, people: Cast, two: Any) -> None:
        client = as_(people.staff_assessor)
        page = client.get(at(people, "1-1"))
        assert (page.status_code, page.context["total"], page.context["before"]) == (200, 0, None)
        answer = client.post(at(people, "1-1"), posted(a=(two[0], {"p": "4"})))
        assert answer.status_code == 422
        (told,) = (str(one) for one in answer.context["messages"])
        assert told.startswith(f"{two[0].name}：")
        assert "1-1" in told
        assert said(two[0], "1-1") == []

    def test_neighbouring_items_are_the_persons_own(self, people: Cast, two: Any) -> None:
        context = as_(people.department_assessor).get(at(people, "1-2")).context
        assert (context["before"].row.key, context["after"].row.key) == ("1-1", "1-3")
        assert as_(people.department_assessor).get(at(people, "1-3")).context["after"] is None

    def test_nobody_marks_where_they_fill_in(self, people: Cast, two: Any) -> None:
        both = make.person((people.county, Role.ASSESSOR), (people.township, Role.CLERK))
        assert list(as_(both).get(at(people, "1-1")).context["page"]) == [two[1]]

    @pytest.mark.parametrize("key", ["9-9", "none"])
    def test_an_item_that_there_is_not(self, people: Cast, key: str) -> None:
        assert as_(people.assessor).get(at(people, key)).status_code == 404

    def test_ways_in(self, people: Cast, two: Any) -> None:
        way = f'href="{reverse("assessments:items", args=[people.cycle.pk])}"'
        client = as_(people.department_assessor)
        assert way in client.get("/").content.decode()
        cycle = reverse("cycles:detail", args=[people.cycle.pk])
        assert way in client.get(cycle).content.decode()
        assert way not in as_(people.admin).get(cycle).content.decode()


class TestRows:
    def test_self_score_evidence_and_claim(self, people: Cast, two: Any) -> None:
        html = as_(people.department_assessor).get(at(people, "1-1")).content.decode()
        first, second = (row_of(html, one) for one in two)
        assert '<span class="score-figure">5</span>' in first
        assert f'name="p-{two[0].pk}"' in first
        assert f'name="na-{two[0].pk}"' not in first
        assert "无此&lt;岗位&gt;" in second
        assert "见附件" in second
        assert f'name="na-{two[1].pk}"' in second

    def test_the_mark_of_last_time(self, people: Cast) -> None:
        make.bring_to(people, State.FINAL)  # the cycle of 2026, with 5 of 5
        owner = make.again(people.admin)
        choices = {"township": people.rubric}
        people.cycle = make.open_cycle_for(people.city, choices, by=owner, year=2027)
        assessment, other = handed_in(people, people.township), handed_in(people, people.neighbour)
        html = as_(people.department_assessor).get(at(people, "1-1")).content.decode()
        last = [re.search(r'data-label="上次得分">(.*?)</td>', row_of(html, one)) for one in (assessment, other)]
        assert [found and found.group(1) for found in last] == [
            '<span class="score-figure">5</span><span class="sub">2026</span>',
            "",
        ]

    def test_only_blank_ones(self, people: Cast, two: Any) -> None:
        make.save(people.assessor, two[0], Stage.ASSESS, "1-1", "4")
        context = as_(people.department_assessor).get(at(people, "1-1", "?only=blank")).context
        assert (list(context["page"]), context["left"], context["total"]) == ([two[1]], 1, 2)

    def test_what_is_signed_off_or_was_not_sent_back_is_closed_and_says_why(self, people: Cast) -> None:
        make.bring_to(people, State.FINAL)
        named = people.rubric.items.get(key="1-2")
        services.move(make.again(people.reviewer), people.now(), Action.REOPEN, reason="重评", items=[named.key])
        row = row_of(as_(people.assessor).get(at(people, "1-1")).content.decode(), people.assessment)
        assert "<fieldset disabled>" in row
        assert "by-item-locked" in row
        assert "<fieldset>" in row_of(as_(people.assessor).get(at(people, "1-2")).content.decode(), people.assessment)
        make.sign_all(people.assessor, people.now())
        row = row_of(as_(people.assessor).get(at(people, "1-2")).content.decode(), people.assessment)
        assert "<fieldset disabled>" in row


class TestSaving:
    def test_each_row_for_itself(self, people: Cast, two: Any) -> None:
        first, second = two
        data = posted(a=(first, {"p": "4.5", "r": "好"}), b=(second, {"p": "99", "r": "留着"}))
        answer = as_(people.department_assessor).post(at(people, "1-1"), data)
        assert answer.status_code == 422
        assert (said(first, "1-1"), said(second, "1-1")) == ([(4.5, "好", False)], [])
        html = answer.content.decode()
        row = row_of(html, second)
        assert "item-error" in row
        assert 'value="99"' in row
        assert "留着" in row
        assert "item-error" not in row_of(html, first)

    def test_a_claim_is_agreed_to(self, people: Cast, two: Any) -> None:
        data = posted(b=(two[1], {"p": "", "na": "on"}))
        assert as_(people.department_assessor).post(at(people, "1-1"), data).status_code == 302
        assert said(two[1], "1-1") == [(None, "", True)]

    def test_counts(self, people: Cast, two: Any) -> None:
        data = posted(a=(two[0], {}), b=(two[1], {})) | {f"c-{two[0].pk}-absent": "3"}
        client = as_(people.department_assessor)
        assert client.post(at(people, "1-3"), data).status_code == 302
        row = row_of(client.get(at(people, "1-3")).content.decode(), two[0])
        assert "4 − 0.5 × 3 = 2.5" in row
        assert f'name="c-{two[0].pk}-absent" value="3"' in row

    def test_a_conflict_shows_both_values(self, people: Cast, two: Any) -> None:
        make.save(people.assessor, two[0], Stage.ASSESS, "1-1", "2")
        data = posted(a=(two[0], {"p": "4"}), b=(two[1], {"p": "3"}))
        answer = as_(people.department_assessor).post(at(people, "1-1"), data)
        assert answer.status_code == 409
        row = row_of(answer.content.decode(), two[0])
        assert "<b>2</b>" in row
        assert 'value="4"' in row
        assert f'name="v-{two[0].pk}" value="1"' in row
        assert [points for points, *_rest in (*said(two[0], "1-1"), *said(two[1], "1-1"))] == [2, 3]

    def test_who_waits_no_longer_is_named(self, people: Cast, two: Any) -> None:
        services.move(make.again(people.assessor), two[0], Action.SEND_BACK, reason="补")
        data = posted(a=(two[0], {"p": "4"}), b=(two[1], {"p": "3"}))
        answer = as_(people.department_assessor).post(at(people, "1-1"), data)
        assert answer.status_code == 422
        assert [str(one).partition("：")[0] for one in answer.context["messages"]][-1] == two[0].name
        assert list(answer.context["page"]) == [two[1]]
        assert [said(one, "1-1") for one in two] == [[], [(3, "", False)]]


def test_every_kind_of_item() -> None:
    """Each is shown with its fields, blank; what earns all its points is saved through them, and stands there."""
    people = make.cast(rubric=make.rubric_of_every_kind(stages=2))
    assessment = handed_in(people, people.township)
    client = as_(people.assessor)
    for row in rows(people.rubric):
        if not row.applies(assessment.kind.code):
            continue
        address, full = at(people, row.key), make.full_marks(row)
        html = row_of(client.get(address).content.decode(), assessment)
        fields = {f"v-{assessment.pk}": "0", f"p-{assessment.pk}": full["points"]}
        fields |= {f"c-{assessment.pk}-{key}": text for key, text in full["counts"].items()}
        if row.rule == BaseRule.LEVELS:
            best = next(key for key, text in full["counts"].items() if text == "1")
            fields = {f"v-{assessment.pk}": "0", f"l-{assessment.pk}": best}
        offered = set(re.findall(r'name="([^"]+)"', html))
        assert {name for name, text in fields.items() if text} <= offered, row.key
        if not any(full["counts"].values()) and not full["points"]:
            continue  # a bonus alone: nothing is asked of anybody
        assert client.post(address, fields).status_code == 302, row.key
        page = client.get(address)
        assert (page.context["left"], "is-blank" in row_of(page.content.decode(), assessment)) == (0, False), row.key


def test_departments_give_their_own_points() -> None:
    people = make.cast(rubric=make.small_rubric(stages=2, items=[JOINT]))
    assessment = handed_in(people, people.township)
    client, address = as_(people.department_assessor), at(people, "3-1")
    row = row_of(client.get(address).content.decode(), assessment)
    closed = re.search(rf'name="c-{assessment.pk}-staff"[^>]*>', row)
    assert closed
    assert closed.group().endswith(" disabled>")
    data = {f"v-{assessment.pk}": "0", f"c-{assessment.pk}-office": "8"}
    assert client.post(address, data).status_code == 302
    assert client.get(address).context["left"] == 0
    assert as_(people.staff_assessor).get(address).context["left"] == 1


def test_the_number_of_queries(people: Cast) -> None:
    """The same for one row and for three, with evidence, a sheet that was opened again and a mark of last time."""
    make.bring_to(people, State.FINAL)
    third = make.organization(people.county, "township")
    people.cycle = make.open_cycle_for(people.city, {"township": people.rubric}, by=make.again(people.admin), year=2027)
    asked = {}
    for count, more in ((1, [people.township]), (3, [people.neighbour, third])):
        for organization in more:
            handed_in(people, organization)
        for key in ("1-1", "1-3"):
            client = as_(people.department_assessor)
            client.get(at(people, key))  # what is kept of a frozen rubric
            with CaptureQueriesContext(connection) as queries:
                page = client.get(at(people, key))
            assert len(page.context["page"]) == count
            asked[key, count] = len(queries)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("assessments:items", args=[people.cycle.pk]))
        asked["list", count] = len(queries)
    assert {key: asked[key, 1] - asked[key, 3] for key, _count in asked} == {"1-1": 0, "1-3": 0, "list": 0}
    assert max(asked.values()) <= 30


def test_a_page_of_300(people: Cast) -> None:
    """Less than 400 KB of light markup."""
    rubric = make.small_rubric(stages=2, items=[Asked("1-1", "5", text="考" * 60)])
    many = [make.organization(people.county, "township") for _number in range(298)]
    people.cycle = make.open_cycle_for(people.city, {"township": rubric}, by=make.again(people.admin))
    people.rubric = rubric
    Assessment.objects.filter(cycle=people.cycle).update(state=State.ASSESSING)
    Sheet.objects.bulk_create(Sheet(assessment=one, stage=Stage.ASSESS) for one in people.cycle.assessments.all())
    page = as_(people.assessor).get(at(people, "1-1"))
    assert len(page.context["page"]) == len(many) + 2
    assert len(page.content) < 400_000
