"""Two people begin the same draft at once, on PostgreSQL; without the lock the second is not told."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError

from orgs.models import Level
from orgs.roles import Role
from orgs.services import Refused
from rubrics import versions
from rubrics.models import Document, Rubric
from tests.factories import organization, person, small_rubric
from tests.races import ON_POSTGRESQL, PATIENCE, kinds, together

pytestmark = ON_POSTGRESQL


@pytest.fixture
def city(db):
    return organization(None, "city", Level.CITY)


@pytest.fixture
def issued(city):
    document = Document.objects.create(slug="city", title="市文件", owner=city)
    return small_rubric(document=document, overlay_points=Decimal(8))


def both_meet(monkeypatch, name, unlocked):
    """Both have looked, without the lock, before either writes."""
    met = threading.Barrier(2, timeout=PATIENCE)

    def looked(*args):
        found = unlocked(*args)
        met.wait()
        return found

    monkeypatch.setattr(versions, name, looked)


def next_of(issued):
    admins = [person((issued.document.owner, Role.ADMIN)) for _one in range(2)]
    return together(*(lambda by=by: versions.next_version(by, issued) for by in admins))


def overlay_of(issued, city):
    county = organization(city, "county", Level.COUNTY)
    admins = [person((county, Role.ADMIN)) for _one in range(2)]
    return together(*(lambda by=by: versions.overlay(by, issued, county) for by in admins))


def test_two_next_versions_are_one_draft_and_one_sentence(issued):
    assert kinds(next_of(issued)) == ["Refused", "Rubric"]
    assert Rubric.objects.filter(code=issued.code).count() == 2


def test_without_the_lock_the_second_next_version_fails_without_a_sentence(issued, monkeypatch):
    both_meet(monkeypatch, "_locked_versions", versions.versions_of)
    results = next_of(issued)
    assert [type(result) for result in results if not isinstance(result, Rubric)] == [IntegrityError]


def test_two_overlays_are_one_draft_and_one_sentence(issued, city):
    results = overlay_of(issued, city)
    assert kinds(results) == ["Refused", "Rubric"]
    assert any(isinstance(result, Refused) for result in results)


def test_without_the_lock_a_union_has_two_overlays(issued, city, monkeypatch):
    monkeypatch.setattr(versions, "wait_for_owner", lambda owner: owner)
    both_meet(monkeypatch, "_has_overlay", versions._has_overlay)
    assert kinds(overlay_of(issued, city)) == ["Rubric", "Rubric"]
