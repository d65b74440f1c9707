"""Rounds, candidates and titles through their services: what is awarded, and what is refused with which sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.awards.merits import findings
from assessments.awards.permissions import recommended_by
from assessments.models import (
    AwardRound,
    Candidacy,
    CandidacyState,
    Condition,
    Ladder,
    Message,
    Rung,
    Subject,
    Title,
)
from assessments.services import Forbidden, Refused, WrongState, awards
from assessments.services.awards import Earlier
from assessments.workflow import State
from orgs.models import Level
from orgs.roles import Role
from orgs.services import merge_organizations, move_organization
from tests import factories as make
from tests.assessments.awards import scene as set_up
from tests.assessments.awards.scene import THREE, YEAR
from tests.assessments.ballots import hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db):
    return set_up.scene()


def award(here, candidacy):
    return awards.award(make.again(here.reviewer), candidacy)


def found(candidacy, year=YEAR):
    [own] = findings([candidacy], year)
    return [one.met for one in own]


def standing():
    """All that awards may change."""
    return [sorted(model.objects.values_list()) for model in (AwardRound, Title)] + [
        sorted(Candidacy.objects.values_list("pk", "state", "reason", "decided_by"))
    ]


# --- The ladders that come along ---


def test_the_shipped_ladders_load_twice_and_say_what_the_document_says(here):
    call_command("loaddata", "award_ladders", verbosity=0)
    rungs = Rung.objects.order_by("ladder__slug", "position").values_list("name", "prize", "limit", "goal", "holder")
    assert list(rungs) == [
        ("合格职工之家", "", None, 85, "organization"),
        ("市级模范职工之家", "", None, 30, "organization"),
        ("江苏省模范职工之家", "", None, None, "organization"),
        ("十佳模范职工之家", "省五一劳动奖状", 10, None, "organization"),
        ("江苏省优秀工会工作者", "", None, None, "person"),
        ("十佳工会工作者", "省五一劳动奖章", 10, None, "person"),
    ]
    asked = Condition.objects.order_by("rung__ladder__slug", "position").values_list(
        "rung__code", "kind", "needs__name", "years", "percent", "subject"
    )
    ballots = [("top-ten", "ballot_years", None, 3, 95, subject) for subject in ("union", "chair")]
    assert list(asked) == [
        ("top-ten", "base", None, None, None, ""),
        ("top-ten", "title", "江苏省模范职工之家", None, None, ""),
        *ballots,
        ("top-ten", "base", None, None, None, ""),
        ("top-ten", "title", "江苏省优秀工会工作者", None, None, ""),
        *ballots,
    ]
    assert all(len(rung.source) > 20 for rung in Rung.objects.all())


# --- A round from opening to closing ---


def test_a_title_is_awarded_when_every_condition_is_met_and_the_findings_are_kept(here):
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.base, statement="连续三年优秀")
    assert found(candidacy) == [True, False, False, False]
    with pytest.raises(Refused, match="Not all conditions are met: Holds the title “江苏省模范职工之家”"):
        award(here, candidacy)
    assert Candidacy.objects.get().findings == []
    set_up.ready(here, here.base)
    with pytest.raises(Refused, match="1 candidate has not been decided on yet"):
        awards.close_round(make.again(here.reviewer), one)
    title = award(here, candidacy)
    assert (title.rung.code, title.organization, title.person, title.round) == ("top-ten", here.base, "", one)
    assert title.awarded_on == timezone.localdate()
    kept = Candidacy.objects.get()
    assert (kept.state, kept.decided_by) == (CandidacyState.AWARDED, here.reviewer)
    assert [finding["met"] for finding in kept.findings] == [True] * 4
    assert kept.findings[2] == {
        "asks": "The union: at least 95% satisfied, 3 calendar years in a row",
        "met": True,
        "evidence": [f"{year}: 95 of 100 valid votes satisfied, 95% ({year}年考核, “The union”)" for year in THREE],
    }
    awards.revoke_title(make.again(here.admin), Title.objects.get(rung__code="province-model"), "复查不合格")
    assert Candidacy.objects.get().findings == kept.findings
    awards.close_round(make.again(here.reviewer), one)
    one.refresh_from_db()
    assert one.closed_by == here.reviewer


def test_the_organisation_and_the_union_that_recommended_it_are_told_of_the_decision(here):
    one = set_up.opened(here)
    clerk = make.person((here.base, Role.CLERK))
    rung = set_up.rung("city-model")
    own = awards.propose(make.again(here.assessor), one, rung, here.base)
    other = set_up.proposed(here, one, here.other, "city-model")
    assert [candidacy.recommended_by for candidacy in (own, other)] == [here.county, here.city]
    assert not Message.objects.exists()
    award(here, own)
    awards.decline(make.again(here.admin), other, "材料不实")
    told: dict[str, set[int]] = {}
    for message in Message.objects.all():
        told.setdefault(message.text, set()).add(message.to_id)
    unit, county = {here.chair.pk, clerk.pk}, {here.county_admin.pk, here.assessor.pk}
    assert list(told.values()) == [unit | county], "of the city's own candidate only who decided could be told"
    [text] = told
    assert ("第一轮评选" in text, "盛泽丝绸工会" in text, "市级模范职工之家" in text) == (True, True, True)
    client = Client()
    client.force_login(here.chair)
    assert client.get(Message.objects.first().url).status_code == 200


def test_an_industrial_union_recommends_whom_it_leads_where_the_round_says_so(here):
    union = make.second_superior(here.base, here.city)
    other = make.organization(here.city, "union", Level.INDUSTRY)
    assessor = make.person((union, Role.ASSESSOR))
    elsewhere = make.person((other, Role.ASSESSOR), (other, Role.ADMIN))
    rung = set_up.rung("city-model")
    territorial, both = set_up.opened(here), set_up.opened(here, name="第二轮评选", industrial=True)
    for who, one in ((assessor, territorial), (elsewhere, both)):
        assert not recommended_by(make.again(who), one).exists()
        with pytest.raises(Forbidden):
            awards.propose(make.again(who), one, rung, here.base)
    assert list(recommended_by(make.again(assessor), both)) == [here.base]
    candidacy = awards.propose(make.again(assessor), both, rung, here.base)
    assert candidacy.recommended_by == union
    award(here, candidacy)
    assert set(Message.objects.values_list("to", flat=True)) == {here.chair.pk, assessor.pk}
    for who, status in ((assessor, 200), (here.assessor, 200), (elsewhere, 404)):
        client = Client()
        client.force_login(who)
        page = reverse("awards:candidacy", args=[candidacy.pk])
        assert client.get(page).status_code == status
        assert client.get(reverse("awards:organization", args=[here.base.pk])).status_code == status
        assert client.get(reverse("awards:round", args=[both.pk])).status_code == 200


def test_what_is_decided_or_closed_stays(here):
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.base, "city-model")
    with pytest.raises(Refused, match="give the reason"):
        awards.decline(make.again(here.reviewer), candidacy, " \x0b ")
    awards.decline(make.again(here.reviewer), candidacy, "材料不实")
    kept = Candidacy.objects.get()
    assert (kept.state, kept.reason, kept.findings) == (CandidacyState.DECLINED, "材料不实", [])
    assert not Title.objects.exists()
    waiting = set_up.proposed(here, one, here.other, "city-model")
    for act in (
        lambda: award(here, candidacy),
        lambda: awards.decline(make.again(here.reviewer), candidacy, "再想想"),
    ):
        with pytest.raises(WrongState, match="decided already: “Not awarded”"):
            act()
    award(here, waiting)
    awards.close_round(make.again(here.admin), one)
    before = standing()
    for act in (
        lambda: set_up.proposed(here, one, here.far, "city-model"),
        lambda: award(here, candidacy),
        lambda: awards.close_round(make.again(here.admin), one),
    ):
        with pytest.raises(WrongState, match="“第一轮评选” is closed"):
            act()
    assert standing() == before


def test_a_round_awards_ten_of_the_ten_best_and_no_eleventh(here):
    Condition.objects.all().delete()
    one = set_up.opened(here)
    candidates = [
        set_up.proposed(here, one, set_up.grassroots(here.county, f"企业工会{number}")) for number in range(11)
    ]
    for candidacy in candidates[:10]:
        award(here, candidacy)
    with pytest.raises(Refused, match="All 10 places of “十佳模范职工之家” are given"):
        award(here, candidates[10])
    awards.revoke_title(make.again(here.reviewer), Title.objects.first(), "弄虚作假")
    with pytest.raises(Refused, match="All 10 places"):  # a place that was given is given
        award(here, candidates[10])
    award(here, set_up.proposed(here, one, here.base, "city-model"))
    next_one = set_up.opened(here, name="第二轮评选")
    award(here, set_up.proposed(here, next_one, candidates[10].organization))


def test_a_person_is_a_candidate_for_what_persons_hold(here):
    one = set_up.opened(here, ladder=Ladder.objects.get(slug="jiangsu-union-worker"))
    with pytest.raises(Refused, match="is a title of a person: please enter the name"):
        set_up.proposed(here, one, here.base, person=" ")
    candidacy = set_up.proposed(here, one, here.base, person=" 王 芳 ")
    set_up.good_years(here, here.base)
    assert found(candidacy) == [True, False, True, True]
    set_up.titled(here, here.base, "province-worker", ladder="jiangsu-union-worker", person="李明")
    assert found(candidacy)[1] is False
    set_up.titled(here, here.base, "province-worker", ladder="jiangsu-union-worker", person="王 芳")
    assert award(here, candidacy).person == "王 芳"
    homes = set_up.opened(here, name="职工之家评选")
    with pytest.raises(Refused, match="is a title of organisations: please name no person"):
        set_up.proposed(here, homes, here.base, "city-model", person="王芳")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "give the round a name"),
        ({"name": "长" * 121}, "at most 120"),
        ({"closes_on": date(2020, 1, 1)}, "can't come before"),
        ({"opens_on": date(2020, 1, 1), "closes_on": date(2020, 1, 2)}, "is over"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(here, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        set_up.opened(here, **changes)
    assert not AwardRound.objects.exists()


def test_refused_rounds_and_candidates_say_why(here):
    one = set_up.opened(here)
    with pytest.raises(Refused, match="already a round called “第一轮评选”"):
        set_up.opened(here)
    foreign = Ladder.objects.create(slug="own", name="本县", owner=here.county)
    with pytest.raises(Refused, match="own union or of a union above"):
        set_up.opened(here, name="别的", ladder=foreign)
    set_up.proposed(here, one, here.base, "city-model")
    set_up.titled(here, here.other, "city-model")
    closed = set_up.grassroots(here.county, "已撤销工会")
    type(closed).objects.filter(pk=closed.pk).update(closed_on=date(2020, 1, 1))
    worker = set_up.rung("province-worker", "jiangsu-union-worker")
    before = standing()
    for act, sentence in (
        (lambda: set_up.proposed(here, one, here.base, "city-model"), "“?盛泽丝绸工会.* is a candidate already"),
        (lambda: set_up.proposed(here, one, here.other, "city-model"), "holds the title “市级模范职工之家” already"),
        (lambda: set_up.proposed(here, one, closed, "city-model"), "is closed"),
        (lambda: awards.propose(make.again(here.admin), one, worker, here.other), "not awarded in this round"),
        (lambda: set_up.proposed(here, one, here.other, statement="长" * 4001), "at most 4000"),
    ):
        with pytest.raises(Refused, match=sentence):
            act()
    assert standing() == before


def test_candidates_come_from_the_first_day_to_the_last_second_of_the_last_in_shanghai(here):
    today = timezone.localdate()
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    one = set_up.opened(here, opens_on=first, closes_on=last)

    def midnight(day):
        """The first moment of a day in Shanghai, eight hours before it begins in Greenwich."""
        return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)

    early = time_machine.travel(midnight(first) - timedelta(microseconds=1), tick=False)
    with early, pytest.raises(WrongState, match=f"from {first} on"):
        set_up.proposed(here, one, here.base)
    with time_machine.travel(midnight(first), tick=False):
        set_up.proposed(here, one, here.base)
    with time_machine.travel(midnight(last + timedelta(days=1)) - timedelta(microseconds=1), tick=False):
        set_up.proposed(here, one, here.other)
    with time_machine.travel(midnight(last + timedelta(days=1)), tick=False):
        with pytest.raises(WrongState, match=f"until {last}"):
            set_up.proposed(here, one, here.far)
        awards.decline(make.again(here.reviewer), one.candidacies.first(), "材料不全")  # deciding goes on


# --- Who may ---


def test_who_may_do_what(here):
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.base, "city-model")
    mine = set_up.titled(here, here.other, "province-model")
    won = set_up.titled(here, here.far, "city-model")
    Title.objects.filter(pk=won.pk).update(round=one)
    city_model = set_up.rung("city-model")

    def tried(act):
        allowed = set()
        for name, user in here.people.items():
            before = standing()
            with transaction.atomic():
                try:
                    act(make.again(user))
                    allowed.add(name)
                except Forbidden:
                    assert standing() == before
                transaction.set_rollback(True)
        return allowed

    runs = {"reviewer", "admin"}
    earlier = Earlier(city_model, date(2020, 1, 1), "苏工发〔2020〕1号")
    assert tried(lambda by: awards.open_round(by, set_up.call(here, name="另一轮"))) == runs
    assert tried(lambda by: awards.propose(by, one, city_model, here.other)) == {"admin", "county_admin", "assessor"}
    assert tried(lambda by: awards.propose(by, one, city_model, here.county)) == {"admin"}
    assert tried(lambda by: awards.propose(by, one, city_model, here.city)) == set()
    assert tried(lambda by: awards.award(by, candidacy)) == runs
    assert tried(lambda by: awards.decline(by, candidacy, "不符合")) == runs
    assert tried(lambda by: awards.record_title(by, here.base, earlier)) == {"admin", "county_admin"}
    assert tried(lambda by: awards.revoke_title(by, mine, "复查不合格")) == {"admin", "county_admin"}
    assert tried(lambda by: awards.revoke_title(by, won, "复查不合格")) == runs
    awards.award(make.again(here.reviewer), candidacy)
    assert tried(lambda by: awards.close_round(by, one)) == runs


def test_nobody_decides_on_an_organisation_that_they_fill_in_sheets_for(here):
    candidacy = set_up.proposed(here, set_up.opened(here), here.base, "city-model")
    both = make.person((here.city, "reviewer"), (here.base, "clerk"))
    for act in (lambda: awards.award(both, candidacy), lambda: awards.decline(both, candidacy, "不符合")):
        with pytest.raises(Forbidden):
            act()
    assert Candidacy.objects.get().state == CandidacyState.PROPOSED


# --- What counts ---


def test_only_members_ballots_of_closed_cycles_with_a_result_count(here):
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.base)
    set_up.ready(here, here.base)
    assert found(candidacy) == [True] * 4
    oldest = set_up.cycle(here, THREE[0])
    for values in (
        {"votes": (0, 9), "electorate": "base_chairs"},
        {"votes": (0, 9), "minimum": 10},
        {"votes": (0, 9), "state": "void"},
        {"votes": (0, 9), "subject": Subject.OTHER},
    ):
        subject = values.pop("subject", Subject.UNION)
        set_up.appraised(here, here.base, oldest, subject, roster=20, **values)
        assert found(candidacy) == [True] * 4, values
    running = set_up.cycle(here, THREE[1], closed=False, name="补评")
    set_up.appraised(here, here.base, running, Subject.UNION, (0, 9))
    assert found(candidacy) == [True] * 4
    assessment = set_up.assessed(here, here.base, oldest)
    type(assessment).objects.filter(pk=assessment.pk).update(state=State.WITHDRAWN)
    assert found(candidacy) == [True, True, False, False]
    type(assessment).objects.filter(pk=assessment.pk).update(state=State.FINAL)
    set_up.appraised(here, here.base, oldest, Subject.CHAIR, (9499, 10000))
    assert found(candidacy) == [True, True, True, False]
    type(oldest).objects.filter(pk=oldest.pk).update(closed_at=None, closed_by=None)
    assert found(candidacy) == [True, True, False, False]


def test_what_was_earned_stays_with_a_moved_organisation_and_does_not_pass_to_an_heir(here):
    one = set_up.opened(here)
    set_up.ready(here, here.base)
    candidacy = set_up.proposed(here, one, here.base)
    heir = set_up.proposed(here, one, here.other)
    move_organization(None, here.base, here.far.parent)
    assert found(candidacy) == [True] * 4
    here.base.refresh_from_db()
    merge_organizations(None, here.base, here.other)
    assert found(heir) == [True, False, False, False]
    with pytest.raises(Refused, match="“盛泽丝绸工会” is closed"):
        award(here, candidacy)


def test_a_cycle_that_was_run_published_and_closed_counts(db):
    """The same through the services of ballots and cycles, where the others write the rows themselves."""
    call_command("loaddata", "award_ladders", verbosity=0)
    cast = make.cast()
    hold.closed(cast, 0, 0, 0, 1, purpose="annex", subject="chair")
    make.bring_to(cast, State.FINAL)
    home = Candidacy(rung=set_up.rung("top-ten"), organization=cast.township)
    year = cast.cycle.year

    def evidence():
        [own] = findings([home], year)
        return own[3].evidence[-1]

    assert evidence() == f"{year - 1}: not assessed in any closed cycle."
    cycle = make.closed(cast)
    assert evidence() == f"{year}: 4 of 4 valid votes satisfied, 100% ({cycle.name}, “会员测评”)"
    share = Rung.objects.create(ladder=home.rung.ladder, code="share", position=9, name="优秀", holder="organization")
    Condition.objects.create(rung=share, position=1, kind="share", percent=90)
    Condition.objects.create(rung=share, position=2, kind="qualified")
    [own] = findings([Candidacy(rung=share, organization=cast.township)], year)
    assert [(one.met, one.evidence) for one in own] == [
        (True, (f"{year}, {cycle.name}: 40 of 40 points",)),
        (False, (f"{year}, {cycle.name}: it does not say whether qualified or not",)),
    ]


# --- Titles ---


def test_a_title_is_held_once_revoked_with_a_reason_and_may_come_again(here):
    title = set_up.titled(here, here.base, "city-model")
    assert (title.evidence, title.round, title.recorded_by) == ("苏工发〔2020〕1号", None, here.admin)
    with pytest.raises(Refused, match="holds the title “市级模范职工之家” already"):
        set_up.titled(here, here.base, "city-model")
    with pytest.raises(Refused, match="give the reason"):
        awards.revoke_title(make.again(here.admin), title, "")
    awards.revoke_title(make.again(here.admin), title, "复查验收不合格")
    title.refresh_from_db()
    assert (title.revoked_on, title.revoked_for, title.revoked_by) == (
        timezone.localdate(),
        "复查验收不合格",
        here.admin,
    )
    with pytest.raises(WrongState, match="was revoked on"):
        awards.revoke_title(make.again(here.admin), title, "再来")
    set_up.titled(here, here.base, "city-model")
    assert Title.objects.filter(organization=here.base).count() == 2


def test_a_title_from_before_needs_its_document_and_a_day_that_has_come(here):
    held = set_up.rung("city-model")
    by = make.again(here.admin)
    for earlier, sentence in (
        (Earlier(held, date(2020, 1, 1), " "), "name the document"),
        (Earlier(held, timezone.localdate() + timedelta(days=1), "文件"), "in the future"),
        (Earlier(held, date(2020, 1, 1), "长" * 301), "at most 300"),
        (Earlier(set_up.rung("top-ten", "jiangsu-union-worker"), date(2020, 1, 1), "文件", "名" * 61), "at most 60"),
    ):
        with pytest.raises(Refused, match=sentence):
            awards.record_title(by, here.base, earlier)
    assert not Title.objects.exists()


def test_the_database_refuses_nonsense(here):
    title = set_up.titled(here, here.base, "city-model")
    one = set_up.opened(here)
    candidacy = set_up.proposed(here, one, here.other)
    for rows, nonsense in (
        (Candidacy.objects.filter(pk=candidacy.pk), {"state": "awarded"}),
        (Candidacy.objects.filter(pk=candidacy.pk), {"decided_by": here.admin}),
        (
            Candidacy.objects.filter(pk=candidacy.pk),
            {"state": "declined", "decided_by": here.admin, "decided_at": timezone.now()},
        ),
        (Title.objects.filter(pk=title.pk), {"evidence": ""}),
        (AwardRound.objects.filter(pk=one.pk), {"closed_at": timezone.now()}),
        (Title.objects.filter(pk=title.pk), {"revoked_on": date(2026, 1, 1)}),
        (AwardRound.objects.filter(pk=one.pk), {"closes_on": date(2020, 1, 1)}),
        (Rung.objects.filter(code="city-model"), {"limit": 0}),
        (Rung.objects.filter(code="city-model"), {"goal": 101}),
        (Rung.objects.filter(code="city-model"), {"position": 1}),
        (Condition.objects.filter(kind="ballot_years"), {"years": None}),
        (Condition.objects.filter(kind="ballot_years"), {"kind": "dice"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**nonsense)
