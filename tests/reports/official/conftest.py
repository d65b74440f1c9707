import pytest


@pytest.fixture
def city(db):
    from tests.reports.results import graded

    return graded()


def long_files(monkeypatch):
    """Every document is long, and its parts have two rows each."""
    from reports.exports import official
    from reports.official import serving

    monkeypatch.setattr(serving, "AT_ONCE", 0)
    monkeypatch.setattr(official, "PER_PART", 2)
