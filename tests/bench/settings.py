"""The product's settings, with the bare views beside its own."""

from config.settings import *  # noqa: F403  # the point is to change nothing else

ROOT_URLCONF = "tests.bench.urls"
