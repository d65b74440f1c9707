import pytest

from tests.factories import closed, publish_cycle

pytestmark = pytest.mark.django_db


def test_smoke(people):
    notice = publish_cycle(people)
    print(notice.snapshot.rows.values(), notice.snapshot.rules)
    assert closed(people).closed_at
