"""The product's settings for a worker of the tests: their database, and killed work comes back at once."""

import os

from config.settings import *  # noqa: F403  # the point is to change nothing else
from config.settings import CACHES, DATABASES, Q_CLUSTER

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
CACHES["default"]["LOCATION"] = os.environ["TEST_CACHE"]
Q_CLUSTER |= {"timeout": 2, "retry": 3, "poll": 0.1}
