"""The page of one assessment, the history of an item, and the departments' sign-offs."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Signoff
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SELF, ASSESS, REVIEW = Stage.SELF, Stage.ASSESS, Stage.REVIEW


@pytest.fixture
def cast():
    return make.cast(rubric=make.small_rubric(bands=make.STARS))


def as_(user, language="zh-hans"):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def page(cast, user, **options):
    response = as_(user, **options).get(reverse("assessments:detail", args=[cast.assessment.pk]))
    assert response.status_code == 200
    return response


def shown_stages(response):
    return [column.stage for column in response.context["columns"]]


def offered(response):
    return [move["url"].rstrip("/").rpartition("/")[2] for move in response.context["moves"]]


# --- Who sees what ---


def test_a_stranger_does_not_learn_that_it_exists(cast):
    url = reverse("assessments:detail", args=[cast.assessment.pk])
    assert as_(cast.stranger).get(url).status_code == as_(cast.unposted).get(url).status_code == 404


def test_an_open_self_sheet_is_for_the_organisation_alone(cast):
    assert shown_stages(page(cast, cast.clerk)) == [SELF]
    assert shown_stages(page(cast, cast.assessor)) == shown_stages(page(cast, cast.admin)) == []


def test_closed_sheets_open_to_the_later_parties_and_all_of_them_at_the_end(cast):
    make.bring_to(cast, State.REVIEWING)
    assert shown_stages(page(cast, cast.clerk)) == [SELF]
    assert shown_stages(page(cast, cast.assessor)) == [SELF, ASSESS]
    assert shown_stages(page(cast, cast.reviewer)) == [SELF, ASSESS, REVIEW]
    make.bring_to(cast, State.FINAL)
    assert shown_stages(page(cast, cast.clerk)) == [SELF, ASSESS, REVIEW]


def test_buttons_are_the_moves_of_the_table(cast):
    assert offered(page(cast, cast.clerk)) == []
    assert offered(page(cast, cast.chair)) == ["submit"]
    make.bring_to(cast, State.ASSESSING)
    assert offered(page(cast, cast.assessor)) == ["send-back", "forward"]
    assert offered(page(cast, cast.department_assessor)) == []
    assert offered(page(cast, cast.admin)) == ["withdraw"]


def test_the_sheet_is_one_click_away_for_who_writes_it(cast):
    assert page(cast, cast.clerk).context["open_stage"] == SELF
    assert page(cast, cast.auditor).context["open_stage"] == ""


# --- What it says ---


def test_sums_stand_side_by_side_with_the_bonus_apart(cast):
    make.fill(cast.clerk, cast.assessment, SELF)
    make.save(cast.clerk, cast.assessment, SELF, "3-3", counts={"city": "1", "nation": "1"})
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "3.5")
    response = page(cast, cast.clerk)
    (column,) = response.context["columns"]
    assert (column.points, column.maximum, column.bonus, column.band) == ("43.5", "40", "+5", "一星")
    assert [(line.name, line.full, line.cells) for line in response.context["lines"]] == [
        ("项目1", "12", (("10.5", "", ""),)),
        ("项目2", "25", (("25", "", ""),)),
        ("项目3", "3", (("3", "+5", ""),)),
    ]


def test_how_it_was_computed_can_be_read_line_by_line(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-3", counts={"absent": "3"})
    (column,) = page(cast, cast.clerk, language="en").context["columns"]
    assert "Item 1-3: 4 − 1.5 = 2.5" in column.lines
    assert column.lines[-1] == "Total: 2.5 of 40"


def test_nothing_marked_is_not_zero(cast):
    (column,) = page(cast, cast.clerk).context["columns"]
    assert (column.points, column.lines) == ("", ())


def test_where_it_stands_follows_the_stages_of_the_rubric(cast):
    make.bring_to(cast, State.ASSESSING)
    assert [stop.phase for stop in page(cast, cast.clerk).context["way"]] == [
        "is-done",
        "is-now",
        "is-ahead",
        "is-ahead",
    ]
    two = make.cast(stages=2)
    assert len(page(two, two.clerk).context["way"]) == 3


def test_the_log_says_who_when_why_and_which_items(cast):
    make.bring_to(cast, State.ASSESSING)
    services.move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="<b>补充</b>", items=["1-1"])
    response = page(cast, cast.clerk)
    assert [step.action for step in response.context["steps"]] == [Action.SEND_BACK, Action.SUBMIT]
    html = response.content.decode()
    assert "&lt;b&gt;补充&lt;/b&gt;" in html
    assert str(cast.assessor) in html


def test_the_page_runs_the_same_queries_for_more_steps(cast, django_assert_max_num_queries):
    make.bring_to(cast, State.ASSESSING)
    client, url = as_(cast.assessor), reverse("assessments:detail", args=[cast.assessment.pk])
    client.get(url)
    with django_assert_max_num_queries(22) as seen:
        client.get(url)
    services.move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="补充", items=["1-1", "1-2"])
    services.move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    with django_assert_max_num_queries(len(seen) + 1):  # the named items, where a step has some
        client.get(url)


# --- Departments ---


def sign(user, cast, department, route="sign_off"):
    return as_(user).post(reverse(f"assessments:{route}", args=[cast.assessment.pk, department.pk]), follow=True)


def test_a_department_signs_off_and_takes_back(cast):
    make.bring_to(cast, State.ASSESSING)
    make.fill(cast.department_assessor, cast.assessment, ASSESS)
    duty = page(cast, cast.department_assessor).context["duties"][0]
    assert (duty.name, duty.marked, duty.items, duty.may_sign) == (make.OFFICE, 3, 3, True)
    assert sign(cast.department_assessor, cast, cast.office).redirect_chain
    assert Signoff.objects.get().department == cast.office
    assert page(cast, cast.department_assessor).context["duties"][0].may_take_back
    sign(cast.department_assessor, cast, cast.office, "take_back")
    assert not Signoff.objects.exists()


def test_a_sign_off_with_blank_items_is_refused_in_words(cast):
    make.bring_to(cast, State.ASSESSING)
    response = sign(cast.department_assessor, cast, cast.office)
    assert "1-1" in str(next(iter(get_messages(response.wsgi_request))))
    assert not Signoff.objects.exists()


def test_signing_for_others_early_or_elsewhere_is_refused(cast):
    assert sign(cast.assessor, cast, cast.office).status_code == 409
    make.bring_to(cast, State.ASSESSING)
    assert sign(cast.staff_assessor, cast, cast.office).status_code == 403
    assert sign(cast.clerk, cast, cast.office).status_code == 403
    assert sign(cast.stranger, cast, cast.office).status_code == 404
    foreign = make.department(cast.other_county, make.OFFICE)
    assert sign(cast.assessor, cast, foreign).status_code == 404
    assert not Signoff.objects.exists()


def test_the_organisation_does_not_see_how_departments_get_on(cast):
    make.bring_to(cast, State.ASSESSING)
    assert page(cast, cast.clerk).context["duties"] == []
    assert len(page(cast, cast.auditor).context["duties"]) == 2


# --- History of an item ---


def history(cast, user, stage=SELF, key="1-1"):
    return as_(user).get(reverse("assessments:item_history", args=[cast.assessment.pk, stage, key]))


def test_every_save_of_an_item_can_be_read(cast):
    make.save(cast.clerk, cast.assessment, SELF, "1-1", "4", remark="初稿")
    make.save(cast.chair, cast.assessment, SELF, "1-1", not_applicable=True, reason="不涉及")
    said = history(cast, cast.clerk).context["sayings"]
    assert [(one.by, one.remark) for one in said] == [(str(cast.chair), ""), (str(cast.clerk), "初稿")]
    assert "不涉及" in said[0].said
    assert said[1].said == "4"


def test_the_history_has_the_rights_of_its_sheet(cast):
    assert history(cast, cast.assessor).status_code == 403
    assert history(cast, cast.stranger).status_code == 404
    assert history(cast, cast.clerk, ASSESS).status_code == 403
    make.bring_to(cast, State.ASSESSING)
    assert history(cast, cast.assessor).status_code == 200


@pytest.mark.parametrize(("stage", "key"), [("self", "9-9"), ("self", "2-4"), ("other", "1-1")])
def test_an_item_or_stage_that_is_not_there(cast, stage, key):
    assert history(cast, cast.clerk, stage, key).status_code == 404


def test_an_auditor_of_a_branch_reads_the_log(cast):
    make.bring_to(cast, State.ASSESSING)
    auditor = make.person((cast.county, Role.AUDITOR))
    assert [step.action for step in page(cast, auditor).context["steps"]] == [Action.SUBMIT]
