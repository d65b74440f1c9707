"""A small kind of export of the tests' own: a line for each department of the organisations that a person oversees."""

import pytest

from orgs.roles import Role
from reports.exports.registry import SPECS
from tests import factories as make
from tests.reports.exports import lines


@pytest.fixture
def spec(monkeypatch):
    monkeypatch.setitem(SPECS, lines.SPEC.kind, lines.SPEC)
    return lines.SPEC


@pytest.fixture
def city(db):
    return make.organization(name="沈阳市总工会")


@pytest.fixture
def admin(city):
    return make.person((city, Role.ADMIN))
