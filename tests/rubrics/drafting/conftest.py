"""A union with a document of its own, and somebody on each side of its right to it."""

from dataclasses import dataclass

import pytest
from django.utils import translation

from orgs.models import Level
from orgs.roles import Role
from rubrics.blueprint import read, write
from rubrics.drafting.codec import digest
from rubrics.models import Document, Rubric
from tests.factories import organization, person, small_rubric


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@dataclass
class Desk:
    """A draft of a county union, and who may or may not change it."""

    city: object
    county: object
    document: Document
    draft: Rubric
    admin: object
    above: object
    clerk: object
    stranger: object

    @property
    def blueprint(self):
        return read(Rubric.objects.get(pk=self.draft.pk))

    @property
    def seen(self):
        return digest(self.blueprint)


def draft_like(rubric, document, code="draft"):
    """A draft in the document that says what the rubric says."""
    draft = Rubric.objects.create(document=document, code=code, title="-")
    write(read(rubric), draft)
    return draft


@pytest.fixture
def desk(db):
    city = organization(None, "city", Level.CITY, "云州市总工会")
    county = organization(city, "county", Level.COUNTY, "青川县总工会")
    other = organization(city, "county", Level.COUNTY, "北山县总工会")
    organization(county, "township"), organization(county, "system")
    document = Document.objects.create(slug="own", title="县考核办法", owner=county)
    model = small_rubric(stages=2)
    draft = draft_like(model, document)
    return Desk(
        city=city,
        county=county,
        document=document,
        draft=draft,
        admin=person((county, Role.ADMIN), name="张县"),
        above=person((city, Role.ADMIN), name="李市"),
        clerk=person((county, Role.CLERK)),
        stranger=person((other, Role.ADMIN)),
    )
