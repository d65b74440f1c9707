"""Who enters an objection, when, and what is kept of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from assessments.calendars import due_day
from assessments.models import Channel, DayCount, Message, Notice, Objection, ObjectionState
from assessments.services import Forbidden, Refused, WrongState, publishing
from orgs.roles import Role
from tests import factories as make
from tests.assessments.objections import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_a_chair_objects_in_the_name_of_the_union(cast):
    made = hold.entered(cast, cast.chair, items=["1-1", "2-1"], contact="82220001", organization=cast.township)
    kept = Objection.objects.get()
    today = timezone.localdate()
    assert made == kept
    assert (kept.number, kept.channel, kept.state) == (1, Channel.LOGIN, ObjectionState.OPEN)
    assert (kept.objector, kept.objector_contact, kept.organization) == (
        cast.chair.full_name,
        "82220001",
        cast.township,
    )
    assert (kept.received_on, kept.due_on) == (today, today + hold.days(10))
    assert sorted(kept.items.values_list("key", flat=True)) == ["1-1", "2-1"]
    assert kept.notice == hold.notice(cast)


def test_others_who_see_the_cycle_object_in_their_own_name(cast):
    neighbour = make.person((cast.neighbour, Role.CLERK))
    for by in (cast.clerk, neighbour, cast.assessor):
        assert hold.entered(cast, by).organization is None
        with pytest.raises(Forbidden, match="Only its chair"):
            hold.entered(cast, by, statement="另一条", organization=by.memberships.get().organization)
    chair = make.person((cast.neighbour, Role.CHAIR))
    assert hold.entered(cast, chair, organization=cast.neighbour).number == 4
    with pytest.raises(Refused, match=r"leave .* out of it"):
        hold.entered(cast, chair, organization=cast.neighbour, statement=f"{cast.neighbour.name}认为偏高")
    own = f"{cast.township.name}认为偏低"
    assert hold.entered(cast, cast.chair, organization=cast.township, statement=own).number == 5
    elsewhere = make.person((make.organization(), Role.CHAIR))
    with pytest.raises(Forbidden, match="takes part"):
        hold.entered(cast, elsewhere, organization=elsewhere.memberships.get().organization)


def test_who_decides_registers_for_others_and_nobody_else_does(cast):
    assert hold.visited(cast).objector == hold.NAME
    assert hold.visited(cast, cast.admin, statement="来信", channel=Channel.LETTER, objector="", contact="").number == 2
    for by in (cast.chair, cast.assessor, cast.auditor, cast.stranger, cast.superuser):
        with pytest.raises(Forbidden):
            hold.visited(cast, by)
    for by in (cast.reviewer, cast.admin, cast.auditor, cast.unposted):
        with pytest.raises(Forbidden):
            hold.entered(cast, by)
    assert Objection.objects.count() == 2


def test_a_decider_of_the_organisation_itself_objects_like_anybody(cast):
    both = make.person((cast.city, Role.REVIEWER), (cast.township, Role.CHAIR))
    with pytest.raises(Forbidden):
        hold.visited(cast, both)
    assert hold.entered(cast, both, organization=cast.township).channel == Channel.LOGIN


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"statement": " "}, "say what is objected to"),
        ({"statement": f"{hold.NAME}认为偏低"}, "leave “王秘密” out"),
        ({"statement": f"请回电{hold.CONTACT}"}, "leave “13900000001” out"),
        ({"statement": "长" * 2001}, "at most 2000"),
        ({"items": ["9-9"]}, "can't be named"),
        ({"items": ["2-4"]}, "can't be named"),  # an item for systems
        ({"channel": "rumour"}, "how it came in"),
        ({"received_on": None}, "the day on which it came in"),
        ({"received_on": date(2999, 1, 1)}, "can't lie ahead"),
        ({"received_on": date(2020, 1, 1)}, "No notice ran on 2020-01-01"),
    ],
)
def test_what_is_refused(cast, said, sentence):
    with pytest.raises(Refused, match=sentence):
        hold.visited(cast, **said)
    assert not Objection.objects.exists()


def test_a_second_click_registers_nothing(cast):
    hold.visited(cast)
    with pytest.raises(Refused, match=r"as No\. 1"):
        hold.visited(cast)
    assert Objection.objects.count() == 1


def test_the_last_second_is_in_and_what_came_in_time_is_registered_later(cast, monkeypatch):
    notice = hold.notice(cast)
    monkeypatch.setattr(timezone, "localdate", lambda *_: notice.ends_on)
    assert hold.entered(cast, cast.chair).received_on == notice.ends_on
    monkeypatch.setattr(timezone, "localdate", lambda *_: notice.ends_on + hold.days(1))
    with pytest.raises(WrongState, match="The notice ended with"):
        hold.entered(cast, cast.chair, statement="迟到")
    with pytest.raises(WrongState, match="The notice ended with"):
        hold.visited(cast, received_on=notice.ends_on + hold.days(1))
    late = hold.visited(cast, received_on=notice.ends_on)
    assert (late.received_on, late.due_on) == (notice.ends_on, notice.ends_on + hold.days(10))


def test_before_its_first_day_and_after_closing_nobody_objects(db):
    cast = make.cast(rubric=make.small_rubric(stages=2))
    with pytest.raises(WrongState, match="not on public notice yet"):
        hold.entered(cast, cast.chair)
    notice = make.publish_cycle(cast, starts_on=timezone.localdate() + hold.days(3))
    with pytest.raises(WrongState, match="from the first day of the notice on"):
        hold.entered(cast, cast.chair)
    make.run_out(notice)
    publishing.close_cycle(make.again(cast.reviewer), cast.cycle)
    in_time = hold.notice(cast).ends_on
    with pytest.raises(WrongState, match="The cycle is closed"):
        hold.visited(cast, received_on=in_time)


def test_an_objection_is_to_the_notice_that_ran_when_it_came_in(cast):
    first = hold.notice(cast)
    make.publish_cycle(cast)
    assert hold.visited(cast).notice.snapshot.number == 2
    yesterday = timezone.localdate() - hold.days(1)
    QuerySet(Notice).filter(pk=first.pk).update(starts_on=yesterday)
    later = hold.visited(cast, statement="昨日来访", received_on=yesterday)
    assert (later.notice.snapshot.number, later.number) == (1, 2)  # numbers count through the cycle


def test_working_days_count_from_the_day_after(cast):
    cast.cycle.recheck_count, cast.cycle.recheck_days = DayCount.WORKING, 1
    cast.cycle.save()
    assert hold.visited(cast).due_on == due_day(timezone.localdate(), 1, DayCount.WORKING)


def test_messages_do_not_say_who_objected(cast):
    chair = make.person((cast.neighbour, Role.CHAIR), name="赵主席")
    hold.visited(cast)
    hold.entered(cast, chair, organization=cast.neighbour)
    told = " ".join(Message.objects.values_list("text", flat=True))
    assert told
    assert not [secret for secret in (hold.NAME, hold.CONTACT, "赵主席", cast.neighbour.name) if secret in told]
