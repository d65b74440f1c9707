"""Slips with first passwords: who gets one, what stands on it, and that it is true."""

import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone

from orgs.models import User
from orgs.roles import Role
from orgs.services import NewPost, create_person
from reports import slips
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
URL = "/people/slips/"


def pages_of(pdf):
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])


@pytest.fixture
def county():
    return make.organization(make.organization(None, "city"), "county", name="铁西区总工会")


@pytest.fixture
def admin(county, client):
    admin = make.person((county, Role.ADMIN))
    client.force_login(admin)
    return admin


def newcomer(place, name="张伟", **logins):
    return create_person(None, name, [NewPost(place, Role.CLERK)], **logins)


def text_of(pdf):
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


def test_a_slip_says_all_that_one_needs(county):
    made = newcomer(county, "㐂𠮷", phone="13900000001")
    text = text_of(slips.render([made], "http://kaoping.example.cn/"))
    for part in (
        "㐂𠮷",
        "铁西区总工会",
        str(Role.CLERK.label),
        "http://kaoping.example.cn/",
        made.person.username,
        "13900000001",
        made.password,
        timezone.localtime(made.person.password_expires_at).strftime("%Y-%m-%d %H:%M"),
    ):
        assert part in text


def test_cards_stand_in_the_order_of_the_tree_and_say_how_many_posts_they_leave_out(county, django_assert_num_queries):
    street = make.organization(county, name="凌空街道总工会")
    late, early = newcomer(street, "阿一"), newcomer(county, "左二")
    for role in (Role.CHAIR, Role.AUDITOR):
        early.person.memberships.create(organization=county, role=role)
    with django_assert_num_queries(1):
        found = slips.cards([late, early])
    assert [(card.name, len(card.posts), card.more) for card in found] == [("左二", 2, 1), ("阿一", 1, 0)]


def test_eight_slips_fill_a_page(county):
    many = [newcomer(county, f"职工{n}", phone=f"1390000000{n}") for n in range(9)]
    assert [pages_of(slips.render(many[:count], "http://x/")) for count in (1, 8, 9)] == [1, 1, 2]


def test_long_names_are_not_cut(county):
    long = make.organization(county, name="工程设备安装与维护保养事业部" * 8)
    many = [newcomer(long, "阿卜杜热合曼·" * 8) for _ in range(5)]
    text = text_of(slips.render(many, "http://x/"))
    assert all(slip.password in text for slip in many)
    assert (text.count("阿"), text.count("装")) == (40, 40)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_printing_says_who_and_then_gives_passwords_that_let_in(client, county, admin):
    made = newcomer(county)
    done = create_person(None, "老人", [NewPost(county, Role.CHAIR)], password="kaoping-own-27").person
    page = client.get(URL, {"branch": county.pk})
    assert page.context["count"] == 1
    answer = client.post(URL, {"branch": county.pk})
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    text = text_of(answer.content)
    assert made.password not in text
    password = next(word for word in text.split() if len(word) == 14 and word.count("-") == 2)
    assert User.objects.get(pk=made.person.pk).check_password(password)
    assert User.objects.get(pk=done.pk).check_password("kaoping-own-27")
    assert "testserver" in text


def test_ticked_people_and_no_others(client, county, admin):
    first, second = newcomer(county), newcomer(county)
    before = User.objects.get(pk=second.person.pk).password
    assert client.post(URL, {"people": [first.person.pk]}).status_code == 200
    assert User.objects.get(pk=second.person.pk).password == before
    assert not User.objects.get(pk=first.person.pk).check_password(first.password)


def test_one_foreign_person_and_nobody_gets_a_slip(client, county, admin):
    mine, foreign = newcomer(county), newcomer(make.organization())
    assert client.post(URL, {"people": [mine.person.pk, foreign.person.pk]}).status_code == 404
    assert User.objects.get(pk=mine.person.pk).check_password(mine.password)


def test_where_nobody_waits_nothing_is_printed(client, county, admin):
    assert client.get(URL, {"branch": county.pk}).context["count"] == 0
    answer = client.post(URL, {"branch": county.pk})
    assert answer["Content-Type"].startswith("text/html")
    assert client.get(URL, {"branch": make.organization().pk}).status_code == 404


def test_the_slip_of_a_password_that_was_just_shown(client, county, admin):
    made = newcomer(county)
    url = reverse("reports:slip", args=[made.person.pk])
    before = User.objects.get(pk=made.person.pk).password
    answer = client.post(url, {"password": made.password})
    assert made.password in text_of(answer.content)
    assert User.objects.get(pk=made.person.pk).password == before
    assert client.post(url, {"password": "guessed"}).status_code == 302


def test_the_list_ticks_only_who_can_have_a_slip(client, county, admin):
    made = newcomer(county)
    text = client.get(reverse("people:list")).content.decode()
    assert f'value="{made.person.pk}"' in text
    assert f'value="{admin.pk}"' not in text


def test_the_page_runs_the_same_queries_for_more_people(client, county, admin, django_assert_num_queries):
    newcomer(county)
    with django_assert_num_queries(9) as seen:
        client.get(URL, {"branch": county.pk})
    for _ in range(3):
        newcomer(county)
    with django_assert_num_queries(len(seen)):
        client.get(URL, {"branch": county.pk})
