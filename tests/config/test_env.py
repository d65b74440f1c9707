import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import count, kept_secret, level, mail_server, names, number, origins, switch


@pytest.mark.parametrize(("typed", "read"), [("1", True), (" Yes ", True), ("on", True), ("0", False), ("", False)])
def test_switch_reads_both_ways(typed, read):
    assert switch(typed) is read


@pytest.mark.parametrize("typed", ["y", "ture", "2", "True!"])
def test_switch_refuses_a_guess(typed):
    with pytest.raises(ImproperlyConfigured):
        switch(typed)


def test_lists_drop_blanks():
    assert names(" a.example, ,b.example ") == ["a.example", "b.example"]
    assert origins("https://a.example:8443,") == ["https://a.example:8443"]


@pytest.mark.parametrize("typed", ["a.example", "https://a.example/path", "ftp://a.example", "https://"])
def test_origins_refuse_what_is_no_origin(typed):
    with pytest.raises(ImproperlyConfigured):
        origins(typed)


def test_level_reads_any_case():
    assert level("warning") == "WARNING"


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "var" / "secret_key"
    first = kept_secret(path)
    assert len(first) >= 80
    assert kept_secret(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_count_is_a_whole_number_of_at_least_one():
    assert count(" 14 ") == 14
    for typed in ("", "0", "-1", "7.5", "七", "week"):
        with pytest.raises(ImproperlyConfigured):
            count(typed)


def test_a_number_may_be_none():
    assert (number(" 0 "), number("2")) == (0, 2)
    for typed in ("", "-1", "1.5", "one"):
        with pytest.raises(ImproperlyConfigured):
            number(typed)


def test_a_mail_server_is_read_with_its_usual_port():
    assert mail_server(" ") == {}
    found = mail_server("smtp+tls://a%40b.cn:p%2Fw@mail.example")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b.cn", "p/w")
    assert mail_server("smtp://mail.example:2525")["EMAIL_PORT"] == 2525


@pytest.mark.parametrize("typed", ["mail.example", "smtp://", "pop3://mail.example", "smtp://mail.example/box"])
def test_a_mail_server_that_is_none_is_refused(typed):
    with pytest.raises(ImproperlyConfigured):
        mail_server(typed)
