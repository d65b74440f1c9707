"""The home page: to each person what waits for them, what their organisations came to, how their cycles get on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Cycle
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def cast():
    return make.cast()


@pytest.fixture
def home():
    clients = {}

    def visit(user):
        if user.pk not in clients:
            clients[user.pk] = Client()
            clients[user.pk].force_login(user)
        response = clients[user.pk].get(reverse("home"))
        assert response.status_code == 200
        return response

    return visit


def tasks(response):
    """(name, marked, needed, where the row leads on to) of everything that waits."""
    return [
        (task.name, task.scored, task.required, task.next_url)
        for group in response.context["groups"]
        for task in group.tasks
    ]


def sheet_url(cast, stage):
    return reverse("assessments:sheet", args=[cast.assessment.pk, stage])


def test_someone_without_a_post_reads_whom_to_ask(home, cast):
    response = home(cast.unposted)
    assert (response.context["groups"], response.context["courses"]) == ([], [])
    assert "empty-state" in response.content.decode()


def test_the_clerk_finds_the_self_score_one_click_away(home, cast):
    make.save(cast.clerk, cast.assessment, Stage.SELF, "1-1", "4")
    response = home(cast.clerk)
    assert tasks(response) == [(cast.township.name, 1, 8, "")]
    assert f'href="{sheet_url(cast, Stage.SELF)}"' in response.content.decode()


def test_a_complete_self_score_leads_the_chair_to_submitting_and_tells_the_clerk_to_wait(home, cast):
    make.fill(cast.clerk, cast.assessment, Stage.SELF)
    submit = reverse("assessments:submit", args=[cast.assessment.pk])
    assert tasks(home(cast.chair)) == [(cast.township.name, 8, 8, submit)]
    clerk = home(cast.clerk)
    assert tasks(clerk) == [(cast.township.name, 8, 8, "")]
    assert clerk.context["groups"][0].tasks[0].hint


def test_nothing_waits_for_the_assessor_before_the_organisation_submits(home, cast):
    assert tasks(home(cast.assessor)) == []


def test_the_assessor_finds_what_was_submitted(home, cast):
    make.bring_to(cast, State.ASSESSING)
    assert tasks(home(cast.assessor)) == [(cast.township.name, 0, 8, "")]
    assert tasks(home(cast.clerk)) == []


def test_a_department_counts_its_own_items_and_is_done_when_it_has_signed(home, cast):
    make.bring_to(cast, State.ASSESSING)
    assert tasks(home(cast.department_assessor)) == [(cast.township.name, 0, 3, "")]
    make.fill(cast.department_assessor, cast.assessment, Stage.ASSESS)
    detail = reverse("assessments:detail", args=[cast.assessment.pk])
    assert tasks(home(cast.department_assessor)) == [(cast.township.name, 3, 3, detail)]
    make.services.sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    assert tasks(home(cast.department_assessor)) == []


def test_half_of_a_split_item_is_not_a_marked_item(home, cast):
    make.bring_to(cast, State.ASSESSING)
    before = tasks(home(cast.staff_assessor))[0][1]
    make.save(cast.staff_assessor, cast.assessment, Stage.ASSESS, "2-1", counts={"rate": "8"})
    assert tasks(home(cast.staff_assessor))[0][1] == before
    make.save(cast.staff_assessor, cast.assessment, Stage.ASSESS, "2-1", counts={"rate": "8", "team": "4"})
    assert tasks(home(cast.staff_assessor))[0][1] == before + 1


def test_an_assessor_is_not_asked_to_assess_the_organisation_they_fill_in_for(home, cast):
    both = make.person((cast.township, Role.CLERK), (cast.county, Role.ASSESSOR))
    make.bring_to(cast, State.ASSESSING)
    assert tasks(home(both)) == []


def test_the_reviewer_finds_what_was_forwarded(home, cast):
    make.bring_to(cast, State.REVIEWING)
    assert tasks(home(cast.reviewer)) == [(cast.township.name, 0, 8, "")]


def test_a_deadline_that_passed_is_said_in_words(home, cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    Cycle.objects.update(self_deadline=yesterday, assess_deadline=yesterday, review_deadline=yesterday)
    task = home(cast.clerk).context["groups"][0].tasks[0]
    assert (task.late, task.deadline) == (True, yesterday)


def test_today_is_not_late(home, cast):
    today = timezone.localdate()
    Cycle.objects.update(self_deadline=today, assess_deadline=today, review_deadline=today)
    assert not home(cast.clerk).context["groups"][0].tasks[0].late


def test_the_organisation_sees_no_later_points_before_the_result_is_final(home, cast):
    make.bring_to(cast, State.REVIEWING)
    one = home(cast.clerk).context["results"][0]
    assert (one.state, one.self_points, one.points, one.band) == (State.REVIEWING, "40", "", "")
    make.bring_to(cast, State.FINAL)
    one = home(cast.clerk).context["results"][0]
    assert (one.state, one.self_points, one.points) == (State.FINAL, "40", "40")


def test_an_administrator_sees_how_the_cycle_gets_on(home, cast):
    make.bring_to(cast, State.ASSESSING)
    (course,) = home(cast.admin).context["courses"]
    assert (course.total, course.final) == (3, 0)
    assert [(state, count) for state, count, _url in course.stages] == [
        (State.SELF_SCORING, 2),
        (State.ASSESSING, 1),
    ]


def test_an_administrator_below_counts_their_own_branch_only(home, cast):
    below = make.person((cast.county, Role.ADMIN))
    assert home(below).context["courses"][0].total == 2


def test_the_page_runs_the_same_queries_for_more_rows(home, cast, django_assert_num_queries):
    everything = make.person(
        (cast.township, Role.CHAIR),
        (cast.county, Role.ASSESSOR),
        (cast.other_county, Role.DEPARTMENT_ASSESSOR, make.department(cast.other_county, make.OFFICE)),
        (cast.city, Role.REVIEWER),
        (cast.city, Role.ADMIN),
    )
    make.bring_to(cast, State.ASSESSING)
    home(everything)  # a frozen rubric is read once in a process
    for number in range(2):
        cycle = make.open_cycle_for(cast.city, {"township": cast.rubric}, by=cast.admin)
        for assessment in cycle.assessments.exclude(organization=cast.township):
            chair = make.person((assessment.organization, Role.CHAIR))
            make.fill(chair, assessment, Stage.SELF)
            make.services.move(make.again(chair), assessment, Action.SUBMIT)
        if number == 0:
            with django_assert_num_queries(14) as seen:
                home(everything)
    with django_assert_num_queries(len(seen)):
        assert len(tasks(home(everything))) == 6
