import pytest
from django.test import override_settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """Sentences as they stand in the code, in services and on pages."""
    with override_settings(LANGUAGE_CODE="en"), translation.override("en"):
        yield
