"""A rubric read as a value and written again is the same rubric."""

import pytest

from rubrics.blueprint import read, write
from rubrics.guard import FrozenRubricError
from rubrics.models import Rubric
from rubrics.services import freeze
from tests.factories import load_rubrics

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def test_every_shipped_rubric_survives_writing_and_writing_again() -> None:
    load_rubrics()
    for rubric in Rubric.objects.select_related("document"):
        blueprint = read(rubric)
        copy = Rubric.objects.create(document=rubric.document, code=rubric.code, version=2, title="-")
        for _time in range(2):
            write(blueprint, copy)
            assert read(Rubric.objects.get(pk=copy.pk)) == blueprint


def test_a_frozen_rubric_is_not_overwritten() -> None:
    load_rubrics()
    rubric = Rubric.objects.get(code="sy")
    blueprint = read(rubric)
    freeze(rubric)
    with pytest.raises(FrozenRubricError):
        write(blueprint, rubric)
    assert read(Rubric.objects.get(pk=rubric.pk)) == blueprint
