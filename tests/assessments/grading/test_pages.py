"""What the pages of grading show and store, and how many queries they take."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Cycle, Opinion, Ruling
from assessments.services.publishing import publish
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from tests import factories as make
from tests.assessments.grading.cohort import D, cohort
from tests.factories import Asked, again, save

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def as_(user):
    client = Client()
    client.force_login(again(user))
    return client


def publish_results(people):
    words = {"title": "公示", "body": "现予公示。", "contact": "办公室"}
    publish(again(people.admin), people.now(), starts_on=timezone.localdate(), **words)


def names(response):
    return [verdict.assessment.name for verdict in response.context["page"]]


def test_the_table_shows_the_ranking_its_figures_and_what_waits():
    people = cohort(
        {"甲单位": "92", "乙单位": "92", "丙单位": "85", "丁单位": "55", "戊单位": ""}, {"丙单位": "system"}
    )
    client, url = as_(people.admin), reverse("grading:table", args=[people.cycle.pk])
    people.set(quota_share=D("0.25"))
    page = client.get(url)
    assert names(page) == ["甲单位", "乙单位", "丁单位", "戊单位", "丙单位"]
    figures = page.context["figures"]
    assert (figures.all, figures.final, figures.qualified, figures.failed) == (5, 4, 3, 1)
    assert (figures.bands, figures.undecided) == ((("四星", 1), ("一星", 1)), 2)
    assert page.context["against"] == [
        "1 assessments have no final result: 戊单位.",
        "2 organisations are equal at the last seats and 1 are left: 甲单位、乙单位.",
    ]
    text = page.content.decode()
    assert "0 of 1 taken" in text
    assert "1 left, 2 are equal" in text
    assert names(client.get(url, {"shown": "decide"})) == ["甲单位", "乙单位"]
    assert names(client.get(url, {"shown": "failed"})) == ["丁单位"]
    assert names(client.get(url, {"shown": "unfinished"})) == ["戊单位"]
    assert names(client.get(url, {"q": "丙"})) == ["丙单位"]
    by_kind = client.get(url, {"kind": people.assessments["丙单位"].kind_id})
    assert (names(by_kind), by_kind.context["figures"].all) == (["丙单位"], 1)
    assert names(client.get(url, {"kind": "x", "shown": "nonsense"})) == names(page)
    assert "Nothing matches" in client.get(url, {"q": "没有"}).content.decode()


def test_the_table_takes_the_same_queries_for_more_rows(django_assert_num_queries):
    counts = []
    for number in (1, 3):
        people = cohort({f"单位{n}": "92" for n in range(number)})
        client, url = as_(people.admin), reverse("grading:table", args=[people.cycle.pk])
        client.get(url)
        with django_assert_num_queries(counts[0] if counts else 9) as seen:
            client.get(url)
        counts.append(len(seen))


def test_a_ruling_is_proposed_confirmed_and_withdrawn_on_its_page():
    people = cohort({"甲": "92", "乙": "92", "丙": "85", "丁": "80", "戊": "55"})
    url = reverse("grading:ruling", args=[people.assessments["甲"].pk])
    reviewer, admin = as_(people.reviewer), as_(people.admin)
    page = reviewer.get(url)
    choices = [value for value, _label in page.context["form"].fields["ruling"].choices]
    assert choices == ["seat", "override:5", "override:4", "override:3", "override:2", "override:1", "veto"]
    assert reviewer.post(url, {"ruling": "seat", "reason": ""}).context["form"].errors.keys() == {"reason"}
    assert reviewer.post(url, {"ruling": "override:9", "reason": "x"}).context["form"].errors.keys() == {"ruling"}
    assert reviewer.post(url, {"ruling": "seat", "reason": "工作更扎实"}).status_code == 302
    ruling = Ruling.objects.get()
    assert "Confirm this ruling" not in reviewer.get(url).content.decode()
    assert "Confirm this ruling" in admin.get(url).content.decode()
    other = reverse("grading:ruling", args=[people.assessments["乙"].pk])
    refused = admin.post(other, {"ruling": "seat", "reason": "x"})
    assert "Every open seat is proposed" in refused.content.decode()
    confirm = reverse("grading:confirm", args=[people.assessments["甲"].pk])
    assert admin.post(confirm, {"ruling": ruling.pk + 1}).status_code == 404
    assert admin.post(confirm, {"ruling": "x"}).status_code == 404
    assert reviewer.post(confirm, {"ruling": ruling.pk}).status_code == 403
    assert admin.post(confirm, {"ruling": ruling.pk}).status_code == 302
    assert admin.post(confirm, {"ruling": ruling.pk}).status_code == 409
    text = admin.get(url).content.decode()
    assert "gets one of the seats for 五星: 工作更扎实" in text
    assert "confirmed by 管理员" in text
    withdraw = reverse("grading:withdraw", args=[people.assessments["甲"].pk])
    assert reviewer.post(withdraw, {"ruling": ruling.pk}).status_code == 302
    assert "None. The rules alone decide." not in admin.get(url).content.decode()


def test_the_rules_are_changed_on_their_page_and_shown_on_the_cycles():
    people = cohort({"甲": "92"})
    client, url = as_(people.admin), reverse("grading:rules", args=[people.cycle.pk])
    form = client.get(url).context["form"]
    assert form.initial["quota_share"] == "20"
    said = {name: value for name, value in form.initial.items() if value not in (None, False)}
    assert client.post(url, {**said, "quota_share": "200"}).context["form"].errors.keys() == {"quota_share"}
    changed = client.post(url, {**said, "quota_share": "12.5", "item_tolerance": "2"}, follow=True).content.decode()
    assert "The rules were changed: The best band: at most 12.5 % of" in changed
    assert "An item may differ from the stage before by up to 2 points." in changed
    assert people.now().quota_share == D("0.125")
    publish_results(people)
    assert client.get(url).context["fixed"]
    assert client.post(url, said).status_code == 409


def test_who_decides_reads_the_explanation_and_the_organisation_once_it_is_published():
    people = cohort({"甲": "92", "乙": "95"})
    assessment = people.assessments["甲"]
    chair = make.person((assessment.organization, Role.CHAIR))
    url = reverse("assessments:detail", args=[assessment.pk])
    sentence = "by the quota it is awarded 四星"
    assert sentence in as_(people.reviewer).get(url).content.decode()
    assert sentence not in as_(chair).get(url).content.decode()
    publish_results(people)
    people.set(quota_share=None)  # what was published stays
    for who in (chair, people.reviewer):
        assert sentence in as_(who).get(url).content.decode()


def test_what_is_far_from_the_stage_before_stands_on_the_sheet_and_against_the_move():
    rubric = make.small_rubric(stages=2, items=(Asked("1", "10"), Asked("2", "10")))
    cast = make.cast(rubric=rubric)
    make.bring_to(cast, State.ASSESSING)
    Cycle.objects.update(item_tolerance=D(1), total_tolerance=D(2), tolerance_asks="third_opinion")
    save(cast.assessor, cast.assessment, Stage.ASSESS, "1", "5")
    save(cast.assessor, cast.assessment, Stage.ASSESS, "2", "10")
    client, pk = as_(cast.assessor), cast.assessment.pk
    item = "Item 1 had 10 and has 5: 5 apart, 1 are allowed."
    assert item in client.get(reverse("assessments:sheet", args=[pk, Stage.ASSESS])).content.decode()
    confirm, opinions = (reverse(route, args=[pk]) for route in ("assessments:confirm", "grading:opinions"))
    move = client.get(confirm)
    assert (move.context["blocked"], [one.url for one in move.context["apart"]]) == (True, [opinions, opinions])
    third = as_(make.person((cast.county, Role.ASSESSOR)))
    assert client.get(opinions).context["form"] is None
    assert [one.gap.key for one in third.get(opinions).context["found"]] == ["1", ""]
    assert client.post(opinions, {"about": "1", "agrees": "yes", "text": "x"}).status_code == 403
    assert third.post(opinions, {"about": "2", "agrees": "yes", "text": "x"}).context["form"].errors.keys() == {"about"}
    for about, agrees in (("1", "yes"), ("-", "no")):
        assert third.post(opinions, {"about": about, "agrees": agrees, "text": "看过台账"}).status_code == 302
    assert [(one.item and one.item.key, one.agrees) for one in Opinion.objects.all()] == [("1", True), (None, False)]
    move = client.get(confirm)
    assert not move.context["blocked"]
    assert "reason" in move.context["form"].fields
    assert client.post(confirm, {"seen": State.ASSESSING}).status_code == 200
    assert client.post(confirm, {"seen": State.ASSESSING, "reason": "实地核查"}).status_code == 302
    assert cast.now().steps.get(action=Action.CONFIRM).reason == "实地核查"
