"""The pages of awards: one round in the browser's words, who sees what, and what a page costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.awards.honours import Phase, on_rungs, phase, ratios, years_before
from assessments.models import AwardRound, Candidacy, CandidacyState, Ladder, Title
from assessments.services import awards
from orgs.models import Organization
from tests import factories as make
from tests.assessments.awards import scene as set_up
from tests.assessments.awards.scene import THREE

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db):
    return set_up.scene()


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def page(client, name, *args, **asked):
    response = client.get(reverse(f"awards:{name}", args=args), asked)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.any_database
def test_a_round_from_opening_to_closing(here):
    reviewer, assessor, chair = as_(here.reviewer), as_(here.assessor), as_(here.chair)
    today = timezone.localdate().isoformat()
    assert "No round has been opened yet" in page(reviewer, "list")
    home = Ladder.objects.get(slug="jiangsu-model-home")
    said = {"ladder": home.pk, "owner": here.city.pk, "name": "2026年评选", "opens_on": today}
    response = reviewer.post(reverse("awards:open_round"), {**said, "closes_on": "2020-01-01"})
    assert "can&#x27;t come before the first" in response.content.decode()
    assert reviewer.post(reverse("awards:open_round"), {**said, "closes_on": today}).status_code == 302
    one = AwardRound.objects.get()
    assert "Open for candidates" in page(chair, "list")
    propose = reverse("awards:propose", args=[one.pk])
    choices = assessor.get(propose, {"q": "szscgh"}).content.decode()
    assert ("盛泽丝绸工会" in choices, "震泽电梯工会" in choices, "花桥物流工会" in choices) == (True, False, False)
    assert "花桥物流工会" not in assessor.get(propose).content.decode()
    assert "Why it is recommended" in assessor.get(propose, {"organization": here.base.pk}).content.decode()
    for foreign in (here.far.pk, here.county.pk, "x"):
        assert assessor.get(propose, {"organization": foreign}).status_code == 404
    said = {"organization": here.base.pk, "rung": set_up.rung("top-ten").pk, "statement": "<b>优秀</b>"}
    assert assessor.post(propose, said).status_code == 302
    assert "is a candidate already" in assessor.post(propose, said).content.decode()
    candidacy = Candidacy.objects.get()
    url = reverse("awards:candidacy", args=[candidacy.pk])
    shown = reviewer.get(url).content.decode()
    assert "No such title is recorded." in shown
    assert "not assessed in any closed cycle" in shown
    assert "&lt;b&gt;优秀&lt;/b&gt;" in shown
    assert "Award the title" not in shown
    award = reverse("awards:award", args=[candidacy.pk])
    assert "Not all conditions are met" in reviewer.post(award, follow=True).content.decode()
    set_up.ready(here, here.base)
    assert "4 of 4 met" in page(chair, "round", one.pk)
    assert "Award the title" in reviewer.get(url).content.decode()
    assert "Award the title" not in chair.get(url).content.decode()
    assert "“十佳模范职工之家” is awarded." in reviewer.post(award, follow=True).content.decode()
    assert reviewer.post(award).status_code == 409
    shown = chair.get(url).content.decode()
    assert f"{THREE[0]}: 95 of 100 valid votes satisfied, 95%" in shown
    assert "As they were when it was decided." in shown
    close = reverse("awards:close_round", args=[one.pk])
    assert "The round is closed." in reviewer.post(close, follow=True).content.decode()
    assert reviewer.post(close).status_code == 409
    assert assessor.post(propose, {**said, "organization": here.other.pk}).status_code == 409
    assert assessor.get(propose).status_code == 409


@pytest.mark.any_database
def test_a_title_is_recorded_and_revoked_on_an_organisations_page(here):
    county_admin = as_(here.county_admin)
    record = reverse("awards:record", args=[here.base.pk])
    said = {"rung": set_up.rung("city-model").pk, "awarded_on": "2020-05-01", "evidence": "苏工发〔2020〕1号"}
    assert "in the future" in county_admin.post(record, {**said, "awarded_on": "2999-01-01"}).content.decode()
    assert county_admin.post(record, said).status_code == 302
    title = Title.objects.get()
    shown = page(county_admin, "organization", here.base.pk)
    assert "苏工发〔2020〕1号" in shown
    assert "Revoke this title" in shown
    assert "What “十佳模范职工之家” asks, as it is today" in shown
    assert "Revoke this title" not in page(as_(here.chair), "organization", here.base.pk)
    card = county_admin.get(reverse("orgs:detail", args=[here.base.pk])).content.decode()
    assert "市级模范职工之家" in card
    revoke = reverse("awards:revoke", args=[title.pk])
    assert "Please give the reason." in county_admin.post(revoke, follow=True).content.decode()
    assert "“复查不合格”" not in page(county_admin, "organization", here.base.pk)
    county_admin.post(revoke, {"reason": "复查不合格"})
    assert ": 复查不合格" in page(as_(here.chair), "organization", here.base.pk)
    assert county_admin.post(revoke, {"reason": "再来"}).status_code == 409
    card = county_admin.get(reverse("orgs:detail", args=[here.base.pk])).content.decode()
    assert "市级模范职工之家" not in card


@pytest.mark.any_database
def test_each_sees_titles_and_candidates_of_their_own_branches(here):
    one = set_up.opened(here)
    for organization in (here.base, here.other, here.far):
        set_up.titled(here, organization, "qualified")
        set_up.proposed(here, one, organization, "city-model")
    names = {here.base.name: "base", here.other.name: "other", here.far.name: "far"}

    def seen(user, name, *args):
        shown = page(as_(user), name, *args)
        return {short for full, short in names.items() if full in shown}

    for name, args in (("titles", ()), ("ladder", ("jiangsu-model-home",)), ("round", (one.pk,))):
        assert seen(here.chair, name, *args) == {"base"}
        assert seen(here.assessor, name, *args) == {"base", "other"}
        assert seen(here.stranger, name, *args) == {"far"}
        for user in (here.admin, here.reviewer, here.auditor):
            assert seen(user, name, *args) == {"base", "other", "far"}
    theirs = one.candidacies.get(organization=here.other)
    assert as_(here.chair).get(reverse("awards:candidacy", args=[theirs.pk])).status_code == 404


@pytest.mark.any_database
def test_titles_are_found_by_name_title_state_and_age(here):
    set_up.titled(here, here.base, "qualified", days_ago=365 * 6)
    set_up.titled(here, here.base, "province-model", days_ago=365 * 4)
    set_up.titled(here, here.other, "province-model", days_ago=365 * 2)
    gone = set_up.titled(here, here.far, "province-model", days_ago=365 * 8)
    set_up.titled(here, here.far, "province-worker", ladder="jiangsu-union-worker", person="王芳")
    awards.revoke_title(make.again(here.admin), gone, "复查不合格")
    client = as_(here.admin)

    def found(**asked):
        response = client.get(reverse("awards:titles"), asked)
        return [(title.organization.name[:2], title.rung.code) for title in response.context["page"]]

    province = set_up.rung("province-model").pk
    everything = [
        ("花桥", "province-model"),
        ("盛泽", "qualified"),
        ("盛泽", "province-model"),
        ("震泽", "province-model"),
        ("花桥", "province-worker"),
    ]
    assert found() == everything
    assert found(rung=province, years=3) == [("盛泽", "province-model")]
    assert found(years=0) == everything[1:]
    assert found(state="revoked") == everything[:1]
    assert found(q="王芳") == everything[4:]
    assert found(q="zhenze", state="held") == [("震泽", "province-model")]
    assert found(years="x") == everything  # and the page says so
    assert 'role="alert"' in page(client, "titles", years="x")


# --- Standing and goals -----------------------------------------------------------------------------------------------


def test_who_stands_where_and_how_far_the_goals_are(here):
    """Nine base unions: three qualified, one of these a city model, one a provincial one without the lower titles."""
    more = [set_up.grassroots(here.county, f"企业工会{number}") for number in range(6)]
    set_up.titled(here, here.base, "qualified")
    set_up.titled(here, here.base, "city-model")
    set_up.titled(here, here.other, "province-model")
    set_up.titled(here, more[0], "qualified")
    lost = set_up.titled(here, more[1], "city-model")
    awards.revoke_title(make.again(here.admin), lost, "复查不合格")
    set_up.titled(here, here.county, "province-model")  # not a base union
    closed = set_up.grassroots(here.county, "已撤销工会")
    set_up.titled(here, closed, "qualified")
    Organization.objects.filter(pk=closed.pk).update(closed_on=date(2026, 1, 1))
    home = Ladder.objects.get(slug="jiangsu-model-home")
    admin = make.again(here.admin)
    told = [(one.rung.code, one.part, one.whole, one.percent, one.reached, one.short) for one in ratios(admin, home)]
    assert told == [("qualified", 3, 9, "33.33", False, 5), ("city-model", 2, 3, "66.66", True, 0)]
    assert [(rung.code, number) for rung, number in on_rungs(admin, home)] == [
        ("top-ten", 0),
        ("province-model", 2),
        ("city-model", 1),
        ("qualified", 2),
    ]
    county = make.again(here.assessor)
    assert [(one.part, one.whole) for one in ratios(county, home)] == [(3, 8), (2, 3)]
    assert [(one.percent, one.reached) for one in ratios(make.again(here.stranger), home)] == [
        ("0", False),
        ("", False),
    ]
    assert ratios(make.again(here.chair), home) == []
    assert ratios(admin, Ladder.objects.get(slug="jiangsu-union-worker")) == []
    shown = page(as_(here.admin), "ladder", "jiangsu-model-home", rung="city-model")
    assert (here.base.name in shown, here.other.name in shown) == (True, False)


def test_a_round_s_phase_goes_by_whole_days(here):
    one = set_up.opened(here)
    first, last = one.opens_on, one.closes_on
    day = timedelta(days=1)
    assert [phase(one, on) for on in (first - day, first, last, last + day)] == [
        Phase.COMING,
        Phase.CALLING,
        Phase.CALLING,
        Phase.DECIDING,
    ]
    one.closed_at = timezone.now()
    assert phase(one, first) == Phase.CLOSED
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)


# --- What a page costs ------------------------------------------------------------------------------------------------


def cost(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.any_database
def test_pages_ask_the_same_for_one_row_and_for_three(here):
    client = as_(here.admin)

    def costs():
        one = AwardRound.objects.order_by("pk").first()
        decided = one.candidacies.filter(state=CandidacyState.DECLINED).first()
        urls = [
            *(reverse(f"awards:{name}") for name in ("list", "titles")),
            reverse("awards:ladder", args=["jiangsu-model-home"]),
            reverse("awards:round", args=[one.pk]),
            reverse("awards:organization", args=[here.base.pk]),
            reverse("awards:candidacy", args=[decided.pk]),
            reverse("awards:propose", args=[one.pk]),
        ]
        return {url: cost(client, url) for url in urls}

    def grow(number):
        one = set_up.opened(here, name=f"评选{number}")
        for organization in (
            set_up.grassroots(here.county, f"甲{number}"),
            set_up.grassroots(here.far.parent, f"乙{number}"),
        ):
            set_up.good_years(here, organization)
            set_up.titled(here, organization, "city-model")
            set_up.proposed(here, AwardRound.objects.order_by("pk").first(), organization)
        set_up.titled(here, here.base, ("qualified", "city-model", "province-model")[number])
        refused = set_up.proposed(here, AwardRound.objects.order_by("pk").first(), organization, "province-model")
        awards.decline(make.again(here.admin), refused, "不符合")
        set_up.proposed(here, one, here.base, "top-ten")

    grow(0)
    client.get(reverse("awards:list"))  # what is read once for a process
    small = costs()
    grow(1)
    grow(2)
    assert costs() == small
    assert max(small.values()) <= 25
