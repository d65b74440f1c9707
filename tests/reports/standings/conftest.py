import pytest


@pytest.fixture
def city(db):
    """Two counties with townships of one kind, all with results, and one more that has none yet."""
    from tests.reports.standings.scene import scene

    return scene()
