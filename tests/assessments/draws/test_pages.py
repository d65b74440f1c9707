"""The pages of draws: what they show in each state, what their buttons do, and who may open them."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Draw
from assessments.workflow import State
from tests import factories as make
from tests.assessments.draws import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def people():
    return hold.finished()


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def url(name, pk):
    return reverse(f"draws:{name}", args=[pk])


def text(response):
    return response.content.decode()


def test_from_the_tab_to_the_names_by_buttons(people):
    client = as_(people.reviewer)
    index = client.get(url("list", people.cycle.pk))
    assert "No spot check has been drawn" in text(index)
    new = url("create", people.cycle.pk)
    assert f'href="{new}"' in text(index)
    wrong = client.post(new, {"share": "0", "seed": "1", "seed_source": "会议"})
    assert wrong.context["form"].errors.keys() == {"share"}
    said = {"share": "34", "by_county": "on", "seed": "7 8 9", "seed_source": "双色球第2026100期"}
    made = client.post(new, said, follow=True)
    draw = Draw.objects.get()
    assert (draw.share, draw.seed, draw.by_kind, draw.by_county) == (Decimal("0.34"), "7 8 9", False, True)
    assert made.redirect_chain[-1][0] == url("population", draw.pk)
    assert "4 organisations can be drawn now." in text(made)
    one = people.cycle.assessments.order_by("path").first()
    client.post(url("exclude", draw.pk), {"assessment": one.pk, "reason": "上月刚检查过"})
    found = client.get(url("population", draw.pk), {"q": one.name})
    assert [(line[0].pk, line[2]) for line in found.context["lines"]] == [(one.pk, "上月刚检查过")]
    client.post(url("include", draw.pk), {"assessment": one.pk})
    client.post(url("exclude", draw.pk), {"assessment": one.pk, "reason": "已撤销"})
    frozen = client.post(url("freeze", draw.pk), follow=True)
    draw.refresh_from_db()
    assert draw.digest in text(frozen)
    assert "已撤销" in text(frozen)
    file = client.get(url("population_file", draw.pk))
    assert hashlib.sha256(file.content).hexdigest() == draw.digest
    assert file["Content-Disposition"].endswith(".txt")
    drawn = client.post(url("draw", draw.pk), follow=True)
    names = {member.name for member in hold.names_drawn(draw)}
    assert all(name in text(drawn) for name in names)
    assert "All of it agrees" in text(client.get(url("verify", draw.pk)))
    assert text(client.get(url("list", people.cycle.pk))).count(url("detail", draw.pk)) == 1


def test_redraw_and_comparison_by_buttons(people):
    draw = hold.drawn(people)
    client = as_(people.admin)
    one, other = hold.names_drawn(draw)
    page = client.get(url("redraw", draw.pk))
    assert {member.pk for member in page.context["members"]} == {one.pk, other.pk}
    again = client.post(url("redraw", draw.pk), {"reason": "撤销"})
    assert again.context["form"].errors.keys() == {"members"}
    again = client.post(url("redraw", draw.pk), {"members": [other.pk]})
    assert again.context["form"].errors.keys() == {"reason"}
    assert again.context["form"].ticked == {str(other.pk)}
    done = client.post(url("redraw", draw.pk), {"members": [other.pk], "reason": "已整建制撤销"}, follow=True)
    assert "已整建制撤销" in text(done)
    before = client.get(url("comparison", draw.pk))
    assert (before.context["done_count"], before.context["lines"]) == (0, [])
    assert before.context["open_count"] == len(hold.names_drawn(draw))
    hold.review(people, one.assessment, "2", "0.5")
    after = client.get(url("comparison", draw.pk))
    assert after.context["done_count"] == 1
    assert one.name in text(after)
    assert "(−1.5)" in text(after)


def test_out_of_turn_is_answered_with_a_sentence(people):
    client = as_(people.reviewer)
    draw = hold.frozen(people)
    for name in ("exclude", "include"):
        one = people.cycle.assessments.first()
        assert client.post(url(name, draw.pk), {"assessment": one.pk, "reason": "x"}).status_code == 409
    assert client.post(url("freeze", draw.pk)).status_code == 409
    assert client.get(url("redraw", draw.pk)).status_code == 409
    assert client.get(url("population", draw.pk)).url == url("detail", draw.pk)
    seeded = hold.seeded(people)
    for name in ("detail", "verify", "population_file"):
        assert client.get(url(name, seeded.pk)).url == url("population", seeded.pk)
    assert client.post(url("exclude", seeded.pk), {"assessment": "x", "reason": "x"}).status_code == 404
    stranger = make.cast(stages=2).assessment
    assert client.post(url("exclude", seeded.pk), {"assessment": stranger.pk, "reason": "x"}).status_code == 404


def test_the_drawn_see_their_review_column_and_others_see_no_draw(people):
    draw = hold.drawn(people, share=Decimal(1))
    member = draw.members.get(assessment=people.assessment)
    clerk = as_(people.clerk)
    assert clerk.get(url("detail", draw.pk)).status_code == 403
    assert as_(people.stranger).get(url("detail", draw.pk)).status_code == 403
    assert as_(people.auditor).get(url("detail", draw.pk)).status_code == 200
    assert url("redraw", draw.pk) not in text(as_(people.auditor).get(url("detail", draw.pk)))
    detail = reverse("assessments:detail", args=[member.assessment_id])
    assert [stop.label for stop in clerk.get(detail).context["way"]] == ["Self-score", "Assessment", "Review", "Final"]
    sheet = reverse("assessments:sheet", args=[member.assessment_id, "review"])
    assert clerk.get(sheet).status_code == 403
    assert "Review" in text(as_(people.reviewer).get(sheet))
    hold.review(people, member.assessment, "2", "0.5")
    assert [column.heading for column in clerk.get(detail).context["columns"]][-1] == "Review"
    assert clerk.get(sheet).status_code == 200
    history = reverse("assessments:item_history", args=[member.assessment_id, "review", "1-2"])
    assert "0.5" in text(clerk.get(history))
    assert member.assessment.state == State.REVIEWING


def test_pages_cost_no_query_more_for_more_rows(people, django_assert_max_num_queries):
    client = as_(people.reviewer)
    draw = hold.drawn(people, share=Decimal("0.1"))
    pages = [url("list", people.cycle.pk), url("detail", draw.pk), url("comparison", draw.pk), url("redraw", draw.pk)]
    one, two = hold.names_drawn(draw)
    hold.review(people, one.assessment, "1", "1")
    costs = []
    for page in pages:
        with django_assert_max_num_queries(20) as seen:
            client.get(page)
        costs.append(len(seen))
    hold.review(people, two.assessment, "1", "2")
    more = hold.drawn(people, share=Decimal(1))
    for member in hold.names_drawn(more)[:3]:
        hold.review(people, member.assessment, "1", "0")
    pages = [pages[0], *(url(name, more.pk) for name in ("detail", "comparison", "redraw"))]
    for page, cost in zip(pages, costs, strict=True):
        with django_assert_max_num_queries(cost):
            client.get(page)
