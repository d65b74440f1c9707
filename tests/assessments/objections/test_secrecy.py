"""Who objected is known to those who handle the objection, and to nobody else."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse

from assessments.models import IdentityLook, Objection, ObjectionState
from assessments.objecting import listed
from assessments.objecting.reading import SECRETS
from assessments.services import Forbidden
from assessments.services.objections import look_at_objector
from assessments.workflow import Stage
from orgs.models import Change
from orgs.roles import Role
from tests import factories as make
from tests.assessments.objections import hold

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SECRET = (hold.NAME, hold.CONTACT, "赵主席", "邻镇总工会", "来访人员登记员")


@pytest.fixture
def three(cast):
    """One of a visitor, one of the neighbour's chair, one settled; the visitor was received by one of the deciders."""
    registrar = make.person((cast.city, Role.REVIEWER), name="来访人员登记员")
    make.Organization.objects.filter(pk=cast.neighbour.pk).update(name="邻镇总工会")
    chair = make.person((cast.neighbour, Role.CHAIR), name="赵主席", phone="13900000002")
    hold.second_assessor(cast)
    cast.other_chair = chair
    settled = hold.settle(cast, hold.visited(cast, registrar, statement="先一条"), ObjectionState.REJECTED, "不成立")
    visit = hold.visited(cast, registrar)
    login = hold.entered(cast, chair, statement="邻镇提出的", organization=cast.neighbour)
    hold.rechecked(cast, visit)
    hold.marked_again(cast)
    hold.confirm(cast)
    return settled, visit, login


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def pages(cast, found):
    return [
        reverse("objections:list", args=[cast.cycle.pk]),
        *(reverse("objections:detail", args=[one.pk]) for one in found),
        reverse("assessments:detail", args=[cast.assessment.pk]),
        reverse("assessments:sheet", args=[cast.assessment.pk, Stage.ASSESS]),
        reverse("assessments:item_history", args=[cast.assessment.pk, Stage.ASSESS, hold.ITEM]),
        reverse("objections:create", args=[cast.assessment.pk]),
        reverse("cycles:detail", args=[cast.cycle.pk]),
        reverse("inbox:list"),
        reverse("home"),
    ]


def read(user, addresses):
    """Everything a person reads there, the head of the page with their own name left out."""
    client, texts = logged_in(user), []
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code in (200, 403, 404, 409), address
        if response.status_code == 200:
            texts.append(re.sub(r"<header.*?</header>", "", response.content.decode(), flags=re.DOTALL))
    return texts


ROLES = ("clerk", "chair", "department_assessor", "staff_assessor", "assessor", "auditor", "stranger", "superuser")


def test_no_page_tells_others_who_objected(cast, three):
    both = make.person((cast.city, Role.REVIEWER), (cast.township, Role.CLERK))
    observer = make.person((cast.county, Role.ADMIN))
    for name, user in {**{name: getattr(cast, name) for name in ROLES}, "both": both, "above": observer}.items():
        texts = read(user, pages(cast, three))
        own = {user.full_name}
        found = [(secret, name) for text in texts for secret in SECRET if secret in text and secret not in own]
        expected = {"邻镇总工会"} if name == "above" else set()  # an administrator of the county knows its unions
        assert {secret for secret, _name in found} <= expected, name
    for page in (reverse("objections:detail", args=[three[1].pk]), reverse("objections:list", args=[cast.cycle.pk])):
        assert "邻镇总工会" not in "".join(read(observer, [page]))


def test_those_who_handle_it_see_it_where_they_ask_for_it_alone(cast, three):
    _settled, visit, login = three
    for handler in (cast.reviewer, cast.admin):
        client = logged_in(handler)
        page = client.post(reverse("objections:objector", args=[visit.pk])).content.decode()
        assert [secret for secret in SECRET if secret in page] == [hold.NAME, hold.CONTACT, "来访人员登记员"]
        page = client.post(reverse("objections:objector", args=[login.pk])).content.decode()
        assert [secret for secret in SECRET if secret in page] == ["赵主席", "邻镇总工会"]
        detail = [reverse("objections:detail", args=[one.pk]) for one in (visit, login)]
        for page in read(handler, [*detail, reverse("objections:list", args=[cast.cycle.pk])]):
            assert not [secret for secret in SECRET if secret in page]


def test_each_look_is_kept_and_said_to_those_who_handle_it_and_only_counted_for_others(cast, three):
    _settled, visit, _login = three
    cast.reviewer.full_name = "看过的复核员"
    cast.reviewer.save()
    client = logged_in(cast.reviewer)
    assert client.get(reverse("objections:objector", args=[visit.pk])).status_code == 405
    for _time in range(2):
        client.post(reverse("objections:objector", args=[visit.pk]))
    with pytest.raises(Forbidden):
        look_at_objector(make.again(cast.auditor), visit)
    assert list(IdentityLook.objects.values_list("objection", "by")) == [(visit.pk, cast.reviewer.pk)] * 2
    with pytest.raises(TypeError):
        IdentityLook.objects.all().delete()
    overseer = make.person((cast.city, Role.AUDITOR))
    told = "Looks so far: 2. People who looked: 1."
    (handlers,) = read(cast.admin, [reverse("objections:detail", args=[visit.pk])])
    (auditors,) = read(overseer, [reverse("objections:detail", args=[visit.pk])])
    (others,) = read(cast.clerk, [reverse("objections:detail", args=[visit.pk])])
    assert [(told in page, "看过的复核员" in page) for page in (handlers, auditors, others)] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_the_objector_follows_it_without_the_assessment(cast, three):
    _settled, visit, login = three
    client = logged_in(cast.other_chair)
    page = client.get(reverse("objections:detail", args=[login.pk]))
    assert page.status_code == 200
    assert "You entered this objection" in page.content.decode()
    assert client.get(reverse("objections:detail", args=[visit.pk])).status_code == 404
    assert client.get(reverse("assessments:detail", args=[cast.assessment.pk])).status_code == 404
    hold.settle(cast, visit, ObjectionState.UPHELD, "多扣了分")
    hold.rechecked(cast, Objection.objects.get(pk=login.pk), "1-2")
    page = client.get(reverse("objections:detail", args=[login.pk])).content.decode()
    assert "What the recheck changed" not in page
    assert "Take it back" not in page


def test_the_card_and_the_workbook_do_not_tell_it(cast, three):
    for name in ("scorecard_pdf", "scorecard_xlsx"):
        content = logged_in(cast.chair).get(reverse(f"reports:{name}", args=[cast.assessment.pk])).content
        assert not [secret for secret in SECRET if secret.encode() in content]


def test_no_other_table_and_no_log_keeps_it(cast, three):
    """Of every text in the database, only the objection and the people themselves know these words."""
    home = {Objection, make.User, make.Organization}
    home |= {Change}  # who came and went in the organisations
    for model in apps.get_models():
        if model in home:
            continue
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, CharField | TextField)]
        for row in model._default_manager.values_list(*fields) if fields else ():
            text = " ".join(str(value) for value in row)
            assert not [secret for secret in (hold.NAME, hold.CONTACT, "赵主席") if secret in text], model


def test_the_technical_pages_do_not_show_objections(cast):
    assert Objection not in admin.site._registry


def test_lists_do_not_even_fetch_it(cast, three):
    columns = str(listed(cast.chair, cast.cycle, open_only=False).query).partition(" FROM ")[0]
    table = Objection._meta.db_table
    assert not [name for name in SECRETS if f'"{table}"."{Objection._meta.get_field(name).column}"' in columns]
