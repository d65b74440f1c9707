"""延期: one organisation gets longer for one stage, and every place that shows a deadline knows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import deadlines, waiting
from assessments.listing import Wanted, for_list, list_rows, matching
from assessments.models import Assessment, Cycle, Extension, Message
from assessments.progress import course, stage_ends
from assessments.services import Forbidden, Refused, WrongState
from assessments.services.extensions import extend
from assessments.workflow import Stage, State
from orgs.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast():
    """The self-score was due yesterday, the assessment is due in a month, the review in two."""
    made = make.cast()
    today = timezone.localdate()
    Cycle.objects.update(self_deadline=today - DAY, assess_deadline=today + 30 * DAY, review_deadline=today + 60 * DAY)
    made.cycle.refresh_from_db()
    return made


def later(cast, by, days=10, stage=Stage.SELF, reason="换届"):
    return extend(make.again(by), cast.assessment, stage, timezone.localdate() + days * DAY, reason)


def late_ones(queryset=None):
    return set(deadlines.overdue(queryset if queryset is not None else Assessment.objects.all()))


def row_of(cast, user):
    found = list_rows(make.again(user), for_list(matching(make.again(user), Wanted())))
    return next(row for row in found if row.name == cast.township.name)


def test_every_place_shows_the_longer_day_of_this_organisation_alone(cast):
    assert late_ones() == set(cast.cycle.assessments.all())
    assert row_of(cast, cast.admin).state_class == "is-late"
    given_ = later(cast, cast.assessor)
    day = timezone.localdate() + 10 * DAY

    others = set(cast.cycle.assessments.exclude(pk=cast.assessment.pk))
    assert late_ones() == others
    assert set(matching(make.again(cast.admin), Wanted(overdue=True))) == others
    assert row_of(cast, cast.admin).state_class == "is-waiting"
    (task,) = waiting.groups(make.again(cast.clerk))[0].tasks
    assert (task.deadline, task.late, task.words) == (day, False, deadlines.in_words(day))
    assert deadlines.own_day(cast.now(), Stage.SELF) == day
    (end, *rest) = stage_ends(cast.admin, cast.cycle, course(cast.admin, cast.cycle))
    assert (end.day, end.extended, end.latest) == (cast.cycle.self_deadline, 1, day)
    assert [one.extended for one in rest] == [0, 0]

    client = Client()
    client.force_login(cast.clerk)
    page = client.get(reverse("assessments:detail", args=[cast.assessment.pk]))
    assert (page.context["way"][0].deadline, page.context["way"][0].late) == (day, False)
    assert page.context["extensions"] == [given_]
    assert "换届" in page.content.decode()
    assert (
        day.isoformat() in client.get(reverse("assessments:sheet", args=[cast.assessment.pk, "self"])).content.decode()
    )


def test_what_waits_is_ordered_by_the_day_that_counts(cast):
    clerk = make.person((cast.township, Role.CLERK), (cast.neighbour, Role.CLERK))
    later(cast, cast.assessor)
    assert [task.name for task in waiting.groups(clerk)[0].tasks] == [cast.neighbour.name, cast.township.name]


def test_the_newest_counts_and_the_cycle_s_own_day_where_it_is_later(cast):
    later(cast, cast.assessor, 300, reason="写错了年份")
    wrong, right = Extension.objects.get(), later(cast, cast.reviewer, 5)
    today = timezone.localdate()
    assert deadlines.own_day(cast.now(), Stage.SELF) == today + 5 * DAY
    assert list(cast.now().extensions.all()) == [right, wrong]
    assert deadlines.longest(Assessment.objects.all()) == {Stage.SELF: (1, today + 5 * DAY)}
    Cycle.objects.update(self_deadline=today + 20 * DAY)
    assert deadlines.own_day(cast.now(), Stage.SELF) == today + 20 * DAY
    assert waiting.groups(make.again(cast.clerk))[0].tasks[0].deadline == today + 20 * DAY


def test_a_stage_has_its_own(cast):
    later(cast, cast.reviewer, 40, Stage.ASSESS)
    assert cast.assessment in late_ones(), "the self-score has no longer day"
    make.bring_to(cast, State.ASSESSING)
    assert row_of(cast, cast.admin).state_class == "is-running"
    assert waiting.groups(make.again(cast.assessor))[0].tasks[0].deadline == timezone.localdate() + 40 * DAY
    Cycle.objects.update(assess_deadline=timezone.localdate() - DAY)
    assert cast.assessment not in late_ones()


def test_who_has_to_act_is_told_and_a_late_sheet_is_still_taken(cast):
    later(cast, cast.assessor)
    told = Message.objects.filter(occasion__startswith="extension-")
    assert set(told.values_list("to", flat=True)) == {cast.clerk.pk, cast.chair.pk}
    assert (timezone.localdate() + 10 * DAY).isoformat() in told[0].text
    Extension.objects.update(day=timezone.localdate() - DAY)
    assert cast.assessment in late_ones()
    make.finish_stage(cast)
    assert cast.now().state == State.ASSESSING


@pytest.mark.any_database
def test_what_is_refused_changes_nothing(cast):
    today = timezone.localdate()
    for days, reason in ((-1, "换届"), (-2, "换届"), (10, " "), (10, "长" * 501)):
        with pytest.raises(Refused):
            later(cast, cast.assessor, days, reason=reason)
    with pytest.raises(Refused):
        later(cast, cast.reviewer, 30, Stage.ASSESS)  # the day of everybody
    later(cast, cast.assessor)
    with pytest.raises(Refused):
        later(cast, cast.assessor)  # the same again
    for by in (cast.clerk, cast.chair, cast.department_assessor, cast.auditor, cast.stranger, cast.superuser):
        with pytest.raises(Forbidden):
            later(cast, by, 20)
    with pytest.raises(Forbidden):
        later(cast, cast.assessor, 50, Stage.ASSESS)  # nobody gives themselves longer
    own = make.person((cast.city, Role.ADMIN), (cast.township, Role.CLERK))
    with pytest.raises(Forbidden):
        later(cast, own, 20)
    make.bring_to(cast, State.ASSESSING)
    with pytest.raises(WrongState):
        later(cast, cast.assessor, 20)
    make.bring_to(cast, State.FINAL)
    with pytest.raises(WrongState):
        later(cast, cast.admin, 90, Stage.REVIEW)
    assert list(Extension.objects.values_list("day", flat=True)) == [today + 10 * DAY]


@pytest.mark.any_database
def test_the_page_says_what_is_wrong_beside_the_form(cast):
    client, url = Client(), reverse("assessments:extend", args=[cast.assessment.pk])
    client.force_login(cast.assessor)
    assert [value for value, _label in client.get(url).context["form"].fields["stage"].choices] == [Stage.SELF]
    said = {"stage": "self", "day": timezone.localdate() + 3 * DAY, "reason": "换届"}
    for wrong, field in (({"day": "2026-02-30"}, "day"), ({"stage": "review"}, "stage"), ({"reason": ""}, "reason")):
        assert field in client.post(url, said | wrong).context["form"].errors
    assert client.post(url, said | {"day": "2020-01-01"}).context["form"].non_field_errors()
    assert not Extension.objects.exists()
    assert client.post(url, said).url == reverse("assessments:detail", args=[cast.assessment.pk])
    assert (Extension.objects.get().by, Extension.objects.get().reason) == (cast.assessor, "换届")


@pytest.mark.any_database
@settings(max_examples=60)
@given(
    st.integers(-5, 5),
    st.sampled_from([State.SELF_SCORING, State.ASSESSING, State.REVIEWING, State.FINAL]),
    st.lists(st.tuples(st.sampled_from(list(Stage)), st.integers(-6, 6)), max_size=4),
)
def test_the_database_reckons_as_the_words_do(transactional_cast, common, state, given_):
    """`overdue` and `effective` in SQL agree with `deadline` on values, whatever was extended."""
    assessment, by, today = transactional_cast
    Extension.objects.all().delete()
    Assessment.objects.filter(pk=assessment.pk).update(state=state)
    Cycle.objects.update(**dict.fromkeys(deadlines.FIELD.values(), today + common * DAY))
    for stage, days in given_:
        Extension.objects.create(
            assessment=assessment, stage=stage, day=today + days * DAY, reason="-", by=by, at=timezone.now()
        )
    newest = {stage: today + days * DAY for stage, days in given_}
    cycle = Cycle.objects.get()
    for stage in Stage:
        (found,) = Assessment.objects.filter(pk=assessment.pk).annotate(day=deadlines.effective(stage))
        assert (
            found.day
            == deadlines.last_day(cycle, stage, newest.get(stage))
            == max(today + common * DAY, newest.get(stage, date.min))
        )
    (found,) = Assessment.objects.filter(pk=assessment.pk).annotate(extended_to=deadlines.extended_now())
    day = deadlines.deadline(cycle, state, found.extended_to)
    assert bool(late_ones(Assessment.objects.filter(pk=assessment.pk))) == deadlines.is_late(day)


@pytest.fixture
def transactional_cast():
    made = make.cast()
    return made.assessment, made.admin, timezone.localdate()
