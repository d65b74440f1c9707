"""Where failed logins come from: behind proxies, and whatever a client writes into the header itself."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from orgs.lockout import address
from tests import factories as make

pytestmark = pytest.mark.any_database

PROXY, GUESSER, HOLDER = "10.0.0.2", "203.0.113.7", "2001:db8::7"


def request_from(connected, said=None):
    headers = {} if said is None else {"HTTP_X_FORWARDED_FOR": said}
    return RequestFactory().get("/", REMOTE_ADDR=connected, **headers)


@pytest.mark.parametrize(
    ("proxies", "said", "found"),
    [
        (0, None, PROXY),
        (0, GUESSER, PROXY),  # nobody is trusted
        (1, GUESSER, GUESSER),
        (1, f"1.2.3.4, {GUESSER}", GUESSER),
        (1, "2001:DB8:0::7", HOLDER),
        (2, f"{GUESSER}, 10.0.0.1", GUESSER),
        (2, f"1.2.3.4,{GUESSER},10.0.0.1", GUESSER),
        (2, GUESSER, PROXY),  # one of the two did not write
        (1, None, PROXY),
        (1, "", PROXY),
        (1, "unknown", PROXY),
        (1, f"{GUESSER}, ", PROXY),
        (1, f"{GUESSER}:443", PROXY),
    ],
)
def test_the_address_that_the_outermost_own_proxy_wrote_counts(settings, proxies, said, found):
    settings.TRUSTED_PROXIES = proxies
    assert address(request_from(PROXY, said)) == found


@given(written=st.text(st.characters(codec="latin-1", exclude_characters="\r\n")))
def test_what_a_client_writes_changes_nothing(written):
    with override_settings(TRUSTED_PROXIES=2):
        assert address(request_from(PROXY, f"{written}, {GUESSER}, 10.0.0.1")) == GUESSER


@pytest.mark.django_db
def test_a_guesser_behind_the_proxy_is_counted_and_locks_out_nobody_else(settings):
    settings.TRUSTED_PROXIES = 1
    person = make.person()
    person.set_password("kaoping-mine-27")
    person.save()

    def log_in(client, password, said):
        typed = {"username": person.username, "password": password}
        return client.post(reverse("login"), typed, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=said)

    for number in range(5):
        answer = log_in(Client(), "guess", f"198.51.100.{number}, {GUESSER}")
    assert answer.status_code == 429
    assert log_in(Client(), "kaoping-mine-27", f"198.51.100.9, {GUESSER}").status_code == 429
    assert log_in(Client(), "kaoping-mine-27", f"{GUESSER}, {HOLDER}").status_code == 302
