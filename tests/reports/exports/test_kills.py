"""Workers killed at random moments of a batch. `bin/bench kills` does this twenty times, and kills PostgreSQL, too."""

import random

import pytest
from django.core.cache import cache
from django.db import connection
from django_q.models import OrmQ

from orgs.roles import Role
from tests import factories as make
from tests.orgs.background.workers import until
from tests.reports.exports.killing import Yard, batch

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="other processes can't see SQLite's test database"),
]


@pytest.fixture
def yard(settings, tmp_path):
    settings.BACKGROUND_INLINE = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PART_SECONDS = 4
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }
    cache.clear()
    yard = Yard(tmp_path)
    yield yard
    yard.end()


def test_every_unit_is_there_once_whoever_is_killed(yard, spec):
    admin = make.person((make.organization(), Role.ADMIN))
    strikes = [(random.uniform(0.2, 2.5), strike) for strike in (yard.kill_process, yard.kill_worker, yard.cut)]
    batch(yard, admin, strikes)
    until(lambda: not OrmQ.objects.exists(), yard.folder)
