"""A worker of the tests that knows the tests' own kind of export, and hands killed work out again at once."""

import os

from tests.orgs.background.worker_settings import *  # noqa: F403  # the point is to change nothing else
from tests.orgs.background.worker_settings import INSTALLED_APPS, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reports.exports.kind"]
MEDIA_ROOT = os.environ["TEST_MEDIA"]
PART_SECONDS = int(os.environ.get("TEST_PART_SECONDS", "4"))
Q_CLUSTER |= {"timeout": PART_SECONDS + 6, "retry": PART_SECONDS + 7}
