"""Who sees a draft, who edits it, and that pages, queries and predicates agree."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orgs.models import Level
from orgs.roles import Role
from rubrics import queries
from rubrics.models import Document, Rubric
from rubrics.permissions import may_create, may_edit, may_look_after, may_read
from tests.factories import organization, person, small_rubric

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def tree():
    city = organization(None, "city", Level.CITY)
    county, other = organization(city, "county", Level.COUNTY), organization(city, "county", Level.COUNTY)
    return {"city": city, "county": county, "other": other, "township": organization(county)}


@pytest.fixture
def people(tree):
    return {
        "city admin": person((tree["city"], Role.ADMIN)),
        "county admin": person((tree["county"], Role.ADMIN)),
        "county auditor": person((tree["county"], Role.AUDITOR)),
        "county assessor": person((tree["county"], Role.ASSESSOR)),
        "other admin": person((tree["other"], Role.ADMIN)),
        "township admin": person((tree["township"], Role.ADMIN)),
        "superuser": person(is_superuser=True, is_staff=True),
        "nobody": person(),
    }


LOOK_AFTER = {"city admin", "county admin"}


def of_county(tree, *, published):
    document = Document.objects.create(slug="county", title="县文件", owner=tree["county"])
    return small_rubric(document=document, published=published)


def those(people, predicate):
    return {name for name, user in people.items() if predicate(user)}


def test_a_draft_is_read_and_edited_by_administrators_of_its_owner_or_above(tree, people):
    draft = of_county(tree, published=False)
    assert those(people, lambda user: may_read(user, draft)) == LOOK_AFTER
    assert those(people, lambda user: may_edit(user, draft)) == LOOK_AFTER
    assert those(people, lambda user: may_look_after(user, draft.document)) == LOOK_AFTER


def test_a_published_rubric_is_read_by_all_and_edited_by_nobody(tree, people):
    published = of_county(tree, published=True)
    assert those(people, lambda user: may_read(user, published)) == set(people)
    assert those(people, lambda user: may_edit(user, published)) == set()


def test_a_shipped_document_belongs_to_nobody(people):
    draft = small_rubric(published=False)
    assert those(people, lambda user: may_read(user, draft)) == set()
    assert those(people, lambda user: may_edit(user, draft)) == set()
    assert those(people, lambda user: may_look_after(user, draft.document)) == set()


def test_documents_are_created_for_an_open_union_by_its_administrators(tree, people):
    assert those(people, lambda user: may_create(user, tree["county"])) == LOOK_AFTER
    tree["county"].closed_on = timezone.localdate()
    assert those(people, lambda user: may_create(user, tree["county"])) == set()


def test_the_query_finds_what_the_predicate_allows(tree, people):
    of_county(tree, published=False)
    own = Document.objects.create(slug="other", title="另一县", owner=tree["other"])
    small_rubric(document=own, published=False)
    small_rubric(published=False)
    small_rubric()
    for name, user in people.items():
        readable = {rubric.pk for rubric in Rubric.objects.all() if may_read(user, rubric)}
        assert {rubric.pk for rubric in queries.visible_to(user)} == readable, name
        assert {rubric.pk for rubric in queries.with_frame(user)} == readable, name
        listed = {rubric.pk for document in queries.documents(user) for rubric in document.rubrics.all()}
        assert listed == readable, name
        editable = {rubric.pk for rubric in Rubric.objects.all() if may_edit(user, rubric)}
        assert {rubric.pk for rubric in queries.drafts_of(user)} == editable, name


def test_a_document_without_a_rubric_is_listed_for_who_looks_after_it(tree, people):
    Document.objects.create(slug="empty", title="空文件", owner=tree["county"])
    assert those(people, lambda user: queries.documents(user).filter(slug="empty").exists()) == LOOK_AFTER


@pytest.mark.parametrize("route", ["rubrics:detail", "reports:form_pdf", "reports:form_xlsx"])
def test_a_stranger_does_not_learn_that_a_draft_exists(client, tree, people, route):
    draft = of_county(tree, published=False)
    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(reverse(route, args=[draft.pk])).status_code
    assert found == {name: 200 if name in LOOK_AFTER else 404 for name in people}
