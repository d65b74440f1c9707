"""A column of scores for one item, pasted for many organisations: by name or in order, saved by the item's page."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments import services
from assessments.models import Assessment, MarkRevision
from assessments.results import Content
from assessments.workflow import Action, Stage, State
from orgs.roles import Role
from tests import factories as make
from tests.assessments.offline.books import contents, fates, fields, refusals

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ASSESS = Stage.ASSESS


@pytest.fixture
def cast():
    """Township and neighbour both wait to be assessed."""
    cast = make.cast(rubric=make.rubric_of_every_kind())
    make.bring_to(cast, State.ASSESSING)
    chair = make.person((cast.neighbour, Role.CHAIR))
    make.fill(chair, other(cast), Stage.SELF)
    services.move(make.again(chair), other(cast), Action.SUBMIT)
    return cast


def other(cast):
    return Assessment.objects.get(cycle=cast.cycle, organization=cast.neighbour)


def client_of(user):
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def at(cast, key, route="by_item_paste"):
    return reverse(f"assessments:{route}", args=[cast.cycle.pk, cast.rubric.pk, key])


def names(preview):
    """By organisation, what becomes of its mark."""
    found = (one["entry"] for one in preview.context["lines"])
    return {entry.row.text: (str(entry.fate), entry.says.mark if entry.says else "") for entry in found if entry}


def test_lines_by_name_are_shown_and_then_saved_each_for_itself(cast):
    client, (mine, theirs) = client_of(cast.assessor), (cast.assessment.name, other(cast).name)
    preview = client.post(
        at(cast, "1-1"), {"text": f"单位\t得分\t备注\n{theirs}\t１４分\t\n{mine}\t12.5\t好\n某某\t3\t"}
    )
    assert names(preview) == {mine: ("changed", "12.5"), theirs: ("changed", "14")}
    assert refusals(preview) == {"line 4": "This line names nothing that stands here."}
    assert not MarkRevision.objects.filter(sheet__stage=ASSESS).exists()
    saved = client.post(at(cast, "1-1", "by_item"), fields(preview))
    assert saved.status_code == 302
    assert contents(cast.now(), ASSESS) == {"1-1": Content(points=Decimal("12.5"), remark="好")}
    assert contents(other(cast), ASSESS) == {"1-1": Content(points=Decimal(14))}


def test_lines_in_the_order_of_the_page(cast):
    client = client_of(cast.assessor)
    assert client.get(at(cast, "2-5")).status_code == 200
    order = list(client.get(at(cast, "2-5")).context["form"].fields["start"].choices)
    preview = client.post(at(cast, "2-5"), {"text": "良好\r\n很好\r\n优秀\r\n"})
    first, second = (name for name, _label in order)
    assert names(preview) == {first: ("changed", "良好"), second: ("refused", "")}
    assert fates(preview)["refused"][-1] == ""  # the third line is nobody's
    preview = client.post(at(cast, "2-5"), {"text": "合格", "start": second})
    assert names(preview) == {second: ("changed", "合格")}
    assert preview.context["pasted"].left == ()


def test_departments_give_their_own_points_and_not_what_they_signed_off(cast):
    services_of = client_of(cast.department_assessor)
    preview = services_of.post(at(cast, "3-1"), {"text": "20\n21\n"})
    assert [fate for fate, _says in names(preview).values()] == ["changed", "changed"]
    services_of.post(at(cast, "3-1", "by_item"), fields(preview))
    assert contents(cast.now(), ASSESS)["3-1"].counts.keys() == {"office"}
    make.fill(cast.assessor, cast.assessment, ASSESS)
    services.sign_off(make.again(cast.department_assessor), cast.assessment, cast.office)
    preview = client_of(cast.department_assessor).post(at(cast, "1-1"), {"text": "1\n1\n"})
    assert sorted(fate for fate, _says in names(preview).values()) == ["changed", "refused"]


def test_a_save_meanwhile_is_answered_by_the_page_of_the_item(cast):
    client = client_of(cast.assessor)
    preview = client.post(at(cast, "1-1"), {"text": "12\n13\n"})
    make.save(cast.assessor, cast.assessment, ASSESS, "1-1", "1")
    answer = client.post(at(cast, "1-1", "by_item"), fields(preview))
    assert answer.status_code == 409
    assert contents(cast.now(), ASSESS)["1-1"] == Content(points=Decimal(1))
    assert contents(other(cast), ASSESS)["1-1"].points in {Decimal(12), Decimal(13)}
