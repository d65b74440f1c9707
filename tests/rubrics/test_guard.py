from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction

from rubrics.guard import FrozenRubricError
from rubrics.models import (
    Audience,
    BaseRule,
    Cap,
    Document,
    Group,
    Item,
    Measure,
    NaturalKey,
    Office,
    Responsibility,
    Rubric,
    Section,
    Tier,
)
from rubrics.services import freeze

pytestmark = pytest.mark.django_db


@contextmanager
def refused():
    with pytest.raises(FrozenRubricError), transaction.atomic():
        yield


@pytest.fixture
def frozen(rubric):
    """The small rubric, with a group, a scale and a common limit, in use."""
    section = rubric.sections.first()
    group = Group.objects.create(section=section, position=1, points=8)
    section.items.update(group=group)
    rated = rubric.items.get(key="3")
    rubric.items.filter(pk=rated.pk).update(rule=BaseRule.TIERS)
    rate = Measure.objects.create(item=rated, key="rate", role="base", label="建家率", unit="%", amount=0)
    for bound, points in ((70, 2), (50, 1)):
        Tier.objects.create(measure=rate, bound=bound, points=points)
    rubric.items.filter(key="4").update(cap=Cap.objects.create(rubric=rubric, name="加分", most=2))
    return freeze(rubric)


@pytest.fixture
def draft(frozen):
    """Another rubric of the same document, not in use."""
    draft = Rubric.objects.create(document=frozen.document, code="draft", title="草稿")
    section = draft.sections.create(position=1, name="节", label="节")
    draft.items.create(section=section, position=1, key="1", text="草稿。", points=1)
    return draft


MODELS = [
    model
    for model in apps.get_app_config("rubrics").get_models()
    if issubclass(model, NaturalKey) and model is not Document
]
"""What a rubric consists of: the rows that fixtures name. Where a draft came from is history, not rubric."""

WAYS = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(pk=row.pk),
    "delete many": lambda row: type(row).objects.all().delete(),
    "bulk_update": lambda row: type(row).objects.bulk_update([row], [row.NATURAL_KEY[-1].split("__")[0]]),
}


def test_every_model_of_a_rubric_is_tried(frozen):
    assert {model.__name__ for model in MODELS if not model.objects.exists()} == set()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_row_of_a_frozen_rubric_changes(frozen, model, way):
    before = list(model.objects.order_by("pk").values())
    with refused():
        WAYS[way](model.objects.first())
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("way", ["save", "update"])
def test_the_document_of_a_frozen_rubric_does_not_change(frozen, way):
    with refused():
        WAYS[way](Document.objects.get())


ADDITIONS = {
    Section: lambda frozen: Section(rubric=frozen, position=9, name="新", label="新"),
    Group: lambda frozen: Group(section=frozen.sections.first(), position=9, points=1),
    Item: lambda frozen: Item(
        rubric=frozen, section=frozen.sections.first(), position=9, key="9", text="新。", points=1
    ),
    Measure: lambda frozen: Measure(item=frozen.items.first(), key="new", role="base", label="新", unit="次", amount=1),
    Audience: lambda frozen: Audience(rubric=frozen, kind="new", label="新"),
    Office: lambda frozen: Office(rubric=frozen, name="新"),
    Responsibility: lambda frozen: Responsibility(item=frozen.items.first(), office=frozen.offices.first()),
    Cap: lambda frozen: Cap(rubric=frozen, name="新", most=1),
    Tier: lambda frozen: Tier(measure=Measure.objects.get(key="rate"), bound=60, points=1),
}


@pytest.mark.parametrize("model", ADDITIONS, ids=lambda model: model.__name__)
def test_no_row_joins_a_frozen_rubric(frozen, model):
    with refused():
        ADDITIONS[model](frozen).save()
    with refused():
        model.objects.bulk_create([ADDITIONS[model](frozen)])


def test_no_row_moves_into_a_frozen_rubric(frozen, draft):
    item = draft.items.get()
    with refused():
        draft.items.update(rubric=frozen)
    with refused():
        draft.items.update(rubric_id=frozen.pk)
    item.rubric = frozen
    with refused():
        item.save()


def test_no_item_of_a_frozen_rubric_changes_its_kinds(frozen):
    item, audience = frozen.items.first(), frozen.audiences.first()
    for change in (
        lambda: item.audiences.add(audience),
        frozen.items.get(key="3").audiences.clear,
        lambda: audience.items.add(item),
    ):
        with refused():
            change()


def test_a_frozen_rubric_does_not_thaw(frozen):
    with refused():
        Rubric.objects.filter(pk=frozen.pk).update(frozen_at=None)
    frozen.frozen_at = None
    with refused():
        frozen.save()


def test_a_draft_beside_it_stays_free(frozen, draft):
    item = draft.items.get()
    item.text = "改了。"
    item.save()
    Item.objects.filter(rubric=draft).update(points=2)
    draft.audiences.create(kind="new", label="新")
    draft.delete()
    assert list(Rubric.objects.all()) == [frozen]
