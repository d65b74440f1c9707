import pytest

from tests.factories import STARS, cast, small_rubric


@pytest.fixture
def people(db):
    """A cycle with stars, two stages."""
    return cast(rubric=small_rubric(stages=2, bands=STARS))
