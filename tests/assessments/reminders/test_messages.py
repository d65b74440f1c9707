"""站内消息: who is told of what, once, and how they read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import services
from assessments.models import Message, Step
from assessments.reminders.reminding import MOVED
from assessments.services.messages import people_of, tell, tell_step
from assessments.workflow import Action, State
from orgs.models import Membership, Organization, User
from orgs.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make.cast()


def told():
    """By the action that it is about, who was told."""
    steps = {f"step-{step.pk}": step.action for step in Step.objects.all()}
    found: dict[str, set[int]] = {}
    for message in Message.objects.all():
        found.setdefault(steps.get(message.occasion, message.occasion), set()).add(message.to_id)
    return found


def visiting(user):
    client = Client()
    client.force_login(user)
    return client


def test_who_has_to_act_is_told_and_of_the_end_who_was_assessed(cast):
    unit = {cast.clerk.pk, cast.chair.pk}
    make.bring_to(cast, State.ASSESSING)
    assert told() == {}, "what was handed in stands on the home page"
    services.move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason="缺材料")
    assert told() == {Action.SEND_BACK: unit}
    make.bring_to(cast, State.REVIEWING)
    services.move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考")
    back = Message.objects.latest("pk").occasion
    assert set(Message.objects.filter(occasion=back).values_list("to", flat=True)) == {
        cast.assessor.pk,
        cast.department_assessor.pk,
        cast.staff_assessor.pk,
    }
    make.bring_to(cast, State.REVIEWING)
    services.move(make.again(cast.reviewer), cast.assessment, Action.SEND_BACK, reason="重考", items=["2-1"])
    back = Message.objects.latest("pk").occasion
    assert set(Message.objects.filter(occasion=back).values_list("to", flat=True)) == {
        cast.assessor.pk,
        cast.staff_assessor.pk,
    }, "the other department stays signed off"
    make.sign_all(cast.assessor, cast.assessment)
    services.move(make.again(cast.assessor), cast.assessment, Action.FORWARD)
    make.bring_to(cast, State.FINAL)
    assert told()[Action.CONFIRM] == unit
    services.move(make.again(cast.reviewer), cast.assessment, Action.REOPEN, reason="有误")
    assert Action.REOPEN not in told(), "the only reviewer did it"
    services.move(make.again(cast.admin), cast.assessment, Action.WITHDRAW, reason="撤销")
    services.move(make.again(cast.admin), cast.assessment, Action.RESUME, reason="恢复")
    assert told()[Action.WITHDRAW] == told()[Action.RESUME] == unit


def test_a_refused_move_tells_nobody(cast):
    with pytest.raises(services.Refused):
        services.move(make.again(cast.chair), cast.assessment, Action.SUBMIT)
    make.bring_to(cast, State.ASSESSING)
    with pytest.raises(services.Refused):
        services.move(make.again(cast.assessor), cast.assessment, Action.SEND_BACK, reason=" ")
    assert told() == {}


def test_messages_speak_the_language_of_the_site_and_say_no_reason(cast):
    make.bring_to(cast, State.ASSESSING)
    client = visiting(cast.assessor)
    client.cookies["django_language"] = "en"
    url = reverse("assessments:send_back", args=[cast.assessment.pk])
    client.post(url, {"reason": "某某人举报", "seen": State.ASSESSING})
    message = Message.objects.filter(to=cast.chair).get()
    assert cast.township.name in message.text
    assert cast.cycle.name in message.text
    assert "某某人" not in message.text
    assert message.url == reverse("assessments:detail", args=[cast.assessment.pk])


@pytest.mark.any_database
def test_drawn_organisations_are_told_of_once_a_day(cast):
    """However many a draw calls up, each reviewer reads one line."""
    others = make.person((cast.city, Role.REVIEWER))
    for number, assessment in enumerate(cast.cycle.assessments.all(), 1):
        step = Step(
            pk=number,
            assessment=assessment,
            number=1,
            action=Action.CALL_UP,
            source=State.FINAL,
            target=State.REVIEWING,
            by=cast.reviewer,
            at=timezone.now(),
        )
        tell_step(step)
    assert list(Message.objects.values_list("to", flat=True)) == [others.pk]


@pytest.mark.any_database
def test_every_move_that_is_told_of_names_its_organisation(cast):
    assert Action.SUBMIT not in MOVED
    assert Action.FORWARD not in MOVED
    for action, sentence in MOVED.items():
        assert ("%(unit)s" in str(sentence)) == (action != Action.CALL_UP)


def test_an_occasion_is_told_once_to_each(cast):
    people = [cast.clerk.pk, cast.chair.pk]
    tell(people[:1], "same", "一")
    tell([*people, *people], "same", "二", "/")
    tell(people, "other", "三")
    assert sorted(Message.objects.values_list("to", "text")) == sorted(
        [(people[0], "一"), (people[1], "二"), (people[0], "三"), (people[1], "三")]
    )


def test_people_are_who_can_act_there_now(cast):
    heir = make.organization(cast.county)
    Organization.objects.filter(pk=cast.neighbour.pk).update(merged_into=heir, closed_on=timezone.localdate())
    in_heir, gone = make.person((heir, Role.CHAIR)), make.person((cast.township, Role.CHAIR), is_active=False)
    of_closed = make.person((cast.neighbour, Role.CHAIR))
    found = people_of([cast.township.pk, cast.neighbour.pk, heir.pk], {Role.CHAIR})
    assert dict(found) == {
        cast.township.pk: [cast.chair.pk],
        cast.neighbour.pk: [in_heir.pk],
        heir.pk: [in_heir.pk],
    }
    assert not {gone.pk, of_closed.pk} & {person for people in found.values() for person in people}


def test_many_are_told_in_a_few_queries(cast, django_assert_max_num_queries):
    users = User.objects.bulk_create(User(username=f"u{n}", full_name=f"{n}") for n in range(2500))
    Membership.objects.bulk_create(Membership(user=user, organization=cast.township, role=Role.CLERK) for user in users)
    with django_assert_max_num_queries(20):
        tell([user.pk for user in users], "all", "通知")
    assert Message.objects.count() == 2500


# --- Reading ---


def test_the_bell_counts_what_is_unread_and_the_page_marks_it(cast, django_assert_num_queries):
    client, url = visiting(cast.clerk), reverse("inbox:list")
    assert "empty-state" in client.get(url).content.decode()
    tell([cast.clerk.pk, cast.chair.pk], "a", "第一条", reverse("cycles:list"))
    with django_assert_num_queries(5) as seen:
        client.get(url)
    for number in range(4):
        tell([cast.clerk.pk], f"b{number}", "另一条")
    with django_assert_num_queries(len(seen)):
        page = client.get(url)
    assert '<b class="bell-count">5</b>' in page.content.decode()

    first = Message.objects.get(to=cast.clerk, occasion="a")
    assert client.post(reverse("inbox:follow", args=[first.pk])).url == reverse("cycles:list")
    assert [one.occasion for one in client.get(url, {"unread": "1"}).context["page"]] == ["b3", "b2", "b1", "b0"]
    read_at = Message.objects.get(pk=first.pk).read_at
    client.post(reverse("inbox:read_all"))
    assert not Message.objects.filter(to=cast.clerk, read_at=None).exists()
    assert Message.objects.get(pk=first.pk).read_at == read_at
    assert Message.objects.get(to=cast.chair).read_at is None, "another's stay as they are"
    assert "bell-count" not in client.get(url).content.decode()
    assert visiting(cast.chair).post(reverse("inbox:follow", args=[first.pk])).status_code == 404


@pytest.mark.any_database
def test_more_than_a_hundred_are_not_counted(cast):
    Message.objects.bulk_create(
        Message(to=cast.clerk, occasion=str(n), text="-", at=timezone.now() - timedelta(n)) for n in range(120)
    )
    assert '<b class="bell-count">99+</b>' in visiting(cast.clerk).get(reverse("home")).content.decode()
