import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from rubrics.models import Item, Rubric
from rubrics.services import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def technician(client):
    client.force_login(get_user_model().objects.create_superuser(username="technician", full_name="技术员"))
    return client


@pytest.mark.parametrize("model", ["rubric", "item", "document"])
def test_a_frozen_rubric_can_be_read_but_not_changed(technician, rubric, model):
    freeze(rubric)
    row = {"rubric": rubric, "item": rubric.items.first(), "document": rubric.document}[model]
    change = reverse(f"admin:rubrics_{model}_change", args=[row.pk])
    page = technician.get(change)
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert technician.post(change, {}).status_code == 403
    assert technician.post(reverse(f"admin:rubrics_{model}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_frozen_rubric_is_not_deleted_from_the_list(technician, rubric):
    freeze(rubric)
    technician.post(
        reverse("admin:rubrics_rubric_changelist"),
        {"action": "delete_selected", "_selected_action": [rubric.pk], "post": "yes"},
    )
    assert Rubric.objects.filter(pk=rubric.pk).exists()
    assert Item.objects.filter(rubric=rubric).count() == 4


@pytest.mark.parametrize("model", ["rubric", "item", "document"])
def test_a_draft_can_be_changed(technician, rubric, model):
    row = {"rubric": rubric, "item": rubric.items.first(), "document": rubric.document}[model]
    page = technician.get(reverse(f"admin:rubrics_{model}_change", args=[row.pk]))
    assert 'name="_save"' in page.content.decode()
    assert technician.get(reverse(f"admin:rubrics_{model}_changelist")).status_code == 200
