"""What was published never changes: no way of ours writes it, and whoever writes past us is seen."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.guard import PublishedError
from assessments.models import Assessment, Notice, Snapshot, SnapshotRow
from assessments.publications import broken, contents, verify
from tests.factories import publish_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

MODELS = (Notice, SnapshotRow, Snapshot)


def everything():
    return {model: list(model.objects.order_by("pk").values()) for model in MODELS}


def some_column(model):
    return model._meta.concrete_fields[-1].name


WAYS = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(pk=row.pk),
    "delete many": lambda row: type(row).objects.all().delete(),
    "update or create": lambda row: type(row).objects.update_or_create(
        pk=row.pk, defaults={some_column(type(row)): getattr(row, some_column(type(row)))}
    ),
    "bulk_update": lambda row: type(row).objects.bulk_update([row], [some_column(type(row))]),
    "upsert": lambda row: type(row).objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=[some_column(type(row))]
    ),
}


def test_no_way_of_writing_changes_what_was_published(people):
    publish_cycle(people)
    before = everything()
    for model in MODELS:
        for way, write in WAYS.items():
            # a snapshot with rows is kept by them before it is asked itself
            with pytest.raises((PublishedError, models.ProtectedError)), transaction.atomic():
                write(model.objects.first())
            assert everything() == before, (model, way)
    with pytest.raises(PublishedError):
        Assessment.objects.filter(published__isnull=False).first().published.update(name="改")


def test_a_published_snapshot_gets_no_more_rows(people):
    publish_cycle(people)
    before = everything()
    joining = SnapshotRow.objects.first()
    joining.pk = None
    with pytest.raises(PublishedError):
        joining.save()
    with pytest.raises(PublishedError):
        SnapshotRow.objects.bulk_create([joining])
    assert everything() == before


# --- Whoever writes past the guard is seen ----------------------------------------------------------------------------

CHANGED = {
    "name": "改名工会",
    "points": Decimal("39.5"),
    "awarded": "五星",
    "qualified": None,
    "place": 7,
    "limited": True,
    "explanation": ["改了"],
    "withdrawn_for": "改了",
    "path": "000000001",
}


def past_the_guard(row, **values):
    QuerySet(type(row)).filter(pk=row.pk).update(**values)


@given(data=st.data())
def test_any_change_of_any_row_shows(people, data):
    last = people.cycle.snapshots.first() or publish_cycle(people).snapshot
    row = data.draw(st.sampled_from(list(last.rows.order_by("pk"))))
    name = data.draw(st.sampled_from([one for one in CHANGED if getattr(row, one) != CHANGED[one]]))
    before = getattr(row, name)
    past_the_guard(row, **{name: CHANGED[name]})
    assert broken(last) == [1]
    past_the_guard(row, **{name: before})
    assert verify(last)


def test_a_lost_row_a_slipped_in_row_and_a_broken_chain_show(people):
    first, second = publish_cycle(people).snapshot, publish_cycle(people).snapshot
    row = second.rows.first()
    QuerySet(SnapshotRow).filter(pk=row.pk)._raw_delete("default")
    assert (broken(second), broken(first)) == ([2], [])
    row.pk = None
    QuerySet(SnapshotRow).bulk_create([row])
    assert broken(second) == []
    past_the_guard(second, number=3)
    assert broken(Snapshot.objects.get(pk=second.pk)) == [3]
    past_the_guard(second, number=2)
    past_the_guard(first, digest="0" * 64)
    assert broken(second) == [1, 2]


def test_another_reason_rule_time_or_person_shows(people):
    publish_cycle(people)
    second = publish_cycle(people).snapshot
    for said in ({"reason": "别的"}, {"rules": []}, {"at": timezone.now()}, {"by": people.admin}):
        before = {name: getattr(second, name) for name in said}
        past_the_guard(second, **said)
        assert broken(second) == [2], said
        past_the_guard(second, **before)
    assert broken(second) == []


def test_contents_are_plain_and_in_the_order_of_assessments(people):
    publish_cycle(people)
    rows = list(SnapshotRow.objects.order_by("-pk"))
    found = contents(rows)
    assert found == contents(reversed(rows))
    assert json.loads(json.dumps(found)) == found
