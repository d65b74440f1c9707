"""What was read can be stored as it is, and after the first proposals the kernel takes it."""

import pytest
from documents import DOCUMENTS, logical
from unseen import RUBRICS

from rubrics.blueprint import read, write
from rubrics.convert import to_kernel
from rubrics.importers.doubts import apply
from rubrics.importers.read import read_tables
from rubrics.models import Document, Rubric

pytestmark = pytest.mark.django_db


def stored(blueprint) -> Rubric:
    document = Document.objects.create(slug=f"d{Document.objects.count()}", title="来件")
    rubric = Rubric.objects.create(document=document, code=document.slug, title="-")
    write(blueprint, rubric)
    return Rubric.objects.get(pk=rubric.pk)


@pytest.mark.parametrize("make", [*DOCUMENTS.values(), *RUBRICS.values()])
def test_drafts_are_stored_as_they_were_read_and_as_they_were_settled(make):
    tables = logical(make())
    for found in read_tables(tables):
        assert read(stored(found.blueprint)) == found.blueprint
        settled = found.blueprint
        for doubt in found.doubts:
            settled = apply(settled, doubt, doubt.options[0])
        rubric = stored(settled)
        assert read(rubric) == settled
        assert to_kernel(rubric).points == settled.points
