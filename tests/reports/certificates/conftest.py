import pytest


@pytest.fixture
def city(db):
    from tests.reports.results import graded

    return graded()
