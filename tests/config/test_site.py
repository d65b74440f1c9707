"""What every response carries, whoever asks for it."""

import pytest
from django.contrib.staticfiles import finders
from django.db import DatabaseError
from django.urls import reverse

from config import checks, views


@pytest.mark.django_db
def test_healthz_answers_a_stranger(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_healthz_reports_a_database_that_is_gone(client, monkeypatch):
    class Gone:
        def cursor(self):
            raise DatabaseError("server closed the connection")

    monkeypatch.setattr(views, "connection", Gone())
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (503, b"database unavailable")


@pytest.mark.django_db
def test_each_answer_carries_the_policy(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


@pytest.mark.django_db
def test_the_browser_does_not_choose_the_language(client):
    assert client.get("/healthz", headers={"Accept-Language": "en"}).headers["Content-Language"] == "zh-hans"


@pytest.mark.django_db
def test_a_person_chooses_the_language(client):
    client.post(reverse("set_language"), {"language": "en", "next": "/healthz"})
    assert client.get("/healthz").headers["Content-Language"] == "en"


@pytest.mark.django_db
def test_an_unknown_language_is_chinese(client):
    client.cookies["django_language"] = "xx"
    assert client.get("/healthz").headers["Content-Language"] == "zh-hans"


def test_one_file_of_a_package_is_served_and_no_other():
    assert finders.find("vendor/bootstrap.min.css").endswith("node_modules/bootstrap/dist/css/bootstrap.min.css")
    assert finders.find("bootstrap/package.json") is None
    assert finders.find("vendor/bootstrap.css") is None


def test_a_machine_that_subsets_fonts_slowly_is_told(monkeypatch):
    monkeypatch.setattr(checks, "find_library", lambda name: None)
    assert [message.id for message in checks.font_subsetting()] == ["kaoping.W001"]


def test_workbooks_are_parsed_safely():
    assert checks.defused_workbooks() == []


@pytest.mark.django_db
def test_the_admin_shows_the_queue_and_offers_no_schedules(admin_client):
    page = admin_client.get("/admin/").content.decode()
    assert [f"/admin/django_q/{name}/" in page for name in ("failure", "success", "ormq", "schedule")] == [
        True,
        True,
        True,
        False,
    ]
